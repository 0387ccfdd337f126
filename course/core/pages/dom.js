// What every script on a page makes elements with.

/** Return a new element; attributes that are false, null or empty are left out. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...children);
  return element;
}

/** Return a new element that stands last in another. */
export function makeInside(tag, parent, attributes = {}) {
  const element = make(tag, attributes);
  parent.append(element);
  return element;
}

/** What keeps a control's keys, such as Enter and the arrows, from the notebook's own shortcuts. */
export const OWN_KEYS = { "data-lm-suppress-shortcuts": "true" };

export function makeControl(tag, attributes = {}, ...children) {
  return make(tag, { ...attributes, ...OWN_KEYS }, ...children);
}

export function setAttribute(element, name, value) {
  if (value === false || value === null || value === undefined || value === "") element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

/** Fill the {blanks} of a template. */
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (blank, name) => values[name] ?? blank);
}

/** Return a file that came in base64, as an address that opens it until it is revoked. */
export function fileAddress(data, type) {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  return URL.createObjectURL(new Blob([bytes], { type }));
}
