"""What the facilitator can do with written lines. Each action returns the lines that it changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from course.workshop.errors import refused
from course.workshop.plain_text import clean_text
from course.workshop.rules.lines import LONGEST_FIELD, SETTLED, Line
from course.workshop.rules.session_model import SessionModel

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
    for name in ("owner", "place", "date"):
        setattr(line, name, clean_text(message.get(name, getattr(line, name)), LONGEST_FIELD))
    line.settled = "park"
    model.state.turn_to("parked")
    return [line]


LINE_ACTIONS: Final[Mapping[str, Callable[[SessionModel, Message], list[Line]]]] = {
    "approve": _judge, "hide": _judge, "wait": _judge,
    "approve-lines": _judge_lines, "hide-lines": _judge_lines, "wait-lines": _judge_lines,
    "aside-lines": _judge_lines, "copied-lines": _judge_lines,
    "group": _group, "ungroup": _ungroup, "settle": _settle, "park": _park,
}  # fmt: skip
"""The actions by their names on the wire; `message["action"]` is that name too."""


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
