// Runs a page of the course in this browser: what it showed last is there at once, and Python comes after.
import { addTools } from "./exercise_tools.js";
import { Frame } from "./frame.js";
import { CellOutput } from "./outputs.js";
import { Python } from "./python.js";
import { Store } from "./store.js";
import { isOutdated, keepSite } from "./version.js";
import { Widgets } from "./widgets.js";

const KEEP_AFTER = 1000; // milliseconds until what the page shows is kept for the next visit

const data = JSON.parse(document.getElementById("frame-data").textContent);
const frame = new Frame(data);
const store = new Store();
const python = new Python(data.path, data.code);
const widgets = new Widgets((id, message) => python.sendToComm(id, message));
const outputs = new Map(
  Object.keys(data.code).map((id) => [id, new CellOutput(frame.cell(id), widgets, data.words["cell-failed"])]),
);
const shown = new Map(); // cell -> what it showed when it ran last

python.onLink = (link) => {
  frame.setLink(link);
  if (link === "no-server") sayIfOutdated();
};
python.on = {
  comm_open: ({ content }) => widgets.open(content.comm_id, content.data.state),
  comm_msg: ({ content }) => {
    widgets.take(content.comm_id, content.data);
    keepSoon();
  },
  comm_close: ({ content }) => widgets.close(content.comm_id),
  cell: ({ cell, event, content }) => runCell(cell, event, content),
  opened: () => {
    frame.setLink([...outputs.values()].some((output) => output.hasFailed) ? "stopped" : "ready");
    frame.notice("outdated", "");
    keep(); // at once: the next visit has to know where drafts are kept, however soon this one ends
    keepSite();
  },
  kept: ({ isKept }) => frame.notice("kept", isKept ? "" : data.web.words["keeps-nothing"]),
  problem: ({ problem }) => frame.notice(problem, data.web.words[problem]),
};
python.start();
addTools(frame, python, data);
await drawFirst();
addEventListener("pagehide", keep);
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload(); // a browser may bring back a page whose Python has ended
});

/** Python cannot be started again where the files of this page's version are gone from the server. */
async function sayIfOutdated() {
  if (await isOutdated()) frame.notice("outdated", data.web.words.outdated);
}

/** Draw what the page showed last in this version of the site, or what it shows to somebody who begins. */
async function drawFirst() {
  const { assets, first } = data.web;
  const last = await store.shown(data.path);
  if (shown.size) return; // Python was there first
  const { models, cells } = last?.assets === assets ? last : recorded(first, last?.drafts);
  for (const [id, { state, own }] of Object.entries(models)) widgets.openRecorded(id, state, own);
  for (const [cell, bundles] of Object.entries(cells)) {
    const output = outputs.get(cell);
    output?.begin();
    for (const bundle of bundles) output?.show(bundle);
    output?.end();
  }
  frame.setDrawn();
}

/** Return what the page shows at first, with the place where this browser kept drafts of it when it was last open. */
function recorded({ models = {}, cells = {} }, drafts = null) {
  const withDrafts = (state) => ({ state: "drafts" in state ? { ...state, drafts } : state });
  return { models: Object.fromEntries(Object.entries(models).map(([id, state]) => [id, withDrafts(state)])), cells };
}

function runCell(id, event, content) {
  const output = outputs.get(id);
  if (event === "begin") {
    shown.set(id, []);
    output.begin();
  } else if (event === "show") {
    shown.get(id).push(content.data);
    output.show(content.data);
  } else if (event === "fail") output.fail(content);
  else output.end();
}

let keepTimer = 0;

function keepSoon() {
  clearTimeout(keepTimer);
  keepTimer = setTimeout(keep, KEEP_AFTER);
}

/** Return what widgets show without what is typed into boxes of which nothing is kept. */
function withoutPrivate(models) {
  const emptied = (controls) => controls.map((control) => (control.private ? { ...control, value: "" } : control));
  const empty = (state) => (Array.isArray(state.controls) ? { ...state, controls: emptied(state.controls) } : state);
  return Object.fromEntries(Object.entries(models).map(([id, { state, own }]) => [id, { state: empty(state), own }]));
}

/** Keep what the page shows for the next visit. */
function keep() {
  clearTimeout(keepTimer);
  if (!python.isReady) return;
  const models = withoutPrivate(widgets.record());
  const drafts = Object.values(models).find(({ state }) => state.drafts)?.state.drafts ?? null;
  store.keepShown(data.path, { assets: data.web.assets, models, cells: Object.fromEntries(shown), drafts });
}
