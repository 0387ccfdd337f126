// Asks Jupyter's server, which is where the page comes from.

export class Server {
  constructor(base) {
    this.base = base;
  }

  get(path) {
    return this.#ask("GET", path);
  }

  post(path, content) {
    return this.#ask("POST", path, content);
  }

  socket(path) {
    const address = new URL(this.base + path, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    return new WebSocket(address);
  }

  /** Return {ok, status, answer}; the status is 0 where nobody answered. A page of a hub, as to sign in, is not ok. */
  async #ask(method, path, content) {
    const headers = { "X-XSRFToken": cookie("_xsrf"), "Content-Type": "application/json" };
    const body = content === undefined ? undefined : JSON.stringify(content);
    try {
      const reply = await fetch(this.base + path, { method, headers, body, cache: "no-store" });
      const answer = await reply.json().catch(() => null);
      return { ok: reply.ok && answer !== null, status: reply.status, answer: answer ?? {} };
    } catch {
      return { ok: false, status: 0, answer: {} };
    }
  }
}

function cookie(name) {
  const pair = document.cookie.split("; ").find((text) => text.startsWith(`${name}=`));
  return pair ? decodeURIComponent(pair.slice(name.length + 1)) : "";
}
