// The button on the bar of an exercise. Its hand-in file is made by a card, and needs no server.

export function addTools(frame, python, data) {
  if (!data.exercise) return;
  const said = data.toolWords;
  frame.addTool("check", said.check, said.checking, async () => {
    if (!(await frame.isSaved())) return { words: said["not-saved"], tone: "warning" };
    const sentences = await python.call("check", { path: data.path });
    return sentences ? { words: sentences.join(" "), tone: "note" } : { words: said["not-checked"], tone: "warning" };
  });
}
