// Runs a notebook's code from top to bottom. A cell that fails says so itself, and the rest goes on all the same.
// (The notebook's own "Run All Cells" stops at the first failure, and moves the page and the cursor.)

export async function runAll(panel, CodeCell) {
  for (const cell of panel.content.widgets) {
    if (cell.model.type !== "code") continue;
    if (!isAlive(panel.sessionContext)) return false;
    await cell.ready;
    await CodeCell.execute(cell, panel.sessionContext).catch(() => undefined);
  }
  return isAlive(panel.sessionContext);
}

function isAlive(context) {
  const kernel = context.session?.kernel;
  return Boolean(kernel) && kernel.status !== "dead" && !context.isDisposed;
}
