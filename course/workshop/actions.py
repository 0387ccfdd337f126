"""What the facilitator can do in a session. Each action changes the session and returns the lines that changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from course.workshop.answers import clean_text
from course.workshop.errors import refused
from course.workshop.lines import LONGEST_FIELD, SETTLED, Line
from course.workshop.script import ScriptQuestion
from course.workshop.session_model import QuestionState, SessionModel

LONGEST_TIMER: Final = 180
"""In minutes."""
LONGEST_BOUNDARY: Final = 300
"""In letters."""
LINE_STATUS: Final = {"approve": "approved", "hide": "hidden", "wait": "waiting"}
"""What becomes of a line by each action."""
MOST_LINES: Final = 1000
Message = Mapping[str, object]
"""What the console sent: the fields of `wire.ACTIONS[name]`, whose values are not checked yet."""


def perform(model: SessionModel, name: str, message: Message, now: float) -> list[Line]:
    """Do one thing on the console, at a time in seconds since 1970; return the lines that changed.

    Raises SessionRefused for what cannot be done.
    """
    if model.state.is_closed:
        raise refused("closed", 410)
    if name not in _ACTIONS:
        raise refused("no-action")
    model.walls.grow()  # who wrote anew since, before anything is approved
    changed = _ACTIONS[name](model, {**message, "action": name, "now": now})
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
    return []


def _open(model: SessionModel, message: Message) -> list[Line]:
    question, state = _question(model, message)
    if question.kind == "sort":
        model.choose_lines(question)
        if not model.parts(question):
            raise refused("nothing-to-sort", 409)
    if state.phase == "new" and question.lines:
        model.state.asked[question.slug] = model.wording(question)
    if state.phase == "closed":
        for count in model.counts.of_question(question):
            count.reopen()
    state.phase = "open"
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
    return []


def _undo(model: SessionModel, message: Message) -> list[Line]:
    question, state = _question(model, message)
    state.is_shown = False
    for count in model.counts.of_question(question):
        count.undo()
    return []


def _judge(model: SessionModel, message: Message) -> list[Line]:
    line = _line(model, message)
    line.status = LINE_STATUS[str(message["action"])]
    model.walls.put(line)
    return [line]


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
    for name in ("owner", "place", "date"):
        setattr(line, name, clean_text(message.get(name, getattr(line, name)), LONGEST_FIELD))
    line.settled = "park"
    return [line]


def _boundary(model: SessionModel, message: Message) -> list[Line]:
    question, _ = _question(model, message)
    draft = next((draft for draft in question.lines if draft.slug == message["line"]), None)
    if draft is None:
        raise refused("no-action")
    if draft.fixed:
        raise refused("fixed-line")
    wording = clean_text(message["text"], LONGEST_BOUNDARY)
    model.state.boundaries.setdefault(question.slug, {})[draft.slug] = wording
    return []


def _timer(model: SessionModel, message: Message) -> list[Line]:
    typed = str(message["minutes"])
    minutes = int(typed) if typed.isdecimal() and len(typed) < 10 else -1
    if not 0 <= minutes <= LONGEST_TIMER:
        raise refused("no-action")
    seconds, now = 60 * minutes, message["now"]
    assert isinstance(now, float)
    model.state.timer_ends, model.state.timer_of = (now + seconds, seconds) if minutes else (0.0, 0)
    return []


_ACTIONS: Final[Mapping[str, Callable[[SessionModel, Message], list[Line]]]] = {
    "step": _step, "open": _open, "close": _close, "reveal": _reveal, "undo": _undo,
    "approve": _judge, "hide": _judge, "wait": _judge, "group": _group, "ungroup": _ungroup,
    "settle": _settle, "park": _park, "boundary": _boundary, "timer": _timer,
}  # fmt: skip


def _question(model: SessionModel, message: Message) -> tuple[ScriptQuestion, QuestionState]:
    question = model.script.question(str(message["question"]))
    if question is None:
        raise refused("no-question", 404)
    return question, model.state.question(question.slug)


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
