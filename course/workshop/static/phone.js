// The phone's page: one question at a time, and answers that wait on the phone until the server has them on disk.
"use strict";

(() => {
  // Where something of this is missing, the page's forms are left to answer by themselves.
  const needed = [window.fetch, window.Promise, window.WeakMap, window.Blob, Element.prototype.closest];
  const isWhole = [typeof follow, typeof keptOf, typeof showUnsent].every((kind) => kind === "function");
  if (!isWhole || !needed.every(Boolean)) return;

  const { path } = document.body.dataset;
  const words = JSON.parse(document.body.dataset.words);
  const mine = JSON.parse(document.body.dataset.mine);
  const main = document.querySelector("[data-part=main]");
  const status = document.getElementById("status");
  const news = document.getElementById("news");
  const unsent = document.getElementById("unsent");
  const kept = keptOf(path);
  const STEP = 512; // bytes: a message is padded to whole steps, so that its length tells nothing of the answer
  let here = "";
  let busy = false;
  let tries = 0;
  let timer = 0;
  let isLost = false;
  let pressed = null;
  let alone = ""; // the part that was answered while there was no other: until its first news, a page has only one
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
      send();
    }
    moveOn(part);
  }

  async function send() {
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    try {
      for (let next; (next = Object.entries(kept.read().outbox)[0]); ) {
        if (!(await sendOne(...next))) break;
      }
    } finally {
      busy = false;
      mark();
    }
  }

  /** Send one answer; return whether to go on with the next. */
  async function sendOne(part, { revision, answer }) {
    let reply;
    const stop = window.AbortController ? new AbortController() : null;
    const patience = setTimeout(() => stop && stop.abort(), 15000);
    try {
      reply = await fetch(`${path}answer`, {
        method: "POST",
        credentials: "same-origin", // older browsers send no cookie unless they are asked to
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: padded(JSON.stringify({ part, revision, answer })),
        signal: stop ? stop.signal : undefined,
      });
    } catch (error) {
      return later(0);
    } finally {
      clearTimeout(patience);
    }
    if (reply.status === 429 || reply.status >= 500) return later(Number(reply.headers.get("Retry-After")) || 2);
    if (reply.status === 401 || reply.status === 410) {
      location.reload();
      return false;
    }
    tries = 0;
    if (reply.ok) {
      const reception = await reply.json().catch(() => null); // a connection that breaks here: nothing is known
      if (!reception) return later(0);
      if (!reception.saved) return sendAfter(part, revision, reception.revision);
      mine[part] = { revision: reception.revision, answer };
      drop(part, revision);
      const stored = kept.read();
      if (Object.keys(stored.outbox).length) tell(words.saving);
      else tell(ticked(answer === null ? words.skipped : ownValue(stored.private, part) ? words["private-kept"] : words.saved));
    } else {
      const { error = "", hint = "" } = await reply.json().catch(() => ({}));
      drop(part, revision, true);
      tell(words["not-sent"], { error, hint });
    }
    return true;
  }

  /** Another window that knows nothing of this one was answered in between: what this phone says now comes after it. */
  function sendAfter(part, revision, latest) {
    kept.change((stored) => {
      const waiting = ownValue(stored.outbox, part);
      if (waiting && waiting.revision === revision) waiting.revision = stored.revisions[part] = latest + 1;
    });
    if (!Object.keys(kept.read().outbox).length) clearStatus(); // another tab of this one has sent what came after it
    return true;
  }

  /** Return a message with spaces after it, which JSON allows, up to a whole number of steps. */
  function padded(message) {
    const bytes = new Blob([message]).size;
    return message + " ".repeat(Math.ceil(bytes / STEP) * STEP - bytes);
  }

  /** Forget an answer that waited; texts that were refused are half-written again, so that nobody writes them twice. */
  function drop(part, revision, isRefused = false) {
    kept.change((stored) => {
      const waiting = ownValue(stored.outbox, part);
      if (!waiting || waiting.revision !== revision) return;
      delete stored.outbox[part];
      const { label, texts, answer } = waiting;
      if (isRefused && texts) stored.drafts[part] = { label, texts, show: answer.show === true };
    });
  }

  function later(seconds) {
    tell(words.waiting);
    tries += 1;
    const pause = Math.max(seconds, Math.min(2 ** (tries - 1), 15));
    timer = setTimeout(send, 1000 * pause * (0.75 + Math.random() / 2));
    return false;
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

  /** Show the question that is next, with this phone's own answers. Return whether more is left unsent than before. */
  function mark() {
    const all = forms();
    const names = all.map((form) => form.dataset.answer);
    if (!names.includes(here) && !(here === "done" && all.every(isDone))) {
      const first = all.find((form) => !isDone(form)) || all[0];
      here = first ? first.dataset.answer : "";
      if (all.length > 1 && all.every(isDone)) here = "done";
    }
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
      const isFree = !field.value || (isFirst && draft && field.value === field.defaultValue);
      if (!text || !isFree || field.matches(":focus")) continue;
      field.value = text;
      if (draft) returned.add(part);
    }
    markReturned(form);
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
    clearStatus();
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
    if (form.dataset.kind !== "commitment") return give(form, "answer" in texts ? texts.answer : texts, said, { texts });
    const isShown = form.querySelector("[name=show]:checked").value === "yes";
    if (isShown) give(form, { ...texts, show: true }, said, { texts });
    else give(form, { show: false }, "", { secret: texts }); // its words never leave
  }

  /** Put answered questions, which a page without its script folds up, as events have them: so nothing moves then. */
  function unfold() {
    for (const folded of main.querySelectorAll("details.again")) {
      const form = folded.querySelector("form.ask");
      for (const button of form.querySelectorAll("[aria-pressed]")) button.removeAttribute("aria-pressed");
      written.set(form, asFollowed(form));
      folded.replaceWith(form);
    }
  }

  // What the page says

  function tell(word, blanks) {
    showWords(status, word, blanks);
  }

  function clearStatus() {
    status.textContent = "";
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
  main.addEventListener("input", (event) => event.target.matches("textarea") && keepDraft(event.target.closest("form.ask")));
  main.addEventListener("change", (event) => event.target.matches("[name=show]") && keepDraft(event.target.closest("form.ask")));
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
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
      if (!isLeft && !Object.keys(kept.read().outbox).length) clearStatus();
    },
    connection(isOpen) {
      if (!isOpen && !isLost) tell(words.lost);
      if (isOpen && status.textContent === words.lost.text) tell(words.back);
      isLost = !isOpen;
      if (isOpen) send();
    },
    gone: () => location.reload(),
  });
  send();
})();
