"""What the facilitator can do in a session, and with written lines. Each action returns the lines that it changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from course.privacy.admissions import removed_writers
from course.workshop.errors import refused
from course.workshop.plain_text import clean_text
from course.workshop.rules.lines import LONGEST_FIELD, SETTLED, Line
from course.workshop.rules.script_walk import LARGEST_GROUP, NO_TURNS, PageTurns, find_offered
from course.workshop.rules.session_model import QuestionState, SessionModel
from course.workshop.script.script import ScriptQuestion
from course.workshop.wire import MOST_DAYS

LONGEST_TIMER: Final = 180
"""In minutes."""
LONGEST_BOUNDARY: Final = 300
"""In letters."""
MOST_PAGES: Final = 1000
LINE_STATUS: Final = {
    "approve": "approved", "hide": "hidden", "wait": "waiting", "aside": "aside", "copied": "hidden"
}  # fmt: skip
"""What becomes of a line by each action."""
FROM_ASIDE: Final = ("wait", "aside", "copied")
"""The actions on a line that is kept aside: nothing else happens to it until the facilitator has copied it."""
MOST_LINES: Final = 1000
Message = Mapping[str, object]
"""What the console sent: the fields of `wire.ACTIONS[name]`, whose values are not checked yet.

Of a co-host's phone it has the status that lines must have besides, as `only`.
"""


def resolved(model: SessionModel, name: str, message: Message, turns: PageTurns = NO_TURNS) -> tuple[str, Message]:
    """Return the action behind “next” with its fields, and any other as it is; `turns` are the screen's pages.

    Raises SessionRefused where the console showed something else than what it offers now.
    """
    if name != "next":
        return name, message
    action = find_offered(model, str(message["shown"]), turns)
    field = action.kind if action.kind in ("step", "page") else "question"
    return action.kind, {field: action.slug}


def perform(model: SessionModel, name: str, message: Message, now: float) -> list[Line]:
    """Do one thing on the console, at a time in seconds since 1970; return the lines that changed.

    Raises SessionRefused for what cannot be done.
    """
    if model.state.is_closed:
        raise refused("closed", 410)
    name, message = resolved(model, name, message)
    if name not in _ACTIONS:
        raise refused("no-action")
    model.walls.grow()  # who wrote anew since, before anything is approved
    changed = _ACTIONS[name](model, {**message, "action": name, "now": now})
    changed += model.delivery.deliver(now)
    changed += model.merge_equal_lines()
    model.walls.grow()
    for question in model.script.questions():
        if question.kind == "sort" and model.state.question(question.slug).phase == "open":
            model.choose_lines(question)
    return changed


def _step(model: SessionModel, message: Message) -> list[Line]:
    step = model.script.step(str(message["step"]))
    if step is None:
        raise refused("no-action")
    model.state.step = step.slug
    model.state.timer_ends, model.state.timer_of = 0.0, 0
    model.state.turn_to("")
    return []


def _page(model: SessionModel, message: Message) -> list[Line]:
    number = _whole(message["page"])
    if not 0 < number <= MOST_PAGES:
        raise refused("no-action")
    model.state.page = number
    return []


def _open(model: SessionModel, message: Message) -> list[Line]:
    question, state = _question(model, message)
    if question.kind == "sort":
        model.choose_lines(question)
        if not model.parts(question):
            raise refused("nothing-to-sort", 409)
    if question.lines and state.phase != "open":
        if model.reworded(question):
            _take_off(model, question, state)  # what is shown was said of former words
        model.ask_wording(question)
    if state.phase == "closed":
        for count in model.counts.of_question(question):
            count.reopen()
    state.phase = "open"
    model.state.turn_to(question.slug)
    return []


def _close(model: SessionModel, message: Message) -> list[Line]:
    question, state = _question(model, message)
    if state.phase != "new":
        state.phase = "closed"
        for count in model.counts.of_question(question):
            count.close()
    return []


def _reveal(model: SessionModel, message: Message) -> list[Line]:
    question, state = _question(model, message)
    state.is_shown = True
    for count in model.counts.of_question(question):
        count.reveal()
    model.state.turn_to(question.slug)
    return []


def _undo(model: SessionModel, message: Message) -> list[Line]:
    question, state = _question(model, message)
    _take_off(model, question, state)
    if model.state.page_of == question.slug:
        model.state.turn_to("")
    return []


def _take_off(model: SessionModel, question: ScriptQuestion, state: QuestionState) -> None:
    state.is_shown = False
    for count in model.counts.of_question(question):
        count.undo()


def _boundary(model: SessionModel, message: Message) -> list[Line]:
    question, state = _question(model, message)
    draft = next((draft for draft in question.lines if draft.slug == message["line"]), None)
    if draft is None:
        raise refused("no-action")
    if draft.fixed:
        raise refused("fixed-line")
    if state.phase == "open":
        raise refused("vote-open", 409)
    wording = clean_text(message["text"], LONGEST_BOUNDARY)
    model.state.boundaries.setdefault(question.slug, {})[draft.slug] = wording
    model.state.turn_to("boundaries")
    return []


def _timer(model: SessionModel, message: Message) -> list[Line]:
    minutes = _whole(message["minutes"])
    if not 0 <= minutes <= LONGEST_TIMER:
        raise refused("no-action")
    seconds, now = 60 * minutes, message["now"]
    assert isinstance(now, float)
    model.state.timer_ends, model.state.timer_of = (now + seconds, seconds) if minutes else (0.0, 0)
    return []


def _group_size(model: SessionModel, message: Message) -> list[Line]:
    people = _whole(message["people"])
    if not 0 < people <= LARGEST_GROUP:
        raise refused("no-group-size")
    model.state.group_size = people
    return []


def _keep_days(model: SessionModel, message: Message) -> list[Line]:
    days = str(message["days"])
    if days not in map(str, range(MOST_DAYS + 1)):
        raise refused("no-action")
    if any(state.phase != "new" for state in model.state.questions.values()):
        raise refused("days-chosen", 409)
    model.state.keep_days = int(days)
    return []


def _door(model: SessionModel, message: Message) -> list[Line]:
    if message["to"] not in ("shut", "open"):
        raise refused("no-action")
    if message["to"] == "open":
        model.open_door()
    else:
        model.state.is_shut = True
    return []


def _remove_phones(model: SessionModel, message: Message) -> list[Line]:
    if message["sure"] != "yes":
        raise refused("not-sure-removed")
    return remove_latest_phones(model)


def _whole(typed: object) -> int:
    """Return a whole number that was typed or pressed; -1 for anything else."""
    text = str(typed).strip()
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else -1


def _question(model: SessionModel, message: Message) -> tuple[ScriptQuestion, QuestionState]:
    question = model.script.question(str(message["question"]))
    if question is None:
        raise refused("no-question", 404)
    return question, model.state.question(question.slug)


# Written lines


def _judge(model: SessionModel, message: Message) -> list[Line]:
    return _set_status(model, [_line(model, message)], str(message["action"]))


def _judge_lines(model: SessionModel, message: Message) -> list[Line]:
    """Judge the lines that the message names and no others: those whose words have changed since are left out.

    Where it has a status as `only`, so are those that somebody else has judged otherwise by now.
    """
    action = str(message["action"]).removesuffix("-lines")
    lines = [line for name in dict.fromkeys(_names(message)) if (line := model.lines.find(name))]
    lines = [line for line in lines if line.status in (message.get("only", line.status), LINE_STATUS[action])]
    if not lines:
        raise refused("line-changed", 409)
    return _set_status(model, lines, action)


def _set_status(model: SessionModel, lines: list[Line], action: str) -> list[Line]:
    judged = [line for line in lines if (action in FROM_ASIDE if line.status == "aside" else action != "copied")]
    if not judged:
        raise refused("kept-aside", 409)
    for line in judged:
        line.status = LINE_STATUS[action]
        line.is_replaced = line.is_replaced and not line.stays
        model.walls.put(line)
    return judged


def _group(model: SessionModel, message: Message) -> list[Line]:
    return model.lines.group(_names(message))


def _ungroup(model: SessionModel, message: Message) -> list[Line]:
    return model.lines.ungroup(_names(message))


def _settle(model: SessionModel, message: Message) -> list[Line]:
    line = _line(model, message)
    if message["to"] not in SETTLED:
        raise refused("no-action")
    line.settled = str(message["to"])
    return [line]


def _park(model: SessionModel, message: Message) -> list[Line]:
    line = _line(model, message)
    names = ("owner", "place", "date")
    texts = {name: clean_text(message.get(name, getattr(line, name)), LONGEST_FIELD) for name in names}
    for name, text in texts.items():  # all of them, or none where one is refused
        setattr(line, name, text)
    line.settled = "park"
    model.state.turn_to("parked")
    return [line]


def _line(model: SessionModel, message: Message) -> Line:
    line = model.lines.find(str(message["line"]))
    if line is None:
        raise refused("line-changed", 409)
    return line


def _names(message: Message) -> list[str]:
    names = message["lines"]
    if (
        not isinstance(names, list)
        or not 0 < len(names) <= MOST_LINES
        or not all(isinstance(name, str) for name in names)
    ):
        raise refused("no-action")
    return names


# Phones that are removed: which of their answers and lines leave is for `course.privacy` to say


def remove_latest_phones(model: SessionModel) -> list[Line]:
    """Remove all phones that were admitted since the door was last opened, and shut it; return the lines that changed.

    What is then taken back is in `model.taken_back`, to be stored.
    """
    group = model.admissions.remove_latest(model.people)
    model.state.admissions = model.admissions.to_store()
    model.state.is_shut = model.state.has_removed = True
    changed: list[Line] = []
    for question in model.script.questions():
        if question.is_written:
            changed += _remove_lines(model, question, group)
        else:
            _remove_answers(model, question, group)
    return changed


def _remove_answers(model: SessionModel, question: ScriptQuestion, group: frozenset[str]) -> None:
    """Take back the group's answers to each part of a question, as far as they may leave."""
    for part in sorted(part for part in model.answers.parts() if model.question_of(part) is question):
        asked = model.answers.of(part)
        revisions = {person: asked[person][0] + 1 for person in group if person in asked}
        for person in model.counts.remove(part, question, revisions):
            model.take_back(part, person, revisions[person])


