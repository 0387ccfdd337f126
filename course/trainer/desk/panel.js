// A part of the trainer's desk: what a step asks for, its buttons, how far it is, and what came of it.
import { fill, make, makeControl } from "../../core/dom.js";

const NO_REPLY_AFTER = 10000;
const UNFINISHED = "?";

/** Return where the server's own addresses begin. */
function serverBase() {
  const config = JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}");
  return config.baseUrl ?? "/";
}

/** Send a file to the server's disk, piece by piece, and resolve with the name it has there. */
function upload(place, file, tell) {
  const cookie = document.cookie.split("; ").find((text) => text.startsWith("_xsrf="));
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch does not say how far it is
    request.open("PUT", `${serverBase()}course-upload/${place}/${encodeURIComponent(file.name)}`);
    request.setRequestHeader("X-XSRFToken", cookie ? decodeURIComponent(cookie.slice(6)) : "");
    request.upload.addEventListener("progress", ({ loaded, total }) => tell(Math.floor((100 * loaded) / (total || 1))));
    request.addEventListener("error", () => reject(new Error("")));
    request.addEventListener("load", () => {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // a page of the server's own says no more than its status
      }
      if (request.status === 200 && answer.name) resolve(answer.name);
      else reject(new Error(answer.message ?? ""));
    });
    request.send(file);
  });
}

class PanelView {
  constructor(model, el) {
    const id = `course-desk-${Math.random().toString(36).slice(2)}`; // each part runs this file anew, so a count tells none apart
    Object.assign(this, { model, id, words: model.get("words"), brought: {}, used: {}, lists: {}, arriving: 0 });
    this.fields = make("div", { class: "course-desk-fields" });
    this.buttons = make("div", { class: "course-desk-buttons" });
    this.status = make("p", { role: "status", class: "course-desk-status" });
    this.bar = make("progress", { "aria-label": this.words.progress });
    this.stop = this.button(this.words.stop, () => {
      this.status.textContent = this.words.stopping;
      model.send({ stop: true });
    });
    this.result = make("div", { class: "course-desk-result", tabindex: "-1", role: "group", "aria-label": model.get("title") });
    this.progress = make("div", { class: "course-desk-progress" }, this.bar, this.stop);
    this.element = make("section", { class: "course-panel course-desk", "aria-label": model.get("title"), ...model.get("language") });
    this.element.append(this.fields, this.buttons, this.status, this.progress, this.result);
    el.append(this.element);
    this.drawFields();
    this.drawButtons();
    this.drawRunning();
    this.drawShown();
  }

  button(label, press, isMain = false) {
    const kind = isMain ? "course-panel-button course-desk-main" : "course-panel-button";
    const node = makeControl("button", { type: "button", class: kind }, label);
    node.addEventListener("click", press);
    return node;
  }

  /** Draw what can be chosen; what was chosen and what has the focus stays. */
  drawFields() {
    const before = this.told();
    this.offered = Object.fromEntries(this.model.get("fields").map(({ name, value }) => [name, value]));
    const focus = this.fields.contains(document.activeElement) ? document.activeElement.id : "";
    this.fields.replaceChildren(...this.model.get("fields").map((field) => this.field(field, before[field.name])));
    if (focus) document.getElementById(focus)?.focus();
  }

  field(field, before) {
    const id = `${this.id}-${field.name}`;
    const hint = field.hint ? make("p", { id: `${id}-hint`, class: "course-desk-hint" }, field.hint) : "";
    const described = hint ? { "aria-describedby": hint.id } : {};
    const about = { id, name: field.name, ...described };
    if (field.kind === "moment") return this.moment(field, id, hint, before ?? field.value);
    if (field.kind === "several") return this.several(field, id, hint, before ?? []);
    if (field.kind === "file") return this.file(field, id, hint);
    if (field.kind === "tick") {
      const box = makeControl("input", { type: "checkbox", ...about });
      box.checked = before ?? false;
      return make("div", { class: "course-desk-field" }, make("label", { class: "course-desk-tick" }, box, field.label), hint);
    }
    const control =
      field.kind === "one"
        ? makeControl("select", about, ...field.choices.map(({ value, label }) => make("option", { value }, label)))
        : makeControl("input", { type: "text", autocomplete: "off", ...about });
    if (before ?? field.value) control.value = before ?? field.value;
    return make("div", { class: "course-desk-field" }, make("label", { for: id }, field.label), hint, control);
  }

