// The Python of this page, in a worker of its own: started, and started again where it dies.

const FIRST_PAUSE = 2000; // milliseconds until Python is started again where it could not be
const LONGEST_PAUSE = 30_000;
const PING_EVERY = 10_000;
const LONGEST_SILENCE = 20_000;
const LONGEST_START = 180_000; // the same while it starts, on a slow phone

export class Python {
  on = {}; // what is done with each kind of message
  onLink = () => {};
  #turn = 0;
  #asked = new Map(); // turn -> what is done with the answer
  #pause = FIRST_PAUSE;

  constructor(path, code) {
    Object.assign(this, { path, code, isReady: false, hasRun: false });
    setInterval(() => this.#ping(), PING_EVERY);
    document.addEventListener("visibilitychange", () => document.hidden || this.#isBack());
    addEventListener("online", () => this.isWaiting && this.start());
  }

  /** Start Python and run the page in it. */
  start() {
    this.#end();
    this.onLink(this.hasRun ? "lost" : "preparing");
    this.worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    this.worker.onmessage = ({ data }) => this.#take(data);
    this.worker.onerror = () => this.#fail();
    this.heard = performance.now();
    this.#post({ kind: "open", path: this.path, code: this.code });
  }

  /** Send a widget a message. One that comes before Python is there is sent again by its view then. */
  sendToComm(id, data) {
    this.#post({ kind: "comm", id, data });
  }

  /** Have Python do something, and return what it answers; null where it ends before. */
  call(name, values) {
    this.#turn += 1;
    this.#post({ kind: "call", turn: this.#turn, name, values });
    return new Promise((resolve) => this.#asked.set(this.#turn, resolve));
  }

  #post(message) {
    this.worker?.postMessage(message);
  }

  #take(message) {
    this.heard = performance.now();
    if (message.detail) console.warn(message.detail); // for whoever helps: it is of the course's own code
    if (message.kind === "died") this.#fail("lost");
    else if (message.kind === "problem" && message.problem === "not-started") this.#fail();
    else if (message.kind === "answer") this.#answer(message.turn, message.value);
    else if (message.kind === "opened") this.#opened();
    else this.on[message.kind]?.(message);
  }

  #opened() {
    Object.assign(this, { isReady: true, hasRun: true });
    this.#pause = FIRST_PAUSE;
    this.on.opened?.();
  }

  #answer(turn, value) {
    this.#asked.get(turn)?.(value);
    this.#asked.delete(turn);
  }

  /** Python could not be started, as where the network is gone, or has died: say so, and try again. */
  #fail(link = "no-server") {
    this.#end();
    this.onLink(link);
    this.isWaiting = true;
    this.timer = setTimeout(() => this.start(), this.#pause);
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
  }

  #end() {
    clearTimeout(this.timer);
    this.isReady = this.isWaiting = false;
    this.worker?.terminate();
    this.worker = null;
    for (const turn of [...this.#asked.keys()]) this.#answer(turn, null);
  }

  #isBack() {
    this.heard = performance.now(); // nothing was heard while nobody looked
    if (this.isReady) this.#post({ kind: "look" });
  }

  /** A worker that a browser has ended says nothing of it. */
  #ping() {
    if (!this.worker || document.hidden) return;
    const silence = performance.now() - this.heard;
    if (silence > (this.isReady ? LONGEST_SILENCE : LONGEST_START)) this.start();
    else this.#post({ kind: "ping" });
  }
}
