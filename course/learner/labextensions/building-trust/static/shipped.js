// Whether a notebook is the course's own: in one of its folders, and with exactly the code that it shipped.

export async function isShipped(panel, { folders, digests }) {
  const path = panel.context.localPath;
  if (!folders.some((folder) => path.startsWith(folder))) return false;
  if (!globalThis.crypto?.subtle) return false; // Where there is no way to know, nothing runs.
  return digests.includes(await codeDigest(panel.model));
}

// The same as code_digest in course/core/notebooks.py: SHA-256 over the JSON list of the code cells.
async function codeDigest(model) {
  const code = [...model.cells].filter((cell) => cell.type === "code").map((cell) => cell.sharedModel.getSource());
  const bytes = new TextEncoder().encode(JSON.stringify(code));
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
