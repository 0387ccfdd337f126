// The course's own bar above a notebook: the way back to the lessons, "Show code" or "Read as a page", "Check what is
// missing", how far the notebook is, notices. It is plain HTML and stands outside the notebook, so that its keys are not the notebook's.
import { addressOf, ask, inNotebookView, readAddress } from "./addresses.js";

export class Bar {
  constructor(panel, course, app, lab) {
    this.panel = panel;
    this.words = course.words;
    this.ofPage = []; // what stands in the bar because the notebook is a page of the course
    this.lab = lab;
    this.row = element("div", "course-Bar-row");
    this.status = element("span", "course-Status", { role: "status" });
    this.row.append(this.status);
    this.node = element("div", "course-Bar");
    this.node.append(this.row);
    this.#place();
    if (course.start && panel.context.localPath !== course.start) this.#addWayBack(course.start, app);
  }

  addShowCode(curtain) {
    const button = element("button", "course-Button", { type: "button" });
    button.textContent = this.words["show-code"];
    const say = () => button.setAttribute("aria-pressed", String(!curtain.isClosed));
    button.addEventListener("click", () => {
      curtain.isClosed ? curtain.open() : curtain.close();
      say();
    });
    say();
    this.row.insertBefore(button, this.status);
  }

  /** Add the way to the page to read: a link, or what `read` does. */
  addRead(path, read) {
    const link = element("a", "course-Button", { href: readAddress(path) });
    link.textContent = this.words.read;
    link.addEventListener("click", (event) => {
      if (!read) return;
      event.preventDefault();
      read();
    });
    this.row.insertBefore(link, this.status);
    this.ofPage.push(link);
  }

  /** The notebook is no longer a page of the course: what was said of the page goes. */
  forgetPage() {
    for (const node of this.ofPage.splice(0)) node.remove();
  }

  say(text) {
    this.status.textContent = text;
  }

  addNotice(text) {
    const notice = element("p", "course-Notice", { role: "status" });
    notice.textContent = text;
    this.node.append(notice);
    this.ofPage.push(notice);
  }

  /** Offer to put a fresh page in the place of a changed one; `done` comes after it. */
  addFresh(path, done) {
    const button = element("button", "course-Button course-MainButton", { type: "button" });
    button.textContent = this.words.fresh;
    button.addEventListener("click", async () => {
      const { ok, answer } = await ask("read-api/fresh", { path });
      if (ok) done();
      else this.addNotice(answer.message ?? this.words.lost);
    });
    const place = element("div", "course-Bar-row");
    place.append(button);
    this.node.append(place);
    this.ofPage.push(place);
  }

  /** Offer to say what has no answer yet in an exercise, never that an answer is right, as nbgrader's Validate would. */
  addCheck(path) {
    if (!isExercise(this.panel.model)) return;
    const button = element("button", "course-Button", { type: "button" });
    button.textContent = this.words.check;
    const said = element("p", "course-Notice", { role: "status" });
    said.hidden = true;
    button.addEventListener("click", async () => {
      if (button.getAttribute("aria-disabled")) return;
      button.setAttribute("aria-disabled", "true"); // it keeps the focus, which a disabled button would lose
      said.hidden = false;
      said.textContent = this.words.checking;
      said.textContent = (await missing(path)) ?? this.words["not-checked"];
      button.removeAttribute("aria-disabled");
    });
    this.row.insertBefore(button, this.status);
    this.node.append(said);
    this.ofPage.push(button, said);
  }

  // For trainers, exercises keep nbgrader's own Validate button, here where it is seen; lessons have nothing to validate.
  takeValidate() {
    const tools = this.panel.toolbar;
    const take = () => {
      const validate = findValidate(tools);
      if (!validate) return;
      watch.disconnect();
      validate.parent = null;
      if (isExercise(this.panel.model)) this.lab.Widget.attach(validate, this.row, this.status);
      else validate.dispose();
    };
    const watch = new MutationObserver(take); // nbgrader may put it there a little later than the rest.
    watch.observe(tools.node, { childList: true, subtree: true });
    take();
  }

  #addWayBack(start, app) {
    const link = element("a", "course-Button", { href: addressOf(start) });
    link.textContent = this.words["all-lessons"];
    if (!inNotebookView()) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        app.commands.execute("docmanager:open", { path: start });
      });
    }
    this.row.prepend(link);
  }

  // Lumino lays its boxes out by their least height, so tell it how high this one has become.
  #place() {
    const widget = new this.lab.Widget();
    widget.addClass("course-BarPlace");
    widget.node.append(this.node);
    const header = this.panel.contentHeader;
    header.addWidget(widget);
    const watch = new ResizeObserver(() => {
      widget.node.style.minHeight = `${this.node.offsetHeight}px`;
      header.fit();
    });
    watch.observe(this.node);
    widget.disposed.connect(() => watch.disconnect());
  }
}

// nbgrader calls its button "runAll". On a narrow screen the toolbar moves what does not fit into its pop-up.
function findValidate(toolbar) {
  const popup = toolbar.popupOpener;
  const hidden = Array.from({ length: popup?.widgetCount?.() ?? 0 }, (_, place) => popup.widgetAt(place));
  return [...toolbar.children(), ...hidden].find((tool) => tool?.node.dataset.jpItemName === "runAll");
}

/** Return in sentences what has no answer yet in an exercise, or null where the server could not tell. */
async function missing(path) {
  const validated = await ask("assignments/validate", { path });
  const { ok, answer } = await ask("read-api/check", { path, reply: validated.ok ? validated.answer : null });
  return ok ? answer.sentences.join(" ") : null;
}

function isExercise(model) {
  return [...model.cells].some((cell) => cell.getMetadata("nbgrader"));
}

function element(kind, className, attributes = {}) {
  const node = Object.assign(document.createElement(kind), { className });
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}
