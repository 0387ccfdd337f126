// Where notebooks are to be found in this view, and links between them that stay in one window.

const page = () => JSON.parse(document.getElementById("jupyter-config-data").textContent);

export const inNotebookView = () => "notebook" in document.body.dataset;

export function addressOf(path) {
  const view = inNotebookView() ? "notebooks" : "lab/tree";
  return `${page().baseUrl}${view}/${path.split("/").map(encodeURIComponent).join("/")}`;
}

// Notebook opens each linked notebook in another window. A course is read like a book: turn the page instead.
// (JupyterLab has its own tabs and needs no help.)
export function stayInOneWindow(node) {
  if (!inNotebookView()) return;
  const files = new URL(`${page().baseUrl}files/`, location.href);
  const follow = (event) => {
    const link = event.target.closest?.("a[href]");
    const address = link && new URL(link.href, location.href);
    if (!address?.href.startsWith(files.href) || !address.pathname.endsWith(".ipynb") || event.button > 1) return;
    event.preventDefault();
    event.stopPropagation();
    const target = addressOf(decodeURIComponent(address.pathname.slice(files.pathname.length))) + address.hash;
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) window.open(target, "_blank", "noopener");
    else location.assign(target);
  };
  node.addEventListener("click", follow, true);
  node.addEventListener("auxclick", follow, true);
}
