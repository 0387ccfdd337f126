/**
 * The card in the browser: it draws the controls that Python sends and hands back what a person does.
 *
 * Patching. Each time Python sends controls, a control of the same kind and id keeps its element and is
 * brought up to date in place; new controls are put in, gone ones taken out. Options, items and buttons
 * inside a control are kept in the same way, so that nobody loses the control they are using.
 *
 * Turns. Every message carries a turn, which Python sends back with what became of it; the next
 * message waits for that, because Jupyter may deliver two in any order. Until then the field is the
 * person's own: an older value that comes back from Python is not shown. What could not be saved stays
 * on the page and is sent again, after longer and longer pauses and before the next message. After
 * Python was started anew (`course:again`), all that was not answered is sent again, in order.
 *
 * Other windows. A message says which values its window knew. Where another window saved something else
 * meanwhile, nothing is overwritten: the card shows both, and the person decides.
 *
 * Focus. Elements that stay are never moved while they have the focus. If the focused element is gone,
 * the focus goes to what came in its place: a new question, a new button, new feedback, else the
 * neighbour of what is gone, else the card. It never falls back to the page.
 *
 * Drafts. What is typed or chosen is kept by the browser until it is saved (drafts.js). On opening it is
 * put back and sent, with what its window knew, so that it never takes the place of a later save unseen.
 *
 * Words are only ever set as text, never as HTML.
 */

import { Drafts } from "./drafts.js";

const TYPING_PAUSE = 500; // milliseconds without a key until typed text is sent
const SAVING_AFTER = 400; // until “Saving…” is shown
const NO_REPLY_AFTER = 6000; // until the person is told that the course does not answer
const SAY_SAVED_AFTER = 1000; // so that several quick changes are read out as one “Saved”
const FORGET_AFTER = 8000; // until what was read out leaves the page again
const RETRY_AFTER = [2000, 4000, 8000, 16000, 30000]; // until what could not be saved is sent again

// ---- Elements ----------------------------------------------------------------------------------

/** Return a new element; attributes that are false, null or empty are left out. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...children);
  return element;
}

/** Return a new control whose keys do not reach the notebook's own shortcuts. */
function makeControl(tag, attributes = {}, ...children) {
  return make(tag, { ...attributes, "data-lm-suppress-shortcuts": "true" }, ...children);
}

function setAttribute(element, name, value) {
  if (value === false || value === null || value === undefined || value === "") element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

const ICONS = {
  feedback: "M4 5h16v11H10l-4 4v-4H4z",
  right: "M4 12.5 10 18 20 6",
  wrong: "M6 6 18 18M18 6 6 18",
  warning: "M12 4 21 20H3zM12 10v4M12 16.8v.4",
  saved: "M4 12.5 10 18 20 6",
};

/** Return a small line drawing that says nothing to a screen reader: words always stand beside it. */
function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "bt-icon");
  svg.setAttribute("aria-hidden", "true");
  return svg;
}

/** A text with the sign of its tone in front: feedback, right, wrong or a warning. Other tones have none. */
class Panel {
  constructor(id = "") {
    this.words = make("div", { class: "bt-words", id });
    this.element = make("div", {}, this.words);
  }

  /** Show these words in that tone; whether the words are new. */
  update(words, tone) {
    if (tone !== this.tone) {
      this.tone = tone;
      this.element.className = `bt-text bt-${tone}`;
      this.element.replaceChildren(...(tone in ICONS ? [icon(tone)] : []), this.words);
    }
    this.element.hidden = !words;
    return write(this.words, words, paragraphs);
  }
}

const written = new WeakMap();

/** Set an element's words, if they are new; *emphasis* and **strong** words become elements. */
function write(element, words, build = inline) {
  if (written.get(element) === words) return false;
  written.set(element, words);
  element.replaceChildren(...build(words));
  return true;
}

const EMPHASIS = /(?<![\p{L}\p{N}*])(\*\*?)(?=[^\s*])(.+?)(?<=[^\s*])\1(?![\p{L}\p{N}*])/gsu;

function inline(words) {
  const nodes = [];
  let end = 0;
  for (const match of words.matchAll(EMPHASIS)) {
    nodes.push(words.slice(end, match.index), make(match[1] === "*" ? "em" : "strong", {}, ...inline(match[2])));
    end = match.index + match[0].length;
  }
  return [...nodes, words.slice(end)].filter((node) => node !== "");
}

function paragraphs(words) {
  return words.split(/\n\s*\n/).map((paragraph) => make("p", {}, ...inline(paragraph.trim())));
}

/** Return what is read out of an element that holds paragraphs. */
function readOut(element) {
  return [...element.children].map((paragraph) => paragraph.textContent).join(" ");
}

/** Fill the {blanks} of a template. */
function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (blank, name) => values[name] ?? blank);
}

