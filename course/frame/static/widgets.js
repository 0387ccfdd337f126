// Shows the activities and charts of a page: the models that Python opens, and their views.
//
// A widget brings its own script and style (the anywidget front-end module protocol, https://anywidget.dev/en/afm/), as
// text or as the address of a file beside this one. Who carries the messages is for the adapter to say.
//
// A page can also begin with recorded widgets, before their Python is there. They have `is_recorded` set until then.

const ADDRESS = /^\.\/[\w.]+$/;
const modules = new Map(); // the text or address of a script -> what it exports
const styles = new Map(); // the same of a style sheet -> when it is there

/** What Python and a view both know of a widget. */
class Model {
  constructor(toPython, state) {
    Object.assign(this, { toPython, state });
    this.changed = {}; // what a view has set and not yet sent
    this.own = {}; // all that views have set, which outlives the Python that was told
    this.unheard = []; // messages of a view that nobody took, as there was no Python yet
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
    this.state[name] = this.own[name] = value;
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

  /** Go on with a Python that was started anew, or that is there at last. */
  goOn(state, toPython) {
    const { own, unheard } = this;
    Object.assign(this, { toPython, unheard: [] });
    this.take({ ...state, ...own, is_recorded: false });
    if (Object.keys(own).some((name) => !isSame(own[name], state[name]))) {
      toPython({ method: "update", state: own, buffer_paths: [] });
    }
    const sendsAgain = this.listeners.get("course:again")?.size; // such a view knows itself what was not answered
    this.fire("course:again");
    if (!sendsAgain) for (const data of unheard) toPython(data);
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

  /** Take a widget as it was recorded. What its view sends is kept for the Python that comes. */
  openRecorded(id, state, own = {}) {
    const model = new Model((data) => data.method === "custom" && model.unheard.push(data), { ...state, ...own });
    model.state.is_recorded = true;
    model.own = own;
    this.models.set(id, model);
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

  /** Return all widgets as they are now, by id: what `openRecorded` takes. */
  record() {
    return Object.fromEntries([...this.models].map(([id, { state, own }]) => [id, { state, own }]));
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
    this.model.goOn(next.state, (data) => this.widgets.send(id, data));
    this.widgets.models.set(id, this.model);
    return true;
  }

  close() {
    this.ending.abort();
    this.drawn.then((end) => end?.(), () => undefined);
    this.element.remove();
  }

  async #draw() {
    const { model, element, ending } = this;
    const [widget] = await Promise.all([load(model.get("_esm")), addStyle(model.get("_css"))]);
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
  if (ADDRESS.test(text)) return import(text);
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    return await import(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

function addStyle(css) {
  if (css && !styles.has(css)) styles.set(css, putStyle(css));
  return styles.get(css);
}

/** Put a style sheet on the page; what is returned is fulfilled once it is there, or cannot be had. */
function putStyle(css) {
  const isFile = ADDRESS.test(css);
  const style = document.createElement(isFile ? "link" : "style");
  if (isFile) Object.assign(style, { rel: "stylesheet", href: new URL(css, import.meta.url) });
  else style.textContent = css;
  document.head.append(style);
  return isFile ? new Promise((resolve) => (style.onload = style.onerror = resolve)) : undefined;
}

function isSame(one, other) {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}
