// The buttons of an exercise: what is missing, hand in, fetch feedback. nbgrader's own handlers do the work.

export function addTools(frame, server, data) {
  const said = data.toolWords;
  if (!data.exercise) return;
  const add = (name, busy, run) => frame.addTool(name, said[name], said[busy], run);
  const ask = (action) =>
    server.post(`assignments/${action}`, { course_id: data.courseId, assignment_id: data.exercise });

  add("check", "checking", async () => {
    const { ok, answer } = await server.post("read-api/check", { path: data.path });
    return ok ? { words: answer.words, tone: "note" } : { words: data.words["no-server"], tone: "warning" };
  });
  if (!data.hasExchange) return;
  add("hand-in", "handing-in", async () => {
    const { answer } = await ask("submit");
    return answer.success ? { words: said["handed-in"], tone: "note" } : { words: said["not-handed-in"], tone: "warning" };
  });
  add("feedback", "fetching", async () => {
    const { answer } = await ask("fetch_feedback");
    if (!answer.success) return { words: said["not-fetched"], tone: "warning" };
    const here = answer.value.filter((entry) => entry.assignment_id === data.exercise);
    const isThere = here.some((entry) => entry.submissions?.some((one) => one.local_feedback_path));
    return { words: said[isThere ? "feedback-fetched" : "feedback-not-there"], tone: "note" };
  });
}
