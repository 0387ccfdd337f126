// What every control with a value has: whose value is newer, what is kept, and what another window saved.
import { make, makeControl } from "../core/dom.js";
import { focusIn, icon, isSame, write } from "./elements.js";

const TYPING_PAUSE = 500; // milliseconds without a key until typed text is sent

/** A control with a value. A kind says how to `show` a value and how to `read` it. */
export class Field {
  constructor(card, control) {
    this.card = card;
    this.id = control.id;
    this.htmlId = card.idFor(control.id);
    this.hasNews = false; // changed by the person and not sent yet
    this.turn = null; // of the last message about this control
    this.known = undefined; // the last value from Python that was dealt with
    this.sent = []; // what was sent since then, and not answered yet
    this.isLate = false; // whether the value is sent later than it was given: put back, or once more
    this.isRestored = false; // whether it was put back when the page was opened, and not changed since then
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
    this.hasNews = this.isLate = this.isKept = this.isRestored = true;
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
export class TypedField extends Field {
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
    this.isRestored = false;
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
