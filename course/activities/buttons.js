// Buttons, and links to files to take away.
import { fileAddress, make, makeControl, setAttribute } from "../core/dom.js";
import { arrange, patch, write } from "./elements.js";

/** A button. It ignores further presses until Python has answered the first. */
class Button {
  constructor(card, button) {
    this.card = card;
    this.id = button.id;
    this.element = makeControl("button", { type: "button", "data-control": button.id });
    this.element.addEventListener("click", () => this.press());
    this.element.addEventListener("keydown", (event) => {
      if (event.repeat) event.preventDefault(); // a key held down must not press what comes next
    });
    card.fresh.push({ element: this.element, rank: 1 });
    card.pressable.add(this);
  }

  update(button) {
    this.leadsTo = button.leads_to;
    this.element.className = button.main ? "bt-button bt-main" : "bt-button";
    write(this.element, button.label);
  }

  press() {
    if (!this.isPending) this.turn = this.card.press(this.id);
    this.card.goal = this.leadsTo;
    this.settle();
  }

  get isPending() {
    return this.card.post.isWaiting(this.turn) && !this.card.post.isSilent;
  }

  settle() {
    setAttribute(this.element, "aria-disabled", this.isPending);
  }

  close() {
    this.card.pressable.delete(this);
  }
}

export class Buttons {
  constructor(card) {
    this.card = card;
    this.buttons = new Map();
    this.element = make("div", { class: "bt-buttons" });
  }

  update(control) {
    this.buttons = patch(this.buttons, control.buttons, (button) => button.id, (button) => new Button(this.card, button));
    arrange(this.element, [...this.buttons.values()].map((button) => button.element));
  }

  close() {
    for (const button of this.buttons.values()) button.close();
  }
}

/** A link to a file that is made in the browser, so that it works wherever the notebook is served from. */
export class Download {
  constructor(card) {
    this.link = makeControl("a");
    this.element = make("div", { class: "bt-download" }, this.link);
    card.fresh.push({ element: this.element, rank: 1 });
  }

  update(control) {
    this.link.className = control.main ? "bt-button bt-main" : "bt-button";
    write(this.link, control.label);
    setAttribute(this.link, "download", control.name);
    if (control.data === this.data) return;
    this.data = control.data;
    this.close();
    this.link.href = fileAddress(control.data, control.type);
  }

  close() {
    URL.revokeObjectURL(this.link.href);
  }
}
