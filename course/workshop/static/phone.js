// The phone's page: one question at a time, and answers that wait on the phone until the server has them on disk.
"use strict";

(() => {
  // Where something of this is missing, the page's forms are left to answer by themselves.
  const needed = [window.fetch, window.Promise, window.WeakMap, window.Blob, Element.prototype.closest];
  const isWhole = [typeof follow, typeof keptOf, typeof outboxOf, typeof showUnsent].every((kind) => kind === "function");
  if (!isWhole || !needed.every(Boolean)) return;

  const { path } = document.body.dataset;
  const words = JSON.parse(document.body.dataset.words);
  const mine = JSON.parse(document.body.dataset.mine);
  const main = document.querySelector("[data-part=main]");
  const status = document.getElementById("status");
  const news = document.getElementById("news");
  const unsent = document.getElementById("unsent");
  const kept = keptOf(path);
  let here = "";
  let shown = "";
  let isLost = false;
  let isRefused = false; // whether that is said since the page changed last: what closed the question comes right after
  let pressed = null;
  let alone = ""; // the part that was answered while there was no other: until its first news, a page has only one
  const outbox = outboxOf({ path, kept, mine, words, tell, sent: mark });
  const known = {}; // by part, what was half written when this tab last read or kept it: what another may have changed
  const returned = new Set(); // the parts whose half-written texts were put back, which are not sent yet

  function answerOf(part) {
    return ownValue(kept.read().outbox, part) || ownValue(mine, part);
  }

  /** Say whether an answer waits to be sent or was saved, and no other window of this phone has changed it since. */
  function isThere(part, answer) {
    const stored = kept.read();
    const waiting = ownValue(stored.outbox, part);
    const last = waiting || ownValue(mine, part);
    if (!last || JSON.stringify(last.answer) !== JSON.stringify(answer)) return false;
    return Boolean(waiting) || last.revision >= (stored.revisions[part] || 0);
  }

  // Answering

  /**
   * Keep an answer until it is sent. `said` is the answer as a person reads it, `texts` are the fields it was written
   * in; `secret` never leaves the phone.
   */
  function give(form, answer, said, { texts, secret } = {}) {
    const { answer: part } = form.dataset;
    const last = answerOf(part);
    const isSame = isThere(part, answer);
    kept.change((stored) => {
      delete stored.drafts[part];
      if (secret) stored.private[part] = secret;
      else delete stored.private[part];
      if (isSame) return;
      const revision = 1 + Math.max(stored.revisions[part] || 0, last ? last.revision : 0);
      stored.revisions[part] = revision;
      stored.outbox[part] = { revision, answer, label: labelOf(form), said, texts };
    });
    returned.delete(part);
    markReturned(form);
    if (isSame && !ownValue(kept.read().outbox, part)) tell(ticked(secret ? words["private-kept"] : words.saved));
    else {
      tell(words.saving);
      outbox.send();
    }
    moveOn(part);
  }

  // In a form that is sent as it is, the values of all buttons have one length.
  const valueOf = (button) => button.value.trim();

  // Half-written texts

  const labelOf = (form) => form.querySelector("h2").textContent;
  const fieldsOf = (form) => [...form.querySelectorAll("textarea")];

  const choicesOf = (form) => [...form.querySelectorAll("[name=show]")];
  const isTouched = (form) =>
    fieldsOf(form).some((field) => field.value !== field.defaultValue) ||
    choicesOf(form).some((choice) => choice.checked !== choice.defaultChecked);

  /** Keep what is being written, and whether others may see it, until it is sent or the session closes. */
  function keepDraft(form) {
    const { answer: part } = form.dataset;
    const texts = {};
    for (const field of fieldsOf(form)) texts[field.name] = field.value;
    known[part] = texts;
    const choices = choicesOf(form);
    const show = choices.some((choice) => choice.checked && choice.value === "yes");
    kept.change((stored) => {
      const isKept = choices.length || Object.values(texts).some((text) => text.trim());
      if (isKept) stored.drafts[part] = { label: labelOf(form), texts, show };
      else delete stored.drafts[part];
    });
  }

  function markReturned(form) {
    const note = form.querySelector("[data-returned]");
    if (note) note.hidden = !returned.has(form.dataset.answer);
  }

  /**
   * Say how long a text is for which there is no room, and return its field. No field cuts what is pasted or spoken
   * into it. The characters are counted as the server does.
   */
  function markOver(form) {
    const lengths = fieldsOf(form).map((field) => Array.from(field.value.trim().replace(/\s+/g, " ").normalize()).length);
    const place = fieldsOf(form).findIndex((field, number) => lengths[number] > Number(field.dataset.most));
    const note = form.querySelector("[data-over]");
    if (!note) return null;
    const before = note.textContent;
    note.hidden = place < 0;
    if (place < 0) note.textContent = "";
    fieldsOf(form).forEach((field, number) => {
      if (number !== place) return ["aria-invalid", "aria-describedby"].forEach((name) => field.removeAttribute(name));
      showWords(note, words.over, { n: lengths[place], most: field.dataset.most });
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", note.id);
    });
    if (before && before !== note.textContent && status.textContent === before) tell(null);
    return fieldsOf(form)[place] || null;
  }

  /** Show what was half written for questions that are not on the page. */
  function markUnsent() {
    const stored = kept.read();
    const names = forms().map((form) => form.dataset.answer);
    const left = unsentOf({ outbox: {}, drafts: stored.drafts }).filter(({ name }) => !names.includes(name));
    const isNew = left.length > unsent.querySelectorAll("li").length;
    showUnsent(unsent, left, words, (name) => {
      kept.change((kept) => delete kept.drafts[name]);
      markUnsent();
      const heading = main.querySelector("h1");
      heading.tabIndex = -1;
      heading.focus();
    });
    return isNew;
  }

  // One question at a time

  const forms = () => [...main.querySelectorAll("form.ask")];
  const isDone = (form) => Boolean(answerOf(form.dataset.answer));

  function moveOn(part) {
    const all = forms();
    const number = all.findIndex((form) => form.dataset.answer === part);
    const next = [...all.slice(number + 1), ...all.slice(0, Math.max(number, 0))].find((form) => !isDone(form));
    const isOnly = all.length === 1;
    here = next ? next.dataset.answer : isOnly ? part : "done";
    alone = isOnly ? part : "";
    mark();
    if (!isOnly) look();
  }

  function look() {
    const heading = main.querySelector(".ask:not([hidden]) h2, .done:not([hidden]) h2");
    if (heading) heading.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  /**
   * Show the question that is next, with this phone's own answers. Return whether more is left unsent than before.
   * A finger that taps twice means the question before: so one that has just come takes no presses of fingers yet.
   */
  function mark() {
    const all = forms();
    const names = all.map((form) => form.dataset.answer);
    if (!names.includes(here) && !(here === "done" && all.every(isDone))) {
      const first = all.find((form) => !isDone(form)) || all[0];
      here = first ? first.dataset.answer : "";
      if (all.length > 1 && all.every(isDone)) here = "done";
    }
    if (here !== shown) letRead();
    shown = here;
    for (const form of all) {
      form.hidden = form.dataset.answer !== here;
      fill(form);
    }
    const done = main.querySelector(".done");
    if (done) done.hidden = here !== "done";
    turn(all, names.indexOf(here));
    return markUnsent();
  }

  function fill(form) {
    const { answer: part } = form.dataset;
    const isFirst = !form.dataset.filled;
    // Pressed before this script was there, a private commitment would leave the phone with the form.
    for (const buttons of form.querySelectorAll("[data-needs-script]")) buttons.hidden = buttons.disabled = false;
    for (const other of form.querySelectorAll("[data-without-script]")) other.hidden = true;
    const stored = kept.read();
    const given = answerOf(part);
    const answer = given ? given.answer : undefined;
    for (const button of form.querySelectorAll("[name=answer][value]")) {
      button.setAttribute("aria-pressed", String(String(answer) === valueOf(button)));
    }
    const draft = ownValue(stored.drafts, part);
    const texts = draft ? draft.texts : ownValue(stored.private, part) || answer;
    for (const field of fieldsOf(form)) {
      const text = texts && typeof texts === "object" ? texts[field.name] : field.name === "answer" ? texts : "";
      const isAsKnown = draft && known[part] && known[part][field.name] === field.value;
      const isFree = !field.value || isAsKnown || (isFirst && draft && field.value === field.defaultValue);
      if (!text || !isFree || text === field.value || (field.matches(":focus") && !isAsKnown)) continue;
      field.value = text;
      if (draft) returned.add(part);
    }
    if (draft) known[part] = draft.texts;
    markReturned(form);
    markOver(form);
    if (isFirst) choose(form, draft ? draft.show : answer && answer.show);
    form.dataset.filled = "yes";
  }

  /** Choose who may see a commitment: others only where that was chosen for these very words. */
  function choose(form, isShown) {
    for (const choice of choicesOf(form)) choice.checked = (choice.value === "yes") === Boolean(isShown);
  }

  function turn(all, number) {
    const nav = main.querySelector(".turn");
    if (!nav) return;
    nav.hidden = all.length < 2;
    const of = nav.querySelector("[data-of]");
    of.textContent = number < 0 ? "" : of.dataset.of.replace("{n}", number + 1).replace("{of}", all.length);
    const [back, next] = nav.querySelectorAll("button");
    back.disabled = number === 0;
    next.disabled = number < 0 || (number === all.length - 1 && !all.every(isDone));
  }

  function press(event) {
    const button = event.target.closest("button");
    pressed = button;
    if (!button || !button.dataset.turn) return;
    const all = forms();
    const number = here === "done" ? all.length : all.findIndex((form) => form.dataset.answer === here);
    const next = all[number + Number(button.dataset.turn)];
    here = next ? next.dataset.answer : "done";
    tell(null);
    mark();
    look();
  }

  function submit(event) {
    const form = event.target.closest("form.ask");
    if (!form) return;
    const { kind } = form.dataset;
    const button = event.submitter || pressed; // older browsers do not say which button it was
    const chosen = button && form.contains(button) ? button : {};
    if (kind === "commitment") event.preventDefault(); // whatever happens then: it may be private
    if (chosen.name === "skip") {
      for (const field of fieldsOf(form)) field.value = "";
      give(form, null, chosen.textContent.trim());
    } else if (chosen.name === "answer") {
      const value = valueOf(chosen);
      give(form, kind === "rate" && value !== "n" ? Number(value) : value, chosen.textContent.trim());
    } else giveTexts(form);
    event.preventDefault(); // not before: where this fails, the form is sent as it is
  }

  function giveTexts(form) {
    const texts = {};
    for (const field of fieldsOf(form)) texts[field.name] = field.value.trim();
    const said = Object.values(texts).filter(Boolean).join("\n");
    if (!said) return tell(words.empty);
    const over = markOver(form);
    if (over) {
      const { textContent: text, lang, dir } = form.querySelector("[data-over]");
      tell({ text, lang, dir });
      return over.focus();
    }
    if (form.dataset.kind !== "commitment") return give(form, "answer" in texts ? texts.answer : texts, said, { texts });
    const isShown = form.querySelector("[name=show]:checked").value === "yes";
    if (isShown) give(form, { ...texts, show: true }, said, { texts });
    else give(form, { show: false }, "", { secret: texts }); // its words never leave
  }

  /**
   * Put answered questions, which a page without its script folds up, as events have them, and note that no answer is
   * in these: so nothing moves when they come, and no field is put in again in which somebody writes.
   */
  function unfold() {
    for (const folded of main.querySelectorAll("details.again")) folded.replaceWith(folded.querySelector("form.ask"));
    for (const form of forms()) {
      for (const button of form.querySelectorAll("[aria-pressed]")) button.removeAttribute("aria-pressed");
      const unanswered = form.cloneNode(true);
      for (const field of unanswered.querySelectorAll("textarea")) field.textContent = "";
      for (const choice of choicesOf(unanswered)) {
        if (choice.value === "no") choice.setAttribute("checked", "");
        else choice.removeAttribute("checked");
      }
      written.set(form, asFollowed(unanswered));
    }
  }

  // What the page says

  /** Say one of the page's words, or no longer what was said before. */
  function tell(word, blanks) {
    isRefused = word === words["not-sent"];
    if (word) showWords(status, word, blanks);
    else status.textContent = "";
  }

  const asked = () => [main.querySelector("h1"), ...forms()].map((one) => one && (one.dataset.answer || one.textContent)).join();
  let before = asked();
  const titles = () => [...main.querySelectorAll(".result h2")].map((heading) => heading.textContent);
  let titlesBefore = titles();

  /** Say what has come on the screen since this was asked last. */
  function tellShown() {
    const title = titles().find((one) => !titlesBefore.includes(one));
    titlesBefore = titles();
    if (title) showWords(news, words["on-screen"], { title });
  }

  unfold();
  for (const form of forms()) {
    if (isTouched(form)) keepDraft(form); // before this script was there
  }
  mark();
  for (const other of document.querySelectorAll("body > [data-without-script]")) other.hidden = true;
  main.addEventListener("click", press);
  main.addEventListener("submit", submit);
  main.addEventListener("input", (event) => {
    if (!event.target.matches("textarea")) return;
    keepDraft(event.target.closest("form.ask"));
    markOver(event.target.closest("form.ask"));
  });
  main.addEventListener("change", (event) => event.target.matches("[name=show]") && keepDraft(event.target.closest("form.ask")));
  addEventListener("online", outbox.send);
  addEventListener("storage", mark); // another tab has written something
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && outbox.send());
  follow(`${path}events`, {
    changed() {
      const isLeft = mark();
      const now = asked();
      tellShown();
      if (now === before) return;
      before = now;
      if (isLeft) tell(words["unsent-said"]);
      const isInUse = main.querySelector("textarea:focus, button:active"); // whoever changes an answer stays at it
      if (alone && alone === here && !isInUse) return moveOn(alone);
      const heading = main.querySelector(".ask:not([hidden]) h2") || main.querySelector("h1");
      news.textContent = heading ? heading.textContent : "";
      if (!isLeft && !Object.keys(kept.read().outbox).length && !isRefused) tell(null);
      isRefused = false;
    },
    connection(isOpen) {
      if (!isOpen && !isLost) tell(words.lost);
      if (isOpen && status.textContent === words.lost.text) tell(words.back);
      isLost = !isOpen;
      if (isOpen) outbox.send();
    },
    gone: () => location.reload(),
  });
  outbox.send();
})();
