// What was written and not sent: it stays on this phone, is put back where it can be sent, and can be copied.
"use strict";

/**
 * Show what was not sent, each with the question it was for and its words to copy, and hide the section if there is
 * nothing. `remove` is called with the name of what a person removes.
 */
function showUnsent(section, unsent, words, remove) {
  const list = section.querySelector("ul");
  const text = JSON.stringify(unsent);
  if (section.dataset.unsent === text) return;
  section.dataset.unsent = text;
  section.hidden = !unsent.length;
  list.textContent = "";
  unsent.forEach(({ name, label, said }, number) => {
    const item = list.appendChild(document.createElement("li"));
    const about = item.appendChild(document.createElement("label"));
    about.htmlFor = `unsent-${number}`;
    about.dir = "auto";
    about.textContent = label;
    const field = item.appendChild(document.createElement("textarea"));
    field.id = `unsent-${number}`;
    field.readOnly = true;
    field.dir = "auto";
    field.rows = Math.min(6, 1 + Math.ceil(said.length / 40));
    field.value = said;
    const row = item.appendChild(document.createElement("p"));
    row.className = "choice";
    button(row, words.copy, (copy) => {
      field.select();
      if (document.execCommand("copy")) showWords(copy, words.copied);
    });
    button(row, words.remove, () => remove(name));
  });
}

function button(row, word, press) {
  const made = row.appendChild(document.createElement("button"));
  made.type = "button";
  showWords(made, word);
  made.addEventListener("click", () => press(made));
}

/** Return the unsent answers and half-written texts that a phone keeps, as `showUnsent` takes them. */
function unsentOf(stored) {
  const waiting = Object.entries(stored.outbox).map(([name, { label = "", said = "" }]) => ({ name, label, said }));
  const drafts = Object.entries(stored.drafts)
    .filter(([name]) => !ownValue(stored.outbox, name))
    .map(([name, { label, texts }]) => ({ name, label, said: Object.values(texts).filter(Boolean).join("\n") }));
  return [...waiting, ...drafts].filter(({ said }) => said);
}
