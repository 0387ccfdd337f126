// Follow a page's events, and put what has changed into it block by block: what is being typed or pressed stays.
"use strict";

const written = new WeakMap();
for (const block of document.querySelectorAll("[data-part] > [data-block]")) written.set(block, asFollowed(block));

/** Return a block of the page as an event has it: events bring no tokens, since scripts send their own. */
function asFollowed(block) {
  const copy = block.cloneNode(true);
  for (const field of copy.querySelectorAll("input[name=token]")) field.remove();
  return copy.outerHTML;
}

/** Show one of the page's words in its own language, with its blanks filled. */
function showWords(element, word, blanks = {}) {
  const text = word.text.replace(/\{(\w+)\}/g, (blank, name) => (name in blanks ? blanks[name] : blank));
  if (element.textContent !== text) element.textContent = text;
  element.lang = word.lang || document.documentElement.lang;
  element.dir = word.dir || document.documentElement.dir;
}

/** Return one of the page's words with a tick before it. */
function ticked(word) {
  return { ...word, text: `✓ ${word.text}` };
}

/** So long, in milliseconds, what has just come is on a page before a press on it counts: nobody reads it faster. */
const READING = 600;
const reading = new WeakMap();

/** Mark the page, or a part of it, as fresh until what has just come there can have been read. */
function letRead(part = document.body) {
  clearTimeout(reading.get(part));
  part.classList.add("fresh");
  reading.set(part, setTimeout(() => part.classList.remove("fresh"), READING));
}

/** Put new HTML into a part. Blocks that did not change stay where they are: a press on one that is moved is lost. */
function put(part, html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const wanted = [...fresh.content.children];
  const old = new Map([...part.children].map((block) => [block.dataset.block, block]));
  const drafts = draftsOf(part);
  const focus = focusIn(part);
  const shown = wanted.map((block) => {
    const before = old.get(block.dataset.block);
    return before && written.get(before) === block.outerHTML ? before : block;
  });
  const gone = [...part.children].filter((block) => !shown.includes(block));
  for (const block of gone) block.remove();
  let changed = gone.length > 0;
  let place = part.firstElementChild;
  for (const block of shown) {
    if (block === place) {
      place = place.nextElementSibling;
      continue;
    }
    if (block.parentNode !== part) {
      written.set(block, block.outerHTML);
      changed = true;
    }
    part.insertBefore(block, place);
  }
  if (changed) {
    restore(part, drafts);
    refocus(part, focus);
  }
  return changed;
}

/** Return what somebody has typed, chosen or ticked in a field; undefined where it is as it came. */
function draftOf(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked === field.defaultChecked ? undefined : field.checked;
  if (field.tagName !== "SELECT") return field.value === field.defaultValue ? undefined : field.value;
  const usual = [...field.options].find((option) => option.defaultSelected) || field.options[0];
  return !usual || field.value === usual.value ? undefined : field.value;
}

/** Return what was typed, chosen, ticked or unfolded and is not in the page's own HTML. */
function draftsOf(part) {
  const drafts = [...part.querySelectorAll("input[id]:not([type=hidden]), textarea[id], select[id]")]
    .map((field) => [field.id, draftOf(field)])
    .filter(([, draft]) => draft !== undefined);
  const unfolded = [...part.querySelectorAll("details[id][open]")].map((details) => details.id);
  return { drafts, unfolded };
}

function restore(part, { drafts, unfolded }) {
  for (const [id, draft] of drafts) {
    const field = document.getElementById(id);
    if (!field || !part.contains(field)) continue;
    if (typeof draft === "boolean") field.checked = draft;
    else if (field.tagName !== "SELECT" || [...field.options].some((option) => option.value === draft)) field.value = draft;
  }
  for (const id of unfolded) {
    const details = document.getElementById(id);
    if (details) details.setAttribute("open", "");
  }
}

function focusIn(part) {
  const focused = document.activeElement;
  if (!focused || focused === part || !part.contains(focused)) return null;
  let block = focused;
  while (block.parentElement !== part) block = block.parentElement;
  const next = [];
  for (let after = block; after; after = after.nextElementSibling) next.push(after.dataset.block);
  const at = "selectionStart" in focused ? [focused.selectionStart, focused.selectionEnd] : null;
  return { id: focused.id, next, at };
}

/** Give the focus back: to the same control, else to the first one of the block that follows. */
function refocus(part, focus) {
  if (!focus || part.contains(document.activeElement)) return;
  let control = focus.id && document.getElementById(focus.id);
  if (!control) {
    const following = focus.next.slice(1).concat(focus.next[0]);
    const blocks = following.map((name) => [...part.children].find((block) => block.dataset.block === name));
    control = blocks.filter(Boolean).map((block) => block.querySelector("button, input:not([type=hidden]), a[href]")).find(Boolean);
  }
  if (!control) return;
  control.focus({ preventScroll: true });
  if (focus.at && control.id === focus.id) {
    try {
      control.setSelectionRange(...focus.at);
    } catch (error) {
      // a field without a cursor
    }
  }
}

