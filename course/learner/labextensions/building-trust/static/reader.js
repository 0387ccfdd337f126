// In JupyterLab, a notebook that is a page of the course is covered by that page, until its code is asked for.
//
// The page is one of our own, from the same server (course/learner/reading). Links in it stay in it, and JupyterLab's
// shortcuts do not reach it.
import { readAddress } from "./addresses.js";

export class Reader {
  /** `showCode` gets a notebook ready for whoever looks at its code. */
  constructor(app, pages, Widget, showCode) {
    Object.assign(this, { app, pages, Widget, showCode });
    this.frames = new Map(); // notebook panel -> the page that covers it
    this.asked = new Set(); // the notebooks that are to be opened with their code
    this.ready = new WeakMap(); // notebook panel -> its code being made ready, once
    addEventListener("message", (event) => this.#hear(event));
    app.shell.activeChanged?.connect((_, { newValue }) => this.frames.get(newValue)?.contentWindow?.focus());
  }

  /** Cover a notebook that has just been opened, or show its code if that was asked for. */
  async open(panel) {
    if (this.asked.delete(panel.context.localPath)) return this.uncover(panel);
    const context = panel.sessionContext;
    context.kernelPreference = { ...context.kernelPreference, shouldStart: false }; // the page has a kernel of its own
    this.cover(panel);
  }

  cover(panel) {
    if (this.frames.has(panel)) return;
    const frame = document.createElement("iframe");
    frame.className = "course-Frame";
    frame.src = readAddress(panel.context.localPath);
    frame.addEventListener("load", () => this.#follow(panel, frame));
    this.frames.set(panel, frame);
    panel.disposed.connect(() => this.frames.delete(panel));
    panel.addClass("course-read");
    panel.node.append(frame);
  }

  uncover(panel) {
    if (this.frames.has(panel) && !this.ready.has(panel)) return this.openAgain(panel, true); // now with a Python
    this.frames.get(panel)?.remove();
    this.frames.delete(panel);
    panel.removeClass("course-read");
    nameTab(panel, panel.context.localPath.split("/").at(-1));
    panel.activate();
    if (!this.ready.has(panel)) this.ready.set(panel, this.#start(panel));
    return this.ready.get(panel);
  }

  /** Close a notebook and open it anew, as a page or with its code. */
  openAgain(panel, isCode = false) {
    const path = panel.context.localPath;
    if (isCode) this.asked.add(path);
    const between = new this.Widget(); // JupyterLab fills an empty window with a tab of its own
    Object.assign(between, { id: `course-between-${panel.id}` });
    between.title.label = panel.title.label;
    this.app.shell.add(between, "main");
    const open = () => this.app.commands.execute("docmanager:open", { path }).finally(() => between.dispose());
    panel.disposed.connect(() => setTimeout(open));
    panel.close();
  }

  async #start(panel) {
    await panel.context.ready;
    await this.showCode(panel);
  }

  /** The page in the frame is there, or another one, by a link: the tab has its title, and the keys are its own. */
  #follow(panel, frame) {
    const heading = frame.contentDocument?.querySelector("h1")?.textContent;
    frame.title = heading ?? "";
    if (heading) nameTab(panel, heading);
    if (this.app.shell.currentWidget === panel) frame.contentWindow.focus();
  }

  /** A page asks for its code: only ours are listened to. */
  #hear({ origin, source, data }) {
    if (origin !== location.origin || data?.course !== "show-code" || !this.pages.includes(data.path)) return;
    const [panel] = [...this.frames].find(([, frame]) => frame.contentWindow === source) ?? [];
    if (!panel) return;
    const covered = [panel, ...this.frames.keys()].find((other) => other.context.localPath === data.path);
    if (covered) {
      this.app.shell.activateById(covered.id);
      this.uncover(covered);
    } else {
      this.asked.add(data.path);
      this.app.commands.execute("docmanager:open", { path: data.path });
    }
  }
}

// JupyterLab renames a file when its tab is named otherwise. Where it no longer does it like this, the tab keeps its name.
function nameTab(panel, label) {
  if (typeof panel._onTitleChanged !== "function") return;
  panel.title.changed.disconnect(panel._onTitleChanged, panel);
  panel.title.label = label;
}
