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
    text.textContent = text.dataset.pattern.replace(/\{(\w+)\}/g, (_, name) => secret[name] || "…");
    document.getElementById("mine").hidden = false;
  } catch {
    return; // this browser keeps nothing
  }
  document.getElementById("forget").addEventListener("click", () => {
    localStorage.removeItem(storageKey);
    document.getElementById("mine").hidden = true;
    const notice = document.getElementById("forgotten");
    notice.textContent = notice.dataset.said;
  });
})();
