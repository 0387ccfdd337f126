"""Ch3, now, first and looking back: whether my yardstick moved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from course.charts.chart import Chart, Table
from course.charts.drawing import NARROW
from course.charts.items import Series
from course.charts.response_shift_picture import Line, draw_yardstick
from course.content import words
from course.content.scales import SIDES, side_name
from course.records.scores import change, direction, score


@dataclass(frozen=True)
class Side:
    """One side's scores, None where too few habits were answered, and how looking back differs from the first."""

    name: str
    first: float | None
    back: float | None
    now: float | None
    moved: int | None
    """1 where looking back is higher than the first rating, -1 where lower, 0 where about the same."""


def yardstick_chart(first: Series, back: Series, now: Series | None) -> Chart:
    """Return each side as rated first, as seen looking back, and as it is now.

    There is something to compare once the time before the course was rated at least twice: then, and looking back.
    """
    heading, title = words("chart.own-account"), words("chart-yardstick.title")
    if not first.ratings or not back.ratings:
        return Chart(title, words("chart-yardstick.empty"), heading=heading)
    sides = [_side(side, first, back, now) for side in SIDES]
    labels = (first.label, back.label, now.label if now else "")
    columns = (words("chart.what"), *filter(None, labels))
    table = Table(words("chart-yardstick.caption"), columns, tuple(_row(side, bool(now)) for side in sides))
    said = " ".join(_sentence(side, bool(now)) for side in sides)
    if not any(_points(side) for side in sides):
        return Chart(title, said, table, heading=heading)
    draw = partial(draw_yardstick, [Line(side.name, _points(side)) for side in sides], labels)
    return Chart(title, said, table, draw(), words("chart-yardstick.note"), heading, partial(draw, NARROW))


def _side(side: str, first: Series, back: Series, now: Series | None) -> Side:
    then, seen, latest = (score(given.ratings, side) if given else None for given in (first, back, now))
    moved = change(first.ratings, back.ratings, side)
    return Side(side_name(side), then, seen, latest, None if moved is None else direction(moved))


def _points(side: Side) -> tuple[float | None, ...]:
    """Return the scores of a side in the order of the labels, or nothing where it has none."""
    scores = (side.first, side.back, side.now)
    return scores if any(given is not None for given in scores) else ()


def _sentence(side: Side, is_rated_now: bool) -> str:
    said = {"side": side.name, "first": _say(side.first), "back": _say(side.back), "now": _say(side.now)}
    key = "scores" if is_rated_now else "scores-before"
    ways = {1: "higher", -1: "lower", 0: "same", None: "unknown"}
    return f"{words(f'chart-yardstick.{key}', **said)} {words(f'chart-yardstick.{ways[side.moved]}')}"


def _say(given: float | None) -> str:
    return words("chart-yardstick.not-scored") if given is None else f"{given:.1f}"


def _row(side: Side, is_rated_now: bool) -> tuple[str, ...]:
    scores = (side.first, side.back, *([side.now] if is_rated_now else []))
    return (side.name, *(words("chart.no-score") if given is None else f"{given:.1f}" for given in scores))
