// The console's forms: what of them is sent, what was wrong in them, and what is no draft any more.
"use strict";

/** What stands before the name of a count of cards in the name of its field. */
const COUNT = "count ";

/** Return the counts in a form by the name of each, without the empty ones. */
function countsOf(data) {
  const typed = [...data].filter(([name, count]) => name.startsWith(COUNT) && count.trim());
  return Object.fromEntries(typed.map(([name, count]) => [name.slice(COUNT.length), count]));
}

/** Return the message of a form, as the server wants it of a script. */
function messageOf(form, button) {
  const data = new FormData(form);
  if (button?.name) data.append(button.name, button.value);
  data.delete("token");
  const action = data.get("action");
  if (action.endsWith("-lines") || action === "group" || action === "ungroup") return { action, lines: data.getAll("line") };
  if (action === "tally") return { action, question: data.get("question"), counts: countsOf(data) };
  return Object.fromEntries(data);
}

/** Say next to each field what is wrong with it, by its name; what is not wrong any more is taken away. */
function showMistakes(mistakes) {
  for (const field of document.querySelectorAll(`[name^="${COUNT}"]`)) {
    const mistake = mistakes[field.name.slice(COUNT.length)];
    let text = document.getElementById(`mistake-${field.id}`);
    if (!mistake) {
      text?.remove();
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
      continue;
    }
    if (!text) {
      text = document.createElement("p");
      text.className = "mistake";
      text.id = `mistake-${field.id}`;
      field.after(text);
    }
    if (text.textContent !== mistake) text.textContent = mistake;
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", text.id);
  }
}

/** What was sent is now what the server has: it is no draft any more. What was typed since then is one. */
function clearDrafts(form, { action }, sent) {
  for (const [field, value] of sent) {
    if (field.type === "checkbox") field.checked = false;
    else if (field.tagName === "SELECT") for (const option of field.options) option.defaultSelected = option.value === value;
    else if (action === "paper") field.value = field.defaultValue;
    else field.defaultValue = value;
  }
  for (const box of document.querySelectorAll(`input[form="${form.id || "none"}"]`)) box.checked = false;
}
