// When the session is closed: forget what waited to be sent, and show the commitment that never left this phone.
"use strict";

(() => {
  const storageKey = `room ${location.pathname}`; // as in 0.1.0, so that nobody loses what stayed on the phone
  const text = document.getElementById("mine-text");
  try {
    const stored = JSON.parse(localStorage.getItem(storageKey) || "{}");
    const secret = Object.values(stored.private || {})[0];
    localStorage.setItem(storageKey, JSON.stringify({ private: stored.private || {} }));
    if (!secret) return localStorage.removeItem(storageKey);
    // Between the words of the pattern, which the element declares, the person's own are in the page's language.
    const pieces = text.dataset.pattern.split(/\{(\w+)\}/);
    text.replaceChildren(...pieces.map((piece, number) => (number % 2 ? ownWords(secret[piece] || "…") : piece)));
    document.getElementById("mine").hidden = false;
  } catch {
    return; // this browser keeps nothing
  }
  function ownWords(words) {
    const span = document.createElement("span");
    span.lang = document.documentElement.lang;
    span.dir = "auto";
    span.textContent = words;
    return span;
  }

  document.getElementById("forget").addEventListener("click", () => {
    localStorage.removeItem(storageKey);
    document.getElementById("mine").hidden = true;
    const notice = document.getElementById("forgotten");
    notice.textContent = notice.dataset.forgotten;
  });
})();
