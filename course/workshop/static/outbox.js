// What a phone has answered and the server has not on disk yet: it is sent, and sent again, one answer after the other.
"use strict";

/**
 * Return how waiting answers are sent: `send` begins, unless it goes on already. `kept` is what waits, `mine` what the
 * server has; `tell` says how far that is, or nothing more, and `sent` is called whenever it pauses.
 */
function outboxOf({ path, kept, mine, words, tell, sent }) {
  const STEP = 512; // bytes: a message is padded to whole steps, so that its length tells nothing of the answer
  let busy = false;
  let tries = 0;
  let timer = 0;
  let waits = null; // the answer that was sent last, while it is not known what became of it

  async function send() {
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    try {
      for (let next; (next = Object.entries(kept.read().outbox)[0]); ) {
        if (!(await sendOne(...next))) break;
      }
    } finally {
      busy = false;
      if (waits && !ownValue(kept.read().outbox, waits.part)) settle();
      sent();
    }
  }

  /** Another tab has sent what this one says to wait: say so, where the server has it. */
  function settle() {
    const { part, revision, answer } = waits;
    waits = null;
    tries = 0;
    if (ownValue(kept.read().saved, part) !== revision) return tell(null);
    mine[part] = { revision, answer };
    tellSaved(part, answer);
  }

  function tellSaved(part, answer) {
    const stored = kept.read();
    if (Object.keys(stored.outbox).length) tell(words.saving);
    else tell(ticked(answer === null ? words.skipped : ownValue(stored.private, part) ? words["private-kept"] : words.saved));
  }

  /** Send one answer; return whether to go on with the next. */
  async function sendOne(part, { revision, answer }) {
    let reply;
    waits = { part, revision, answer };
    const stop = window.AbortController ? new AbortController() : null;
    const patience = setTimeout(() => stop && stop.abort(), 15000);
    try {
      reply = await fetch(`${path}answer`, {
        method: "POST",
        credentials: "same-origin", // older browsers send no cookie unless they are asked to
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: padded(JSON.stringify({ part, revision, answer })),
        signal: stop ? stop.signal : undefined,
      });
    } catch (error) {
      return later(0);
    } finally {
      clearTimeout(patience);
    }
    if (reply.status === 429 || reply.status >= 500) return later(Number(reply.headers.get("Retry-After")) || 2);
    if (reply.status === 401 || reply.status === 410) {
      location.reload();
      return false;
    }
    tries = 0;
    if (reply.ok) {
      const reception = await reply.json().catch(() => null); // a connection that breaks here: nothing is known
      if (!reception) return later(0);
      waits = null;
      if (!reception.saved) return sendAfter(part, revision, reception.revision);
      mine[part] = { revision: reception.revision, answer };
      drop(part, revision);
      tellSaved(part, answer);
    } else {
      waits = null;
      const { error = "", hint = "" } = await reply.json().catch(() => ({}));
      drop(part, revision, true);
      tell(words["not-sent"], { error, hint });
    }
    return true;
  }

  /** Another window that knows nothing of this one was answered in between: what this phone says now comes after it. */
  function sendAfter(part, revision, latest) {
    kept.change((stored) => {
      const waiting = ownValue(stored.outbox, part);
      if (waiting && waiting.revision === revision) waiting.revision = stored.revisions[part] = latest + 1;
    });
    if (!Object.keys(kept.read().outbox).length) tell(null); // another tab of this one has sent what came after it
    return true;
  }

  /** Return a message with spaces after it, which JSON allows, up to a whole number of steps. */
  function padded(message) {
    const bytes = new Blob([message]).size;
    return message + " ".repeat(Math.ceil(bytes / STEP) * STEP - bytes);
  }

  /** Forget an answer that waited; texts that were refused are half-written again, so that nobody writes them twice. */
  function drop(part, revision, isRefused = false) {
    kept.change((stored) => {
      if (!isRefused) stored.saved[part] = revision;
      const waiting = ownValue(stored.outbox, part);
      if (!waiting || waiting.revision !== revision) return;
      delete stored.outbox[part];
      const { label, texts, answer } = waiting;
      if (isRefused && texts) stored.drafts[part] = { label, texts, show: answer.show === true };
    });
  }

  function later(seconds) {
    tell(words.waiting);
    tries += 1;
    const pause = Math.max(seconds, Math.min(2 ** (tries - 1), 15));
    timer = setTimeout(send, 1000 * pause * (0.75 + Math.random() / 2));
    return false;
  }

  return { send };
}
