// Runs a page of the course with Jupyter: its cells in a kernel, its buttons through nbgrader's own handlers.
import { Frame } from "./frame.js";
import { Connection } from "./connection.js";
import { addTools } from "./nbgrader.js";
import { CellOutput } from "./outputs.js";
import { Server } from "./server.js";
import { Widgets } from "./widgets.js";

const data = JSON.parse(document.getElementById("frame-data").textContent);
const frame = new Frame(data);
const server = new Server(data.base);

forgetToken();
askParentForCode();
if (data.isShipped) start();
else {
  frame.setLink("changed"); // nothing runs, and the page itself says why
  document.querySelector("#frame-notices button")?.addEventListener("click", putFreshPage);
}

function start() {
  const connection = new Connection(server);
  const widgets = new Widgets((id, message) => connection.sendToComm(id, message));
  const cells = Object.entries(data.code).map(([id, source]) => ({
    source,
    output: new CellOutput(frame.cell(id), widgets, data.words["cell-failed"]),
  }));

  connection.onComm = {
    comm_open: ({ comm_id, data }) => widgets.open(comm_id, data.state ?? {}),
    comm_msg: ({ comm_id, data }) => widgets.take(comm_id, data),
    comm_close: ({ comm_id }) => widgets.close(comm_id),
  };
  connection.isOurs = (ids) => !widgets.models.size || ids.some((id) => widgets.has(id));
  connection.onLink = (link) => frame.setLink(link);
  connection.onAgain = () => {
    sayHowItRan();
    widgets.tellAgain();
  };
  connection.onKernel = async () => {
    frame.setLink(connection.hasRun ? "lost" : "preparing");
    await connection.execute(data.begin);
    await Promise.all(cells.map(({ source, output }) => runCell(connection, source, output)));
    sayHowItRan();
  };
  addTools(frame, server, data);
  connection.open();
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload(); // a browser may bring back a page whose connection has ended
  });

  function sayHowItRan() {
    frame.setLink(cells.some(({ output }) => output.hasFailed) ? "stopped" : "ready");
  }
}

/** A token in the address has done its work: the cookie counts from now on, and a bookmark holds no token. */
function forgetToken() {
  const here = new URL(location.href);
  if (!here.searchParams.has("token")) return;
  here.searchParams.delete("token");
  history.replaceState(history.state, "", here);
}

/** In JupyterLab a page stands in a frame that covers its notebook: whoever asks for the code gets the notebook. */
function askParentForCode() {
  if (parent === window) return;
  document.querySelector('[data-tool="code"]')?.addEventListener("click", (event) => {
    event.preventDefault();
    parent.postMessage({ course: "show-code", path: data.path }, location.origin);
  });
}

async function runCell(connection, source, output) {
  await connection.execute(source, {
    begin: () => output.begin(),
    display: (content) => output.show(content.data),
    error: (content) => output.fail(content),
  });
  output.end();
}

async function putFreshPage() {
  const { ok, answer } = await server.post("read-api/fresh", { path: data.path });
  if (ok) location.reload();
  else frame.notice("fresh", answer.message ?? data.words["no-server"]);
}
