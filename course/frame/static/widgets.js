// Shows the activities and charts of a page: the models that Python opens, and their views.
//
// A widget brings its own script and style (the anywidget front-end module protocol, https://anywidget.dev/en/afm/):
// the same ones as in Jupyter. Who carries the messages is for the adapter to say.

const modules = new Map(); // the text of a script -> what it exports
const styles = new Set();

/** What Python and a view both know of a widget. */
class Model {
  constructor(toPython, state) {
    Object.assign(this, { toPython, state });
    this.changed = {}; // what a view has set and not yet sent
    this.listeners = new Map();
  }

  /** Send Python a message of the widget's own. */
  send(content) {
    this.toPython({ method: "custom", content });
  }

  get(name) {
    return this.state[name];
  }

  set(name, value) {
    this.state[name] = value;
    this.changed[name] = value;
    this.fire(`change:${name}`, value);
  }

  save_changes() {
    const state = this.changed;
    this.changed = {};
    if (Object.keys(state).length) this.toPython({ method: "update", state, buffer_paths: [] });
  }

  on(event, listener) {
    if (!this.listeners.has(event)) this.listeners.set(event, new Set());
    this.listeners.get(event).add(listener);
  }

  off(event, listener) {
    if (listener) this.listeners.get(event)?.delete(listener);
    else if (event) this.listeners.delete(event);
    else this.listeners.clear();
  }

  fire(event, ...details) {
    for (const listener of [...(this.listeners.get(event) ?? [])]) listener(...details);
  }

  /** Take what Python says of the widget. */
  take(state) {
    const news = Object.entries(state).filter(([name, value]) => !isSame(this.state[name], value));
    Object.assign(this.state, state);
    for (const [name, value] of news) this.fire(`change:${name}`, value);
    if (news.length) this.fire("change");
  }
}

/** The widgets that Python has opened, by the id that messages name them with. */
export class Widgets {
  /** `send(id, data)` carries a message to the Python behind a widget. */
  constructor(send) {
    this.send = send;
    this.models = new Map();
  }

  open(id, state) {
    this.models.set(id, new Model((data) => this.send(id, data), state));
  }

  close(id) {
    this.models.delete(id);
  }

  has(id) {
    return this.models.has(id);
  }

  /** Take a message about a widget: news of its state, or a message of its own. */
  take(id, data) {
    const model = this.models.get(id);
    if (data.method === "update") model?.take(data.state);
    else if (data.method === "custom") model?.fire("msg:custom", data.content, []);
  }

  /** Tell every view that Python is there again, so that it sends what waited. */
  tellAgain() {
    for (const model of new Set(this.models.values())) model.fire("course:again");
  }

  /** Return a view of that widget, drawn into a new element. */
  view(id) {
    return new View(this, id);
  }
}

/** A widget on the page. When Python was started again, it goes on with the new widget and keeps its elements. */
class View {
  constructor(widgets, id) {
    this.widgets = widgets;
    this.model = widgets.models.get(id);
    this.element = document.createElement("div");
    this.element.className = "frame-widget";
    this.ending = new AbortController();
    this.drawn = this.#draw();
  }

  /** Go on with another widget of the same kind, if that is what it is, and say whether it was. */
  adopt(id) {
    const next = this.widgets.models.get(id);
    if (!next || next.get("_anywidget_id") !== this.model.get("_anywidget_id")) return false;
    if (next.get("label") !== this.model.get("label")) return false; // another card stands here now
    const old = this.model;
    old.toPython = (data) => this.widgets.send(id, data);
    this.widgets.models.set(id, old);
    old.take(next.state);
    old.fire("course:again");
    return true;
  }

  close() {
    this.ending.abort();
    this.drawn.then((end) => end?.(), () => undefined);
    this.element.remove();
  }

  async #draw() {
    const { model, element, ending } = this;
    addStyle(model.get("_css"));
    const widget = await load(model.get("_esm"));
    if (ending.signal.aborted) return undefined;
    return widget.render({ model, el: element, signal: ending.signal });
  }
}

async function load(text) {
  if (!modules.has(text)) modules.set(text, importText(text));
  const { default: exported } = await modules.get(text);
  return typeof exported === "function" ? exported() : exported;
}

async function importText(text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    return await import(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

function addStyle(css) {
  if (!css || styles.has(css)) return;
  styles.add(css);
  const style = document.createElement("style");
  style.textContent = css;
  document.head.append(style);
}

function isSame(one, other) {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}
