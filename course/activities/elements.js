// What the card is drawn with: words with emphasis, signs, and lists that keep the elements that stay.
import { make, setAttribute } from "../core/dom.js";

const ICONS = {
  feedback: "M4 5h16v11H10l-4 4v-4H4z",
  right: "M4 12.5 10 18 20 6",
  wrong: "M6 6 18 18M18 6 6 18",
  warning: "M12 4 21 20H3zM12 10v4M12 16.8v.4",
  saved: "M4 12.5 10 18 20 6",
};

/** Return a small line drawing that says nothing to a screen reader: words always stand beside it. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "bt-icon");
  svg.setAttribute("aria-hidden", "true");
  return svg;
}

/** A text with the sign of its tone in front: feedback, right, wrong or a warning. Other tones have none. */
export class Panel {
  constructor(id = "") {
    this.words = make("div", { class: "bt-words", id });
    this.element = make("div", {}, this.words);
  }

  /** Show these words in that tone; whether the words are new. */
  update(words, tone) {
    if (tone !== this.tone) {
      this.tone = tone;
      this.element.className = `bt-text bt-${tone}`;
      this.element.replaceChildren(...(tone in ICONS ? [icon(tone)] : []), this.words);
    }
    this.element.hidden = !words;
    return write(this.words, words, paragraphs);
  }
}

const written = new WeakMap();

/** Set an element's words, if they are new; *emphasis* and **strong** words become elements. */
export function write(element, words, build = inline) {
  if (written.get(element) === words) return false;
  written.set(element, words);
  element.replaceChildren(...build(words));
  return true;
}

const EMPHASIS = /(?<![\p{L}\p{N}*])(\*\*?)(?=[^\s*])(.+?)(?<=[^\s*])\1(?![\p{L}\p{N}*])/gsu;

function inline(words) {
  const nodes = [];
  let end = 0;
  for (const match of words.matchAll(EMPHASIS)) {
    nodes.push(words.slice(end, match.index), make(match[1] === "*" ? "em" : "strong", {}, ...inline(match[2])));
    end = match.index + match[0].length;
  }
  return [...nodes, words.slice(end)].filter((node) => node !== "");
}

export function paragraphs(words) {
  return words.split(/\n\s*\n/).map((paragraph) => make("p", {}, ...inline(paragraph.trim())));
}

/** Return what is read out of an element that holds paragraphs. */
export function readOut(element) {
  return [...element.children].map((paragraph) => paragraph.textContent).join(" ");
}

export function isSame(one, other) {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

// ---- Patching ----------------------------------------------------------------------------------

/** Return one object for each item, in order: the kept one with the same key, or a new one, brought up to date. */
export function patch(kept, items, keyOf, create) {
  const next = new Map();
  for (const item of items) {
    const object = kept.get(keyOf(item)) ?? create(item);
    next.set(keyOf(item), object);
    object.update(item);
  }
  for (const [key, object] of kept) if (!next.has(key)) object.close?.();
  return next;
}

/** Give an element these children in this order, moving any but the one that holds the focus. */
export function arrange(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  const still = nodes.find((node) => node.contains(document.activeElement));
  let place = parent.firstElementChild;
  for (const node of nodes) {
    if (node === still) {
      while (place !== node) {
        const early = place;
        place = place.nextElementSibling;
        parent.append(early);
      }
    }
    if (node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  }
}

const FOCUSABLE = "input, textarea, button, a[href]";

/** Focus the first control in an element (of radios the chosen one), or the element itself. */
export function focusIn(element, whole = false) {
  const controls = whole || element.matches(FOCUSABLE) ? [] : [...element.querySelectorAll(FOCUSABLE)];
  const chosen = controls.find((input) => input.type === "radio" && input.checked && input.name === controls[0].name);
  const target = chosen ?? controls[0] ?? element;
  if (target === element && !element.matches(FOCUSABLE)) {
    setAttribute(element, "tabindex", "-1");
    setAttribute(element, "data-lm-suppress-shortcuts", "true");
  }
  target.focus();
}
