// The facilitator's console: buttons work without loading the page again, and it follows the session.
"use strict";

(() => {
  const { path, token } = document.body.dataset;
  const words = JSON.parse(document.body.dataset.words);
  const status = document.getElementById("status");
  const walk = walkOf((next) => tell(words["walk-done"], { next }));
  let mistakes = {};
  let isLost = false;
  let isLeaving = false;

  /** Say something again even if it was said last: the status is empty in between. */
  function tell(word, blanks) {
    status.textContent = "";
    setTimeout(() => showWords(status, word, blanks), 50);
  }

  async function send(form, button) {
    const message = messageOf(form, button);
    if (message.lines?.length === 0) return;
    if (message.action === "next" && !walk.begin(message.shown)) return;
    const sent = [...form.querySelectorAll("input[id], textarea[id], select[id]")].map((field) => [field, field.value]);
    let reply;
    isLeaving = message.action === "delete-session" || message.days === "0";
    try {
      reply = await fetch(`${path}action`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Form-Token": token },
        body: JSON.stringify(message),
      });
    } catch {
      walk.end();
      return tell(words.lost);
    }
    const answer = await reply.json().catch(() => ({}));
    if (!reply.ok) {
      walk.end();
      mistakes = answer.fields || {};
      showMistakes(mistakes);
      form.querySelector("[aria-invalid]")?.focus();
      return tell(words["not-done"], { error: answer.error || "", hint: answer.hint || "" });
    }
    mistakes = {};
    showMistakes(mistakes);
    clearDrafts(form, message, sent);
    if (message.action !== "next") tell(ticked(words.done));
    if (answer.deleted) finish(answer.deleted);
    if (answer.go) location.assign(answer.go);
  }

  /** Say that the session is erased, and leave nothing of it on the page. */
  function finish(text) {
    const main = document.createElement("main");
    const heading = document.createElement("h1");
    heading.tabIndex = -1;
    heading.textContent = text;
    main.append(heading);
    main.className = "finished";
    document.body.replaceChildren(main);
    heading.focus();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    event.preventDefault();
    send(form, event.submitter);
  });

  /** What is typed of a parked line is saved as its field is left. */
  document.addEventListener("change", (event) => event.target.closest("form.parked")?.requestSubmit());

  /** At the end, what closes the session lies open below what is saved of it. */
  document.addEventListener("click", (event) => {
    if (event.target.closest('a[href="#take"]')) document.getElementById("end")?.setAttribute("open", "");
  });

  showCharts(words);
  follow(`${path}events`, {
    changed() {
      showCharts(words);
      showMistakes(mistakes);
      walk.update();
    },
    connection(isOpen) {
      if (!isOpen && !isLost) tell(words.lost);
      if (isOpen && isLost) status.textContent = "";
      isLost = !isOpen;
    },
    gone: () => isLeaving || location.reload(),
  });
})();
