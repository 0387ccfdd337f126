// What this browser keeps for a learner: the files of the journal and of exercises, and what each page showed last.
//
// A file has the number of the change that it came with; one that was erased stays as an entry without content, so that
// other tabs learn of it. All that is done to files in one change is kept whole or not at all.

const DATABASE = "building-trust";
const VERSION = 1; // a later version only ever adds to what is there, so that an older page can go on
const NEWS = "building-trust:files";

export class Store {
  #opened = null; // the promise of the database
  #seen = 0; // the number of the last change that was handed over here

  /** `onNews` is called when another tab has kept something. */
  constructor(onNews = () => {}) {
    try {
      this.news = new BroadcastChannel(NEWS);
      this.news.onmessage = onNews;
    } catch {
      this.news = null; // the page looks anew when it is shown again
    }
  }

  /**
   * Hold all files against other tabs while `run` works on them. It gets what changed since the last time, as
   * [name, content] pairs, and returns such pairs to keep; null stands for no file. It must not wait for anything.
   * The promise is fulfilled with what `run` returned, once that is on disk. It is rejected where it is not.
   */
  async change(run) {
    const database = await this.#database();
    const { changed, last } = await new Promise((resolve, reject) => {
      const transaction = database.transaction(["files", "shown"], "readwrite", { durability: "strict" });
      const files = transaction.objectStore("files");
      const result = {};
      const request = files.index("change").getAll(IDBKeyRange.lowerBound(this.#seen, true));
      request.onsuccess = () => {
        try {
          const news = request.result;
          const last = Math.max(this.#seen, ...news.map(({ change }) => change));
          result.changed = run(news.map(({ name, content }) => [name, content]));
          result.last = result.changed.length ? last + 1 : last;
          for (const [name, content] of result.changed) files.put({ name, content, change: result.last });
          const isErased = result.changed.some(([, content]) => content === null);
          if (isErased) transaction.objectStore("shown").clear(); // it may show what was erased
        } catch (error) {
          result.error = error;
          transaction.abort();
        }
      };
      transaction.oncomplete = () => resolve(result);
      transaction.onabort = () => reject(result.error ?? transaction.error ?? new Error("aborted"));
    });
    this.#seen = last;
    if (changed.length) this.news?.postMessage(last);
    return changed;
  }

  /** Return what a page showed last, or null. */
  shown(path) {
    return this.#one("readonly", (shown) => shown.get(path)).catch(() => null);
  }

  /** Keep what a page shows. Nothing depends on it. */
  keepShown(path, content) {
    return this.#one("readwrite", (shown) => shown.put({ path, ...content })).catch(() => null);
  }

  async #one(mode, ask) {
    const database = await this.#database();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction("shown", mode);
      const request = ask(transaction.objectStore("shown"));
      transaction.commit?.(); // at once: the page may be gone in a moment
      transaction.oncomplete = () => resolve(request.result ?? null);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  async #database() {
    this.#opened ??= open().then((database) => {
      const forget = () => {
        database.close();
        this.#opened = null;
      };
      database.onversionchange = forget; // a newer page adds to it, or it is erased
      database.onclose = forget;
      return database;
    });
    try {
      return await this.#opened;
    } catch (error) {
      this.#opened = null; // it may work the next time
      throw error;
    }
  }
}

async function open() {
  try {
    return await request(indexedDB.open(DATABASE, VERSION));
  } catch (error) {
    if (error?.name !== "VersionError") throw error;
    return request(indexedDB.open(DATABASE)); // a newer page has added to it
  }
}

function request(asked) {
  return new Promise((resolve, reject) => {
    asked.onupgradeneeded = () => {
      const files = asked.result.createObjectStore("files", { keyPath: "name" });
      files.createIndex("change", "change");
      asked.result.createObjectStore("shown", { keyPath: "path" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}
