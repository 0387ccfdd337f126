// Charts that the server draws, and the clock of the timer: the same on console and screen.
"use strict";

const drawn = new Map();

/** Fetch the chart of each place that is for one; until it is there, the one before it stays. */
function showCharts(words) {
  for (const place of document.querySelectorAll("[data-chart]")) {
    const { chart, block } = place.dataset;
    if (place.dataset.has === chart || place.dataset.asked === chart) continue;
    const before = drawn.get(block);
    if (before) place.innerHTML = before.html;
    if (before && before.chart === chart) place.dataset.has = chart;
    else showChart(place, words, 0);
  }
}

async function showChart(place, words, tries) {
  const { chart, block } = place.dataset;
  place.dataset.asked = chart;
  try {
    const reply = await fetch(chart, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (reply.status === 404) return; // it was taken back in the meantime
    if (!reply.ok) throw new Error(String(reply.status));
    const html = await reply.text();
    drawn.set(block, { chart, html });
    place.innerHTML = html;
    place.dataset.has = chart;
  } catch (error) {
    if (!place.isConnected || tries > 5) return;
    if (!drawn.has(block)) showFailure(place, words["no-chart"]);
    setTimeout(() => showChart(place, words, tries + 1), 2000);
  }
}

function showFailure(place, word) {
  const paragraph = document.createElement("p");
  showWords(paragraph, word);
  place.textContent = "";
  place.appendChild(paragraph);
}

/** Count the timer down from where the server said it stood. */
function runClock() {
  for (const clock of document.querySelectorAll("[data-left]")) {
    if (!clock.dataset.ends) clock.dataset.ends = String(performance.now() + 1000 * Number(clock.dataset.left));
    const left = Math.max(0, Math.round((Number(clock.dataset.ends) - performance.now()) / 1000));
    const text = left ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : clock.dataset.over;
    if (clock.textContent !== text) clock.textContent = text;
  }
}
setInterval(runClock, 500);
