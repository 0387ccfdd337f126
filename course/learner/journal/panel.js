// My journal on the page: pages and entries are drawn once Python has sent them; searching is done here.
import { fileAddress, fill, make, makeControl } from "../../core/dom.js";

const NO_REPLY_AFTER = 8000;

/** Return a text as it is searched: without accents and capital letters. */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

class JournalView {
  constructor(model, el) {
    Object.assign(this, { model, words: model.get("words") });
    this.search = makeControl("input", { type: "search" });
    this.search.addEventListener("input", () => this.filter());
    this.count = make("p", { role: "status", class: "course-journal-quiet" });
    this.said = make("p", { role: "status", class: "course-journal-said", tabindex: "-1" });
    this.list = make("div");
    this.jumps = make("nav", { class: "course-journal-jumps", "aria-label": this.words.jump });
    this.shown = make("div", {}, this.jumps, this.list);
    this.shown.addEventListener("focusout", ({ relatedTarget }) => {
      if (this.isLate && !this.shown.contains(relatedTarget)) this.draw();
    });
    const files = ["word", "csv"].map((name) =>
      this.button(this.words[name], () => this.ask({ want: name })),
    );
    this.tools = make("div", { class: "course-journal-tools", role: "group", "aria-label": this.words.files });
    this.tools.append(...files, this.button(this.words.print, () => window.print()));
    const label = make("label", {}, this.words.search, this.search);
    this.lessons = make("div", { class: "course-journal-lessons" });
    this.element = make("section", { class: "course-panel course-journal", ...model.get("language") });
    this.label = make("p", { class: "course-journal-label" }, model.get("label"));
    this.eraseAll = this.erasing(this.words["erase-all"], "*");
    const above = [this.label, this.tools, this.journalFile(), this.said, this.lessons];
    this.element.append(...above, label, this.count, this.shown, this.eraseAll);
    el.append(this.element);
    this.draw();
  }

  /** Return the part in which the journal is saved as one file, and such a file is loaded. */
  journalFile() {
    const input = make("input", { type: "file", accept: ".json,application/json", hidden: true });
    input.addEventListener("change", () => this.load(input));
    this.save = this.button(this.words["file-save"], () => this.ask({ want: "json" }));
    const load = this.button(this.words["file-load"], () => input.click());
    const tools = make("div", { class: "course-journal-tools" }, this.save, load, input);
    const heading = make("h3", {}, this.words["file-group"]);
    const texts = ["file-where", "file-about"].map((name) => make("p", {}, this.words[name]));
    const section = make("section", { class: "course-journal-file" }, heading, ...texts, tools);
    if (this.model.get("is_in_browser")) this.offerToKeep(texts[0], tools);
    return section;
  }

  /** Let the learner ask the browser not to erase what it keeps, where it can be asked. */
  async offerToKeep(text, tools) {
    const { storage } = navigator; // only pages on https have it
    if (!storage?.persist) return;
    const tell = () => text.append(" ", this.words["keeping-asked"]);
    if (await storage.persisted()) {
      tell();
      return;
    }
    const ask = this.button(this.words["keeping-ask"], async () => {
      const isAgreed = await storage.persist();
      this.take({ said: this.words[isAgreed ? "keeping-asked" : "keeping-refused"] });
      if (isAgreed) ask.remove();
    });
    tools.append(ask);
  }

  /** Send the chosen file to Python, which reads it as a stranger's. */
  load(input) {
    const [file] = input.files;
    if (!file) return;
    if (file.size > this.model.get("most")) {
      this.take({ said: this.model.get("too_large") });
      input.value = "";
      return;
    }
    const reader = new FileReader();
    reader.addEventListener("loadend", () => {
      input.value = ""; // so that the same file can be chosen again
      this.ask({ load: (reader.result ?? "").replace(/^[^,]*,?/, "") });
      this.said.textContent = this.words["file-loading"];
    });
    reader.readAsDataURL(file);
  }

  /** Say of each lesson what became of it, and let the learner choose where the file is otherwise. */
  drawLessons(lessons, asks) {
    const items = lessons.map(({ title, lines }) => {
      const item = make("li", {}, make("strong", {}, title));
      item.append(...lines.map((line) => make("p", {}, line)));
      return item;
    });
    this.lessons.replaceChildren(...(items.length ? [make("ul", {}, ...items)] : []));
    if (!asks) return;
    const answers = ["keep", "take", "cancel"].map((answer) =>
      this.button(this.words[`file-${answer}`], () => this.ask({ answer })),
    );
    this.lessons.append(make("div", { class: "course-journal-tools", role: "group", "aria-label": this.said.textContent }, ...answers));
  }

  button(label, press, name = "") {
    const node = makeControl("button", { type: "button", class: "course-panel-button", "aria-label": name });
    node.textContent = label;
    node.addEventListener("click", press);
    return node;
  }

