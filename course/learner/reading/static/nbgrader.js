// What a trainer and a learner send each other: an exercise's buttons, and the exercises that are there to be fetched.
// nbgrader's own handlers do the work.

export function addTools(frame, server, data) {
  const exchange = new Exchange(server, data);
  if (data.exercise) addExerciseTools(frame, exchange, data);
  else if (data.isStart && data.hasExchange) listReleased(frame, exchange, data);
}

function addExerciseTools(frame, exchange, data) {
  const said = { ...data.words, ...data.toolWords };
  const add = (name, busy, run) =>
    frame.addTool(name, said[name], said[busy], async () => ((await frame.isSaved()) ? run() : warning(said["not-saved"])));

  add("check", "checking", async () => {
    const reply = await exchange.server.post("assignments/validate", { path: data.path });
    const asked = { path: data.path, reply: reply.ok ? reply.answer : null };
    const { ok, answer } = await exchange.server.post("read-api/check", asked);
    return ok ? note(answer.sentences.join(" ")) : warning(said["not-checked"]);
  });
  if (!data.hasExchange) return;
  add("hand-in", "handing-in", async () => {
    const problem = await exchange.run("submit", data.exercise);
    if (!problem) return note(said["handed-in"]);
    if (problem !== "refused") return warning(said[problem]);
    const isReleased = (await exchange.entries())?.some((entry) => isOf(entry, data.exercise) && !entry.submissions);
    return warning(said[isReleased ? "not-handed-in" : "not-released"]);
  });
  add("feedback", "fetching", async () => {
    const problem = await exchange.run("fetch_feedback", data.exercise);
    if (problem) return warning(said[problem === "refused" ? "not-fetched" : problem]);
    // What was handed in to a cohort that goes on with the exercise's former name has its feedback there.
    const former = exchange.last.map((entry) => entry.assignment_id).filter((name) => data.formerNames.includes(name));
    for (const name of new Set(former)) await exchange.run("fetch_feedback", name);
    const isHere = exchange.last.some(
      (entry) =>
        [data.exercise, ...data.formerNames].includes(entry.assignment_id) &&
        entry.submissions?.some((submission) => submission.local_feedback_path),
    );
    return note(said[isHere ? "feedback-fetched" : "feedback-not-there"]);
  });
}

/** List on the start page what a trainer has released that is not in the learner's folder. */
async function listReleased(frame, exchange, data) {
  const said = { ...data.words, ...data.toolWords };
  const titleOf = (entry) => data.titles[entry.assignment_id] ?? entry.assignment_id;
  const waiting = ((await exchange.entries()) ?? []).filter((entry) => entry.status === "released" && titleOf(entry));
  if (!waiting.length) return;
  const heading = element("h2", { id: "frame-released" }, said.released);
  const list = element("ul", {}, ...waiting.map((entry) => element("li", {}, ...row(entry))));
  const attributes = { class: "frame-notice frame-released", "aria-labelledby": "frame-released" };
  frame.notices.append(element("section", attributes, heading, list));

  function row(entry) {
    const title = titleOf(entry);
    const button = element("button", { type: "button", class: "frame-main-button" }, said.fetch);
    button.setAttribute("aria-label", `${said.fetch}: ${title}`);
    const name = element("span", {}, title);
    frame.whenPressed(button, `fetch-${entry.assignment_id}`, said.fetching, async () => {
      const problem = await exchange.run("fetch", entry.assignment_id);
      if (problem) return warning(said[problem === "refused" ? "not-fetched" : problem]);
      const here = exchange.last.find((found) => isOf(found, entry.assignment_id) && found.status === "fetched");
      if (!here?.notebooks.length) return warning(said["not-fetched"]);
      const address = here.notebooks[0].path.split("/").map(encodeURIComponent).join("/");
      const link = element("a", { href: `${data.base}read/${address}` }, title);
      name.replaceWith(link);
      button.remove();
      link.focus();
      return note(said.fetched);
    });
    return [name, " ", button];
  }
}

/** nbgrader's exchange of this course. */
class Exchange {
  last = []; // what nbgrader said last of what is in it

  constructor(server, data) {
    this.server = server;
    this.course = data.courseId;
  }

  /** Do something with an exercise. Return "" or what was in the way: no-server, no-exchange or refused. */
  async run(action, exercise) {
    const asked = { course_id: this.course, assignment_id: exercise };
    const { ok, status, answer } = await this.server.post(`assignments/${action}`, asked);
    if (!status) return "no-server";
    if (ok && answer.success) {
      this.last = answer.value;
      return "";
    }
    return (await this.entries()) ? "refused" : "no-exchange";
  }

  /** Return what nbgrader says is in the exchange and was handed in, or null where it cannot look. */
  async entries() {
    const { ok, answer } = await this.server.get(`assignments?course_id=${encodeURIComponent(this.course)}`);
    return ok && answer.success ? answer.value : null;
  }
}

function isOf(entry, exercise) {
  return entry.assignment_id === exercise;
}

const note = (words) => ({ words, tone: "note" });
const warning = (words) => ({ words, tone: "warning" });

function element(tag, attributes, ...content) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...content);
  return node;
}
