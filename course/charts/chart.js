// Draws a chart's frame once and keeps its elements, so that focus and an open table survive a redraw.
import { OWN_KEYS, makeInside } from "../core/dom.js";

const isDark = () => document.body.dataset.jpThemeLight === "false";

const inDark = (svg, dark) => svg.replace(/#[0-9a-f]{6}\b/g, (colour) => dark[colour] ?? colour);

const fillTable = (place, table) => {
  place.replaceChildren();
  if (!table) return;
  makeInside("caption", place).textContent = table.caption;
  const head = makeInside("tr", makeInside("thead", place));
  for (const column of table.columns) makeInside("th", head, { scope: "col" }).textContent = column;
  const body = makeInside("tbody", place);
  for (const [first, ...rest] of table.rows) {
    const row = makeInside("tr", body);
    makeInside("th", row, { scope: "row" }).textContent = first;
    for (const cell of rest) makeInside("td", row).textContent = cell;
  }
};

function render({ model, el }) {
  const words = model.get("words");
  const figure = makeInside("figure", el, { class: "course-chart", ...model.get("language") });
  const caption = makeInside("figcaption", figure);
  const heading = makeInside("span", caption, { class: "course-chart-heading" });
  const title = makeInside("strong", caption);
  const hide = makeInside("button", figure, { type: "button", class: "course-chart-hide", ...OWN_KEYS });
  hide.textContent = words.hide;
  const hidden = makeInside("p", figure, { role: "status", class: "course-chart-hidden" });
  const shown = makeInside("div", figure);
  const image = makeInside("img", shown);
  const sentence = makeInside("p", shown);
  const note = makeInside("p", shown, { class: "course-chart-note" });
  const details = makeInside("details", shown);
  makeInside("summary", details, OWN_KEYS).textContent = words.numbers;
  // A wide table scrolls sideways on a narrow page, also with the keyboard.
  const scroller = makeInside("div", details, { class: "course-chart-table", role: "region", tabindex: "0", ...OWN_KEYS });
  const table = makeInside("table", scroller);

  let isPrinting = false;

  // A narrow page gets a picture of its own, in which the type is no smaller. The width is measured again with each
  // picture that comes: one that was asked for earlier may come late.
  const measure = () => {
    const isNarrow = figure.clientWidth < 440;
    if (!figure.clientWidth || isNarrow === model.get("chart").is_narrow) return;
    model.set("is_narrow", isNarrow);
    model.save_changes();
  };
  const room = new ResizeObserver(measure);

  const drawImage = () => {
    const { svg, is_narrow: isNarrow } = model.get("chart");
    image.classList.toggle("course-chart-narrow", isNarrow);
    if (!svg) return image.removeAttribute("src");
    const coloured = isDark() && !isPrinting ? inDark(svg, model.get("dark")) : svg;
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(coloured);
  };

  const draw = () => {
    const chart = model.get("chart");
    heading.textContent = chart.heading;
    heading.hidden = !chart.heading;
    title.textContent = chart.title;
    image.hidden = !chart.svg;
    image.alt = chart.alt;
    drawImage();
    sentence.textContent = chart.alt;
    // A screen reader has just read the sentence as the picture's alternative.
    if (chart.svg) sentence.setAttribute("aria-hidden", "true");
    else sentence.removeAttribute("aria-hidden");
    note.textContent = chart.note;
    note.hidden = !chart.note;
    details.hidden = !chart.table;
    fillTable(table, chart.table);
    scroller.setAttribute("aria-label", chart.table?.caption ?? "");
    hide.hidden = !chart.table;
    measure();
  };

  const drawHidden = () => {
    const isHidden = model.get("is_hidden");
    hide.setAttribute("aria-pressed", String(isHidden));
    shown.hidden = isHidden;
    hidden.textContent = isHidden ? words.hidden : "";
  };

  const print = (event) => {
    isPrinting = event.type === "beforeprint";
    drawImage();
  };

  hide.addEventListener("click", () => {
    model.set("is_hidden", !model.get("is_hidden"));
    model.save_changes();
  });
  model.on("change:chart", draw);
  model.on("change:is_hidden", drawHidden);
  window.addEventListener("beforeprint", print);
  window.addEventListener("afterprint", print);
  const theme = new MutationObserver(drawImage);
  theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  room.observe(figure);
  draw();
  drawHidden();

  return () => {
    room.disconnect();
    model.off("change:chart", draw);
    model.off("change:is_hidden", drawHidden);
    window.removeEventListener("beforeprint", print);
    window.removeEventListener("afterprint", print);
    theme.disconnect();
  };
}

export default { render };
