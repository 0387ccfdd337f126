// Where notebooks are to be found in this view, and links between them that stay in one window.

const page = () => JSON.parse(document.getElementById("jupyter-config-data").textContent);

export const inNotebookView = () => "notebook" in document.body.dataset;

export const addressOf = (path) => address(inNotebookView() ? "notebooks" : "lab/tree", path);

/** Where a notebook is shown as a page to read. */
export const readAddress = (path) => address("read", path);

function address(view, path) {
  return `${page().baseUrl}${view}/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** Ask the server for something at one of its paths; return {ok, answer}. */
export async function ask(path, content) {
  const xsrf = document.cookie.split("; ").find((pair) => pair.startsWith("_xsrf="))?.slice(6) ?? "";
  const headers = { "Content-Type": "application/json", "X-XSRFToken": decodeURIComponent(xsrf) };
  const asked = { method: "POST", headers, body: JSON.stringify(content) };
  try {
    const reply = await fetch(page().baseUrl + path, asked);
    const answer = await reply.json().catch(() => null); // null too where a hub answers with its page to sign in
    return { ok: reply.ok && answer !== null, answer: answer ?? {} };
  } catch {
    return { ok: false, answer: {} };
  }
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
