// Hides a notebook's code, prompts and tools, and brings them back.
//
// While they are hidden, the notebook's one-key shortcuts are off too: someone who reads a page and presses "b" or
// "d" does not mean to change its cells, and the arrow keys then scroll.

export class CodeCurtain {
  constructor(panel) {
    this.panel = panel;
    panel.addClass("course-Page");
    panel.content.node.addEventListener("focusin", (event) => this.#guard(event.target), true);
  }

  get isClosed() {
    return this.panel.hasClass("course-code-hidden");
  }

  close() {
    this.#set(true);
  }

  open() {
    this.#set(false);
  }

  #set(closed) {
    this.panel.toggleClass("course-code-hidden", closed);
    this.panel.toolbar.setHidden(closed);
    for (const cell of this.panel.content.widgets) this.#guard(cell.node);
  }

  #guard(node) {
    if (node.classList.contains("jp-Cell")) node.toggleAttribute("data-lm-suppress-shortcuts", this.isClosed);
  }
}
