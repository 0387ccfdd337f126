// The facilitator's console: buttons act without loading the page again, and it follows the room.
"use strict";

(() => {
  const { path, token } = document.body.dataset;
  const words = JSON.parse(document.body.dataset.words);
  const status = document.getElementById("status");
  let isLost = false;
  let isLeaving = false;

  function tell(text) {
    status.textContent = "";
    setTimeout(() => (status.textContent = text), 50);
  }

  /** Return what a form says, as the server wants it of a script. */
  function said(form, button) {
    const data = new FormData(form);
    if (button?.name) data.append(button.name, button.value);
    data.delete("token");
    const act = data.get("act");
    if (act === "group" || act === "ungroup") return { act, lines: data.getAll("line") };
    return Object.fromEntries(data);
  }

  async function act(form, button) {
    const given = said(form, button);
    if (given.lines?.length === 0) return;
    let reply;
    isLeaving = given.act === "delete-room" || given.days === "0";
    try {
      reply = await fetch(`${path}act`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Room-Token": token },
        body: JSON.stringify(given),
      });
    } catch {
      return tell(words.lost);
    }
    const answer = await reply.json().catch(() => ({}));
    if (!reply.ok) return tell(words["not-done"].replace("{error}", answer.error || "").replace("{hint}", answer.hint || ""));
    settle(form, given);
    tell(`✓ ${words.done}`);
    if (answer.deleted) finish(answer.deleted);
  }

  /** What was typed is now what the server has: it is no draft any more. */
  function settle(form, { act: name }) {
    for (const field of form.querySelectorAll("input[id], textarea[id]")) {
      if (field.type === "checkbox") field.checked = false;
      else if (name === "paper") field.value = field.defaultValue;
      else field.defaultValue = field.value;
    }
    for (const box of document.querySelectorAll(`input[form="${form.id || "none"}"]`)) box.checked = false;
  }

  /** Say that the room is erased, and leave nothing of it on the page. */
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
    act(form, event.submitter);
  });

  showCharts(words);
  follow(`${path}events`, {
    told: () => showCharts(words),
    line(isThere) {
      if (!isThere && !isLost) tell(words.lost);
      if (isThere && isLost) tell("");
      isLost = !isThere;
    },
    gone: () => isLeaving || location.reload(),
  });
})();
