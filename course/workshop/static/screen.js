// The screen: it follows what the facilitator shows, in the largest type with which the page fits.
"use strict";

(() => {
  const words = JSON.parse(document.body.dataset.words);
  const main = document.querySelector("[data-part=main]");
  const isScrolled = matchMedia("(max-aspect-ratio: 5/4)");
  const LEAST = 2.4;
  const COLUMNS = [1, 2, 3, 4, 5];
  const STEP = 0.1;
  /** How much larger the type has to get before a page has one column more: wide lines are calmer. */
  const GAIN = 1.12;

  const hasRoom = (sheet) => sheet.scrollHeight <= sheet.clientHeight && sheet.scrollWidth <= sheet.clientWidth;

  function set(type, columns) {
    main.style.setProperty("--type", `${type}vh`);
    main.style.setProperty("--columns", String(columns));
  }

  /** Return the largest type with which a page fits in so many columns, or 0 where none does. */
  function largest(sheet, columns, most) {
    const fits = (steps) => {
      set(LEAST + steps * STEP, columns);
      return hasRoom(sheet);
    };
    if (!fits(0)) return 0;
    let [low, high] = [0, Math.round((most - LEAST) / STEP)];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (fits(middle)) low = middle;
      else high = middle - 1;
    }
    return LEAST + low * STEP;
  }

  function fit() {
    const sheet = main.querySelector(".sheet");
    if (!sheet) return;
    sheet.classList.remove("is-tight");
    main.removeAttribute("style");
    if (isScrolled.matches) return;
    const most = Number(getComputedStyle(sheet).getPropertyValue("--most")) || LEAST;
    const tried = sheet.querySelector(".lines") ? COLUMNS : [1];
    let [best, chosen] = [0, tried[tried.length - 1]];
    for (const columns of tried) {
      const type = largest(sheet, columns, most);
      if (type > best * GAIN) [best, chosen] = [type, columns];
    }
    set(best || LEAST, chosen);
    if (!best) sheet.classList.add("is-tight");
  }

  /** What changes outside the page, such as the clock, takes no more room than before. */
  const isOfPage = ({ target }) => target === main || target.closest(".sheet");
  new MutationObserver((changes) => changes.some(isOfPage) && fit()).observe(main, { childList: true, subtree: true });
  addEventListener("resize", fit);
  // A picture has its size once it is there.
  main.addEventListener("load", fit, true);
  document.fonts.ready.then(fit);

  showCharts(words);
  fit();
  follow(`${document.body.dataset.path}screen/events`, {
    changed: () => showCharts(words),
    connection: (isOpen) => document.body.classList.toggle("lost", !isOpen),
    gone: () => location.reload(),
  });
})();
