// The facilitator's console: buttons work without loading the page again, and it follows the session.
"use strict";

(() => {
  const { path, token } = document.body.dataset;
  const words = JSON.parse(document.body.dataset.words);
  const status = document.getElementById("status");
  let isLost = false;
  let isLeaving = false;

  /** Say something again even if it was said last: the status is empty in between. */
  function tell(word, blanks) {
    status.textContent = "";
    setTimeout(() => showWords(status, word, blanks), 50);
  }

  /** Return the message of a form, as the server wants it of a script. */
  function messageOf(form, button) {
    const data = new FormData(form);
    if (button?.name) data.append(button.name, button.value);
    data.delete("token");
    const action = data.get("action");
    if (action === "group" || action === "ungroup") return { action, lines: data.getAll("line") };
    return Object.fromEntries(data);
  }

  async function send(form, button) {
    const message = messageOf(form, button);
    if (message.lines?.length === 0) return;
    let reply;
    isLeaving = message.action === "delete-session" || message.days === "0";
    try {
      reply = await fetch(`${path}action`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Form-Token": token },
        body: JSON.stringify(message),
      });
    } catch {
      return tell(words.lost);
    }
    const answer = await reply.json().catch(() => ({}));
    if (!reply.ok) return tell(words["not-done"], { error: answer.error || "", hint: answer.hint || "" });
    clearDrafts(form, message);
    tell(ticked(words.done));
    if (answer.deleted) finish(answer.deleted);
  }

  /** What was typed is now what the server has: it is no draft any more. */
  function clearDrafts(form, { action }) {
    for (const field of form.querySelectorAll("input[id], textarea[id]")) {
      if (field.type === "checkbox") field.checked = false;
      else if (action === "paper") field.value = field.defaultValue;
      else field.defaultValue = field.value;
    }
    for (const box of document.querySelectorAll(`input[form="${form.id || "none"}"]`)) box.checked = false;
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

  showCharts(words);
  follow(`${path}events`, {
    changed: () => showCharts(words),
    connection(isOpen) {
      if (!isOpen && !isLost) tell(words.lost);
      if (isOpen && isLost) status.textContent = "";
      isLost = !isOpen;
    },
    gone: () => isLeaving || location.reload(),
  });
})();
