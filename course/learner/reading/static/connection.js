// The connection to Python: a Jupyter kernel of this browser window, found again or started again when it is lost.
//
// A window has one kernel, which goes on from page to page. Jupyter's server ends it soon after the window is closed.
import { openWindow } from "./window.js";

const FIRST_PAUSE = 500; // milliseconds until a server that does not answer is asked again
const LONGEST_PAUSE = 5000;

export class Connection {
  onComm = {};
  onLink = () => {};
  onKernel = () => {}; // there is a kernel in which nothing has run yet
  onAgain = () => {}; // the kernel is the one in which the page has run
  isOurs = () => true; // whether one of these widgets, by their ids in the kernel, is on the page
  #count = 0; // of the messages that were sent

  constructor(server) {
    this.server = server;
    this.client = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
    this.requests = new Map(); // the id of a request -> what is done with what comes back
    this.hasRun = false; // in this kernel or in one before it
    this.isOpening = false;
  }

  /** Find or start the kernel, and stay connected to it for as long as the page is open. */
  async open() {
    if (this.isOpening) return;
    this.isOpening = true;
    this.#drop();
    this.kernel = await this.#findKernel();
    const socket = this.server.socket(`api/kernels/${this.kernel}/channels?session_id=${this.client}`);
    const ready = await new Promise((resolve) => {
      socket.onopen = () => resolve(true);
      socket.onerror = socket.onclose = () => resolve(false);
    });
    this.isOpening = false;
    if (!ready) {
      this.onLink("no-server");
      await pause(FIRST_PAUSE);
      return this.open();
    }
    this.socket = socket;
    socket.onmessage = ({ data }) => typeof data === "string" && this.#take(JSON.parse(data));
    socket.onclose = () => this.#lose("lost");
    if (this.kernel === this.ranIn && (await this.#hasPage())) this.onAgain();
    else this.#begin();
  }

  /** Run code, and return when it has run. `hear` takes what it shows: {begin, display, error}. */
  execute(code, hear = {}) {
    const content = { code, silent: false, store_history: false, allow_stdin: false, stop_on_error: false };
    return this.#ask("execute_request", content, hear);
  }

  /** Return the content of the answer to a request, once it is dealt with; nothing where the connection ends first. */
  #ask(kind, content, hear = {}) {
    return new Promise((resolve) => {
      this.requests.set(this.#send("shell", kind, content), { ...hear, done: resolve });
    });
  }

  /** Say whether the page has run in the kernel: Jupyter may have started another Python under the same id. */
  async #hasPage() {
    const { comms } = await this.#ask("comm_info_request", {});
    return this.isOurs(Object.keys(comms));
  }

  sendToComm(id, data) {
    this.#send("shell", "comm_msg", { comm_id: id, data });
  }

  /** Run the page. Where the connection ends before that has, nothing comes after: the next one begins anew. */
  async #begin() {
    this.ranIn = null;
    await this.onKernel();
    this.ranIn = this.kernel;
    this.hasRun = true;
  }

  #send(channel, kind, content) {
    const header = { msg_id: `${this.client}_${(this.#count += 1)}`, msg_type: kind, session: this.client };
    Object.assign(header, { username: "", date: new Date().toISOString(), version: "5.3" });
    if (this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify({ channel, header, parent_header: {}, metadata: {}, content, buffers: [] }));
    }
    return header.msg_id;
  }

  #take({ channel, header, parent_header: parent, content }) {
    const request = this.requests.get(parent?.msg_id);
    const kind = header.msg_type;
    if (kind === "status" && ["restarting", "autorestarting", "dead"].includes(content.execution_state)) {
      this.kernel = this.ranIn = null; // what the page shows belongs to the Python that is gone
      return this.#lose("lost");
    }
    if (channel === "iopub" && kind in this.onComm) return this.onComm[kind](content);
    if (!request) return;
    if (kind === "execute_input") request.begin?.();
    else if (kind === "display_data" || kind === "execute_result") request.display?.(content);
    else if (kind === "error") request.error?.(content);
    else if (kind === "execute_reply" || kind === "comm_info_reply") request.answer = content;
    else if (kind === "status" && content.execution_state === "idle") request.isIdle = true;
    if (request.answer && request.isIdle) {
      this.requests.delete(parent.msg_id);
      request.done(request.answer);
    }
  }

  #lose(link) {
    if (this.isOpening) return;
    this.onLink(link);
    this.open();
  }

  #drop() {
    if (this.socket) {
      this.socket.onclose = this.socket.onmessage = null;
      this.socket.close();
    }
    this.socket = null;
    this.requests.clear();
  }

  /** Return the id of this window's kernel. While nobody answers, say so and ask again. */
  async #findKernel() {
    const name = await openWindow();
    for (let wait = FIRST_PAUSE; ; wait = Math.min(2 * wait, LONGEST_PAUSE)) {
      if (this.kernel) {
        const { ok, status } = await this.server.get(`api/kernels/${this.kernel}`);
        if (ok) return this.kernel;
        if (status) this.kernel = null;
      }
      if (!this.kernel) {
        const session = { name, path: name, type: "notebook", kernel: { name: "python3" } };
        const { ok, answer } = await this.server.post("api/sessions", session);
        if (ok) return answer.kernel.id;
      }
      this.onLink("no-server");
      await pause(wait);
    }
  }
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
