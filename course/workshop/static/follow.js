// Follow a page's events, and put what has changed into it block by block: what is being typed or pressed stays.
"use strict";

const written = new WeakMap();

/** Show one of the page's words in its own language, with its blanks filled. */
function showWords(element, word, blanks = {}) {
  const text = word.text.replace(/\{(\w+)\}/g, (blank, name) => blanks[name] ?? blank);
  if (element.textContent !== text) element.textContent = text;
  element.lang = word.lang || document.documentElement.lang;
  element.dir = word.dir || document.documentElement.dir;
}

/** Return one of the page's words with a tick before it. */
function ticked(word) {
  return { ...word, text: `✓ ${word.text}` };
}

/** Put new HTML into a part. Blocks that did not change stay as they are. */
function put(part, html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const wanted = [...fresh.content.children];
  const old = new Map([...part.children].map((block) => [block.dataset.block, block]));
  const drafts = draftsOf(part);
  const focus = focusIn(part);
  const staying = new Set();
  let changed = false;
  let place = part.firstElementChild;
  for (const block of wanted) {
    const before = old.get(block.dataset.block);
    const text = block.outerHTML;
    if (before && (written.get(before) ?? before.outerHTML) === text) {
      written.set(before, text);
      staying.add(before);
      if (before === place) place = nextOf(place, staying);
      else part.insertBefore(before, place);
    } else {
      written.set(block, text);
      part.insertBefore(block, place);
      staying.add(block);
      changed = true;
    }
  }
  for (const block of [...part.children]) {
    if (!staying.has(block)) {
      block.remove();
      changed = true;
    }
  }
  if (changed) {
    restore(part, drafts);
    refocus(part, focus);
  }
  return changed;
}

function nextOf(place, staying) {
  let next = place.nextElementSibling;
  while (next && staying.has(next)) next = next.nextElementSibling;
  return next;
}

/** Return what was typed, ticked or unfolded and is not in the page's own HTML. */
function draftsOf(part) {
  const typed = [...part.querySelectorAll("input[id]:not([type=hidden]), textarea[id], select[id]")];
  const drafts = typed
    .filter((field) => (field.type === "checkbox" ? field.checked : field.tagName !== "SELECT" && field.value !== field.defaultValue))
    .map((field) => [field.id, field.type === "checkbox" ? null : field.value]);
  const unfolded = [...part.querySelectorAll("details[id][open]")].map((details) => details.id);
  return { drafts, unfolded };
}

function restore(part, { drafts, unfolded }) {
  for (const [id, value] of drafts) {
    const field = document.getElementById(id);
    if (!field || !part.contains(field)) continue;
    if (value === null) field.checked = true;
    else field.value = value;
  }
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
}

function focusIn(part) {
  const focused = document.activeElement;
  if (!focused || !part.contains(focused)) return null;
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
  control?.focus({ preventScroll: true });
  if (control && focus.at && control.id === focus.id) {
    try {
      control.setSelectionRange(...focus.at);
    } catch {
      // a field without a cursor
    }
  }
}

/** So long, in milliseconds, a line may say nothing: the server gives a sign of life every 20 seconds. */
const SILENT = 50000;

/** Follow the events of a page: `changed` gets changed parts, `connection` whether it is open, `gone` is the end. */
function follow(address, { changed, connection, gone }) {
  let source = null;
  let at = 0;
  let silence = 0;
  /** Wait for the next sign of life; a laptop or a phone that slept may leave a line that only looks open. */
  const listen = () => {
    clearTimeout(silence);
    silence = setTimeout(() => {
      connection(false);
      start();
    }, SILENT);
  };
  const start = () => {
    source?.close();
    source = new EventSource(address);
    listen();
    source.addEventListener("open", () => {
      at = 0; // a server that was started again counts from the beginning
      listen();
      connection(true);
    });
    source.addEventListener("alive", listen);
    source.addEventListener("session", (event) => {
      listen();
      const message = JSON.parse(event.data);
      if (message.at < at) return;
      at = message.at;
      const parts = [...document.querySelectorAll("[data-part]")].filter(
        (part) => part.dataset.part in message.parts && put(part, message.parts[part.dataset.part]),
      );
      changed(parts);
    });
    source.addEventListener("gone", () => {
      clearTimeout(silence);
      source.close();
      retry(true);
    });
    source.addEventListener("error", () => {
      connection(false);
      if (source.readyState === EventSource.CLOSED) setTimeout(retry, 2000 + 2000 * Math.random(), false);
    });
  };
  /** Leave only for what the server says itself: a page that is left while it is away would be lost. */
  const retry = async (isOver) => {
    try {
      const reply = await fetch(location.pathname, { headers: { Accept: "text/html" }, redirect: "manual" });
      if (isOver || reply.type === "opaqueredirect" || [401, 403, 404, 410].includes(reply.status)) return gone();
    } catch {
      connection(false);
    }
    start();
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && source.readyState === EventSource.CLOSED) start();
  });
  start();
}
