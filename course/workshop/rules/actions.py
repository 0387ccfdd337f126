"""What the facilitator can do in a session. Each action changes the session and returns the lines that changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from course.workshop.errors import refused
from course.workshop.plain_text import clean_text
from course.workshop.rules.group_size import MOST
from course.workshop.rules.line_actions import LINE_ACTIONS, Message
from course.workshop.rules.lines import Line
from course.workshop.rules.phone_removal import remove_latest_phones
from course.workshop.rules.script_walk import NO_TURNS, PageTurns, find_offered
from course.workshop.rules.session_model import QuestionState, SessionModel
from course.workshop.script.script import ScriptQuestion
from course.workshop.wire import MOST_DAYS

LONGEST_TIMER: Final = 180
"""In minutes."""
LONGEST_BOUNDARY: Final = 300
"""In letters."""
MOST_PAGES: Final = 1000


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
    if not 0 < people <= MOST:
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


_ACTIONS: Final[Mapping[str, Callable[[SessionModel, Message], list[Line]]]] = {
    "step": _step, "open": _open, "close": _close, "reveal": _reveal, "undo": _undo,
    "boundary": _boundary, "timer": _timer, "page": _page, "group-size": _group_size,
    "keep-days": _keep_days, "door": _door, "remove-phones": _remove_phones, **LINE_ACTIONS,
}  # fmt: skip


def _whole(typed: object) -> int:
    """Return a whole number that was typed or pressed; -1 for anything else."""
    text = str(typed).strip()
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else -1


def _question(model: SessionModel, message: Message) -> tuple[ScriptQuestion, QuestionState]:
    question = model.script.question(str(message["question"]))
    if question is None:
        raise refused("no-question", 404)
    return question, model.state.question(question.slug)
