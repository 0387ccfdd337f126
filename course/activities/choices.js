// Controls in which something is chosen or put in order: radios, checks and orders.
import { fill, make, makeControl, setAttribute } from "../core/dom.js";
import { Panel, arrange, isSame, patch, readOut, write } from "./elements.js";
import { Field } from "./fields.js";

// ---- Radios and checks -------------------------------------------------------------------------

/** One radio button or checkbox, with a note under it. */
class Option {
  constructor(choices, option) {
    this.card = choices.card;
    const id = `${choices.htmlId}-${option.value}`;
    this.input = makeControl("input", { type: choices.type, name: choices.htmlId, id, value: option.value });
    this.input.addEventListener("change", () => choices.choose(this.input));
    this.words = make("span");
    this.panel = new Panel(`${id}-note`);
    this.element = make("div", { class: "bt-option" }, make("label", {}, this.input, this.words));
  }

  update(option) {
    write(this.words, option.label);
    setAttribute(this.input, "aria-describedby", option.note ? this.panel.words.id : "");
    const isNew = this.panel.update(option.note, option.tone);
    if (option.note) this.element.append(this.panel.element);
    else this.panel.element.remove();
    if (isNew && option.note) this.card.tell({ words: readOut(this.panel.words), about: this.words.textContent });
  }
}

export class Choices extends Field {
  constructor(card, control) {
    super(card, control);
    this.type = control.kind === "checks" ? "checkbox" : "radio";
    this.changed = new Map(); // option -> whether it is ticked, of all that were changed and not saved yet
    this.options = new Map();
    this.legend = make("legend");
    this.list = make("div", { class: "bt-options" });
    this.panel = new Panel(`${this.htmlId}-note`);
    this.ends = make("span", { class: "bt-scale-ends", "aria-hidden": "true" });
    this.element = make("fieldset", { class: "bt-choices" }, this.legend, this.list, this.panel.element);
  }

  draw(control) {
    write(this.legend, control.legend);
    this.options = patch(this.options, control.options, (option) => option.value, (option) => new Option(this, option));
    arrange(this.list, [...[...this.options.values()].map((option) => option.element), ...this.drawScale(control)]);
    this.element.classList.toggle("bt-row", Boolean(control.row));
    this.element.classList.toggle("bt-many", control.options.length > 4);
    this.list.style.setProperty("--bt-columns", control.options.length);
    this.panel.update(control.note ?? "", control.tone ?? "feedback");
    setAttribute(this.element, "aria-describedby", control.note ? this.panel.words.id : "");
  }

  /** Tell the points of a scale from the options beside it, and return what its ends mean where points are numbers. */
  drawScale(control) {
    const points = control.points ?? 0;
    this.element.classList.toggle("bt-scale", points > 0);
    this.list.style.setProperty("--bt-points", points || 1);
    [...this.options.values()].forEach(({ element }, place) => element.classList.toggle("bt-point", place < points));
    if (!points) return [];
    write(this.ends, `1 ${control.options[0].label} – ${points} ${control.options[points - 1].label}`);
    return [this.ends];
  }

  get inputs() {
    return [...this.options.values()].map((option) => option.input);
  }

  read() {
    const chosen = this.inputs.filter((input) => input.checked).map((input) => input.value);
    return this.type === "checkbox" ? chosen : (chosen[0] ?? null);
  }

  choose(input) {
    this.changed.set(input.value, input.checked);
    this.send();
  }

  /** Of checkboxes only those that were changed are sent, so that no window takes away another one's ticks. */
  message() {
    return this.type === "checkbox" ? Object.fromEntries(this.changed) : this.read();
  }

  get isCareful() {
    return super.isCareful && this.type === "radio"; // ticks are saved one by one
  }

  put(value) {
    if (this.type === "radio") return super.put(value);
    for (const [option, isTicked] of Object.entries(value ?? {})) {
      const input = this.options.get(option)?.input;
      if (!input) continue;
      input.checked = isTicked;
      this.changed.set(option, isTicked);
    }
    return this.changed.size > 0;
  }

