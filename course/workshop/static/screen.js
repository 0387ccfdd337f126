// The screen: it follows what the facilitator shows.
"use strict";

(() => {
  const words = JSON.parse(document.body.dataset.words);
  showCharts(words);
  follow(`${document.body.dataset.path}screen/events`, {
    told: () => showCharts(words),
    line: (isThere) => document.body.classList.toggle("lost", !isThere),
    gone: () => location.reload(),
  });
})();
