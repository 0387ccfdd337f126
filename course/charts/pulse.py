"""The pulse: how it has been from lesson to lesson (Ch4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from course.charts import drawing
from course.charts.chart import Chart, Table
from course.charts.drawing import (
    BLUE,
    INK,
    NARROW,
    NORMAL,
    PAPER,
    QUIET,
    RUST,
    SMALL,
    WIDTH,
    Canvas,
    MarkStyle,
    Panel,
    Shape,
    is_wide,
)
from course.charts.layout import Box, Point, box_around, boxes_along, place_label, text_width, wrap
from course.content import words
from course.content.lessons import Occasion, occasions
from course.content.scales import Item, find_scale
from course.records.journal import Rating

_STYLES: Final = (MarkStyle("circle", 9, PAPER, BLUE), MarkStyle("square", 8, PAPER, RUST))
"""The marks of the two questions; their lines have the colour inside."""
_APART: Final = (0.12, -0.12)
"""The lines stand this far apart where the answers are the same, so that both are seen."""
_ACTIONS: Final[tuple[Shape, ...]] = ("circle", "triangle", "square")
"""The shapes of an action that was tried, tried partly and not tried."""
_LEFT, _RIGHT, _HEIGHT, _BELOW, _ABOVE = 100, 24, 284, 138, 8
_NARROW_LEFT, _NARROW_RIGHT = 90, 10
_ACTION_ROWS = 76
"""How much of the space below is for the actions and what their shapes mean."""


@dataclass(frozen=True)
class Moment:
    """One moment of the course: how it is named under the lines, and what was answered."""

    name: str
    short_name: str
    """The same for a narrow picture."""
    pulse: Mapping[str, int]
    """The ratings by the question's code."""
    tried: int | None
    """Whether the last action was tried, as a point of its scale."""


def pulse_chart(ratings: Sequence[Rating]) -> Chart:
    """Return the two pulse ratings as steps over the lessons, with a mark for each last action."""
    heading, title = words("chart.own-account"), words("chart-pulse.title")
    rated = [rating for rating in ratings if rating.pulse]
    if not rated:
        return Chart(title, words("chart-pulse.empty"), heading=heading)
    shown = [rating for rating in ratings if rating.pulse or rating.tried]
    draw = partial(_draw_moments, _moments(shown))
    sentences, note = _sentences(rated, shown), words("chart-pulse.note")
    return Chart(title, sentences, _table(shown), draw(WIDTH), note, heading, partial(draw, NARROW))


def _moments(ratings: Sequence[Rating]) -> list[Moment]:
    """Return every moment of the course, with what was answered; day 30 only once it is."""
    answered = {rating.occasion.name: rating for rating in ratings}
    return [
        Moment(_name(occasion), occasion.number, *_answers(answered.get(occasion.name)))
        for occasion in occasions()
        if occasion.number.isdigit() or occasion.name in answered
    ]


def _name(occasion: Occasion) -> str:
    return occasion.label if occasion.full else occasion.number


def _answers(rating: Rating | None) -> tuple[dict[str, int], int | None]:
    return (rating.pulse, rating.tried) if rating else ({}, None)


def _sentences(rated: Sequence[Rating], shown: Sequence[Rating]) -> str:
    items = find_scale("pulse").items
    if len(rated) == 1:
        a, b = (_point(rated[0].pulse.get(item.code)) for item in items)
        names = {"first": items[0].short, "second": items[1].short}
        sentences = [words("chart-pulse.once", label=rated[0].occasion.label, a=a, b=b, **names)]
    else:
        sides = "; ".join(_course(item, rated) for item in items)
        sentences = [words("chart-pulse.over", n=len(rated), sides=sides)]
    asked = [rating.tried for rating in shown if rating.tried]
    if asked:
        key = "chart-pulse.tried-partly" if 2 in asked else "chart-pulse.tried"
        sentences.append(words(key, yes=asked.count(1), partly=asked.count(2), n=len(asked)))
    return " ".join(sentences)


def _course(item: Item, rated: Sequence[Rating]) -> str:
    """Say from where to where the answers to one question went."""
    values = [rating.pulse[item.code] for rating in rated if item.code in rating.pulse]
    if not values:
        return words("chart-pulse.never-asked", name=item.short)
    if values[0] == values[-1]:
        return words("chart-pulse.stayed", name=item.short, a=_point(values[0]))
    return words("chart-pulse.went", name=item.short, a=_point(values[0]), b=_point(values[-1]))


def _point(rating: int | None) -> str:
    return words("chart.no-answer") if rating is None else find_scale("pulse").points[rating - 1]


def _table(shown: Sequence[Rating]) -> Table:
    items = find_scale("pulse").items
    columns = (words("chart-pulse.when"), *(item.text for item in items), words("chart-pulse.action"))
    return Table(words("chart-pulse.caption"), columns, tuple(_table_row(rating, items) for rating in shown))


def _table_row(rating: Rating, items: Sequence[Item]) -> tuple[str, ...]:
    answers = [rating.pulse.get(item.code) for item in items]
    cells = [_point(answer) if answer is None else f"{answer} ({_point(answer)})" for answer in answers]
    tried = "–" if rating.tried is None else find_scale("tried").points[rating.tried - 1]
    return (rating.occasion.label, *cells, tried)


