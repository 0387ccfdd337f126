// Draws the panel once and keeps its links, so that the focus survives when the plan changes.

// Without this, the notebook takes keys such as Enter for itself.
const OWN_KEYS = { "data-lm-suppress-shortcuts": "true" };

const element = (tag, parent, attributes = {}) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  parent.append(made);
  return made;
};

function render({ model, el }) {
  const panel = element("section", el, { class: "course-plan", ...model.get("language") });
  const title = element("strong", element("p", panel));
  const lines = element("div", panel);
  const list = element("ul", panel);
  const links = new Map();
  const below = element("p", panel, { class: "course-plan-quiet" });

  const drawLink = ({ id, kind, value, label }, place) => {
    const made = links.get(kind) ?? { row: document.createElement("li"), url: "" };
    made.link ??= element("a", made.row, OWN_KEYS);
    links.set(kind, made);
    URL.revokeObjectURL(made.url);
    made.url = URL.createObjectURL(new Blob([value], { type: `${kind};charset=utf-8` }));
    made.link.href = made.url;
    made.link.download = id;
    made.link.textContent = label;
    if (list.children[place] !== made.row) list.insertBefore(made.row, list.children[place] ?? null);
  };

  const dropLink = (kind) => {
    const { row, url } = links.get(kind);
    URL.revokeObjectURL(url);
    row.remove();
    links.delete(kind);
  };

  const draw = () => {
    const told = model.get("told");
    panel.setAttribute("aria-label", told.title);
    title.textContent = told.title;
    lines.replaceChildren();
    for (const line of told.lines) element("p", lines).textContent = line;
    below.textContent = told.private;
  };

  const drawFiles = () => {
    const files = model.get("files");
    files.forEach(drawLink);
    for (const kind of [...links.keys()]) if (!files.some((file) => file.kind === kind)) dropLink(kind);
  };

  model.on("change:told", draw);
  model.on("change:files", drawFiles);
  draw();
  drawFiles();

  return () => {
    model.off("change:told", draw);
    model.off("change:files", drawFiles);
    for (const kind of [...links.keys()]) dropLink(kind);
  };
}

export default { render };
