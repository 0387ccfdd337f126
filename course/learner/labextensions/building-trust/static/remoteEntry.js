// The door through which JupyterLab and Notebook load this extension, in the shape that module federation
// expects of a prebuilt one. It is written by hand, so nothing has to be built; the work is done in view.js.
(() => {
  const address = document.currentScript.src;
  const beside = (name) => new URL(name, address).href;
  let scope;

  // Of all copies of a library on the page, take the one already in use, else the newest.
  const newest = (versions) =>
    Object.keys(versions).sort((a, b) => a.localeCompare(b, undefined, { numeric: true })).at(-1);

  async function shared(name) {
    const versions = scope[name];
    const used = Object.values(versions).find((entry) => entry.loaded) ?? versions[newest(versions)];
    return (await used.get())();
  }

  async function extension() {
    const [{ activate }, notebook, cells, apputils, widgets] = await Promise.all([
      import(beside("view.js")),
      shared("@jupyterlab/notebook"),
      shared("@jupyterlab/cells"),
      shared("@jupyterlab/apputils"),
      shared("@lumino/widgets"),
    ]);
    for (const name of ["style.css", "print.css"]) {
      const style = document.createElement("link");
      style.rel = "stylesheet";
      style.href = beside(name);
      document.head.append(style);
    }
    const lab = { CodeCell: cells.CodeCell, Printing: apputils.Printing, Widget: widgets.Widget };
    return {
      id: "building-trust:view",
      autoStart: true,
      requires: [notebook.INotebookTracker],
      activate: (app, tracker) => activate(app, tracker, lab),
    };
  }

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["building-trust"] = {
    init: (given) => {
      scope = given;
    },
    get: async () => {
      const plugin = await extension();
      return () => ({ __esModule: true, default: plugin });
    },
  };
})();
