// Opens notebooks of the course. For a learner, each is a page to read, or its code with a way back to that page. For
// a trainer, its code is hidden and its cells run in Jupyter itself: the notebook asks for it in its metadata
// (course: {run_on_open, hide_code}). Only code that the course itself has shipped runs.
import { inNotebookView, readAddress, stayInOneWindow } from "./addresses.js";
import { Bar } from "./bar.js";
import { CodeCurtain } from "./curtain.js";
import { sayHowToOpen } from "./how_to_open.js";
import { printAsShown } from "./paper.js";
import { keepQuiet } from "./quiet.js";
import { Reader } from "./reader.js";
import { runAll } from "./run.js";
import { hasNewerCourse, isShipped } from "./shipped.js";

export function activate(app, tracker, lab) {
  const course = readCourse();
  if (course) addStyle(course.tokens);
  document.body.classList.toggle("course-for-learner", Boolean(course?.pages.length));
  const open = course ? opener(app, course, lab) : (panel) => sayHowToOpen(panel, lab);
  const opened = async (panel) => {
    try {
      await open(panel);
    } catch (error) {
      console.error("building-trust:", error);
    }
  };
  tracker.forEach(opened);
  tracker.widgetAdded.connect((_, panel) => void opened(panel));
}

/** Return what is done with each notebook that is opened. */
function opener(app, course, lab) {
  const reader = inNotebookView() ? null : new Reader(app, course.pages, lab.Widget, showCode);
  if (!inNotebookView()) app.restored.then(() => foldSides(app.shell, course.pages.length > 0));

  async function showCode(panel) {
    const path = panel.context.localPath;
    const bar = new Bar(panel, course, app, lab);
    bar.addRead(path, reader && (() => reader.cover(panel)));
    await openCode(panel, bar, course, lab, () => (reader ? reader.openAgain(panel) : location.assign(readAddress(path))));
  }

  return async (panel) => {
    const isPage = () => course.pages.includes(panel.context.localPath);
    const shown = reader && isPage() ? reader.open(panel) : null;
    await panel.context.ready;
    if (!panel.model.getMetadata("course")) return;
    keepQuiet(panel, () => !isPage());
    if (shown) await shown;
    else if (isPage()) await showCode(panel);
    else await openAsPage(panel, new Bar(panel, course, app, lab), course, lab);
  };
}

/** Fold away the side that has nothing in it and, for learners, the list of files: the start page leads to all pages. */
function foldSides(shell, isLearner) {
  if (shell.isEmpty("right")) shell.collapseRight();
  if (isLearner) shell.collapseLeft();
}

/** Show a learner the code of a page, and run it. Nothing that they change in it is kept. `read` shows a fresh page. */
async function openCode(panel, bar, course, lab, read) {
  prepare(panel, bar, course, lab);
  panel.context.pathChanged.connect(() => bar.forgetPage()); // a copy of their own, which is kept
  const shipped = await isShipped(panel, course);
  if (shipped) {
    bar.addCheck(panel.context.localPath);
    bar.addNotice(course.words["not-kept"]);
    await run(panel, course.words, bar, lab);
    return;
  }
  if (!(await sayWhyNot(panel, bar, course))) bar.addFresh(panel.context.localPath, read);
}

/** Show a notebook as a page: its code hidden behind a curtain, and run if the course has shipped it. */
async function openAsPage(panel, bar, course, lab) {
  const wish = panel.model.getMetadata("course");
  prepare(panel, bar, course, lab);
  const curtain = new CodeCurtain(panel);
  if (wish.hide_code) curtain.close();
  const shipped = await isShipped(panel, course);
  if (!shipped) curtain.open();
  if (wish.hide_code) bar.addShowCode(curtain);
  if (shipped) bar.takeValidate();
  if (!wish.run_on_open) return;
  if (shipped) await run(panel, course.words, bar, lab);
  else await sayWhyNot(panel, bar, course);
}

/** Say why a notebook does not run by itself; return whether that is because the course has changed meanwhile. */
async function sayWhyNot(panel, bar, course) {
  const isNewer = await hasNewerCourse(panel, course);
  bar.addNotice(course.words[isNewer ? "newer" : "changed"]);
  mark(panel, "changed");
  return isNewer;
}

function prepare(panel, bar, course, lab) {
  stayInOneWindow(panel.content.node);
  printAsShown(panel, lab.Printing);
  for (const node of [bar.node, panel.content.node]) Object.assign(node, course.language); // Jupyter’s own may differ
}

async function run(panel, words, bar, lab) {
  bar.say(words.preparing);
  mark(panel, "preparing");
  await Promise.all([panel.revealed, panel.sessionContext.ready]);
  const finished = await runAll(panel, lab.CodeCell);
  bar.say(finished ? words.ready : words.stopped);
  mark(panel, finished ? "ready" : "stopped");
  panel.sessionContext.statusChanged.connect((_, status) => {
    if (status !== "autorestarting" && status !== "dead") return;
    bar.say(words.lost); // Jupyter starts Python again, and the cards on the page belong to the one that is gone.
    mark(panel, "stopped");
  });
}

// Say on the page how far it is, for whoever waits for it: a screen reader, a test, a benchmark.
function mark(panel, state) {
  panel.node.dataset.course = state;
  panel.content.node.setAttribute("aria-busy", String(state === "preparing"));
  performance.mark(`course:${state}`);
}

// style.css and print.css use the course's design tokens, which the server sends so that there is one copy of them.
function addStyle(css) {
  const style = document.createElement("style");
  style.textContent = css;
  document.head.append(style);
}

// What the server wrote into the page for us (course/learner/notebook_view.py), or null where it was not the course's.
function readCourse() {
  const page = JSON.parse(document.getElementById("jupyter-config-data")?.textContent ?? "{}");
  if (!page.courseWords) return null;
  return {
    words: JSON.parse(page.courseWords),
    language: JSON.parse(page.courseLanguage ?? "{}"),
    pages: page.courseRead ?? [],
    folders: page.courseRunIn ?? [],
    digests: page.courseDigests ?? [],
    start: page.courseStart ?? "",
    tokens: page.courseTokens ?? "",
  };
}
