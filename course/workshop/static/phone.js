// The phone's page: one question at a time, and answers that wait on the phone until the server has them on disk.
"use strict";

(() => {
  const { path } = document.body.dataset;
  const words = JSON.parse(document.body.dataset.words);
  const mine = JSON.parse(document.body.dataset.mine);
  const main = document.querySelector("[data-part=main]");
  const status = document.getElementById("status");
  const news = document.getElementById("news");
  const storageKey = `room ${path}`; // as in 0.1.0, so that nobody loses what stayed on the phone
  const fresh = { outbox: {}, revisions: {}, private: {} };
  let memory = fresh;
  let here = "";
  let busy = false;
  let tries = 0;
  let timer = 0;
  let isLost = false;

  // What is stored on the phone

  function load() {
    try {
      return { ...fresh, ...JSON.parse(localStorage.getItem(storageKey) || "{}") };
    } catch {
      return memory; // this browser keeps nothing
    }
  }

  function store(change) {
    memory = structuredClone(load());
    change(memory);
    try {
      localStorage.setItem(storageKey, JSON.stringify(memory));
    } catch {
      // it stays in this window
    }
  }

  function answerOf(part) {
    const { outbox } = load();
    return (Object.hasOwn(outbox, part) && outbox[part]) || (Object.hasOwn(mine, part) && mine[part]);
  }

  // Answering

  function give(part, answer, secret) {
    const last = answerOf(part);
    const isSame = last && JSON.stringify(last.answer) === JSON.stringify(answer);
    store((stored) => {
      if (secret) stored.private[part] = secret;
      else delete stored.private[part];
      if (isSame) return;
      const revision = 1 + Math.max(stored.revisions[part] || 0, last?.revision || 0);
      stored.revisions[part] = revision;
      stored.outbox[part] = { revision, answer };
    });
    if (isSame && !load().outbox[part]) tell(ticked(secret ? words["private-kept"] : words.saved));
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
      for (let next; (next = Object.entries(load().outbox)[0]); ) {
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
    try {
      reply = await fetch(`${path}answer`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ part, revision, answer }),
        signal: AbortSignal.timeout?.(15000),
      });
    } catch {
      return later(0);
    }
    if (reply.status === 429 || reply.status >= 500) return later(Number(reply.headers.get("Retry-After")) || 2);
    if (reply.status === 401 || reply.status === 410) {
      location.reload();
      return false;
    }
    tries = 0;
    if (reply.ok) {
      const reception = await reply.json().catch(() => ({ revision }));
      mine[part] = { revision: reception.revision, answer };
      drop(part, revision);
      tell(ticked(answer === null ? words.skipped : load().private[part] ? words["private-kept"] : words.saved));
    } else {
      const { error = "", hint = "" } = await reply.json().catch(() => ({}));
      drop(part, revision);
      tell(words["not-sent"], { error, hint });
    }
    return true;
  }

  function drop(part, revision) {
    store((stored) => {
      if (stored.outbox[part]?.revision === revision) delete stored.outbox[part];
    });
  }

  function later(seconds) {
    tell(words.waiting);
    tries += 1;
    const pause = Math.max(seconds, Math.min(2 ** (tries - 1), 15));
    timer = setTimeout(send, 1000 * pause * (0.75 + Math.random() / 2));
    return false;
  }

  // One question at a time

  const forms = () => [...main.querySelectorAll("form.ask")];
  const isDone = (form) => Boolean(answerOf(form.dataset.answer));

  function moveOn(part) {
    const all = forms();
    const number = all.findIndex((form) => form.dataset.answer === part);
    const next = [...all.slice(number + 1), ...all.slice(0, number)].find((form) => !isDone(form));
    const isOnly = all.length === 1;
    here = next ? next.dataset.answer : isOnly ? part : "done";
    mark();
    if (!isOnly) look();
  }

  function look() {
    const heading = main.querySelector(".ask:not([hidden]) h2, .done:not([hidden]) h2");
    heading?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  /** Show the question that is next, with this phone's own answers. */
  function mark() {
    const all = forms();
    const names = all.map((form) => form.dataset.answer);
    if (!names.includes(here) && !(here === "done" && all.every(isDone))) {
      here = (all.find((form) => !isDone(form)) || all[0])?.dataset.answer || "";
      if (all.length > 1 && all.every(isDone)) here = "done";
    }
    for (const form of all) {
      form.hidden = form.dataset.answer !== here;
      fill(form);
    }
    const done = main.querySelector(".done");
    if (done) done.hidden = here !== "done";
    turn(all, names.indexOf(here));
  }

  function fill(form) {
    const { answer: part } = form.dataset;
    // Pressed before this script was there, a private commitment would leave the phone with the form.
    for (const buttons of form.querySelectorAll("[data-needs-script]")) buttons.hidden = buttons.disabled = false;
    const answer = answerOf(part)?.answer;
    for (const button of form.querySelectorAll("[name=answer][value]")) {
      button.setAttribute("aria-pressed", String(String(answer) === button.value));
    }
    const texts = load().private[part] || answer;
    for (const field of form.querySelectorAll("textarea")) {
      const text = field.name === "answer" ? texts : texts?.[field.name];
      if (text && !field.value && !field.matches(":focus")) field.value = text;
    }
    if (answer?.show && !form.dataset.filled) form.querySelector("[name=show][value=yes]").checked = true;
    form.dataset.filled = "yes";
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

  main.addEventListener("click", (event) => {
    const button = event.target.closest("[data-turn]");
    if (!button) return;
    const all = forms();
    const number = here === "done" ? all.length : all.findIndex((form) => form.dataset.answer === here);
    here = all[number + Number(button.dataset.turn)]?.dataset.answer || "done";
    clearStatus();
    mark();
    look();
  });

  main.addEventListener("submit", (event) => {
    const form = event.target.closest("form.ask");
    if (!form) return;
    event.preventDefault();
    const { answer: part, kind } = form.dataset;
    const button = event.submitter;
    if (button?.name === "skip") {
      for (const field of form.querySelectorAll("textarea")) field.value = "";
      return give(part, null);
    }
    if (button?.name === "answer") return give(part, kind === "rate" && button.value !== "n" ? Number(button.value) : button.value);
    const texts = Object.fromEntries([...form.querySelectorAll("textarea")].map((field) => [field.name, field.value.trim()]));
    if (!Object.values(texts).some(Boolean)) return tell(words.empty);
    if (kind !== "commitment") return give(part, "answer" in texts ? texts.answer : texts);
    const isShown = form.querySelector("[name=show]:checked").value === "yes";
    return isShown ? give(part, { ...texts, show: true }) : give(part, { show: false }, texts); // its words never leave
  });

  // What the page says

  function tell(word, blanks) {
    showWords(status, word, blanks);
  }

  function clearStatus() {
    status.textContent = "";
  }

  const asked = () => [main.querySelector("h1")?.textContent, ...forms().map((form) => form.dataset.answer)].join();
  let before = asked();

  follow(`${path}events`, {
    changed() {
      mark();
      const now = asked();
      if (now === before) return;
      before = now;
      const heading = main.querySelector(".ask:not([hidden]) h2") || main.querySelector("h1");
      news.textContent = heading?.textContent || "";
      if (!Object.keys(load().outbox).length) clearStatus();
    },
    connection(isOpen) {
      if (!isOpen && !isLost) tell(words.lost);
      if (isOpen && status.textContent === words.lost.text) tell(words.back);
      isLost = !isOpen;
      if (isOpen) send();
    },
    gone: () => location.reload(),
  });
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
  mark();
  send();
})();
