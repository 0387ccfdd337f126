// Outputs of a course notebook are never saved, so a change in them alone is nothing to save or to ask about.
// What a person writes or changes in the cells is still marked as unsaved, and saved as ever. Where no change is kept,
// as `isKept` tells, there is nothing to save.

export function keepQuiet(panel, isKept) {
  const model = panel.model;
  let kept = writing(model);
  panel.context.saveState.connect((_, state) => {
    if (state === "completed") kept = writing(model);
  });
  const settle = () => {
    if (model.dirty && !model.isDisposed && (!isKept() || writing(model) === kept)) model.dirty = false;
  };
  model.stateChanged.connect((_, change) => {
    if (change.name === "dirty" && change.newValue) queueMicrotask(settle);
  });
  settle();
}

// All that saving would keep: the cells without what opening and running have left in them.
function writing(model) {
  return JSON.stringify(
    [...model.cells].map((cell) => {
      const { cell_type, source, metadata, attachments } = cell.toJSON();
      return [cell_type, source, { ...metadata, trusted: undefined, execution: undefined }, attachments];
    }),
  );
}
