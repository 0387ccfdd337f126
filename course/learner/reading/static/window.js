// The name of this browser window, under which its kernel is found again on the next page.
//
// A copied tab has its first one's name: whoever holds the name's lock has it, and the other takes a new one.

const KEY = "course:window";
let name;

export async function openWindow() {
  name ??= await findName();
  return name;
}

async function findName() {
  const before = stored();
  if (before && (await hold(before))) return before;
  const fresh = `course-window-${crypto.randomUUID?.() ?? String(Math.random()).slice(2)}`;
  await hold(fresh);
  try {
    sessionStorage.setItem(KEY, fresh);
  } catch {
    // A browser may forbid it: the next page starts Python anew.
  }
  return fresh;
}

function stored() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** Hold a name until the page goes, and say whether nobody else had it. */
function hold(wanted) {
  if (!navigator.locks) return Promise.resolve(false); // not on plain http: then each page has its own
  return new Promise((resolve) => {
    navigator.locks.request(wanted, { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock ? new Promise(() => {}) : undefined;
    });
  });
}
