// The keys of a presenter's remote: on the console they press what it offers next, and from the screen they go there.
"use strict";

(() => {
  const WALK = { PageDown: "walk-next", ArrowRight: "walk-next", PageUp: "walk-back", ArrowLeft: "walk-back" };
  /** With Shift, the same keys turn the screen's pages. */
  const PAGES = { PageDown: "page-next", ArrowRight: "page-next", PageUp: "page-previous", ArrowLeft: "page-previous" };
  const { path } = document.body.dataset;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(`remote ${path}`) : null;
  const isChord = (event) => event.altKey || event.ctrlKey || event.metaKey;

  /** Return the control of the console that a key presses, where it is there. */
  const controlOf = ({ key, shiftKey }) => document.getElementById((shiftKey ? PAGES : WALK)[key] ?? "none");

  /** Return whether keys go into what has the focus: a field for text, or one whose arrows choose. */
  function isTyping(target) {
    return target.closest("textarea, select, [contenteditable], input:not([type=checkbox], [type=hidden])") !== null;
  }

  function pressOnConsole(event) {
    const control = controlOf(event);
    if (!control || isChord(event) || event.defaultPrevented || isTyping(event.target)) return;
    event.preventDefault();
    if (!event.repeat) control.click();
  }

  function sendFromScreen(event) {
    const { key, shiftKey } = event;
    if (!channel || !(key in WALK) || isChord(event)) return;
    event.preventDefault();
    if (!event.repeat) channel.postMessage({ key, shiftKey });
  }

  if (document.body.classList.contains("console")) {
    document.addEventListener("keydown", pressOnConsole);
    channel?.addEventListener("message", ({ data }) => controlOf(data)?.click());
  } else document.addEventListener("keydown", sendFromScreen);
})();
