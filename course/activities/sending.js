// Sends what a person does, in turns, and says what became of it.
import { fill, make } from "../core/dom.js";
import { icon, paragraphs, write } from "./elements.js";

const SAVING_AFTER = 400; // until “Saving…” is shown
const NO_REPLY_AFTER = 6000; // until the person is told that the course does not answer
const SAY_SAVED_AFTER = 1000; // so that several quick changes are read out as one “Saved”
const RETRY_AFTER = [2000, 4000, 8000, 16000, 30000]; // until what could not be saved is sent again

/** Sends messages in turns and shows whether they were saved. */
export class Post {
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
    if (!this.savingTimer) this.watch();
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
    const isStarting = this.card.model.get("is_recorded"); // the page says so until Python is there
    this.savingTimer = setTimeout(() => {
      this.isSlow = true;
      if (isStarting) this.showStatus("waiting");
      else this.showStatus("saving");
      this.report();
    }, SAVING_AFTER);
    if (!isStarting) this.noReplyTimer = setTimeout(() => this.noReply(), NO_REPLY_AFTER);
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
