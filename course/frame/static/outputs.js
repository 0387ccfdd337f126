// What the cells of a page show. When they run again, what is on the page stays until its successor is there.

export class CellOutput {
  /** `element` is the place of the cell on the page; `failed` the sentence for a cell that did not run. */
  constructor(element, widgets, failed) {
    Object.assign(this, { element, widgets, failed, shown: [], next: 0, hasFailed: false });
  }

  /** The cell is about to run. */
  begin() {
    this.next = 0;
    this.hasFailed = false;
  }

  /** Show one output: `data` holds it by media type. */
  show(data) {
    const widget = data["application/vnd.jupyter.widget-view+json"]?.model_id;
    if (widget && this.widgets.has(widget)) this.#put(widget);
    else if (data["text/html"]) this.#putHtml(text(data["text/html"]));
    else if (data["text/plain"]) this.#put(null, "pre", (node) => (node.textContent = text(data["text/plain"])));
  }

  /** Say that the cell did not run. What went wrong is for whoever helps: it is folded away. */
  fail(error) {
    this.hasFailed = true;
    this.#put(null, "div", (node) => {
      node.className = "frame-failed";
      const words = Object.assign(document.createElement("p"), { textContent: this.failed });
      const detail = document.createElement("details");
      detail.append(Object.assign(document.createElement("summary"), { textContent: error.ename }));
      detail.append(Object.assign(document.createElement("pre"), { textContent: error.evalue }));
      node.append(words, detail);
    });
  }

  /** The cell has run: what it showed before and does not show now leaves the page. */
  end() {
    for (const old of this.shown.splice(this.next)) remove(old);
  }

  /** Show HTML; where it is there already, it stays as the reader has it: in focus, or open. */
  #putHtml(html) {
    if (this.shown[this.next]?.html === html) return this.next++;
    const place = this.#put(null, "div", (node) => (node.innerHTML = html));
    this.shown[place].html = html;
  }

  #put(widget, tag, fill) {
    const place = this.next++;
    const old = this.shown[place];
    if (widget && old?.view?.adopt(widget)) return place;
    const output = widget ? { view: this.widgets.view(widget) } : { node: document.createElement(tag) };
    fill?.(output.node);
    const node = output.view?.element ?? output.node;
    const before = old ? (old.view?.element ?? old.node) : null;
    this.element.insertBefore(node, before);
    if (old) remove(old);
    this.shown[place] = output;
    return place;
  }
}

function remove({ view, node }) {
  view ? view.close() : node.remove();
}

function text(value) {
  return Array.isArray(value) ? value.join("") : value;
}