function isSame(one, other) {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

// ---- Patching ----------------------------------------------------------------------------------

/** Return one object for each item, in order: the kept one with the same key, or a new one, brought up to date. */
function patch(kept, items, keyOf, create) {
  const next = new Map();
  for (const item of items) {
    const object = kept.get(keyOf(item)) ?? create(item);
    next.set(keyOf(item), object);
    object.update(item);
  }
  for (const [key, object] of kept) if (!next.has(key)) object.close?.();
  return next;
}

/** Give an element these children in this order, moving any but the one that holds the focus. */
function arrange(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  const still = nodes.find((node) => node.contains(document.activeElement));
  let place = parent.firstElementChild;
  for (const node of nodes) {
    if (node === still) {
      while (place !== node) {
        const early = place;
        place = place.nextElementSibling;
        parent.append(early);
      }
    }
    if (node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  }
}

/** A list of controls, on the card or in a group. */
class ControlList {
  constructor(card) {
    this.card = card;
    this.kept = new Map();
    this.element = make("div", { class: "bt-parts" });
  }

  update(controls) {
    const known = controls.filter((control) => control.kind in KINDS);
    this.kept = patch(this.kept, known, (control) => `${control.kind} ${control.id}`, (control) => this.create(control));
    arrange(this.element, [...this.kept.values()].map((control) => control.element));
  }

  create(control) {
    const made = new KINDS[control.kind](this.card, control);
    made.element.dataset.control = control.id;
    return made;
  }

  close() {
    for (const control of this.kept.values()) control.close?.();
  }
}

// ---- Text and groups ---------------------------------------------------------------------------

class Text {
  constructor(card, control) {
    this.card = card;
    this.panel = new Panel();
    this.element = this.panel.element;
    if (control.live) card.fresh.push({ element: this.element, rank: 2 });
  }

  update(control) {
    if (this.panel.update(control.text, control.tone) && control.live && control.text) {
      this.card.tell({ words: readOut(this.panel.words) });
    }
  }
}

class Group {
  constructor(card) {
    this.inside = new ControlList(card);
    this.legend = make("legend");
    this.element = make("fieldset", { class: "bt-group" }, this.legend, this.inside.element);
    card.fresh.push({ element: this.element, rank: 1, whole: true });
  }

  update(control) {
    write(this.legend, control.legend);
    this.element.classList.toggle("bt-beside", Boolean(control.beside));
    this.inside.update(control.controls);
  }

  close() {
    this.inside.close();
  }
}

// ---- Fields: what every control with a value has --------------------------------------------------

/** A control with a value. A kind says how to `show` a value and how to `read` it. */
class Field {
  constructor(card, control) {
    this.card = card;
    this.id = control.id;
    this.htmlId = card.idFor(control.id);
    this.hasNews = false; // changed by the person and not sent yet
    this.turn = null; // of the last message about this control
    this.known = undefined; // the last value from Python that was dealt with
    this.sent = []; // what was sent since then, and not answered yet
    this.isLate = false; // whether the value is sent later than it was given: put back, or once more
    this.isKept = false; // whether the browser keeps it
    card.fields.set(this.id, this);
  }

  /** Draw what the control says, then its value, unless the person is ahead of it. */
  update(control) {
    const isFirst = !this.control;
    this.control = control;
    this.draw(control);
    if (isFirst) {
      this.card.fresh.push({ element: this.element, rank: 1 });
      this.known = control.value;
      this.show(control.value);
      this.restore();
    } else this.take();
    this.conflict?.update(control.value);
  }

  /** Show Python's value if it is news and the person is not busy with this field. */
  take() {
    if (isSame(this.control.value, this.known) || this.isAhead || this.isBusy) return;
    this.takeNow();
  }

  takeNow() {
    this.known = this.control.value;
    if (!isSame(this.read(), this.known)) this.show(this.known);
  }

  /** Whether the person's own value is newer than Python's. */
  get isAhead() {
    return this.hasNews || this.card.post.isWaiting(this.turn) || this.card.post.failed.has(this.id);
  }

  get isBusy() {
    return false;
  }

  /** Whether another value that was saved meanwhile is never overwritten without asking. */
  get isCareful() {
    return this.isLate;
  }

  /** Have the browser keep the value until it is saved. */
  keep() {
    this.kept = this.message();
    this.isKept = this.card.drafts.keep(this.id, this.kept, this.seen());
  }

  /** Put back a value that was not saved when the page was last open; it is sent once the card is drawn. */
  restore() {
    const draft = this.card.drafts.read(this.id);
    if (!draft) return;
    if (isSame(draft.value, this.known) || !this.put(draft.value)) return this.card.drafts.erase(this.id);
    this.hasNews = this.isLate = this.isKept = true;
    this.kept = draft.value;
    [this.known, ...this.sent] = draft.seen;
  }

  /** Show a value that was kept, and return whether it fits the control as it is now. */
  put(value) {
    this.show(value);
    return isSame(this.read(), value);
  }

  /** Return what is sent of the value. */
  message() {
    return this.read();
  }

  /** Return the values that this window knew, and with them its own. */
  seen() {
    return [this.known, ...this.sent];
  }

  /** Return a value in words. */
  inWords(value) {
    return String(value ?? "");
  }

  /** Send the value now. */
  send() {
    this.hasNews = false;
    clearTimeout(this.timer);
    this.card.set(this);
  }

  /** Hear that Python has dealt with the last value sent. */
  settle() {
    this.turn = null;
    this.sent = [];
    this.isLate = false;
    this.known = this.control.value;
    this.card.drafts.drop(this.id, this.kept);
    this.endConflict();
  }

  /** Say that another window saved something else meanwhile, and ask what is to become of it. */
  showConflict() {
    this.conflict ??= new Conflict(this);
    this.conflict.update(this.control.value);
    this.element.append(this.conflict.element);
  }

  endConflict() {
    this.conflict?.element.remove();
    this.conflict = null;
  }

  /** Save the person's own value in place of the other one. */
  keepOwn() {
    this.sent = [];
    this.known = this.control.value;
    this.focus();
    this.send();
  }

  /** Take what the other window saved in place of the person's own value. */
  takeOther() {
    this.hasNews = false;
    clearTimeout(this.timer);
    this.card.post.failed.delete(this.id);
    this.focus();
    this.show(this.control.value);
    this.settle();
    this.card.post.showResult();
  }

  focus() {
    focusIn(this.element);
  }

  close() {
    if (this.hasNews) this.send();
    if (this.card.fields.get(this.id) === this) this.card.fields.delete(this.id);
  }
}

/** What another window saved in a field while a person changed it here, and the two ways out. */
class Conflict {
  constructor(field) {
    this.field = field;
    this.words = make("div", { class: "bt-words" });
    const ways = [
      [field.card.words.keepOwn, () => field.keepOwn()],
      [field.card.words.takeOther, () => field.takeOther()],
    ];
    const buttons = ways.map(([label, act]) => {
      const button = makeControl("button", { type: "button", class: "bt-button" }, label);
      button.addEventListener("click", act);
      return button;
    });
    const row = make("div", { class: "bt-buttons" }, ...buttons);
    this.element = make("div", { class: "bt-text bt-warning bt-conflict" }, icon("warning"), this.words, row);
  }

  update(other) {
    const { card } = this.field;
    const words = this.field.inWords(other);
    const lines = words ? [card.words.elsewhere, words] : [card.words.elsewhereEmpty];
    const draw = () => lines.map((line, place) => make(place ? "blockquote" : "p", {}, line));
    if (write(this.words, words, draw)) card.say([lines.join(" ")]);
  }
}

/** A field that is typed into: it is sent after a pause, or when it is left. */
class TypedField extends Field {
  listen(input) {
    this.input = input;
    input.addEventListener("input", () => this.type());
    input.addEventListener("change", () => this.sendNews());
    input.addEventListener("blur", () => {
      this.sendNews();
      this.take();
    });
  }

  type() {
    this.noteNews();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.sendNews(), TYPING_PAUSE);
  }

  noteNews() {
    this.hasNews = true;
    this.keep();
    this.card.post.clearSaved();
    this.card.post.report();
  }

  sendNews() {
    if (this.hasNews) this.send();
  }

  get isBusy() {
    return this.input === document.activeElement;
  }

  get isCareful() {
    return true;
  }

  focus() {
    this.input.focus();
  }

  read() {
    return this.input.value;
  }

  show(value) {
    this.input.value = value ?? "";
  }
}

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

class Choices extends Field {
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

// ---- Lines, areas, dates -----------------------------------------------------------------------

class Line extends TypedField {
  constructor(card, control) {
    super(card, control);
    this.label = make("label", { for: this.htmlId });
    this.hint = make("p", { class: "bt-hint", id: `${this.htmlId}-hint` });
    this.listen(this.makeInput(control));
    this.element = make("div", { class: `bt-field bt-${control.kind}` }, this.label, this.input, this.hint);
  }

  makeInput() {
    return makeControl("input", { type: "text", id: this.htmlId, autocomplete: "off", dir: "auto" });
  }

  draw(control) {
    write(this.label, control.label);
    this.count();
  }

  type() {
    super.type();
    this.count();
  }

  show(value) {
    super.show(value);
    this.count();
  }

  /** Say how long the text is where it is longer than there is room for; people may go over. */
  count() {
    const n = [...(this.input.value ?? "")].length;
    const { most, hint } = this.control;
    const isOver = most && n > most;
    this.drawHint(isOver ? fill(this.inPlural(this.card.words.over, n), { n, most }) : this.lengthWords(n) || hint || "");
  }

  lengthWords() {
    return "";
  }

  /** Return the form of a text that a number takes in its language. */
  inPlural(forms, n) {
    return forms[new Intl.PluralRules(this.card.model.get("language")?.lang).select(n)] ?? forms.other;
  }

  drawHint(words) {
    write(this.hint, words);
    this.hint.hidden = !words;
    setAttribute(this.input, "aria-describedby", words ? this.hint.id : "");
  }
}

/** Several lines of text, with a counter under it. */
class Area extends Line {
  makeInput() {
    return makeControl("textarea", { id: this.htmlId, dir: "auto" });
  }

  draw(control) {
    super.draw(control);
    setAttribute(this.input, "rows", control.rows);
    this.input.style.setProperty("--bt-rows", control.rows);
  }

  lengthWords(characters) {
    const { unit, say } = this.control.count ?? {}; // the text in each plural form of its language
    if (!say) return "";
    const text = this.input.value.trim();
    const n = unit === "words" ? (text ? text.split(/\s+/).length : 0) : characters;
    return fill(this.inPlural(say, n), { n });
  }
}

class DateLine extends Line {
  makeInput() {
    return makeControl("input", { type: "date", id: this.htmlId });
  }

  /** Wait for the whole date: the browser gives an empty or an odd one in between. */
  type() {
    this.noteNews();
  }

  /** An empty date may not be kept: show the one that is. */
  settle() {
    super.settle();
    setTimeout(() => {
      if (!this.isAhead && !this.isBusy) this.show(this.control.value);
    });
  }
}

// ---- Numbers -----------------------------------------------------------------------------------

/** A number box, and with it a slider that stays unset until it is used. */
class NumberField extends TypedField {
  constructor(card, control) {
    super(card, control);
    this.label = make("label", { for: this.htmlId, id: `${this.htmlId}-label` });
    this.hint = make("span", { class: "bt-hint", id: `${this.htmlId}-hint` });
    this.listen(makeControl("input", {
      type: "text", inputmode: "decimal", id: this.htmlId, autocomplete: "off", "aria-describedby": this.hint.id,
    }));
    this.row = make("div", { class: "bt-number-row" }, this.input, this.hint);
    this.element = make("div", { class: "bt-field bt-number" }, this.label, this.row);
    if (control.slider) this.addSlider();
  }

  addSlider() {
    this.slider = makeControl("input", { type: "range", "aria-labelledby": this.label.id });
    this.slider.addEventListener("input", () => this.slide());
    this.slider.addEventListener("change", () => this.sendNews());
    this.slider.addEventListener("blur", () => this.take());
    this.slider.addEventListener("pointerup", () => this.slideFirst());
    this.slider.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") this.slideFirst();
    });
    this.ends = [make("span"), make("span")];
    const scale = make("div", { class: "bt-ends", "aria-hidden": "true" }, ...this.ends);
    this.unset = make("span", { class: "bt-unset", "aria-hidden": "true" });
    this.clear = makeControl("button", { type: "button", class: "bt-button" });
    this.clear.addEventListener("click", () => this.forget());
    this.row.prepend(make("div", { class: "bt-slider" }, this.slider, scale));
    this.row.append(this.unset, this.clear);
  }

  draw(control) {
    write(this.label, control.label);
    write(this.hint, `${control.low} – ${control.high}`);
    this.hint.classList.toggle("bt-unseen", control.slider);
    if (!this.slider) return;
    for (const [name, value] of [["min", control.low], ["max", control.high], ["step", control.step]]) {
      setAttribute(this.slider, name, String(value));
    }
    write(this.ends[0], String(control.low));
    write(this.ends[1], String(control.high));
    write(this.unset, control.unset);
    write(this.clear, this.card.words.clear);
    setAttribute(this.clear, "aria-label", `${this.card.words.clear}: ${this.label.textContent}`);
  }

  /** Return the number, null for an empty box, or the typed text if it is no number: Python says why. */
  read() {
    const typed = this.input.value.trim();
    if (!typed) return null;
    const number = Number(typed.replace(",", "."));
    return Number.isFinite(number) ? number : typed;
  }

  show(value) {
    this.input.value = value ?? "";
    this.moveSlider();
    this.mark();
  }

  type() {
    super.type();
    this.moveSlider();
  }

  send() {
    super.send();
    this.mark();
  }

  get fits() {
    const value = this.read();
    return value === null || (typeof value === "number" && value >= this.control.low && value <= this.control.high);
  }

  mark() {
    setAttribute(this.input, "aria-invalid", !this.fits);
  }

  moveSlider() {
    if (!this.slider) return;
    const value = this.read();
    const isSet = value !== null && this.fits;
    const { low, high } = this.control;
    const place = isSet ? value : (low + high) / 2;
    if (Number(this.slider.value) !== place) this.slider.value = place;
    this.slider.style.setProperty("--bt-part", isSet ? (place - low) / (high - low) : 0);
    setAttribute(this.slider, "aria-valuetext", isSet ? "" : this.control.unset);
    setAttribute(this.clear, "aria-disabled", !this.input.value);
    this.element.classList.toggle("bt-is-unset", !isSet);
  }

  slide() {
    this.input.value = Number(this.slider.value);
    this.type();
  }

  /** Take the place where the slider stands, if it was only touched and not moved. */
  slideFirst() {
    if (!this.element.classList.contains("bt-is-unset")) return;
    this.slide();
    this.sendNews();
  }

  forget() {
    if (!this.input.value) return;
    this.input.value = "";
    this.moveSlider();
    this.send();
  }

  get isBusy() {
    return this.input === document.activeElement || (this.slider && this.slider === document.activeElement);
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

class Order extends Field {
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

// ---- Buttons -----------------------------------------------------------------------------------

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

class Buttons {
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

// ---- Files to take away ------------------------------------------------------------------------

/** A link to a file that is made in the browser, so that it works wherever the notebook is served from. */
class Download {
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
    const bytes = Uint8Array.from(atob(control.data), (letter) => letter.charCodeAt(0));
    this.link.href = URL.createObjectURL(new Blob([bytes], { type: control.type }));
  }

  close() {
    URL.revokeObjectURL(this.link.href);
  }
}

const KINDS = {
  text: Text,
  group: Group,
  radios: Choices,
  checks: Choices,
  line: Line,
  area: Area,
  date: DateLine,
  number: NumberField,
  order: Order,
  buttons: Buttons,
  download: Download,
};

// ---- Sending, and saying what became of it -----------------------------------------------------

/** Sends messages in turns and shows whether they were saved. */
class Post {
  constructor(card) {
    this.card = card;
    // Turns begin anywhere, so that two windows on one card do not take each other's answers.
    this.lastTurn = Math.floor(Math.random() * 2 ** 40);
    this.waiting = new Map(); // turn -> message, of all that was not answered yet
    this.queue = []; // messages that were not handed over yet
    this.underWay = null; // the turn of the message that was
    this.failed = new Map(); // control -> {message, outcome, error}, of what was not saved
    this.tries = 0; // how often in a row something could not be saved
    this.isSilent = false; // whether an answer is long overdue
    this.isTold = false; // whether the page around the card says how the saving is
    this.status = make("p", { class: "bt-status" });
    this.alert = make("div", { class: "bt-alert", role: "alert" });
    this.element = make("div", { class: "bt-footer" }, this.alert, this.status);
  }

  set(field) {
    const seen = field.isCareful ? field.seen() : null;
    const { id: control } = field;
    this.dropWaiting(control);
    field.keep();
    return this.send({ event: "set", control, value: field.message(), seen, turn: ++this.lastTurn });
  }

  press(control) {
    return this.send({ event: "press", control, turn: ++this.lastTurn });
  }

  /** Take the last message out of the queue if it is about the same control: a newer value takes its place. */
  dropWaiting(control) {
    const last = this.queue.at(-1);
    if (last?.event !== "set" || last.control !== control) return;
    this.queue.pop();
    this.waiting.delete(last.turn);
  }

  send(message) {
    this.waiting.set(message.turn, message);
    this.queue.push(message);
    this.clearSaved(); // it was said of an earlier answer
    if (!this.noReplyTimer) this.watch();
    this.forward();
    if (message.event === "set") this.report();
    return message.turn;
  }

  /** Hand over the next message once the one before it was answered: Jupyter may deliver two in any order. */
  forward() {
    if (this.underWay === null && this.queue.length) this.handOver();
  }

  /** Hand over all that waits, because the page may be gone in a moment. */
  handOverAll() {
    while (this.queue.length) this.handOver();
  }

  handOver() {
    const message = this.queue.shift();
    const field = message.event === "set" ? this.card.fields.get(message.control) : null;
    if (field && message.seen) message.seen = field.seen(); // by now it may know more
    if (field) field.sent = [...field.sent.slice(-4), message.value];
    this.underWay = message.turn;
    try {
      this.card.model.send(message);
    } catch {
      this.noReply(); // the connection is gone for good; the text stays on the page
    }
  }

  isWaiting(turn) {
    return this.waiting.has(turn);
  }

  /** Take Python's answer to a turn, and go on with the next message. */
  receive({ turn, outcome, error }) {
    const message = this.waiting.get(turn);
    if (!message) return;
    this.waiting.delete(turn);
    if (turn === this.underWay) this.underWay = null;
    this.isSilent = false;
    this.failed.delete(message.control);
    if (outcome === "saved") this.forgetPresses();
    if (outcome !== "saved" && outcome !== "nothing") this.failed.set(message.control, { message, outcome, error });
    this.unwatch();
    if (this.waiting.size) this.watch();
    this.forward();
    this.card.settle(message.event === "press");
    if (outcome === "elsewhere") this.card.fields.get(message.control)?.showConflict();
    this.planRetry(outcome);
    this.showResult(outcome);
  }

  /** A press that could not be saved is saved with whatever is saved next, by the same Python. */
  forgetPresses() {
    for (const [control, { message }] of this.failed) if (message.event === "press") this.failed.delete(control);
  }

  planRetry(outcome) {
    if (outcome === "saved") this.tries = 0;
    clearTimeout(this.retryTimer);
    if (![...this.failed.values()].some(({ outcome }) => outcome === "failed")) return;
    const pause = RETRY_AFTER[Math.min(this.tries, RETRY_AFTER.length - 1)];
    this.retryTimer = setTimeout(() => this.retry(), pause);
  }

  /** Send again what could not be saved. */
  retry() {
    this.tries += 1;
    this.card.flush();
    for (const message of this.failedMessages()) if (message.event === "press") this.send(message);
  }

  failedMessages() {
    return [...this.failed.values()].filter(({ outcome }) => outcome === "failed").map(({ message }) => message);
  }

  /** Send all again that was not answered or not saved, in order: Python was started anew and knows none of it. */
  again() {
    const unsaved = [...this.failedMessages(), ...this.waiting.values()].sort((message, other) => message.turn - other.turn);
    clearTimeout(this.retryTimer);
    this.unwatch();
    this.tries = 0;
    this.isSilent = false;
    this.underWay = null;
    this.queue = unsaved;
    this.waiting = new Map(unsaved.map((message) => [message.turn, message]));
    for (const message of unsaved) {
      const field = this.card.fields.get(message.control);
      if (!field) continue;
      field.isLate = true;
      field.turn = message.turn;
      message.seen ??= field.isCareful ? [] : null;
    }
    this.showResult("nothing");
    if (unsaved.length) this.watch();
    this.forward();
    this.card.flush();
  }

  watch() {
    this.savingTimer = setTimeout(() => {
      this.isSlow = true;
      this.showStatus("saving");
      this.report();
    }, SAVING_AFTER);
    this.noReplyTimer = setTimeout(() => this.noReply(), NO_REPLY_AFTER);
  }

  unwatch() {
    clearTimeout(this.savingTimer);
    clearTimeout(this.noReplyTimer);
    this.savingTimer = this.noReplyTimer = null;
    this.isSlow = false;
  }

  /** Say that Python does not answer, and wait for it no longer; an answer that comes later takes this back. */
  noReply() {
    this.isSilent = true;
    this.underWay = null;
    this.unwatch();
    this.card.settle();
    this.forward();
    this.report();
    this.showStatus("");
    if (this.isTold) this.showStatus("waiting");
    else this.showAlert(`${this.card.words.noReply}${this.keptWords}`);
  }

  showResult(outcome) {
    const reason = [...this.failed.values()].filter(({ error }) => error).at(-1)?.error;
    this.showAlert(reason ? `${fill(this.card.words.notSaved, { reason })}${this.keptWords}` : "");
    if (outcome !== "saved" || this.isUnsaved) this.showStatus("");
    else if (this.isRestored) this.showStatus("restored");
    else this.showStatus("saved");
    this.report();
  }

  /** Return a sentence that says so where the browser keeps all that is not saved, and else nothing. */
  get keptWords() {
    const unsaved = [...this.card.fields.values()].filter((field) => field.isAhead);
    return unsaved.length && unsaved.every((field) => field.isKept) ? ` ${this.card.words.kept}` : "";
  }

  /** Whether anything that a person gave is not saved. */
  get isUnsaved() {
    return this.waiting.size > 0 || this.failed.size > 0 || this.card.hasNews;
  }

  /** Tell the page around the card what has become of its answers, if it has changed. */
  report() {
    const state = this.state;
    if (state === this.reported || (state === "saved" && !this.reported)) return;
    this.reported = state;
    this.isTold = this.card.emit("saving", { state });
  }

  get state() {
    const isSaving = this.isSlow || [...this.waiting.values()].some(({ event }) => event === "set");
    if (this.isSilent && this.waiting.size) return "waiting";
    if (this.failed.size) return "failed";
    if (this.waiting.size && isSaving) return "saving";
    return this.card.hasNews ? "typing" : "saved";
  }

  showAlert(words) {
    const draw = () => (words ? [icon("warning"), make("div", { class: "bt-words" }, ...paragraphs(words))] : []);
    write(this.alert, words, draw);
  }

  showStatus(state) {
    const words = this.card.words[state] ?? "";
    write(this.status, words, () => (state === "saved" || state === "restored" ? [icon("saved"), words] : [words]));
    clearTimeout(this.saidTimer);
    if (state === "saved" || state === "restored") this.saidTimer = setTimeout(() => this.card.sayIfQuiet(words), SAY_SAVED_AFTER);
  }

  clearSaved() {
    this.showStatus("");
  }

  close() {
    this.unwatch();
    clearTimeout(this.saidTimer);
    clearTimeout(this.retryTimer);
  }
}

// ---- The card ----------------------------------------------------------------------------------

class Card {
  constructor(model) {
    this.model = model;
    this.prefix = `bt-${Math.random().toString(36).slice(2, 10)}`;
    this.fields = new Map();
    this.pressable = new Set();
    this.fresh = []; // what the last update brought: {element, rank, whole}
    this.news = []; // what the last update has to read out: {words, about}
    this.findDrafts();
    this.post = new Post(this);
    this.controls = new ControlList(this);
    this.problem = make("div", { class: "bt-text bt-warning bt-problem", role: "note" });
    this.live = make("div", { class: "bt-unseen", role: "status" });
    this.element = makeControl("div", { class: "bt-card", tabindex: "-1", "data-card": model.get("label") });
    Object.assign(this.element, model.get("language"));
    this.element.append(this.problem, this.controls.element, this.post.element, this.live);
    this.update();
    this.isDrawn = true;
  }

  /** Keep drafts where Python says: in another place once the journal was erased, and nothing from before that. */
  findDrafts() {
    this.drafts = new Drafts(this.model.get("drafts"), this.model.get("label"));
    for (const field of this.fields.values()) field.isKept = false;
  }

  /** Tell the page around the card what it wants to know first, once the card is on it. */
  announce() {
    this.drawProblem();
    this.drawDone();
    this.sendRestored();
  }

  /** Send what was not saved when the page was last open. */
  sendRestored() {
    const isAny = [...this.fields.values()].some((field) => field.isLate && field.hasNews);
    if (isAny) this.flush();
    this.post.isRestored ||= isAny;
  }

  /** Send an event up the page; return whether somebody there took it on (`preventDefault`). */
  emit(name, detail) {
    const event = { bubbles: true, composed: true, cancelable: name !== "progress" };
    const all = { card: this.model.get("label"), ...detail };
    return !this.element.dispatchEvent(new CustomEvent(`course:${name}`, { ...event, detail: all }));
  }

  get words() {
    return this.model.get("words");
  }

  idFor(control) {
    return `${this.prefix}-${control}`;
  }

  // Drawing

  drawProblem() {
    const words = this.model.get("problem") ?? "";
    const isNews = words !== this.lastProblem;
    this.lastProblem = words;
    if (isNews && (words || this.isTold)) this.isTold = this.emit("problem", { problem: words });
    this.problem.hidden = !words || this.isTold;
    write(this.problem, words, () => [icon("warning"), make("div", { class: "bt-words" }, ...paragraphs(words))]);
  }

  drawDone() {
    const done = this.model.get("done");
    if (done !== null && done !== undefined) this.emit("progress", { done });
  }

  update() {
    this.isHeldBack = this.wouldInterrupt(this.model.get("controls") ?? []);
    if (this.isHeldBack) return this.flush(); // the answer to that brings it again
    this.fresh = [];
    this.news = [];
    const trail = this.trail();
    this.controls.update(this.model.get("controls") ?? []);
    if (trail.length && !this.element.contains(document.activeElement)) this.land(trail);
    this.goal = "";
    if (!this.isDrawn) return;
    this.sayNews();
    this.sendRestored();
  }

  /** Whether an update would take away a field in which the person is typing. */
  wouldInterrupt(controls) {
    const field = [...this.fields.values()].find((view) => view.isBusy && view.isAhead && view.isCareful);
    return Boolean(field) && !this.post.isSilent && !hasControl(controls, field.id);
  }

  /** Return where the focus is: each element above it, with its place among its siblings. */
  trail() {
    const trail = [];
    let node = document.activeElement;
    if (node === this.element || !this.element.contains(node)) return trail;
    for (; node !== this.element; node = node.parentElement) {
      trail.push({ parent: node.parentElement, place: [...node.parentElement.children].indexOf(node) });
    }
    return trail;
  }

  /** Give the focus to what came in place of the element that had it. */
  land(trail) {
    const goal = this.fields.get(this.goal);
    if (goal) return focusIn(goal.element);
    const fresh = this.fresh.filter(({ element }) => this.element.contains(element));
    const best = fresh.find(({ rank }) => rank === 1) ?? fresh[0];
    if (best) return focusIn(best.element, best.whole);
    for (const { parent, place } of trail) {
      const near = parent.children[Math.min(place, parent.children.length - 1)];
      if (near && this.element.contains(near)) return focusIn(near);
    }
    return this.element.focus();
  }

  // Reading out

  tell(news) {
    this.news.push(news);
  }

  /** Read out what an update brought: what it says of the whole, then notes, with the option that each stands under. */
  sayNews() {
    const notes = this.news.filter(({ about }) => about).length;
    const wholeFirst = this.news.toSorted((news, other) => Boolean(news.about) - Boolean(other.about));
    const lines = wholeFirst.map(({ words, about }) => (about && notes > 1 ? `${about} – ${words}` : words));
    if (lines.length) this.say(lines);
  }

  say(lines) {
    this.live.replaceChildren(...lines.map((line) => make("p", {}, line)));
    clearTimeout(this.forgetTimer);
    this.forgetTimer = setTimeout(() => this.live.replaceChildren(), FORGET_AFTER);
  }

  sayIfQuiet(words) {
    if (!this.live.firstChild) this.say([words]);
  }

  // Sending

  set(field) {
    this.post.isRestored = false;
    this.flush(field);
    field.turn = this.post.set(field);
  }

  press(button) {
    this.post.isRestored = false;
    this.flush();
    return this.post.press(button);
  }

  /** Send what was typed and not sent yet, and what could not be saved, in the order of the card. */
  flush(except) {
    for (const field of [...this.fields.values()]) {
      const isFailed = this.post.failed.get(field.id)?.outcome === "failed" && !this.post.isWaiting(field.turn);
      if (field === except || !(field.hasNews || isFailed)) continue;
      field.hasNews = false;
      clearTimeout(field.timer);
      field.turn = this.post.set(field);
    }
  }

  /** Draw what Python says after it was started anew, and send again what it does not know. */
  again() {
    this.update();
    this.announce();
    this.post.again();
  }

  /** Send everything now, because the page may be gone in a moment. */
  leave() {
    this.flush();
    this.post.handOverAll();
  }

  get hasNews() {
    return [...this.fields.values()].some((field) => field.hasNews);
  }

  /** Go on after an answer; after a press, a field that it emptied is shown empty, also while it has the focus. */
  settle(isPress = false) {
    if (this.isHeldBack) this.update();
    for (const field of this.fields.values()) {
      if (field.isAhead) continue;
      if (field.turn !== null) field.settle();
      if (isPress && !isSame(field.control.value, field.known)) field.takeNow();
    }
    for (const button of this.pressable) button.settle();
  }

  close() {
    this.leave();
    this.post.close();
    clearTimeout(this.forgetTimer);
  }
}

/** Whether a control is among others or in their groups. */
function hasControl(controls, id) {
  return controls.some((control) => control.id === id || hasControl(control.controls ?? [], id));
}

const FOCUSABLE = "input, textarea, button, a[href]";

/** Focus the first control in an element (of radios the chosen one), or the element itself. */
function focusIn(element, whole = false) {
  const controls = whole || element.matches(FOCUSABLE) ? [] : [...element.querySelectorAll(FOCUSABLE)];
  const chosen = controls.find((input) => input.type === "radio" && input.checked && input.name === controls[0].name);
  const target = chosen ?? controls[0] ?? element;
  if (target === element && !element.matches(FOCUSABLE)) {
    setAttribute(element, "tabindex", "-1");
    setAttribute(element, "data-lm-suppress-shortcuts", "true");
  }
  target.focus();
}

function render({ model, el }) {
  const card = new Card(model);
  const listeners = new AbortController();
  const { signal } = listeners;
  const onControls = () => card.update();
  const onProblem = () => card.drawProblem();
  const onDone = () => card.drawDone();
  const onDrafts = () => card.findDrafts();
  const onAgain = () => card.again();
  const onMessage = (message) => card.post.receive(message);

  model.on("change:controls", onControls);
  model.on("change:problem", onProblem);
  model.on("change:done", onDone);
  model.on("change:drafts", onDrafts);
  model.on("course:again", onAgain);
  model.on("msg:custom", onMessage);
  window.addEventListener("pagehide", () => card.leave(), { signal });
  window.addEventListener("beforeunload", (event) => card.post.isUnsaved && event.preventDefault(), { signal });
  document.addEventListener("visibilitychange", () => document.hidden && card.leave(), { signal });
  card.element.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault(); // answers save themselves; neither the notebook nor the browser is to save a page
      card.flush();
    }
  }, { signal });
  el.append(card.element);
  card.announce();

  return () => {
    card.close();
    listeners.abort();
    model.off("change:controls", onControls);
    model.off("change:problem", onProblem);
    model.off("change:done", onDone);
    model.off("change:drafts", onDrafts);
    model.off("course:again", onAgain);
    model.off("msg:custom", onMessage);
  };
}

export default { render };
