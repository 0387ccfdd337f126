// Lines to look at: one key approves a line, one hides it, one keeps it aside, and "the rest that I have read" is what was listed.
"use strict";

(() => {
  const part = document.querySelector('[data-part="lines"]');
  const keys = { a: "yes", h: "no", k: "aside" };
  /** The lines that were listed when somebody went to the button for the rest; null while nobody is at it. */
  let listed = null;

  const isTyping = (element) => element.matches("textarea, select, input:not([type=checkbox])");
  const waiting = () => [...part.querySelectorAll(".line-waiting")];

  /** A finger or a mouse that presses twice means the line that was there before: others cannot be hit at once. */
  const names = () => waiting().map((card) => card.dataset.block).join();
  let shown = names();
  new MutationObserver(() => {
    if (names() !== shown) letRead(part);
    shown = names();
  }).observe(part, { childList: true });

  /** Press a line's button, and go on to the next line that waits: the one below, else the first. */
  function judge(card, button) {
    const cards = waiting();
    const next = cards[cards.indexOf(card) + 1] || cards.find((other) => other !== card);
    button.click();
    (next ? next.querySelector("button") : document.getElementById("lines-heading")).focus();
  }

  part.addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    const card = event.target.closest(".line-waiting");
    const button = card && card.querySelector(`button[id^="${keys[event.key.toLowerCase()]}-"]`);
    if (!button) return;
    event.preventDefault();
    judge(card, button);
  });

  /** Note what is listed as somebody goes to the button; forget it as they leave. */
  function goTo(element) {
    const form = element.closest('[data-block="rest"]');
    if (!form) listed = null;
    else if (!listed) listed = new Set(namesOf(form).map((field) => field.value));
  }

  const namesOf = (form) => [...form.querySelectorAll('input[name="line"]')];

  document.addEventListener("pointerover", (event) => goTo(event.target));
  document.addEventListener("focusin", (event) => goTo(event.target));

  document.addEventListener(
    "submit",
    (event) => {
      if (event.target.dataset.block !== "rest") return;
      for (const field of namesOf(event.target)) field.disabled = listed !== null && !listed.has(field.value);
      listed = null;
      document.getElementById("lines-heading").focus();
    },
    { capture: true },
  );
})();