/** For so many milliseconds a stream may say nothing: the server gives a sign of life every 20 seconds. */
const SILENT = 50000;
/** So soon the first event has to be there. A proxy or an antivirus program may hold back all of a stream. */
const FIRST = 5000;
/** How often the page asks where events do not come. */
const ASK = 4000;
/** After so long out of sight, a stream may only look open: a phone that slept hears nothing on it for long. */
const AWAY = 10000;
/** How long it only asks before it tries once more to follow events where a stream was refused. */
const REFUSED = 30000;

/**
 * Follow a page. `changed` gets changed parts, `connection` whether the server is heard, `gone` is the end.
 * Where events do not come, the page asks for the same every few seconds.
 */
function follow(address, { changed, connection, gone }) {
  const now = address.replace(/events$/, "now");
  let source = null;
  let begun = 0;
  let ended = 0;
  let at = 0;
  let isHeard = false;
  let events = 0;
  let silence = 0;
  let silentStreams = 0;
  let isAsking = false;
  let asked = 0;
  let latest = "";
  let hidden = 0;

  const isClosed = () => !source || source.readyState === 2;
  const show = (message) => {
    at = message.at;
    const parts = [...document.querySelectorAll("[data-part]")].filter(
      (part) => part.dataset.part in message.parts && put(part, message.parts[part.dataset.part]),
    );
    changed(parts);
  };
  const wait = (patience) => {
    clearTimeout(silence);
    silence = setTimeout(miss, patience);
  };
  /** No sign of life came. A laptop or a phone that slept may leave a stream that only looks open. */
  const miss = () => {
    if (!isHeard) return begin();
    silentStreams += 1;
    connection(false);
    if (silentStreams < 2) return start();
    source.close(); // the beginning comes through, and nothing after it
    begin();
  };

  const start = () => {
    if (!window.EventSource) return begin();
    if (source) source.close();
    const stream = (source = new EventSource(address));
    begun = Date.now();
    isHeard = false;
    wait(FIRST);
    stream.addEventListener("open", () => {
      at = 0; // a server that was started again counts from the beginning
    });
    stream.addEventListener("alive", () => {
      silentStreams = 0;
      if (isHeard) wait(SILENT);
    });
    stream.addEventListener("session", (event) => {
      events += 1;
      isHeard = true;
      isAsking = false;
      latest = "";
      wait(SILENT);
      connection(true);
      const message = JSON.parse(event.data);
      if (message.at >= at) show(message);
    });
    stream.addEventListener("gone", () => {
      clearTimeout(silence);
      stream.close();
      ended = Date.now();
      begin();
    });
    stream.addEventListener("error", () => {
      if (!isAsking) connection(false);
      if (stream !== source) return;
      isHeard = false;
      if (!isClosed()) return wait(FIRST); // the browser opens it again
      clearTimeout(silence);
      isAsking = true;
      plan(2000 + 2000 * Math.random());
    });
  };

  /** A stream that a server ended was not refused. As it stops, it may answer what is asked and refuse a stream. */
  const mayFollow = () => Date.now() - begun > REFUSED || Date.now() - ended < REFUSED;

  const plan = (pause) => {
    clearTimeout(asked);
    asked = setTimeout(ask, pause);
  };
  const begin = () => {
    isAsking = true;
    ask();
  };
  const ask = async () => {
    clearTimeout(asked);
    if (!isAsking) return;
    const eventsBefore = events;
    try {
      const headers = { Accept: "application/json" };
      if (latest) headers["If-None-Match"] = latest;
      const reply = await fetch(now, { headers, credentials: "same-origin", cache: "no-store" });
      if (reply.status !== 304) {
        const message = await reply.json();
        // Leave only for what the server says itself: a page that is left while it is away would be lost.
        if ([401, 403, 404, 410].includes(reply.status) && message.status === reply.status) return gone();
        if (!reply.ok) throw new Error(String(reply.status));
        latest = reply.headers.get("ETag") || "";
        if (events === eventsBefore) show(message);
      }
      connection(true);
      if (source && isClosed() && silentStreams < 2 && mayFollow()) start();
    } catch (error) {
      connection(false);
    }
    if (isAsking) plan(ASK * (0.75 + Math.random() / 2));
  };

  const look = () => {
    const wasAway = hidden && Date.now() - hidden > AWAY;
    hidden = 0;
    if (isAsking) ask();
    else if (isClosed() || wasAway) start();
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") look();
    else hidden = Date.now();
  });
  addEventListener("online", look);
  start();
}
