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
  const links = new Map();
  const note = element("p", panel, { class: "course-plan-quiet" });

  const drawLink = ({ name, media_type, content, label }, place) => {
    const entry = links.get(media_type) ?? { row: document.createElement("li"), url: "" };
    entry.link ??= element("a", entry.row, OWN_KEYS);
    links.set(media_type, entry);
    URL.revokeObjectURL(entry.url);
    entry.url = URL.createObjectURL(new Blob([content], { type: `${media_type};charset=utf-8` }));
    entry.link.href = entry.url;
    entry.link.download = name;
    entry.link.textContent = label;
    if (list.children[place] !== entry.row) list.insertBefore(entry.row, list.children[place] ?? null);
  };

  const dropLink = (mediaType) => {
    const { row, url } = links.get(mediaType);
    URL.revokeObjectURL(url);
    row.remove();
    links.delete(mediaType);
  };

  const draw = () => {
    const summary = model.get("summary");
    panel.setAttribute("aria-label", summary.title);
    title.textContent = summary.title;
    lines.replaceChildren();
    for (const line of summary.lines) element("p", lines).textContent = line;
    note.textContent = summary.note;
  };

  const drawFiles = () => {
    const files = model.get("files");
    files.forEach(drawLink);
    for (const mediaType of [...links.keys()]) {
      if (!files.some((file) => file.media_type === mediaType)) dropLink(mediaType);
    }
  };

  model.on("change:summary", draw);
  model.on("change:files", drawFiles);
  draw();
  drawFiles();

  return () => {
    model.off("change:summary", draw);
    model.off("change:files", drawFiles);
    for (const mediaType of [...links.keys()]) dropLink(mediaType);
  };
}

export default { render };
