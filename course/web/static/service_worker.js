// Keeps one whole version of the site in this browser, so that its pages open without a network.
//
// The build writes in front of this file what the version holds: `site`, with the SHA-256 of each file. A new version is
// fetched wholly and checked, and only then it opens pages. A page that is open goes on with its own version, whose files
// stay here until no page needs them: every address but a page's names its version.
"use strict";

const SCOPE = self.registration.scope;
const FAMILY = `building-trust ${SCOPE} `;
const KEPT = FAMILY + site.version;
const EARLIER = `${SCOPE}assets/${site.version}/earlier.json`; // in the cache: the names of the caches that it found there
const LONGEST_ANSWER = 3000; // milliseconds that an open page has to say which version it is of, and a server to send one
const TYPES = {
  "wasm.js": "application/wasm", // with its own type, the browser keeps what it has compiled
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
}; // the first that fits

self.addEventListener("install", (event) => event.waitUntil(fetchWhole().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim().then(dropUnused)));
self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.startsWith(SCOPE)) event.respondWith(answer(event.request));
});
self.addEventListener("message", (event) => event.waitUntil(dropUnused())); // another page is open now

/** Fetch all files of this version, one after the other. What an earlier try has fetched is not fetched again. */
async function fetchWhole() {
  const cache = await caches.open(KEPT);
  await cache.put(EARLIER, new Response(JSON.stringify(await otherVersions())));
  for (const [name, digest] of Object.entries(site.files)) {
    if (await cache.match(SCOPE + name)) continue;
    const content = (await fetched(name, digest, "default")) ?? (await fetched(name, digest, "reload"));
    if (!content) throw new Error(name); // another version is on its way to the server
    const ending = Object.keys(TYPES).find((one) => name.endsWith(`.${one}`));
    await cache.put(SCOPE + name, new Response(content, { headers: { "Content-Type": TYPES[ending] } }));
  }
}

/** Return the content of a file, or null where the server has another. */
async function fetched(name, digest, cache) {
  const response = await fetch(SCOPE + name, { cache });
  if (!response.ok) return null;
  const content = await response.arrayBuffer();
  return (await sha256(content)) === digest ? content : null;
}

async function sha256(content) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Answer with what is kept, or else with what the server has. */
async function answer(request) {
  const name = request.url.slice(SCOPE.length).split(/[?#]/)[0] || "index.html";
  const named = /^assets\/([^/]+)\//.exec(name)?.[1];
  const newer = !named && self.registration.waiting && (await pageOfServer(request));
  if (newer) return newer;
  const version = named ?? site.version;
  const kept = await caches.match(SCOPE + name, { cacheName: FAMILY + version });
  return kept ?? fetch(request);
}

/**
 * Return a page as the server has it, or nothing where that takes long.
 *
 * The next version is here as a whole then, but does not open pages yet: where a page was closed while it loaded, some
 * browsers wait for minutes. The files that the page loads are kept with that version.
 */
async function pageOfServer(request) {
  const late = new Promise((resolve) => setTimeout(resolve, LONGEST_ANSWER));
  const response = await Promise.race([fetch(request).catch(() => undefined), late]);
  return response?.ok ? response : undefined;
}

async function otherVersions() {
  return (await caches.keys()).filter((name) => name.startsWith(FAMILY) && name !== KEPT);
}

/**
 * Drop the earlier versions that no open page is of. While a page does not say which it is of, all stay.
 *
 * Versions that came after this one are never dropped: a page may still reach this worker when the next has just begun to
 * open pages, and what that one has fetched would be gone for good.
 */
async function dropUnused() {
  const earlier = await (await caches.match(EARLIER, { cacheName: KEPT }))?.json();
  const others = (await otherVersions()).filter((name) => earlier?.includes(name));
  if (!others.length || self.registration.installing || self.registration.waiting) return;
  const pages = await self.clients.matchAll({ includeUncontrolled: true });
  const used = await Promise.all(pages.filter(({ url }) => url.startsWith(SCOPE)).map(versionOf));
  if (used.includes(null)) return;
  await Promise.all(others.filter((name) => !used.includes(name.slice(FAMILY.length))).map((name) => caches.delete(name)));
}

function versionOf(page) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    setTimeout(resolve, LONGEST_ANSWER, null);
    page.postMessage({ kind: "version" }, [port2]);
  });
}
