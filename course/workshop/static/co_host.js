// A co-host's phone: it follows the lines that wait, and approves or hides them without loading the page again.
"use strict";

(() => {
  const { path, token } = document.body.dataset;
  const words = JSON.parse(document.body.dataset.words);
  const status = document.getElementById("status");

  function tell(word, blanks) {
    status.textContent = "";
    setTimeout(() => showWords(status, word, blanks), 50);
  }

  /** Send a press; where it was not done, its line is still there and can be pressed again. */
  async function send(form, action) {
    const lines = [...form.querySelectorAll('input[name="line"]')].map((field) => field.value);
    let reply;
    try {
      reply = await fetch(`${path}action`, {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-Form-Token": token },
        body: JSON.stringify({ action, lines }),
      });
    } catch (error) {
      return tell(words.lost);
    }
    const answer = await reply.json().catch(() => ({}));
    if (reply.ok) return tell(ticked(words.done));
    tell(words["not-done"], { error: answer.error || "", hint: answer.hint || "" });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=action]");
    if (!button) return;
    event.preventDefault();
    send(button.form, button.value);
  });

  /** Leave nothing to read on a phone that is paired no more. */
  function finish() {
    document.querySelector("main").textContent = "";
    showWords(status, words.over);
  }

  let isLost = false;
  follow(`${path}events`, {
    changed() {},
    connection(isOpen) {
      if (!isOpen && !isLost) tell(words.lost);
      if (isOpen && isLost) status.textContent = "";
      isLost = !isOpen;
    },
    gone: finish,
  });
})();
