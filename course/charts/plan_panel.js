// Draws the panel once and keeps its links, so that the focus survives when the plan changes.

// Without this, the notebook takes keys such as Enter for itself.
const OWN_KEYS = { "data-lm-suppress-shortcuts": "true" };

const element = (tag, parent, attributes = {}) => {
  const child = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) child.setAttribute(name, value);
  parent.append(child);
  return child;
};

function render({ model, el }) {
  const panel = element("section", el, { class: "course-plan", ...model.get("language") });
  const title = element("strong", element("p", panel));
  const lines = element("div", panel);
  const list = element("ul", panel);
  const note = element("p", panel, { class: "course-plan-quiet" });
  const calendar = element("div", panel, { role: "group" });
  const caption = element("strong", element("p", calendar));
  const days = element("ul", calendar);
  const own = element("label", calendar, { class: "course-plan-own" });
  const tick = element("input", own, { type: "checkbox", ...OWN_KEYS });
  const ownWords = element("span", own);
  const calendarNote = element("p", calendar, { class: "course-plan-quiet", role: "status" });
  const links = new Map();
  tick.addEventListener("change", () => {
    model.set("is_own", tick.checked);
    model.save_changes();
  });

  const drawLink = ({ name, media_type, content, label }, place, all) => {
    const entry = links.get(name) ?? { row: document.createElement("li"), url: "" };
    entry.link ??= element("a", entry.row, OWN_KEYS);
    links.set(name, entry);
    URL.revokeObjectURL(entry.url);
    entry.url = URL.createObjectURL(new Blob([content], { type: `${media_type};charset=utf-8` }));
    entry.link.href = entry.url;
    entry.link.download = name;
    entry.link.textContent = label;
    const parent = media_type === "text/calendar" ? days : list;
    const row = all.slice(0, place).filter((file) => file.media_type === media_type).length;
    if (parent.children[row] !== entry.row) parent.insertBefore(entry.row, parent.children[row] ?? null);
  };

  const dropLink = (name) => {
    const { row, url } = links.get(name);
    URL.revokeObjectURL(url);
    row.remove();
    links.delete(name);
  };

  const draw = () => {
    const summary = model.get("summary");
    panel.setAttribute("aria-label", summary.title);
    title.textContent = summary.title;
    lines.replaceChildren();
    for (const line of summary.lines) element("p", lines).textContent = line;
    note.textContent = summary.note;
    note.hidden = !summary.note;
    calendar.hidden = !summary.calendar_note;
    calendar.setAttribute("aria-label", summary.calendar);
    caption.textContent = summary.calendar;
    own.hidden = !summary.own;
    ownWords.textContent = summary.own;
    tick.checked = model.get("is_own");
    calendarNote.textContent = summary.calendar_note;
  };

  const drawFiles = () => {
    const files = model.get("files");
    files.forEach(drawLink);
    for (const name of [...links.keys()]) {
      if (!files.some((file) => file.name === name)) dropLink(name);
    }
  };

  model.on("change:summary", draw);
  model.on("change:files", drawFiles);
  draw();
  drawFiles();

  return () => {
    model.off("change:summary", draw);
    model.off("change:files", drawFiles);
    for (const name of [...links.keys()]) dropLink(name);
  };
}

export default { render };