  inWords(value) {
    const options = [...this.options.values()].filter((option) => [value].flat().includes(option.input.value));
    return options.map((option) => option.words.textContent).join(", ");
  }

  settle() {
    super.settle();
    this.changed.clear();
    if (!isSame(this.read(), this.known)) this.show(this.known);
  }

  show(value) {
    const chosen = new Set([value ?? []].flat());
    for (const input of this.inputs) input.checked = chosen.has(input.value);
  }
}

// ---- Putting in order --------------------------------------------------------------------------

class Item {
  constructor(order, item) {
    this.value = item.value;
    this.words = make("span", { class: "bt-item-words" });
    this.buttons = [-1, 1].map((by) => {
      const button = makeControl("button", { type: "button", class: "bt-button" });
      button.addEventListener("click", () => order.move(this, by));
      return button;
    });
    this.panel = new Panel(order.card.idFor(`${order.id}-${item.value}-note`));
    this.element = make("li", {}, this.words, make("div", { class: "bt-moves" }, ...this.buttons), this.panel.element);
  }

  update(item) {
    write(this.words, item.label);
    this.panel.update(item.note, item.tone);
    for (const button of this.buttons) setAttribute(button, "aria-describedby", item.note ? this.panel.words.id : "");
  }

  /** Name the buttons and mark the one that cannot move the item any further. */
  place(names, isFirst, isLast) {
    this.buttons.forEach((button, index) => {
      write(button, names[index]);
      setAttribute(button, "aria-label", `${names[index]}: ${this.words.textContent}`);
      setAttribute(button, "aria-disabled", [isFirst, isLast][index]);
    });
  }
}

export class Order extends Field {
  constructor(card, control) {
    super(card, control);
    this.items = new Map();
    this.order = [];
    this.moved = new Set(); // of all that were moved and not saved yet
    this.legend = make("legend");
    this.list = make("ol", { class: "bt-items" });
    this.element = make("fieldset", { class: "bt-order" }, this.legend, this.list);
  }

  /** The value of this control is the order of its items. */
  update(control) {
    super.update({ ...control, value: control.items.map((item) => item.value) });
  }

  draw(control) {
    write(this.legend, control.legend);
    this.items = patch(this.items, control.items, (item) => item.value, (item) => new Item(this, item));
    const hasSameItems = this.order.length === this.items.size && this.order.every((value) => this.items.has(value));
    this.show(hasSameItems ? this.order : control.value);
  }

  read() {
    return this.order;
  }

  /** With what was moved, so that no window takes back what another one moved. */
  message() {
    return { order: this.order, moved: [...this.moved] };
  }

  get isCareful() {
    return false; // moves are saved one by one
  }

  put({ order, moved }) {
    if (!isSame([...order].sort(), [...this.order].sort())) return false;
    this.moved = new Set(moved);
    this.show(order);
    return this.moved.size > 0;
  }

  settle() {
    super.settle();
    this.moved.clear();
    if (!isSame(this.order, this.known)) this.show(this.known);
  }

  show(order) {
    this.order = order;
    const items = order.map((value) => this.items.get(value));
    arrange(this.list, items.map((item) => item.element));
    const names = [this.control.up, this.control.down];
    items.forEach((item, place) => item.place(names, place === 0, place === items.length - 1));
  }

  move(item, by) {
    const place = this.order.indexOf(item.value);
    const isEnd = place + by < 0 || place + by >= this.order.length;
    if (!isEnd) {
      const order = this.order.toSpliced(place, 1).toSpliced(place + by, 0, item.value);
      this.moved.add(item.value);
      this.show(order);
      this.send();
    }
    this.tellPlace(item, isEnd ? this.card.words.position : this.card.words.moved);
    const pressed = item.buttons[by < 0 ? 0 : 1];
    const other = item.buttons[by < 0 ? 1 : 0];
    (pressed.getAttribute("aria-disabled") ? other : pressed).focus();
  }

  tellPlace(item, template) {
    const place = this.order.indexOf(item.value) + 1;
    this.card.say([fill(template, { label: item.words.textContent, place, total: this.order.length })]);
  }
}
