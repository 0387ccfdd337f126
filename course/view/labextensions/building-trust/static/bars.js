// What the course adds to a notebook's bars: the "Show code" button, a word on how far the page is, a notice.

export function addShowCode(panel, words, lab) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "course-ShowCode";
  button.textContent = words["show-code"];
  const say = () => button.setAttribute("aria-pressed", String(!panel.hasClass("course-code-hidden")));
  button.addEventListener("click", () => {
    panel.toggleClass("course-code-hidden");
    say();
  });
  say();
  addTool(panel, "course-show-code", button, lab);
}

export function addStatus(panel, lab) {
  const status = document.createElement("span");
  status.className = "course-Status";
  status.setAttribute("role", "status");
  addTool(panel, "course-status", status, lab);
  return (text) => {
    status.textContent = text;
  };
}

export function addNotice(panel, text, lab) {
  const notice = document.createElement("p");
  notice.className = "course-Notice";
  notice.setAttribute("role", "status");
  notice.textContent = text;
  panel.contentHeader.addWidget(new lab.Widget({ node: notice }));
  panel.node.dataset.course = "changed";
}

function addTool(panel, name, node, lab) {
  const place = document.createElement("div");
  place.append(node);
  panel.toolbar.insertItem(name === "course-show-code" ? 0 : 1, name, new lab.Widget({ node: place }));
}
