// My record on the page: what goes into it is chosen and filled in here, and Python says what then stands in it.
import { fileAddress, make, makeControl } from "../../core/dom.js";

const NO_REPLY_AFTER = 8000;
const TYPING = 400;

let lastId = 0;

class RecordView {
  constructor(model, el) {
    Object.assign(this, { model, words: model.get("words"), fields: new Map(), hints: new Map(), isUnsaved: false });
    this.element = make("section", { class: "course-panel course-journal course-record", "aria-label": this.words.title });
    for (const [name, value] of Object.entries(model.get("language"))) this.element.setAttribute(name, value);
    this.stay = (event) => {
      if (this.isUnsaved) event.preventDefault();
    };
    window.addEventListener("beforeunload", this.stay);
    el.append(this.element);
    if (!model.get("opening").length) {
      this.element.append(make("p", {}, this.words.empty));
      return;
    }
    this.said = make("p", { role: "status", class: "course-journal-said" });
    this.paper = make("article", { class: "course-record-paper", "aria-label": this.words.title });
    this.element.append(
      make("h3", {}, this.words.choose),
      this.details(),
      this.part("learned"),
      this.part("changed"),
      this.practice(),
      make("h3", {}, this.words.preview),
      this.tools(),
      this.said,
      this.paper,
    );
    this.draw();
  }

  // ---- What can be chosen and filled in ----

  details() {
    const row = (...fields) => make("div", { class: "course-record-fields" }, ...fields);
    const number = { inputmode: "decimal", autocomplete: "off" };
    const rows = [
      row(this.field("name", { autocomplete: "name" })),
      row(this.field("first", { type: "date" }), this.field("last", { type: "date" })),
      row(
        this.field("hours", number, this.words["hours-hint"]),
        this.field("with-others", number, this.words["with-others-hint"]),
      ),
    ];
    this.fields.get("hours").value = this.model.get("hours");
    return this.group(this.words.details, this.words["details-hint"], ...rows);
  }

  part(name) {
    const pieces = this.model.get("pieces").filter((piece) => piece.part === name);
    const ticks = pieces.map((piece) => {
      const beginning = make("small", { dir: "auto" }, piece.beginning);
      return this.tick("pieces", piece.name, piece.label, piece.beginning ? beginning : "");
    });
    const hint = ticks.length ? this.once("pieces-hint") : this.words["no-pieces"];
    return this.group(this.words[name], hint, ...ticks, this.area(name, this.words[`own-${name}`]));
  }

  practice() {
    const ticks = Object.entries(this.model.get("code")).map(([name, label]) => this.tick("code", name, label));
    const hint = make("p", { class: "course-record-hint" }, this.words["code-hint"]);
    const code = make("fieldset", {}, make("legend", {}, this.words.code), hint, ...ticks);
    return this.group(this.words.practice, "", this.area("practice", this.words["fits-work"]), code);
  }

  group(title, hint, ...parts) {
    const said = hint ? [make("p", { class: "course-record-hint" }, hint)] : [];
    return make("fieldset", {}, make("legend", {}, title), ...said, ...parts);
  }

  field(name, attributes, hint = "") {
    const input = makeControl("input", { type: "text", ...attributes });
    const node = make("div", { class: "course-record-field" }, make("label", {}, this.words[name], input));
    this.describe(input, node, hint);
    return this.keep(name, input, node);
  }

  area(name, label) {
    const area = makeControl("textarea", { dir: "auto", rows: "4" });
    const node = make("div", { class: "course-record-field" }, make("label", {}, label, area));
    this.describe(area, node, this.words["own-hint"]);
    area.addEventListener("input", () => (this.isUnsaved = true));
    return this.keep(name, area, node);
  }

  describe(input, node, hint) {
    if (!hint) return;
    if (!this.hints.has(hint)) {
      this.hints.set(hint, `course-record-${(lastId += 1)}`);
      node.append(make("p", { class: "course-record-hint", id: this.hints.get(hint) }, hint));
    }
    input.dataset.hint = this.hints.get(hint);
    input.setAttribute("aria-describedby", input.dataset.hint);
  }

  /** Return a hint the first time that it is asked for, and no words later: people read it once. */
  once(name) {
    if (this.hints.has(name)) return "";
    this.hints.set(name, "");
    return this.words[name];
  }