def _remove_lines(model: SessionModel, question: ScriptQuestion, group: frozenset[str]) -> list[Line]:
    """Take back what the group wrote and nobody was shown, as far as that may leave; return the lines that change."""
    chosen = {name for names in model.state.chosen.values() for name in names}
    unseen = {line.person: line for line in model.lines.of(question.slug) if not line.stays and line.name not in chosen}
    waiting = model.lines.undelivered().get(question.slug, set())
    is_open = model.state.question(question.slug).phase == "open"
    leaving = removed_writers(group, unseen, waiting & unseen.keys(), is_open=is_open)
    for person in leaving:
        model.take_back(question.slug, person, model.answers.revision(question.slug, person) + 1)
    return [unseen[person] for person in sorted(leaving)]


_ACTIONS: Final[Mapping[str, Callable[[SessionModel, Message], list[Line]]]] = {
    "step": _step, "open": _open, "close": _close, "reveal": _reveal, "undo": _undo,
    "boundary": _boundary, "timer": _timer, "page": _page, "group-size": _group_size,
    "keep-days": _keep_days, "door": _door, "remove-phones": _remove_phones,
    "approve": _judge, "hide": _judge, "wait": _judge,
    "approve-lines": _judge_lines, "hide-lines": _judge_lines, "wait-lines": _judge_lines,
    "aside-lines": _judge_lines, "copied-lines": _judge_lines,
    "group": _group, "ungroup": _ungroup, "settle": _settle, "park": _park,
}  # fmt: skip
"""The actions by their names on the wire; `message["action"]` is that name too."""