  /** A day, and a time if wanted: "2026-12-01", "2026-12-01 17:00", or nothing. */
  moment({ label }, id, hint, value) {
    const [day, time] = value === UNFINISHED ? ["", ""] : value.split(" ");
    const parts = { day: ["date", day], time: ["time", time ?? ""] };
    const inputs = Object.entries(parts).map(([part, [type, text]]) => {
      const step = type === "time" && text.length > 5 ? { step: 1 } : {};
      const input = makeControl("input", { type, id: `${id}-${part}`, ...step, ...(hint ? { "aria-describedby": hint.id } : {}) });
      input.value = text;
      return make("label", { class: "course-desk-part" }, this.words[part], input);
    });
    return make("fieldset", { class: "course-desk-field", id }, make("legend", {}, label), hint, make("div", { class: "course-desk-ticks" }, ...inputs));
  }

  /** Return what stands in a day and its time; UNFINISHED where the browser knows of a part that it does not give. */
  readMoment(id) {
    const [day, time] = [...this.fields.querySelectorAll(`[id="${id}"] input`)];
    if (!day) return undefined;
    return day.validity.badInput || time.validity.badInput ? UNFINISHED : `${day.value} ${time.value}`.trim();
  }

  several({ name, label, choices }, id, hint, before) {
    const boxes = choices.map(({ value, label: text }, number) => {
      const box = makeControl("input", { type: "checkbox", name, value, id: `${id}-${number}` });
      box.checked = before.includes(value);
      return make("label", { class: "course-desk-tick" }, box, text);
    });
    const attributes = { class: "course-desk-field", "aria-describedby": hint ? hint.id : "" };
    return make("fieldset", attributes, make("legend", {}, label), hint, make("div", { class: "course-desk-ticks" }, ...boxes));
  }

