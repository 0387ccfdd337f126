// The screen: it follows what the facilitator shows.
"use strict";

(() => {
  const words = JSON.parse(document.body.dataset.words);
  showCharts(words);
  follow(`${document.body.dataset.path}screen/events`, {
    changed: () => showCharts(words),
    connection: (isOpen) => document.body.classList.toggle("lost", !isOpen),
    gone: () => location.reload(),
  });
})();