def _draw_moments(moments: Sequence[Moment], width: float) -> str:
    """Return the SVG text of two step lines over the lessons, or an empty text where nothing can be drawn.

    Under them is a mark for each last action that was asked about.
    """
    is_asked = any(moment.tried for moment in moments)
    below = _BELOW if is_asked else _BELOW - _ACTION_ROWS

    def paint(canvas: Canvas) -> None:
        points = find_scale("pulse").points
        panel = canvas.scaled_panel(
            (_left(width), below),
            _panel_width(width),
            _HEIGHT,
            across=(-0.5, len(moments) - 0.5),
            up=(0.05, len(points) + 1.1),
        )
        names = [moment.name if is_wide(width) else moment.short_name for moment in moments]
        panel.scale_across(range(len(moments)), [name.replace(" ", "\n") for name in names])
        labels = [wrap(point, SMALL, _left(width) - 12) for point in points]
        panel.scale_up(range(1, len(points) + 1), labels, gap=4, has_lines=True)
        panel.name_across(words("chart-pulse.lesson"), gap=4)
        _paint_lines(panel, moments)
        if is_asked:
            _paint_actions(canvas, moments)

    return drawing.draw(width, below + _HEIGHT + _ABOVE, paint)


def _left(width: float) -> float:
    """Return how much space there is for words in front of the lines."""
    return _LEFT if is_wide(width) else _NARROW_LEFT


def _panel_width(width: float) -> float:
    return width - _left(width) - (_RIGHT if is_wide(width) else _NARROW_RIGHT)


def _paint_lines(panel: Panel, moments: Sequence[Moment]) -> None:
    items = find_scale("pulse").items
    lines: list[list[Point]] = [
        [(x, moment.pulse[item.code] + apart) for x, moment in enumerate(moments) if item.code in moment.pulse]
        for item, apart in zip(items, _APART, strict=True)
    ]
    obstacles = [box_around(panel.to_picture(point), 6) for line in lines for point in line]
    steps: list[Box] = []
    for line, style in zip(lines, _STYLES, strict=True):
        steps += _paint_line(panel, line, style)
    for item, line, style in zip(items, lines, _STYLES, strict=True):
        if line:
            obstacles.append(_paint_label(panel, item.short, line, style, obstacles, steps))


def _paint_line(panel: Panel, points: Sequence[Point], style: MarkStyle) -> list[Box]:
    """Draw one question's steps and marks, and return the boxes that the steps take."""
    boxes: list[Box] = []
    for stretch in _stretches(points):
        steps = [(x + side, y) for x, y in stretch for side in (-0.5, 0.5)]
        panel.line(steps, style.inside, 2.4, has_flat_ends=True)
        boxes += boxes_along([panel.to_picture(step) for step in steps])
    panel.marks(points, style, layer=3)
    return boxes


def _paint_label(
    panel: Panel,
    text: str,
    points: Sequence[Point],
    style: MarkStyle,
    obstacles: Sequence[Box],
    steps: Sequence[Box],
) -> Box:
    """Write a line's name beside one of its marks, the latest if there is space, with its mark in front."""
    anchors = [panel.to_picture(point) for point in reversed(points)]
    label = place_label(f"{text} mm", NORMAL, anchors, 7, panel.box, obstacles, steps)
    panel.marks([panel.to_scale((label.box.left + 8, label.y))], style, layer=4)
    place = panel.to_scale((label.box.left + 18, label.y))
    panel.text(place, text, colour=style.inside, is_bold=True, layer=4)
    return label.box


def _stretches(points: Sequence[Point]) -> list[list[Point]]:
    """Break a line where a moment has no answer."""
    stretches: list[list[Point]] = []
    for x, y in points:
        if stretches and x == stretches[-1][-1][0] + 1:
            stretches[-1].append((x, y))
        else:
            stretches.append([(x, y)])
    return stretches


def _paint_actions(canvas: Canvas, moments: Sequence[Moment]) -> None:
    """Draw a shape with a letter under each lesson whose action was asked about, and say what they mean."""
    width = canvas.width
    across = (-0.5, len(moments) - 0.5)
    panel = canvas.panel((_left(width), 36), _panel_width(width), 34, across=across, up=(0, 34))
    for x, moment in enumerate(moments):
        if moment.tried:
            _paint_action(panel, x, moment.tried, width)
    key = canvas.panel((0, 0), width, 34, across=(0, width), up=(0, 34))
    place = _LEFT + 16.0 if is_wide(width) else 20.0
    for number, point in enumerate(find_scale("tried").points, start=1):
        _paint_action(key, place, number, WIDTH)
        key.text((place + 18, 17), point, colour=QUIET, size=SMALL)
        place += text_width(point, SMALL) + (58 if is_wide(width) else 32)
    canvas.text((8, 53), wrap(words("chart-pulse.action"), SMALL, _left(width) - 12), size=SMALL)


def _paint_action(panel: Panel, x: float, tried: int, width: float) -> None:
    is_full, is_triangle = tried == 1, tried == 2
    size = (25 if is_triangle else 21) if is_wide(width) else (22 if is_triangle else 18)
    panel.marks([(x, 17)], MarkStyle(_ACTIONS[tried - 1], size, INK, INK if is_full else PAPER))
    letter = find_scale("tried").points[tried - 1][0]
    middle = (x, 17 - (3 if is_triangle else 0))
    panel.text(middle, letter, colour=PAPER if is_full else INK, size=SMALL, align="center")
