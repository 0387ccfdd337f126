// What this page does beside nbgrader's scripts: levels and ready comments fill the fields, and nbgrader saves those.
(() => {
  const find = (selector, within = document) => [...within.querySelectorAll(selector)];
  const field = (grade) => document.getElementById(grade);
  const said = document.getElementById("said");
  const KEPT = "course-show-code";

  let over = 0;
  const say = (words) => {
    clearTimeout(over);
    said.textContent = "";
    setTimeout(() => (said.textContent = words), 50);
    over = setTimeout(() => (said.textContent = ""), 6000);
  };

  const change = (input) => jQuery(input).trigger("change"); // nbgrader saves what has changed

  function showState() {
    for (const state of find(".state")) {
      const model = formgrader.grades?.find((grade) => grade.get("name") === state.dataset.grade);
      if (!model) continue;
      state.textContent = model.get("needs_manual_grade") ? state.dataset.waits : state.dataset.done;
    }
    for (const level of find(".level")) {
      const given = field(level.dataset.grade).value;
      level.setAttribute("aria-pressed", String(given !== "" && Number(given) === Number(level.dataset.marks)));
    }
    for (const box of find(".comment")) box.removeAttribute("placeholder"); // it speaks of formulas; there are none
  }

  function chooseLevel(level) {
    const input = field(level.dataset.grade);
    input.value = level.dataset.marks;
    change(input);
    for (const group of find(`.bank[data-grade="${level.dataset.grade}"] details`)) {
      group.open = ["-1", level.dataset.level].includes(group.dataset.level); // -1: for any level
    }
    showState();
  }

  function addComment(button) {
    const box = field(`${button.closest(".bank").dataset.grade}-comment`);
    box.value = [box.value.trimEnd(), button.textContent].filter(Boolean).join("\n\n");
    autosize.update(box);
    change(box);
    say(said.dataset.added);
  }

  function showCode(shown, kept = true) {
    const button = document.getElementById("show-code");
    button.setAttribute("aria-pressed", String(shown));
    for (const code of find(".code")) code.hidden = !shown;
    if (kept) localStorage.setItem(KEPT, shown ? "1" : "");
  }

  function showName(button) {
    const name = document.getElementById("name");
    name.hidden = !name.hidden;
    button.setAttribute("aria-expanded", String(!name.hidden));
    button.textContent = name.hidden ? button.dataset.show : button.dataset.hide;
  }

  // nbgrader leads Tab and Enter from field to field, and takes links out of their way: then nothing else can be
  // reached by keyboard. Its other shortcuts stay.
  function freeTheKeyboard() {
    for (const key of ["tab", "shift-tab", "enter"]) {
      delete formgrader.keyboard_manager.handlers.body?.[key];
      delete formgrader.keyboard_manager.help[key];
    }
    for (const link of find("a[tabindex='-1']")) link.removeAttribute("tabindex");
  }

  // A trainer comes for the reflection. Where the address names a field, nbgrader goes to that.
  function openAtReflection() {
    const section = document.querySelector(".opens-here");
    if (!section) return;
    formgrader.last_selected = jQuery(section).find(".tabbable").first();
    formgrader.setCurrentIndex();
    if (location.hash || new URLSearchParams(location.search).has("index")) return;
    section.querySelector("h2").focus({ preventScroll: true });
    section.scrollIntoView();
  }

  async function showWaiting() {
    const line = document.getElementById("waiting");
    if (!line) return;
    const answer = await fetch(line.dataset.count).catch(() => null);
    if (!answer?.ok) return;
    const { said: words, blank } = await answer.json();
    line.textContent = words;
    document.getElementById("blank").hidden = !blank;
  }

  // What is being saved is saved before the page is left; where it cannot be saved, the page stays.
  let notSaved = false;
  function leave(event, link) {
    if (!jQuery.active) return;
    event.preventDefault();
    notSaved = false;
    jQuery(document).one("ajaxStop", () => notSaved || location.assign(link.href));
  }

  function goToNextWaiting(event) {
    event.preventDefault();
    document.activeElement.blur(); // so that what was typed is saved
    document.querySelector(".opens-here .go")?.click();
  }

  function addKey() {
    const help = said.dataset.nextKey;
    formgrader.keyboard_manager.register({ handler: goToNextWaiting, keybinding: "control-enter", help });
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[rel]");
    if (link) leave(event, link);
    const button = event.target.closest("button");
    if (!button) return;
    if (button.classList.contains("level")) chooseLevel(button);
    else if (button.classList.contains("ready")) addComment(button);
    else if (button.id === "show-code") showCode(button.getAttribute("aria-pressed") !== "true");
    else if (button.id === "show-name") showName(button);
  });
  jQuery(document).on("finished_saving", () => (say(said.dataset.saved), showState(), showWaiting()));
  jQuery(document).on("ajaxComplete", () => setTimeout(showState));
  jQuery(document).on("ajaxError", () => ((notSaved = true), say(said.dataset.failed)));
  jQuery.fx.off = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const notebook = jQuery("#notebook-link");
  notebook.map(linkTo("notebook", notebook.data("path")));
  showCode(new URLSearchParams(location.search).get("code") === "1" || localStorage.getItem(KEPT) === "1", false);
  jQuery(window).on("load", () => {
    freeTheKeyboard();
    addKey();
    openAtReflection();
    showWaiting();
  });
})();
