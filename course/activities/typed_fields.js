// Controls in which something is typed: lines, areas, dates and numbers.
import { fill, make, makeControl, setAttribute } from "../core/dom.js";
import { write } from "./elements.js";
import { TypedField } from "./fields.js";

// ---- Lines, areas, dates -----------------------------------------------------------------------

export class Line extends TypedField {
  constructor(card, control) {
    super(card, control);
    this.label = make("label", { for: this.htmlId });
    this.hint = make("p", { class: "bt-hint", id: `${this.htmlId}-hint` });
    this.listen(this.makeInput(control));
    this.element = make("div", { class: `bt-field bt-${control.kind}` }, this.label, this.input, this.hint);
  }

  /** A box that grows with its words, so that none of them is cut, on a phone or on paper. */
  makeInput() {
    const input = makeControl("textarea", { rows: "1", id: this.htmlId, autocomplete: "off", dir: "auto" });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) event.preventDefault();
    });
    return input;
  }

  draw(control) {
    write(this.label, control.label);
    this.count();
  }

  type() {
    this.keepOneLine();
    super.type();
    this.count();
  }

  /** Put what was pasted as several lines on one. */
  keepOneLine() {
    const { value, selectionEnd } = this.input;
    if (!/[\r\n]/.test(value)) return;
    const onOneLine = (text) => text.replace(/\s*[\r\n]+\s*/g, " ");
    this.input.value = onOneLine(value);
    const place = onOneLine(value.slice(0, selectionEnd)).length;
    this.input.setSelectionRange(place, place);
  }

  show(value) {
    super.show(value);
    this.count();
  }

  /** Say how long the text is where it is longer than there is room for; people may go over. */
  count() {
    const n = [...(this.input.value ?? "")].length;
    const { most, hint } = this.control;
    this.element?.classList.toggle("bt-is-filled", n > 0);
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
export class Area extends Line {
  makeInput() {
    return makeControl("textarea", { id: this.htmlId, dir: "auto" });
  }

  keepOneLine() {}

  keep() {
    if (!this.control.private) super.keep();
  }

  restore() {
    if (!this.control.private) super.restore();
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

export class DateLine extends Line {
  makeInput() {
    return makeControl("input", { type: "date", id: this.htmlId });
  }

  keepOneLine() {}

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
export class NumberField extends TypedField {
  constructor(card, control) {
    super(card, control);
    this.label = make("label", { for: this.htmlId, id: `${this.htmlId}-label` });
    this.hint = make("span", { class: "bt-hint", id: `${this.htmlId}-hint` });
    this.listen(makeControl("input", {
      type: "text", inputmode: "decimal", id: this.htmlId, autocomplete: "off",
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
    setAttribute(this.input, "aria-describedby", [this.hint.id, control.wrong && this.card.idFor(control.wrong)].filter(Boolean).join(" "));
    this.mark();
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
    setAttribute(this.input, "aria-invalid", !this.fits || Boolean(this.control.wrong));
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
