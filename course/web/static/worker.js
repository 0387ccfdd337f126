// Runs Python for one page. What Python changes is on disk before the page hears of it.
import createPyodideModule from "./pyodide.asm.js";
import { loadPyodide } from "./pyodide.js";
import { Store } from "./store.js";

const HERE = new URL("./", import.meta.url).href;
const CODE = "/course/code"; // where Python's code is
const WRITABLE = "/course";
const NO_PACKAGES = { info: { abi_version: "2026_0", arch: "wasm32" }, packages: {} }; // Pyodide checks the first

serveByJavaScriptNames();
const waiting = []; // what the page has asked for and Python has not done yet
const store = new Store(() => ask({ kind: "look" }));
let python = null;
let toBytes = null;
let isKept = true; // whether the last change of a file is on disk
let held = null; // what Python said while its files are not on disk yet
let isBusy = true;
self.onmessage = ({ data }) => (data.kind === "ping" ? postMessage({ kind: "pong" }) : ask(data));
start();

/** Many servers know no endings but .html, .css and .js: whatever is fetched here has such a name, and its own type. */
function serveByJavaScriptNames() {
  const fetchFile = self.fetch.bind(self);
  self.fetch = async (address, options) => {
    const url = new URL(address.url ?? address, HERE);
    if (!url.pathname.endsWith(".js")) url.pathname += ".js";
    const answer = await fetchFile(url.href, options);
    if (!answer.ok) throw new Error(`${url.pathname}: ${answer.status}`);
    if (answer.headers.get("Content-Type") === "application/wasm") return answer; // kept here: compiled once for all
    const type = url.pathname.endsWith(".wasm.js") ? "application/wasm" : "application/octet-stream";
    return new Response(answer.body, { status: 200, headers: { "Content-Type": type } });
  };
}

async function start() {
  try {
    const [pyodide, code] = await Promise.all([
      loadPyodide({
        createPyodideModule,
        indexURL: HERE,
        lockFileContents: JSON.stringify(NO_PACKAGES),
        stdLibURL: `${HERE}python_stdlib.zip`,
        env: { HOME: WRITABLE },
      }),
      fetch(`${HERE}python_code.zip`).then((answer) => answer.arrayBuffer()),
    ]);
    pyodide.unpackArchive(code, "zip", { extractDir: CODE });
    pyodide.pyimport("sys").path.insert(0, CODE);
    python = pyodide.pyimport("course.web.browser").BrowserPage(WRITABLE, say);
    toBytes = (content) => pyodide.toPy(content);
  } catch (error) {
    postMessage({ kind: "problem", problem: "not-started", detail: String(error) });
    return;
  }
  isBusy = false;
  work();
}

function ask(message) {
  waiting.push(message);
  work();
}

/** Do all that waits in one change of the files, and then what has come meanwhile. */
async function work() {
  if (isBusy) return;
  isBusy = true;
  try {
    while (waiting.length) await change(waiting.splice(0));
    isBusy = false;
  } catch {
    postMessage({ kind: "died" }); // nothing more is done here: the page starts another one
  }
}

async function change(messages) {
  held = [];
  let changed = null;
  const run = (news) => {
    for (const [name, content] of news) python.load(name, content ? toBytes(content) : undefined);
    if (news.length) python.look_anew();
    for (const message of messages) handle(message);
    changed = python.changed();
    return changed.toJs().map(([name, content]) => [name, content ?? null]);
  };
  try {
    const kept = await store.change(run);
    python.confirm(changed);
    if (!isKept && kept.length) {
      isKept = true;
      held.push({ kind: "kept", isKept });
    }
  } catch (error) {
    if (isFatal(error)) throw error;
    if (!changed) run([]); // nothing can be read either: the page works, and says what is not saved
    held = JSON.parse(python.refuse(changed, JSON.stringify(held)));
    isKept = false;
    held.push({ kind: "kept", isKept });
  }
  changed.destroy();
  const said = held;
  held = null;
  for (const message of said) postMessage(message);
}

/** Do what the page asks for. Where that goes wrong in Python, the rest of what was asked is done all the same. */
function handle(message) {
  try {
    doOne(message);
  } catch (error) {
    if (isFatal(error)) throw error;
    held.push({ kind: "problem", problem: "unexpected" });
    if (message.kind === "call") held.push({ kind: "answer", turn: message.turn, value: null });
  }
}

/** Whether Python itself broke, as where there is no memory left. */
function isFatal(error) {
  return Boolean(error?.pyodide_fatal_error) || /fatally failed/.test(error?.message);
}

function doOne(message) {
  if (message.kind === "open") {
    python.open(message.path, JSON.stringify(message.code));
    say(JSON.stringify({ kind: "opened" }));
  } else if (message.kind === "comm") {
    python.take(message.id, JSON.stringify(message.data));
  } else if (message.kind === "call") {
    const value = JSON.parse(python.call(message.name, JSON.stringify(message.values ?? {})));
    say(JSON.stringify({ kind: "answer", turn: message.turn, value }));
  }
}

/** Take what Python says to the page. */
function say(text) {
  const message = JSON.parse(text);
  if (held) held.push(message);
  else postMessage(message); // it is said after its files were kept, such as a chart that is drawn again
}
