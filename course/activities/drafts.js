/**
 * Drafts: what a person typed or chose and what is not saved yet, kept by the browser until it is.
 *
 * They are kept by journal, page, card and control. Those of a journal or page that was erased (its id has
 * changed) are dropped when one of its pages is next opened, or something is next given on an open one, and all
 * of them after seven days. Where the browser has no room or keeps nothing, everything else goes on as without drafts.
 */

const DRAFT = "building-trust:draft";
const DRAFT_KEPT = 7 * 24 * 60 * 60 * 1000; // milliseconds

export class Drafts {
  /** `at` says which journal and page (a DraftPlace of Python's), or is empty where nothing is to be kept. */
  constructor(at, card) {
    const { place, journal, page } = at ?? {};
    this.prefix = place ? [DRAFT, place, journal, page, card, ""].join(":") : "";
    if (place) this.dropOld(place, journal, page);
  }

  /** Keep the value of a control with what its window knew (`seen`); return whether it is kept. */
  keep(control, value, seen) {
    if (!this.prefix) return false;
    try {
      localStorage.setItem(this.prefix + control, JSON.stringify({ value, seen, at: Date.now() }));
      return true;
    } catch {
      return false; // full, or forbidden
    }
  }

  /** Return the {value, seen} of a control, or null. */
  read(control) {
    if (!this.prefix) return null;
    try {
      const draft = JSON.parse(localStorage.getItem(this.prefix + control));
      return draft && "value" in draft && Array.isArray(draft.seen) ? draft : null;
    } catch {
      return null;
    }
  }

  /** Drop the draft of a control, unless another window has put a newer one in its place. */
  drop(control, value) {
    const draft = this.read(control);
    if (draft && JSON.stringify(draft.value) === JSON.stringify(value ?? null)) this.erase(control);
  }

  erase(control) {
    if (!this.prefix) return;
    try {
      localStorage.removeItem(this.prefix + control);
    } catch {
      // there is none where the browser keeps nothing
    }
  }

  dropOld(place, journal, page) {
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(`${DRAFT}:`) && isOver(key, place, journal, page)) localStorage.removeItem(key);
      }
    } catch {
      // there are none where the browser keeps nothing
    }
  }
}

/** Whether a draft is too old, or of a journal or page that was erased since. */
function isOver(key, place, journal, page) {
  const [itsPlace, itsJournal, itsPage = ""] = key.slice(DRAFT.length + 1).split(":");
  if (itsPlace === place) {
    if (itsJournal !== journal) return true;
    if (itsPage !== page && itsPage.split("@")[0] === page.split("@")[0]) return true;
  }
  try {
    return !(Math.abs(Date.now() - JSON.parse(localStorage.getItem(key)).at) < DRAFT_KEPT);
  } catch {
    return true;
  }
}
