// The version of the site that a page is of: kept for opening without a network, and compared with the server's.

const ASSETS = new URL("./", import.meta.url);
const VERSION = ASSETS.pathname.split("/").at(-2);
const SITE = new URL("../../", ASSETS);
const WORKER = new URL("sw.js", SITE);
let isKept = false;

/** Have the browser keep the site, where it can: on plain http it cannot, and nothing is missed. */
export async function keepSite() {
  const workers = navigator.serviceWorker;
  if (!workers || isKept) return;
  isKept = true;
  workers.addEventListener("message", ({ data, ports }) => {
    if (data?.kind === "version") ports[0].postMessage(VERSION);
  });
  workers.startMessages();
  try {
    const { active, installing, waiting } = await workers.register(WORKER, {
      scope: SITE.pathname,
      updateViaCache: "none",
    });
    // A worker that is to give way at this moment may never read a message: Chromium then keeps it, and the next page
    // waiting for it, for five minutes. The next worker drops what is not used by itself.
    if (!installing && !waiting) active?.postMessage({ kind: "opened" });
  } catch {
    // the browser or the server does not allow it: pages come from the server each time
  }
}

/** Say whether the server has another version of the site than this page's; false where it cannot be reached. */
export async function isOutdated() {
  try {
    const response = await fetch(WORKER, { cache: "no-store" });
    return response.ok && !(await response.text()).includes(VERSION);
  } catch {
    return false;
  }
}
