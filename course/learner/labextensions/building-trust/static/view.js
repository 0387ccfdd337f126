// Opens a notebook of the course as a page to read: its code hidden, its cells run. The notebook asks for it in
// its metadata (course: {run_on_open, hide_code}); it is done only for code that the course itself has shipped.
import { stayInOneWindow } from "./addresses.js";
import { Bar } from "./bar.js";
import { CodeCurtain } from "./curtain.js";
import { printAsShown } from "./paper.js";
import { keepQuiet } from "./quiet.js";
import { runAll } from "./run.js";
import { isShipped } from "./shipped.js";

export function activate(app, tracker, lab) {
  const course = readCourse();
  if (!course) return; // This Jupyter was not started for the course.
  addStyle(course.tokens);
  const open = (panel) =>
    openAsPage(panel, course, app, lab).catch((error) => console.error("building-trust:", error));
  tracker.forEach(open);
  tracker.widgetAdded.connect((_, panel) => void open(panel));
}

async function openAsPage(panel, course, app, lab) {
  await panel.context.ready;
  const wish = panel.model.getMetadata("course");
  if (!wish) return;
  keepQuiet(panel);
  stayInOneWindow(panel.content.node);
  printAsShown(panel, lab.Printing);
  const curtain = new CodeCurtain(panel);
  if (wish.hide_code) curtain.close();
  const shipped = await isShipped(panel, course);
  if (!shipped) curtain.open();
  const bar = new Bar(panel, course, app, lab);
  for (const node of [bar.node, panel.content.node]) Object.assign(node, course.language); // Jupyter’s own may differ
  if (wish.hide_code) bar.addShowCode(curtain);
  if (shipped) bar.takeValidate();
  if (!wish.run_on_open) return;
  if (shipped) await run(panel, course.words, bar, lab);
  else mark(panel, "changed", bar.addNotice(course.words.changed));
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
    folders: page.courseRunIn ?? [],
    digests: page.courseDigests ?? [],
    start: page.courseStart ?? "",
    tokens: page.courseTokens ?? "",
  };
}
