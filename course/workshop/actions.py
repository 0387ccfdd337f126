"""What the facilitator can do in a room. Each act changes the room and returns the lines that changed with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from course.workshop.answer_rules import refused, text
from course.workshop.lines import LONGEST, SETTLED, Line
from course.workshop.live import Live
from course.workshop.script import Question
from course.workshop.session_state import Standing

LONGEST_TIMER: Final = 180
"""In minutes."""
LONGEST_BOUNDARY: Final = 300
"""In letters."""
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "step": ("step",), "open": ("question",), "close": ("question",), "reveal": ("question",), "undo": ("question",),
    "approve": ("line",), "hide": ("line",), "wait": ("line",), "group": ("lines",), "ungroup": ("lines",),
    "settle": ("line", "to"), "park": ("line", "owner", "place", "date"), "boundary": ("question", "line", "text"),
    "timer": ("minutes",),
}  # fmt: skip
"""What each act needs."""
_STANDINGS: Final = {"approve": "approved", "hide": "hidden", "wait": "waiting"}
Given = Mapping[str, Any]


def act(live: Live, name: str, given: Given, now: float) -> list[Line]:
    """Do one thing on the console; return the lines that changed, or raise RoomRefused."""
    if live.state.is_closed:
        raise refused("room-closed", 410)
    if name not in _ACTS:
        raise refused("no-act")
    live.walls.grow()  # who wrote anew since, before anything is approved
    changed = _ACTS[name](live, {**given, "act": name, "now": now})
    live.walls.grow()
    for question in live.script.questions():
        if question.kind == "sort" and live.state.standing(question.slug).taking == "open":
            live.choose(question)
    return changed


def _go(live: Live, given: Given) -> list[Line]:
    step = live.script.step(str(given["step"]))
    if step is None:
        raise refused("no-act")
    live.state.step = step.slug
    live.state.timer_ends, live.state.timer_of = 0.0, 0
    return []


def _open(live: Live, given: Given) -> list[Line]:
    question, standing = _asked(live, given)
    if question.kind == "sort":
        live.choose(question)
        if not live.parts(question):
            raise refused("nothing-to-sort", 409)
    if standing.taking == "new" and question.lines:
        live.state.asked[question.slug] = live.wording(question)
    if standing.taking == "closed":
        for count in live.tallies.each(question):
            count.reopen()
    standing.taking = "open"
    return []


def _close(live: Live, given: Given) -> list[Line]:
    question, standing = _asked(live, given)
    if standing.taking != "new":
        standing.taking = "closed"
        for count in live.tallies.each(question):
            count.close()
    return []


def _reveal(live: Live, given: Given) -> list[Line]:
    question, standing = _asked(live, given)
    standing.is_shown = True
    for count in live.tallies.each(question):
        count.reveal()
    return []


def _undo(live: Live, given: Given) -> list[Line]:
    question, standing = _asked(live, given)
    standing.is_shown = False
    for count in live.tallies.each(question):
        count.undo()
    return []


def _judge(live: Live, given: Given) -> list[Line]:
    line = _line(live, given)
    line.standing = _STANDINGS[given["act"]]
    live.walls.put(line)
    return [line]


def _group(live: Live, given: Given) -> list[Line]:
    return live.lines.group(_names(given))


def _ungroup(live: Live, given: Given) -> list[Line]:
    return live.lines.ungroup(_names(given))


def _settle(live: Live, given: Given) -> list[Line]:
    line = _line(live, given)
    if given["to"] not in SETTLED:
        raise refused("no-act")
    line.settled = given["to"]
    return [line]


def _park(live: Live, given: Given) -> list[Line]:
    line = _line(live, given)
    for name in ("owner", "place", "date"):
        setattr(line, name, text(given.get(name, getattr(line, name)), LONGEST))
    line.settled = "park"
    return [line]


def _boundary(live: Live, given: Given) -> list[Line]:
    question, _ = _asked(live, given)
    draft = next((one for one in question.lines if one.slug == given["line"]), None)
    if draft is None:
        raise refused("no-act")
    if draft.fixed:
        raise refused("fixed-line")
    live.state.boundaries.setdefault(question.slug, {})[draft.slug] = text(given["text"], LONGEST_BOUNDARY)
    return []


def _timer(live: Live, given: Given) -> list[Line]:
    typed = str(given["minutes"])
    minutes = int(typed) if typed.isdecimal() and len(typed) < 10 else -1
    if not 0 <= minutes <= LONGEST_TIMER:
        raise refused("no-act")
    seconds = 60 * minutes
    live.state.timer_ends, live.state.timer_of = (given["now"] + seconds, seconds) if minutes else (0.0, 0)
    return []


_ACTS: Final[Mapping[str, Callable[[Live, Given], list[Line]]]] = {
    "step": _go, "open": _open, "close": _close, "reveal": _reveal, "undo": _undo,
    "approve": _judge, "hide": _judge, "wait": _judge, "group": _group, "ungroup": _ungroup,
    "settle": _settle, "park": _park, "boundary": _boundary, "timer": _timer,
}  # fmt: skip


def _asked(live: Live, given: Given) -> tuple[Question, Standing]:
    question = live.script.question(str(given["question"]))
    if question is None:
        raise refused("no-question", 404)
    return question, live.state.standing(question.slug)


def _line(live: Live, given: Given) -> Line:
    line = live.lines.find(str(given["line"]))
    if line is None:
        raise refused("line-changed", 409)
    return line


def _names(given: Given) -> list[str]:
    names = given["lines"]
    if not isinstance(names, list) or not 0 < len(names) <= 1000 or not all(isinstance(name, str) for name in names):
        raise refused("no-act")
    return names
