// The reading frame: the bar, the list of sections and how far each is, where the reader was, the size of the text.
//
// It knows nothing of what runs the page. An adapter makes one Frame, tells it how the connection is (`setLink`) and
// adds its own buttons (`addTool`). Activities tell by events of the page how they are: `course:saving`,
// `course:problem` and `course:progress`.
import { Place, lastPage } from "./place.js";

const SIZES = [0.9, 1, 1.15, 1.3, 1.5, 1.75, 2];
const SIZE_KEY = "course:text-size";
const LONGEST_SAVING = 10_000; // milliseconds
const USUAL_START = 20_000; // milliseconds after which a page that still begins says what to do
const WORST_FIRST = ["failed", "waiting", "saving", "typing"];

export class Frame {
  /** `data` is what the page carries for its scripts: its words, its title, its code. */
  constructor(data) {
    this.words = data.words;
    this.main = document.getElementById("main");
    this.status = document.getElementById("frame-status");
    this.live = document.getElementById("frame-live");
    this.notices = document.getElementById("frame-notices");
    this.saving = new Map(); // card -> how its saving is
    this.done = new Map(); // card -> whether it is done
    this.link = "preparing";
    this.#timeStart(this.link);
    this.hasSaved = false;
    this.#followTheme();
    this.#sizeText();
    this.#foldSections();
    this.#listen();
    this.place = new Place(data, this.main);
    this.#offerPlace(data);
    this.#say();
  }

  /** Say how the connection to Python is: preparing, ready, stopped, lost or no-server; of others the bar says nothing. */
  setLink(link) {
    if (link !== this.link) this.#timeStart(link);
    this.link = link;
    document.documentElement.dataset.course = link;
    this.main.setAttribute("aria-busy", String(link === "preparing"));
    performance.mark(`course:${link}`);
    if (link === "ready") this.place.goBack();
    this.#say();
  }

  /** Say that the page can be read and used, though its Python may still be on its way. */
  setDrawn() {
    this.main.setAttribute("aria-busy", "false");
    performance.mark("course:drawn");
    this.place.goBack();
  }

