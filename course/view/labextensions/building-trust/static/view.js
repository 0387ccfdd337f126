// Opens a notebook of the course as a page to read: its code hidden, its cells run. The notebook asks for it in
// its metadata (course: {run_on_open, hide_code}); it is done only for code that the course itself has shipped.
import { isShipped } from "./shipped.js";
import { keepQuiet } from "./quiet.js";
import { runAll } from "./run.js";
import { addNotice, addShowCode, addStatus } from "./bars.js";

export function activate(tracker, lab) {
  const words = option("courseWords", {});
  if (!words["show-code"]) return; // This Jupyter was not started for the course.
  const open = (panel) => openAsPage(panel, words, lab).catch((error) => console.error("building-trust:", error));
  tracker.forEach(open);
  tracker.widgetAdded.connect((_, panel) => void open(panel));
}

async function openAsPage(panel, words, lab) {
  await panel.context.ready;
  const wish = panel.model.getMetadata("course");
  if (!wish) return;
  keepQuiet(panel);
  panel.addClass("course-Page");
  panel.toggleClass("course-exercise", panel.context.localPath.split("/").includes("exercises"));
  panel.toggleClass("course-code-hidden", Boolean(wish.hide_code));
  const shipped = await isShipped(panel, option("courseRunIn", []), option("courseDigests", []));
  panel.toggleClass("course-code-hidden", Boolean(wish.hide_code) && shipped);
  if (wish.hide_code) addShowCode(panel, words, lab);
  if (!wish.run_on_open) return;
  if (!shipped) return addNotice(panel, words.changed, lab);
  await run(panel, words, lab);
}

async function run(panel, words, lab) {
  const status = addStatus(panel, lab);
  status(words.preparing);
  mark(panel, "preparing");
  await Promise.all([panel.revealed, panel.sessionContext.ready]);
  const finished = await runAll(panel, lab.CodeCell);
  status(finished ? words.ready : words.stopped);
  mark(panel, finished ? "ready" : "stopped");
}

// Say on the page itself how far it is, for whoever waits for it: a test, or a program that reads it aloud.
function mark(panel, state) {
  panel.node.dataset.course = state;
  panel.content.node.setAttribute("aria-busy", String(state === "preparing"));
  performance.mark(`course:${state}`);
}

// What the server wrote into the page for us.
function option(name, otherwise) {
  const page = document.getElementById("jupyter-config-data");
  const given = page ? JSON.parse(page.textContent)[name] : undefined;
  return typeof given === "string" ? JSON.parse(given) : (given ?? otherwise);
}
