"""The key of signs: which shape, colour and name stands for which moment, the same on every chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from course.charts.drawing import BLUE, INK, PAPER, PLUM, QUIET, RUST, TEAL, Dash, MarkStyle
from course.content import words
from course.content.lessons import occasions

LOOKING_BACK: Final = "looking-back"
"""The moment of the ratings of the time before the course, given at its end."""
_SIGNS: Final[Mapping[str, MarkStyle]] = {
    "start": MarkStyle("circle", 14, BLUE, PAPER, 2.2),
    LOOKING_BACK: MarkStyle("diamond", 17, PLUM, "none", 2),
    "now": MarkStyle("square", 8, RUST),
    "day-30": MarkStyle("triangle", 21, INK, "none", 2),
    "guess": MarkStyle("cross", 13, QUIET, width=2.4),
    "group": MarkStyle("plus", 16, QUIET, width=2.4),
}
"""By moment; the last two are guesses for oneself and for what one's group would say. Where several are at one place,
each is still seen."""
_OTHER: Final = MarkStyle("stroke", 20, INK, width=3)
"""Of a moment that only another edition of the course has."""
LINES: Final[Mapping[str, tuple[str, Dash | None]]] = {"competence": (INK, None), "caring": (TEAL, (2.2, 1))}
"""The colour and dashes of each side's line from lesson to lesson: no moment has these colours to itself."""


def sign(moment: str) -> MarkStyle:
    """Return the mark that stands for a moment.

    >>> sign("now").shape, sign("looking-back").shape
    ('square', 'diamond')
    """
    return _SIGNS.get(moment, _OTHER)


def sign_name(moment: str) -> str:
    """Return how charts call a moment.

    >>> sign_name("day-30"), sign_name("looking-back")
    ('Day 30', 'Looking back')
    """
    labels = {occasion.name: occasion.label for occasion in occasions()}
    return labels.get(moment) or words(f"chart.{moment}")


def sign_order(moment: str) -> int:
    """Return what puts moments into the order in which charts list them: looking back comes right after the start."""
    order = [occasion.name for occasion in occasions()]
    return 2 * order.index(moment) if moment in order else 1 + 2 * len(order) * (moment != LOOKING_BACK)
