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

import { Buttons, Download } from "./buttons.js";
import { Choices, Order } from "./choices.js";
import { Drafts } from "./drafts.js";
import { make, makeControl } from "../core/dom.js";
import { Panel, arrange, focusIn, icon, isSame, paragraphs, patch, readOut, write } from "./elements.js";
import { Post } from "./sending.js";
import { Area, DateLine, Line, NumberField } from "./typed_fields.js";

const FORGET_AFTER = 8000; // until what was read out leaves the page again

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
    this.panel = new Panel(control.live ? card.idFor(control.id) : "");
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

  /**
   * Keep drafts where Python says: in another place once the journal was erased, and nothing from before that. A card
   * that was drawn before Python was there learns the place late.
   */
  findDrafts() {
    const isLate = this.drafts?.prefix === "";
    this.drafts = new Drafts(this.model.get("drafts"), this.model.get("label"));
    for (const field of this.fields.values()) {
      field.isKept = false;
      if (isLate && field.isAhead) field.keep();
      else if (isLate) field.restore();
    }
  }

  /** Tell the page around the card what it wants to know first, once the card is on it. */
  announce() {
    this.drawProblem();
    this.drawDone();
    this.sendRestored();
  }

  /** Send what was not saved when the page was last open. */
  sendRestored() {
    const isAny = [...this.fields.values()].some((field) => field.isRestored && field.hasNews);
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