  /** Where Python does not answer, nothing comes that would say so: the page looks at the time. */
  #timeStart(link) {
    clearTimeout(this.starting);
    this.isSlow = false;
    if (!["preparing", "lost"].includes(link)) return;
    this.starting = setTimeout(() => {
      this.isSlow = true;
      this.#say();
    }, USUAL_START);
  }

  /** Return the place on the page of a cell. */
  cell(id) {
    return this.main.querySelector(`[data-cell="${CSS.escape(id)}"]`);
  }

  /** Put a sentence above the words of the page, once; `tone` is "note" or "warning". An empty one goes away. */
  notice(name, words, tone = "warning") {
    let node = this.notices.querySelector(`[data-notice="${CSS.escape(name)}"]`);
    if (!words) return node?.remove();
    if (!node) {
      node = element("p", { "data-notice": name });
      this.notices.append(node);
    }
    node.className = `frame-notice frame-${tone}`;
    if (node.textContent === words) return node;
    node.textContent = words;
    this.live.textContent = words; // read out here: a screen reader may pass over what is new on the page
    return node;
  }

  /** Put a button into the bar. `run` returns what to say when it is done, as {words, tone}. */
  addTool(name, label, busy, run) {
    const button = element("button", { type: "button", class: "frame-button", "data-tool": name });
    button.textContent = label;
    this.whenPressed(button, name, busy, run);
    this.status.before(this.#actions());
    this.#actions().append(button);
  }

  /** Run something when a button is pressed, one at a time, and say what it returns, as {words, tone}. */
  whenPressed(button, name, busy, run) {
    button.addEventListener("click", async () => {
      if (button.getAttribute("aria-disabled")) return;
      button.setAttribute("aria-disabled", "true"); // it keeps the focus, which a disabled button would lose
      this.notice(`tool-${name}`, busy, "note");
      const { words, tone } = await run();
      this.notice(`tool-${name}`, words, tone);
      button.removeAttribute("aria-disabled");
    });
  }

  /** Wait while something is being saved, and say whether all that was given is. */
  async isSaved() {
    const isBusy = () => [...this.saving.values()].some((state) => state === "typing" || state === "saving");
    for (let left = LONGEST_SAVING; isBusy() && left > 0; left -= 100) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return ![...this.saving.values()].some((state) => WORST_FIRST.includes(state));
  }

  #actions() {
    this.actions ??= element("div", { class: "frame-actions" });
    return this.actions;
  }

  // ---- The bar tells the truth ----

  #listen() {
    document.addEventListener("course:saving", (event) => {
      event.preventDefault(); // the bar says what to do while nobody answers
      const { detail } = event;
      this.saving.set(detail.card, detail.state);
      this.hasSaved ||= detail.state === "saved";
      this.#say();
    });
    document.addEventListener("course:problem", (event) => {
      event.preventDefault(); // it stands here once, in place of once on each card
      this.notice("problem", event.detail.problem);
    });
    document.addEventListener("course:progress", (event) => {
      this.done.set(event.target.closest("[data-card]") ?? event.detail.card, {
        section: event.target.closest("[data-section]")?.dataset.section,
        isDone: ["answered", "skipped"].includes(event.detail.done),
      });
      this.#showProgress();
    });
    for (const tool of document.querySelectorAll('[data-tool="print"]')) {
      tool.addEventListener("click", () => window.print());
    }
  }

  #say() {
    const states = new Set(this.saving.values());
    const saving = WORST_FIRST.find((state) => states.has(state));
    let name = this.isSlow ? "slow" : this.link;
    if (this.link === "ready") name = saving ?? (this.hasSaved ? "saved" : "ready");
    const isUrgent = ["failed", "waiting", "lost", "slow", "no-server", "stopped"].includes(name);
    this.status.dataset.state = name;
    this.status.classList.toggle("frame-urgent", isUrgent);
    const words = this.words[name] ?? "";
    if (this.status.textContent === words) return;
    this.status.textContent = words;
    if (isUrgent || name === "ready") this.live.textContent = words; // cards themselves say “Saved”
  }

  // ---- How far the page is ----

  #showProgress() {
    const cards = [...this.done.entries()].filter(([card]) => !(card instanceof Element) || card.isConnected);
    this.done = new Map(cards);
    const states = [...this.done.values()];
    const count = (list) => ({ done: list.filter((state) => state.isDone).length, all: list.length });
    const all = count(states);
    const meter = document.querySelector(".frame-meter span");
    meter.style.inlineSize = all.all ? `${(100 * all.done) / all.all}%` : "0";
    const line = document.getElementById("frame-progress");
    if (line) line.textContent = all.all ? fill(this.words["page-progress"], all) : "";
    for (const node of document.querySelectorAll("[data-done]")) {
      const here = count(states.filter((state) => state.section === node.dataset.done));
      const isDone = here.all && here.done === here.all;
      node.classList.toggle("frame-is-done", Boolean(isDone));
      node.textContent = !here.all ? "" : isDone ? `✓ ${this.words.done}` : fill(this.words["section-progress"], here);
    }
  }

  // ---- Where I was ----

  #offerPlace(data) {
    const last = data.isStart ? lastPage() : this.place.last;
    if (!last) return;
    const link = element("a", { href: last.href });
    link.textContent = last.title;
    const node = element("p", { class: "frame-go-on" });
    const [before, after] = this.words[data.isStart ? "go-on-lesson" : "go-on"].split("{link}");
    node.append(before, link, after);
    this.notices.append(node);
  }

  // ---- How it looks ----

  /** Activities and charts take light or dark from the attribute that Jupyter sets. */
  #followTheme() {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const say = () => (document.body.dataset.jpThemeLight = String(!dark.matches));
    dark.addEventListener("change", say);
    say();
  }

  #sizeText() {
    const kept = Number(stored(SIZE_KEY));
    let size = SIZES.includes(kept) ? kept : 1;
    const buttons = { smaller: -1, larger: 1 };
    const show = (isNew) => {
      document.documentElement.style.setProperty("--frame-zoom", size);
      for (const name of Object.keys(buttons)) {
        const isEnd = SIZES.indexOf(size) === (name === "smaller" ? 0 : SIZES.length - 1);
        document.querySelector(`[data-tool="${name}"]`).setAttribute("aria-disabled", String(isEnd));
      }
      if (isNew) this.notice("size", fill(this.words.size, { percent: Math.round(size * 100) }), "quiet");
    };
    for (const [name, step] of Object.entries(buttons)) {
      const button = document.querySelector(`[data-tool="${name}"]`);
      button.setAttribute("aria-label", this.words[name]);
      button.addEventListener("click", () => {
        const place = SIZES.indexOf(size) + step;
        if (!SIZES[place]) return;
        size = SIZES[place];
        store(SIZE_KEY, size);
        show(true);
      });
    }
    show(false);
  }

  /** A narrow window has the list of sections folded, so that the page begins with its words. */
  #foldSections() {
    const details = document.querySelector(".frame-sections details");
    if (!details) return;
    const wide = matchMedia("(min-width: 64rem)");
    const fold = () => (details.open = wide.matches);
    wide.addEventListener("change", fold);
    fold();
  }
}

function element(tag, attributes = {}) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

/** Fill the {blanks} of a template. */
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (blank, name) => values[name] ?? blank);
}

function stored(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // a browser may forbid it; the page works all the same
  }
}

function store(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // as above
  }
}
