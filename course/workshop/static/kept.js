// What a phone keeps of a session until it is sent: in the browser's storage, and where that is blocked in this window.
"use strict";

/** Return what this phone keeps of the session whose page has this path: `read` it, `change` it, or `forget` it. */
function keptOf(path) {
  const storageKey = `room ${path}`; // as in 0.1.0, so that nobody loses what stayed on the phone
  const fresh = { outbox: {}, revisions: {}, saved: {}, private: {}, drafts: {} };
  let memory = fresh;
  let isBlocked = false;

  function read() {
    if (!isBlocked) {
      try {
        memory = { ...fresh, ...JSON.parse(localStorage.getItem(storageKey) || "{}") };
      } catch (error) {
        isBlocked = true; // this browser keeps nothing
      }
    }
    return JSON.parse(JSON.stringify(memory));
  }

  function change(edit) {
    const stored = read();
    edit(stored);
    memory = stored;
    try {
      if (!isBlocked) localStorage.setItem(storageKey, JSON.stringify(stored));
    } catch (error) {
      isBlocked = true; // it stays in this window
    }
  }

  function forget() {
    memory = fresh;
    try {
      localStorage.removeItem(storageKey);
    } catch (error) {
      isBlocked = true;
    }
  }

  return { read, change, forget };
}

/** Return what an object holds under a name of its own, or undefined. */
function ownValue(object, name) {
  return Object.prototype.hasOwnProperty.call(object, name) ? object[name] : undefined;
}
