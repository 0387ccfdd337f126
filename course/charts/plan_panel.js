// Draws the panel once and keeps its links, so that the focus survives when the plan changes.
import { OWN_KEYS, makeInside } from "../core/dom.js";

function render({ model, el }) {
  const panel = makeInside("section", el, { class: "course-plan", ...model.get("language") });
  const title = makeInside("strong", makeInside("p", panel));
  const lines = makeInside("div", panel);
  const list = makeInside("ul", panel);
  const note = makeInside("p", panel, { class: "course-plan-quiet" });
  const calendar = makeInside("div", panel, { role: "group" });
  const caption = makeInside("strong", makeInside("p", calendar));
  const days = makeInside("ul", calendar);
  const own = makeInside("label", calendar, { class: "course-plan-own" });
  const tick = makeInside("input", own, { type: "checkbox", ...OWN_KEYS });
  const ownWords = makeInside("span", own);
  const calendarNote = makeInside("p", calendar, { class: "course-plan-quiet", role: "status" });
  const links = new Map();
  tick.addEventListener("change", () => {
    model.set("is_own", tick.checked);
    model.save_changes();
  });

  const drawLink = ({ name, media_type, content, label }, place, all) => {
    const entry = links.get(name) ?? { row: document.createElement("li"), url: "" };
    entry.link ??= makeInside("a", entry.row, OWN_KEYS);
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
    for (const line of summary.lines) makeInside("p", lines).textContent = line;
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
