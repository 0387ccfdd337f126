"""Whether my yardstick moved: each side as rated first, looking back, and now (Ch3).

A rating of the time before, given afterwards and beside the one given at the time, shows whether the words on the scale
have come to mean something else to the person who rates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from course.charts import drawing
from course.charts.chart import Chart, Table
from course.charts.drawing import (
    BLUE,
    LINE,
    NARROW,
    NORMAL,
    PAPER,
    PLUM,
    QUIET,
    RUST,
    WIDTH,
    Canvas,
    MarkStyle,
    Panel,
)
from course.charts.items import Series
from course.charts.layout import Box, Point, box_around, place_label
from course.content import words
from course.content.scales import SIDES, find_scale, side_name
from course.records.scores import change, direction, score

_STYLES: Final = (
    MarkStyle("circle", 14, BLUE, PAPER, 2.2),
    MarkStyle("diamond", 17, PLUM, "none", 2),
    MarkStyle("square", 8, RUST),
)
"""First, looking back, now: the same shapes as on the chart of habits."""
_MARGIN, _SCALE, _ROW = 34, 66, 128
_MIDDLE, _NAME, _TOP = 0.36, 0.86, 0.78
"""How high in its row a side's line, its name and the top of its labels are, as shares of the row."""


@dataclass(frozen=True)
class Side:
    """One side's scores, None where too few habits were answered, and how looking back differs from the first."""

    name: str
    first: float | None
    looking_back: float | None
    now: float | None
    shift: int | None
    """1 where looking back is higher than the first rating, -1 where lower, 0 where about the same."""

    @property
    def scores(self) -> tuple[float | None, float | None, float | None]:
        """The scores in the order of the chart's labels."""
        return (self.first, self.looking_back, self.now)


def response_shift_chart(first: Series, looking_back: Series, now: Series | None) -> Chart:
    """Return each side as rated first, as seen looking back, and as it is now.

    There is something to compare once the time before the course was rated at least twice: then, and looking back.
    """
    heading, title = words("chart.own-account"), words("chart-yardstick.title")
    if not first.ratings or not looking_back.ratings:
        return Chart(title, words("chart-yardstick.empty"), heading=heading)
    sides = [_side(side, first, looking_back, now) for side in SIDES]
    labels = [first.label, looking_back.label, *([now.label] if now else [])]
    rows = tuple(_table_row(side, len(labels)) for side in sides)
    table = Table(words("chart-yardstick.caption"), (words("chart.what"), *labels), rows)
    sentences = " ".join(_sentence(side, is_rated_now=bool(now)) for side in sides)
    if all(score is None for side in sides for score in side.scores):
        return Chart(title, sentences, table, heading=heading)
    draw = partial(_draw_sides, sides, labels)
    return Chart(
        title, sentences, table, draw(WIDTH), words("chart-yardstick.note"), heading, narrow=partial(draw, NARROW)
    )


def _side(side: str, first: Series, looking_back: Series, now: Series | None) -> Side:
    difference = change(first.ratings, looking_back.ratings, side)
    return Side(
        side_name(side),
        score(first.ratings, side),
        score(looking_back.ratings, side),
        score(now.ratings, side) if now else None,
        None if difference is None else direction(difference),
    )


def _sentence(side: Side, *, is_rated_now: bool) -> str:
    missing = words("chart-yardstick.not-scored")
    first, looking_back, now = (_score_text(score, missing) for score in side.scores)
    key = "scores" if is_rated_now else "scores-before"
    scores = words(f"chart-yardstick.{key}", side=side.name, first=first, back=looking_back, now=now)
    ways = {1: "higher", -1: "lower", 0: "same", None: "unknown"}
    return f"{scores} {words(f'chart-yardstick.{ways[side.shift]}')}"


def _score_text(score: float | None, missing: str) -> str:
    return missing if score is None else f"{score:.1f}"


def _table_row(side: Side, count: int) -> tuple[str, ...]:
    return (side.name, *(_score_text(score, words("chart.no-score")) for score in side.scores[:count]))


def _draw_sides(sides: Sequence[Side], labels: Sequence[str], width: float) -> str:
    """Return the SVG text of a line with its points for each side, or an empty text where nothing can be drawn."""
    height = _ROW * len(sides)

    def paint(canvas: Canvas) -> None:
        panel = drawing.rows_on_points(canvas, find_scale("habits").points, len(sides), _MARGIN, _SCALE, height)
        for number, side in enumerate(sides):
            _paint_side(panel, len(sides) - number - 1, side, labels, width)

    return drawing.draw(width, _SCALE + height + 8, paint)


def _paint_side(panel: Panel, bottom: int, side: Side, labels: Sequence[str], width: float) -> None:
    points = len(find_scale("habits").points)
    y = bottom + _MIDDLE
    edge = (_MARGIN - 8) / (width - 2 * _MARGIN) * (points - 1)
    panel.text((1 - edge, bottom + _NAME), side.name, is_bold=True, paper=1.5, layer=2)
    panel.line([(1, y), (points, y)], LINE, 1, layer=1)
    marks = [
        (style, (score, y), f"{label} {score:.1f}")
        for style, score, label in zip(_STYLES, side.scores, labels, strict=False)
        if score is not None
    ]
    for style, point, _ in marks:
        panel.marks([point], style, layer=3)
    bounds = Box(8, panel.to_picture((1, bottom))[1], width - 8, panel.to_picture((1, bottom + _TOP))[1])
    obstacles = [box_around(panel.to_picture(point), 10) for _, point, _ in marks]
    for style, point, text in marks:
        obstacles.append(_paint_label(panel, text, point, bounds, obstacles, style.outline))


def _paint_label(panel: Panel, text: str, point: Point, bounds: Box, obstacles: Sequence[Box], colour: str) -> Box:
    """Write a point's name and score beside it, with a line to it where it stands far off."""
    label = place_label(text, NORMAL, [panel.to_picture(point)], 10, bounds, obstacles)
    place = panel.to_scale((label.x, label.y))
    panel.text(place, text, colour=colour, align=label.align, is_bold=True, paper=1, layer=2.5)
    if label.is_far:
        panel.line([point, place], QUIET, 0.8)
    return label.box