  /** A place to drop files, or to choose them with the keyboard. */
  file({ name, label, place, accepts }, id, hint) {
    const input = makeControl("input", { type: "file", id, multiple: true, accept: accepts, "aria-describedby": hint ? hint.id : "" });
    this.lists[name] ??= make("ul", { class: "course-desk-files", "aria-live": "polite" });
    const said = this.lists[name];
    const take = (files) => [...files].forEach((file) => this.bring(name, place, file, said));
    input.addEventListener("change", () => {
      take(input.files);
      input.value = "";
    });
    const drop = make("div", { class: "course-desk-drop" }, make("label", { for: id }, label), hint, make("p", {}, this.words.drop), input, said);
    const over = (isOver) => (event) => {
      event.preventDefault();
      event.stopPropagation(); // JupyterLab would take it for its own list of files
      drop.classList.toggle("course-desk-over", isOver);
      if (event.type === "drop") take(event.dataTransfer.files);
    };
    for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, over(true));
    for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, over(false));
    return drop;
  }

  async bring(name, place, file, said) {
    const line = make("li", {}, fill(this.words.arriving, { name: file.name, percent: 0 }));
    said.append(line);
    this.arriving += 1;
    try {
      const arrived = await upload(place, file, (percent) => {
        line.textContent = fill(this.words.arriving, { name: file.name, percent });
      });
      this.brought[name] = [...(this.brought[name] ?? []), { arrived, line }];
      line.textContent = fill(this.words.arrived, { name: arrived });
    } catch (error) {
      line.textContent = `${file.name}: ${error.message || this.words["upload-lost"]}`;
      line.className = "course-desk-attention";
    }
    this.arriving -= 1;
    if (!this.arriving && this.status.textContent === this.words.wait) this.status.textContent = "";
  }

  /** Return what is chosen, by the names of the fields; of those that have a value already, only what was changed. */
  told() {
    const told = {};
    for (const { kind, name } of this.model.get("fields")) {
      const offered = this.offered?.[name];
      const id = `${this.id}-${name}`;
      if (kind === "several") {
        const boxes = [...this.fields.querySelectorAll(`input[name="${name}"]:checked`)];
        told[name] = boxes.map((box) => box.value);
      } else if (kind === "moment") {
        const value = this.readMoment(id);
        if (value !== undefined && value !== offered) told[name] = value;
      } else if (kind === "file") told[name] = (this.brought[name] ?? []).map(({ arrived }) => arrived);
      else {
        const control = this.fields.querySelector(`[id="${id}"]`);
        const value = kind === "tick" ? control?.checked : control?.value;
        if (control && (offered === undefined || value !== offered)) told[name] = value;
      }
    }
    return told;
  }

  drawButtons() {
    const nodes = this.model.get("buttons").map(({ step, label }) => this.button(label, () => this.begin(step), true));
    this.buttons.replaceChildren(...nodes);
  }

  begin(step, more = {}) {
    if (this.arriving) {
      this.status.textContent = this.words.wait;
      return;
    }
    if (this.isRunning()) {
      this.status.textContent = this.words.busy;
      return;
    }
    this.status.textContent = this.words.running;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.status.textContent = this.words["no-reply"]), NO_REPLY_AFTER);
    this.used = { ...this.brought };
    this.model.send({ step, told: { ...this.told(), ...more } });
  }

  isRunning() {
    return Boolean(this.model.get("running").step);
  }

  drawRunning() {
    clearTimeout(this.timer);
    const { step, label, done, total } = this.model.get("running");
    const isFinished = this.wasRunning && !step;
    this.wasRunning = Boolean(step);
    for (const node of this.element.querySelectorAll("button")) {
      if (node !== this.stop) node.setAttribute("aria-disabled", String(Boolean(step)));
    }
    this.progress.hidden = !step;
    if (step) {
      if (!label) this.bar.removeAttribute("value");
      else Object.assign(this.bar, { max: Math.max(total, 1), value: done });
      if (label !== this.label) this.status.textContent = label ?? this.words.running;
      this.label = label;
    } else if (isFinished) {
      this.label = undefined;
      this.status.textContent = "";
      this.forgetUsed();
      this.drawFields();
      this.result.focus();
    }
  }

  /** Forget what was brought before the step began; what arrived since is for the next one. */
  forgetUsed() {
    for (const [name, used] of Object.entries(this.used)) {
      for (const { line } of used) line.remove();
      this.brought[name] = this.brought[name].filter((file) => !used.includes(file));
    }
    this.used = {};
    for (const line of this.fields.querySelectorAll("li.course-desk-attention")) line.remove();
  }

  drawShown() {
    this.result.replaceChildren(...this.model.get("shown").map((shown) => this[shown.kind](shown)));
  }

  text({ text, tone }) {
    return make("p", { class: tone === "plain" ? "" : `course-desk-${tone}`, dir: "auto" }, text);
  }

  table({ caption, columns, rows }) {
    const head = make("tr", {}, ...columns.map((column) => make("th", { scope: "col" }, column)));
    const body = rows.map(([first, ...rest]) =>
      make("tr", {}, make("th", { scope: "row", dir: "auto" }, first), ...rest.map((cell) => make("td", { dir: "auto" }, cell))),
    );
    const isSaid = caption === columns[0];
    const title = make("caption", { class: isSaid ? "course-desk-hidden" : "" }, caption);
    const table = make("table", {}, title, make("thead", {}, head), make("tbody", {}, ...body));
    return make("div", { class: "course-desk-table", tabindex: "0", role: "region", "aria-label": caption }, table);
  }

  links({ links }) {
    const items = links.map(({ label, path, downloads }) => {
      const attributes = downloads ? { download: "" } : { target: "_blank", rel: "noopener" };
      const text = downloads ? label : `${label} ${this.words["new-tab"]}`;
      return make("li", {}, makeControl("a", { href: serverBase() + path, ...attributes }, text));
    });
    return make("ul", { class: "course-desk-links" }, ...items);
  }

  letter({ title, text }) {
    this.letters = (this.letters ?? 0) + 1;
    const id = `${this.id}-letter-${this.letters}`;
    const rows = text.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 55)), 0);
    const area = makeControl("textarea", { id, rows: Math.min(16, rows), readonly: "readonly" });
    area.value = text;
    const said = make("span", { role: "status" });
    const copy = this.button(this.words.copy, async () => {
      area.select();
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        document.execCommand("copy"); // on a page without https there is no clipboard
      }
      said.textContent = this.words.copied;
    });
    return make("div", { class: "course-desk-letter" }, make("label", { for: id }, title), area, make("p", {}, copy, said));
  }

  decision({ title, reasons, step, item, choices, other }) {
    const list = make("ul", {}, ...reasons.map((reason) => make("li", { dir: "auto" }, reason)));
    const buttons = choices.map(({ value, label }) => this.button(label, () => this.begin(step, { item, choice: value })));
    if (other) {
      const line = makeControl("input", { type: "text", autocomplete: "off" });
      const say = this.button(this.words["is-this"], () => line.value.trim() && this.begin(step, { item, choice: line.value }));
      buttons.push(make("label", {}, other, line), say);
    }
    const tools = make("div", { class: "course-desk-buttons" }, ...buttons);
    return make("div", { class: "course-desk-decision", role: "group", "aria-label": title }, make("h3", {}, title), list, tools);
  }

  close() {
    clearTimeout(this.timer);
  }
}

function render({ model, el }) {
  const view = new PanelView(model, el);
  const listeners = {
    "change:fields": () => view.drawFields(),
    "change:buttons": () => view.drawButtons(),
    "change:shown": () => view.drawShown(),
    "change:running": () => view.drawRunning(),
  };
  for (const [event, listener] of Object.entries(listeners)) model.on(event, listener);
  return () => {
    for (const [event, listener] of Object.entries(listeners)) model.off(event, listener);
    view.close();
  };
}

export default { render };