  keep(name, input, node) {
    this.fields.set(name, input);
    input.addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.ask(), TYPING);
    });
    return node;
  }

  tick(list, name, label, ...more) {
    const box = makeControl("input", { type: "checkbox", "data-list": list, value: name });
    box.addEventListener("change", () => this.ask());
    return make("label", { class: "course-record-tick" }, box, make("span", {}, label, ...more));
  }

  tools() {
    const node = make("div", { class: "course-journal-tools", role: "group", "aria-label": this.words.files });
    const kinds = { word: "word", text: "txt", print: "print" };
    for (const [name, want] of Object.entries(kinds)) {
      const button = makeControl("button", { type: "button", class: "course-panel-button" }, this.words[name]);
      button.addEventListener("click", () => this.ask(want));
      node.append(button);
    }
    return node;
  }

  // ---- Between here and Python ----

  choices() {
    const ticked = (list) => [...this.element.querySelectorAll(`[data-list="${list}"]:checked`)].map((box) => box.value);
    const texts = [...this.fields].map(([name, input]) => [name, input.value]);
    return { ...Object.fromEntries(texts), code: ticked("code"), pieces: ticked("pieces") };
  }

  ask(want = "") {
    clearTimeout(this.typing);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => (this.said.textContent = this.words["no-reply"]), NO_REPLY_AFTER);
    this.model.send({ choices: this.choices(), want });
  }

  take({ said, wrong, print, name, media_type: type, data }) {
    clearTimeout(this.waiting);
    this.said.textContent = said;
    this.said.classList.toggle("course-journal-problem", Boolean(wrong));
    this.mark(wrong, said);
    if (data) {
      const link = make("a", { href: fileAddress(data, type), download: name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), NO_REPLY_AFTER);
    }
    if (data || print) this.isUnsaved = false;
    if (print) window.print();
  }

  /** Mark the field that cannot be used, and say under it what to do. */
  mark(wrong, said) {
    this.wrong?.remove();
    for (const [name, input] of this.fields) {
      input.setAttribute("aria-invalid", String(name === wrong));
      const about = [input.dataset.hint];
      if (name === wrong) {
        this.wrong = make("p", { class: "course-record-wrong", id: `course-record-${(lastId += 1)}` }, said);
        input.parentElement.after(this.wrong);
        about.unshift(this.wrong.id);
      }
      input.setAttribute("aria-describedby", about.filter(Boolean).join(" "));
    }
  }

  // ---- The record ----

  draw() {
    if (!this.paper) return;
    this.paper.replaceChildren(
      make("h4", {}, this.words.title),
      ...this.model.get("opening").map((sentence) => make("p", {}, sentence)),
      ...this.model.get("sections").flatMap((section) => this.section(section)),
    );
  }

  section({ heading, facts, rows }) {
    const parts = [make("h5", {}, heading)];
    if (facts.length) parts.push(make("dl", {}, ...facts.flatMap((fact) => this.fact(fact))));
    if (rows.length) parts.push(make("div", { class: "course-record-table" }, this.table(rows, heading)));
    return parts;
  }

  fact([asked, said]) {
    const lines = said.split("\n").filter((line) => line.trim());
    const own = [this.words["own-learned"], this.words["own-changed"], this.words["fits-work"]];
    const long = own.includes(asked) ? " course-record-long" : "";
    if (!lines.length) return [make("dt", {}, asked), make("dd", { class: `course-record-gap${long}` }, this.words.gap)];
    return [make("dt", {}, asked), make("dd", {}, ...lines.map((line) => make("p", { dir: "auto" }, line)))];
  }

  /** Where there is little room, the style lays each row out as a block: the roles say that it is a table all the same. */
  table([head, ...rows], caption) {
    const columns = head.map((text) => make("th", { role: "columnheader", scope: "col" }, text));
    const body = rows.map(([first, ...rest]) => {
      const cells = rest.map((text, place) => make("td", { role: "cell", "data-column": head[place + 1] }, text));
      return make("tr", { role: "row" }, make("th", { role: "rowheader", scope: "row" }, first), ...cells);
    });
    const top = make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...columns));
    return make("table", { role: "table", "aria-label": caption }, top, make("tbody", { role: "rowgroup" }, ...body));
  }

  close() {
    clearTimeout(this.typing);
    clearTimeout(this.waiting);
    window.removeEventListener("beforeunload", this.stay);
  }
}

function render({ model, el }) {
  const view = new RecordView(model, el);
  const draw = () => view.draw();
  const take = (content) => view.take(content);
  const again = () => view.paper && view.ask(); // Python was started anew, and knows nothing of what is filled in
  model.on("change:sections", draw);
  model.on("msg:custom", take);
  model.on("course:again", again);
  return () => {
    model.off("change:sections", draw);
    model.off("msg:custom", take);
    model.off("course:again", again);
    view.close();
  };
}

export default { render };