  /** Draw what another window has saved, once the focus is nowhere in what would go. */
  drawLater() {
    this.isLate = !this.isErasing && this.shown.contains(document.activeElement);
    if (!this.isLate) this.draw();
  }

  draw() {
    this.isLate = false;
    const pages = this.model.get("pages");
    this.list.replaceChildren(...pages.map((page) => this.page(page)));
    this.drawJumps();
    for (const part of [this.tools, this.save, this.search.parentElement, this.eraseAll]) part.hidden = !pages.length;
    this.filter();
  }

  /** List the lessons, each leading to what was written in it. */
  drawJumps() {
    const links = [...this.list.children].map((page) => {
      const link = makeControl("a", { href: `#${page.id}` }, page.getAttribute("aria-label"));
      link.addEventListener("click", (event) => {
        event.preventDefault(); // in Jupyter's own page an address with # leads elsewhere
        page.scrollIntoView({ block: "start" });
        page.querySelector("h3").focus({ preventScroll: true });
      });
      return make("li", {}, link);
    });
    this.jumps.replaceChildren(make("p", {}, this.words.jump), make("ul", { role: "list" }, ...links));
  }

  page({ key, title, problem, href, entries }) {
    const heading = make("h3", { tabindex: "-1" }, title);
    const node = make("section", { class: "course-journal-page", id: `journal-${key}`, "aria-label": title }, heading);
    if (problem) node.append(make("p", { class: "course-journal-problem" }, problem));
    for (const entry of entries) node.append(this.entry(entry));
    const foot = make("div", { class: "course-journal-tools" });
    if (href) foot.append(makeControl("a", { href, class: "course-panel-button" }, fill(this.words.open, { title })));
    foot.append(this.erasing(fill(this.words["erase-page"], { title }), key));
    node.append(foot);
    return node;
  }

  entry({ question, lines }) {
    const node = make("div", { class: "course-journal-entry" });
    if (question) node.append(make("h4", {}, question));
    const list = make("dl");
    for (const [asked, answer] of lines) {
      const said = make("dd");
      for (const line of answer.split("\n").filter((text) => text.trim())) said.append(make("p", { dir: "auto" }, line));
      list.append(make("dt", {}, asked), said);
    }
    node.append(list);
    node.dataset.text = plain(node.textContent);
    return node;
  }

  /** Erasing asks once more, in the place of its button, and the focus stays there. */
  erasing(label, key) {
    const place = make("div", { class: "course-journal-erase" });
    const first = this.button(label, () => {
      const yes = this.button(this.words["erase-yes"], () => this.ask({ erase: key }));
      const no = this.button(this.words["erase-no"], () => {
        place.replaceChildren(first);
        first.focus();
      });
      const sure = make("p", { tabindex: "-1" }, this.words["erase-sure"]);
      place.replaceChildren(sure, yes, no);
      sure.focus();
    });
    place.append(first);
    place.beginAgain = () => place.replaceChildren(first);
    return place;
  }

  filter() {
    const wanted = plain(this.search.value.trim());
    let found = 0;
    for (const page of this.list.children) {
      let here = 0;
      for (const entry of page.querySelectorAll(".course-journal-entry")) {
        entry.hidden = Boolean(wanted) && !entry.dataset.text.includes(wanted);
        here += entry.hidden ? 0 : 1;
      }
      page.hidden = Boolean(wanted) && !here;
      found += here;
    }
    const pages = [...this.list.children];
    const links = this.jumps.querySelectorAll("li");
    pages.forEach((page, number) => (links[number].hidden = page.hidden));
    this.jumps.hidden = pages.filter((page) => !page.hidden).length < 2;
    const isEmpty = !this.list.children.length;
    const words = found ? fill(this.words.matches, { found }) : this.words["no-match"];
    this.count.textContent = isEmpty ? this.words.empty : wanted ? words : "";
  }

  ask(message) {
    this.said.textContent = "";
    this.lessons.replaceChildren();
    this.isErasing = "erase" in message;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.said.textContent = this.words["no-reply"]), NO_REPLY_AFTER);
    this.model.send(message);
  }

  take({ name, media_type: type, data, said, lessons = [], asks = false }) {
    clearTimeout(this.timer);
    if (this.isErasing) this.eraseAll.beginAgain();
    this.isErasing = false;
    this.said.textContent = said;
    this.drawLessons(lessons, asks);
    if (!data) {
      this.said.focus(); // what had the focus may be gone, and what follows is read from here
      return;
    }
    const link = make("a", { href: fileAddress(data, type), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), NO_REPLY_AFTER);
  }

  close() {
    clearTimeout(this.timer);
  }
}

function render({ model, el }) {
  const view = new JournalView(model, el);
  const draw = () => view.drawLater();
  const take = (content) => view.take(content);
  model.on("change:pages", draw);
  model.on("msg:custom", take);
  return () => {
    model.off("change:pages", draw);
    model.off("msg:custom", take);
    view.close();
  };
}

export default { render };
