// Whether a notebook is the course's own: in one of its folders, and with exactly the code that it shipped.

import { ask } from "./addresses.js";

export async function isShipped(panel, { folders, digests }) {
  if (!isInFolder(panel, folders)) return false;
  if (!globalThis.crypto?.subtle) return false; // Where there is no way to know, nothing runs.
  return digests.includes(await codeDigest(panel.model));
}

/** Say whether that may be because the course itself has changed since the server knew what it had shipped. */
export async function hasNewerCourse(panel, { folders }) {
  return isInFolder(panel, folders) && Boolean((await ask("course-api/changed", {})).answer.hasChanged);
}

function isInFolder(panel, folders) {
  return folders.some((folder) => panel.context.localPath.startsWith(folder));
}

// The same as code_digest in course/core/notebooks.py: SHA-256 over the JSON list of the code cells.
async function codeDigest(model) {
  const code = [...model.cells].filter((cell) => cell.type === "code").map((cell) => cell.sharedModel.getSource());
  const bytes = new TextEncoder().encode(JSON.stringify(code));
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
