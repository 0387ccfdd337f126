// Where the reader is on a page, and where they were the last time: kept in this browser, and nothing but headings.

const PAGE = "course:place:";
const LAST = "course:last-page";

/** Return the page that was read last, as {href, title}, or null. */
export function lastPage() {
  return read(LAST);
}

export class Place {
  constructor(data, main) {
    this.key = PAGE + data.path;
    this.isKept = !data.isStart;
    this.title = data.title;
    this.links = new Map(
      [...document.querySelectorAll(".frame-sections a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]),
    );
    this.sections = [...main.querySelectorAll("[data-section]")];
    this.last = this.#known(read(this.key));
    this.isReload = performance.getEntriesByType("navigation")[0]?.type === "reload";
    this.#stay = this.isReload ? read(this.key)?.section : hash();
    this.#watch();
  }

  #stay; // the section to be at once the page is drawn, which makes it longer

  /** Go back to where the reader was before a reload, or where the address leads. */
  goBack() {
    const section = this.#stay ? document.getElementById(this.#stay) : null;
    this.#stay = "";
    section?.scrollIntoView({ block: "start" });
  }

  #known(place) {
    const link = this.links.get(place?.section);
    return link ? { href: link.hash, title: link.textContent } : null;
  }

  /** Follow which section is at the top of the window. */
  #watch() {
    let waiting = 0;
    const look = () => {
      waiting = 0;
      const edge = document.querySelector(".frame-bar").getBoundingClientRect().bottom + 80;
      const begun = (line) => this.sections.filter((section) => section.getBoundingClientRect().top <= line);
      const isEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
      const led = isEnd ? begun(innerHeight).find((section) => section.dataset.section === hash()) : null;
      const here = led ?? begun(isEnd && scrollY ? innerHeight : edge).at(-1); // the last ones never come to the top
      this.#mark(here?.dataset.section ?? "");
    };
    addEventListener("hashchange", look);
    addEventListener("scroll", () => (waiting ||= requestAnimationFrame(look)), { passive: true });
    for (const moved of ["wheel", "keydown", "pointerdown", "touchmove"]) {
      addEventListener(moved, () => (this.#stay = ""), { passive: true }); // they go where they want to
    }
    look();
  }

  #mark(section) {
    if (section === this.here) return;
    this.here = section;
    for (const [name, link] of this.links) {
      if (name === section) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
    const link = this.links.get(section);
    if (!this.isKept || !link || this.#stay) return;
    write(this.key, { section });
    write(LAST, { href: location.pathname + link.hash, title: `${this.title}: ${link.textContent}` });
  }
}

/** Return the section that the address leads to; an address with a slip in it leads to none. */
function hash() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // a browser may forbid it; the page works all the same
  }
}
