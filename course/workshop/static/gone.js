// When the room is closed: forget what waited for it, and show the commitment that never left this phone.
"use strict";

(() => {
  const drawer = `room ${location.pathname}`;
  const text = document.getElementById("mine-text");
  try {
    const kept = JSON.parse(localStorage.getItem(drawer) || "{}");
    const secret = Object.values(kept.private || {})[0];
    localStorage.setItem(drawer, JSON.stringify({ private: kept.private || {} }));
    if (!secret) return localStorage.removeItem(drawer);
    text.textContent = text.dataset.pattern.replace(/\{(\w+)\}/g, (_, name) => secret[name] || "…");
    document.getElementById("mine").hidden = false;
  } catch {
    return; // this browser keeps nothing
  }
  document.getElementById("forget").addEventListener("click", () => {
    localStorage.removeItem(drawer);
    document.getElementById("mine").hidden = true;
    const said = document.getElementById("forgotten");
    said.textContent = said.dataset.said;
  });
})();
