"""How the time before the course looks from its end: each side as rated first, looking back, and now (Ch3).

Where looking back is lower than the first rating, the words on the scale may have come to mean something else to the
person who rates, or they may remember the past as worse than it was. The chart cannot tell which.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from course.charts.chart import Chart, Table
from course.charts.kit import drawing
from course.charts.kit.drawing import Canvas, Panel
from course.charts.kit.layout import Box, Point, box_around, place_label
from course.charts.kit.palette import LINE, NARROW, NORMAL, QUIET, WIDTH
from course.charts.series import LOOKING_BACK, Comparable, Series, comparable, sign, sign_name
from course.content import row_of, words
from course.content.scales import SIDES, find_scale, side_name
from course.core.percentages import with_one_decimal
from course.records.scores import change, direction, score

_MOMENTS: Final = ("start", LOOKING_BACK, "now")
"""What is on the chart: day 30 comes later and was not rated with the others."""
_MARGIN, _SCALE, _ROW = 34, 66, 128
_MIDDLE, _NAME, _TOP = 0.36, 0.86, 0.78
"""How high in its row a side's line, its name and the top of its labels are, as shares of the row."""


@dataclass(frozen=True)
class Side:
    """One side's averages by moment, None where too few habits were answered."""

    name: str
    averages: Mapping[str, float | None]
    shift: int | None
    """1 where looking back is higher than the first rating, -1 where lower, 0 where about the same; None where the two
    cannot be compared."""


def response_shift_chart(rated: Iterable[Series]) -> Chart:
    """Return each side as rated first, as seen looking back, and as it is now.

    There is something to compare once the time before the course was rated at least twice, in one version of the
    questions: then, and looking back. Later ratings are no part of it.
    """
    rated = [series for series in rated if series.moment in _MOMENTS]
    compared = comparable(rated)
    first, looking_back = compared.at("start"), compared.at(LOOKING_BACK)
    heading, title = words("chart.own-account"), words("chart-yardstick.title")
    both_rated = {series.moment for series in rated if series.ratings} >= {"start", LOOKING_BACK}
    if not both_rated:
        return Chart(title, words("chart-yardstick.empty"), heading=heading)
    is_apart = first is None or looking_back is None
    moments = [series.moment for series in compared.series]
    sides = [_side(compared, side) for side in SIDES]
    rows = tuple((side.name, *(_average_text(average) for average in side.averages.values())) for side in sides)
    columns = (words("chart.what"), *map(sign_name, moments))
    table = Table(words("chart-yardstick.caption"), columns, rows)
    apart = [words("chart-yardstick.apart")] if is_apart else []
    sentences = " ".join([*(_sentence(side, is_apart=is_apart) for side in sides), *apart, *compared.sentences])
    if all(average is None for side in sides for average in side.averages.values()):
        return Chart(title, sentences, table, heading=heading)
    draw = partial(_draw_sides, sides)
    note = " ".join([] if is_apart else [words("chart.looking-back-note"), words("chart.rule-of-thumb")])
    return Chart(title, sentences, table, draw(WIDTH), note, heading, narrow=partial(draw, NARROW))


def _side(compared: Comparable, side: str) -> Side:
    first, looking_back = compared.at("start"), compared.at(LOOKING_BACK)
    difference = change(first.ratings, looking_back.ratings, side, compared.scale) if first and looking_back else None
    return Side(
        side_name(side),
        {series.moment: score(series.ratings, side, compared.scale) for series in compared.series},
        None if difference is None else direction(difference),
    )


def _sentence(side: Side, *, is_apart: bool) -> str:
    missing = words("chart.no-average")
    averages_in_words = [
        words(f"chart-yardstick.at-{moment}", average=missing if average is None else with_one_decimal(average))
        for moment, average in side.averages.items()
    ]
    averages = words("chart-yardstick.averages", side=side.name, averages=row_of(averages_in_words))
    ways = {1: "higher", -1: "lower", 0: "same", None: "unknown"}
    return averages if is_apart else f"{averages} {words(f'chart-yardstick.{ways[side.shift]}')}"


def _average_text(average: float | None) -> str:
    return words("chart.too-few") if average is None else with_one_decimal(average)


def _draw_sides(sides: Sequence[Side], width: float) -> str:
    """Return the SVG text of a line with its points for each side, or an empty text where nothing can be drawn."""
    height = _ROW * len(sides)

    def paint(canvas: Canvas) -> None:
        panel = drawing.rows_on_points(canvas, find_scale("habits").points, len(sides), _MARGIN, _SCALE, height)
        for number, side in enumerate(sides):
            _paint_side(panel, len(sides) - number - 1, side, width)

    return drawing.draw(width, _SCALE + height + 8, paint)


def _paint_side(panel: Panel, bottom: int, side: Side, width: float) -> None:
    points = len(find_scale("habits").points)
    y = bottom + _MIDDLE
    edge = (_MARGIN - 8) / (width - 2 * _MARGIN) * (points - 1)
    panel.text((1 - edge, bottom + _NAME), side.name, is_bold=True, paper=1.5, layer=2)
    panel.line([(1, y), (points, y)], LINE, 1, layer=1)
    marks = [
        (sign(moment), (average, y), f"{sign_name(moment)} {with_one_decimal(average)}")
        for moment, average in side.averages.items()
        if average is not None
    ]
    for style, point, _ in marks:
        panel.marks([point], style, layer=3)
    bounds = Box(8, panel.to_picture((1, bottom))[1], width - 8, panel.to_picture((1, bottom + _TOP))[1])
    obstacles = [box_around(panel.to_picture(point), 10) for _, point, _ in marks]
    for style, point, text in marks:
        obstacles.append(_paint_label(panel, text, point, bounds, obstacles, style.outline))


def _paint_label(panel: Panel, text: str, point: Point, bounds: Box, obstacles: Sequence[Box], colour: str) -> Box:
    """Write a point's name and average beside it, with a line to it where it stands far off."""
    label = place_label(text, NORMAL, [panel.to_picture(point)], 10, bounds, obstacles)
    place = panel.to_scale((label.x, label.y))
    panel.text(place, text, colour=colour, align=label.align, is_bold=True, paper=1, layer=2.5)
    if label.is_far:
        panel.line([point, place], QUIET, 0.8)
    return label.box
