// When the session is closed: say what was not sent, forget it with the page, and show what never left this phone.
"use strict";

(() => {
  if (typeof keptOf !== "function" || typeof showUnsent !== "function") return;
  const words = JSON.parse(document.body.dataset.words);
  const kept = keptOf(location.pathname);
  const inTab = `unsent ${location.pathname}`;
  const stored = kept.read();
  const secret = Object.values(stored.private)[0];
  const text = document.getElementById("mine-text");

  /** What was not sent stays in this tab alone, also where a phone loads it again, until the tab is closed. */
  function unsentHere() {
    const unsent = unsentOf(stored);
    try {
      if (unsent.length) sessionStorage.setItem(inTab, JSON.stringify(unsent));
      return JSON.parse(sessionStorage.getItem(inTab) || "[]");
    } catch (error) {
      return unsent; // this browser keeps nothing
    }
  }

  function show(unsent) {
    showUnsent(document.getElementById("unsent"), unsent, words, (name) => {
      const left = unsent.filter((one) => one.name !== name);
      try {
        sessionStorage.setItem(inTab, JSON.stringify(left));
      } catch (error) {
        // it was on this page alone
      }
      show(left);
    });
  }

  show(unsentHere());
  if (!secret) return kept.forget();
  kept.change((stored) => Object.assign(stored, { outbox: {}, revisions: {}, drafts: {} }));
  // Between the words of the pattern, which the element declares, the person's own are in the page's language.
  text.textContent = "";
  text.dataset.pattern.split(/\{(\w+)\}/).forEach((piece, number) => {
    text.appendChild(number % 2 ? ownWords(secret[piece] || "…") : document.createTextNode(piece));
  });
  document.getElementById("mine").hidden = false;

  function ownWords(words) {
    const span = document.createElement("span");
    span.lang = document.documentElement.lang;
    span.dir = "auto";
    span.textContent = words;
    return span;
  }

  document.getElementById("forget").addEventListener("click", () => {
    kept.forget();
    document.getElementById("mine").hidden = true;
    const notice = document.getElementById("forgotten");
    notice.textContent = notice.dataset.forgotten;
  });
})();
