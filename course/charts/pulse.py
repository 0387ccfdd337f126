"""The pulse: how it has been from lesson to lesson (Ch4)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from course.charts.chart import Chart, Table
from course.charts.kit import drawing
from course.charts.kit.drawing import Canvas, Panel
from course.charts.kit.layout import Box, Point, boxes_along, place_label, text_width, wrap
from course.charts.kit.palette import INK, NARROW, NORMAL, PAPER, QUIET, SMALL, WIDTH, is_wide
from course.charts.kit.shapes import BlockStyle
from course.charts.series import LINES
from course.content import all_of, row_of, words
from course.content.lessons import Occasion, occasions
from course.content.scales import Item, find_scale
from course.records.journal import Rating

_APART: Final = (0.12, -0.12)
"""The lines stand this far apart where the answers are the same, so that both are seen."""
_ACTIONS: Final = (
    BlockStyle(INK, words=PAPER, width=2),
    BlockStyle(PAPER, width=2),
    BlockStyle(PAPER, words=QUIET, outline=QUIET, width=2, dash=(3, 2)),
    BlockStyle(PAPER, width=1),
)
"""How the answers about the last action look, in the order of their numbers; the last is that of all that follow."""
_FEW: Final = 3
"""How many moments a sentence can name."""
_GAP: Final = 0.17
"""How much of a step is left out where a line begins or ends, so that a break is seen."""
_SAMPLE: Final = 14
"""How long the piece of line in front of its name is."""
_LEFT, _RIGHT, _HEIGHT, _BELOW, _ABOVE = 100, 24, 320, 138, 8
_NARROW_LEFT, _NARROW_RIGHT = 90, 10
_ACTION_ROWS, _KEY_ROW = 76, 34
"""How much of the space below is for the actions and what their shapes mean, and how much of it for one row of that."""


@dataclass(frozen=True)
class Moment:
    """One moment of the course: how it is named under the lines, and what was answered."""

    name: str
    short_name: str
    """The same for a narrow picture."""
    is_full: bool
    """Whether it asks about the last four weeks, with the twelve habits, and not about the time since a lesson."""
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
        Moment(_name(occasion), occasion.number, occasion.full, *_answers(answered.get(occasion.name)))
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
        a, b = (_answer(rated[0], item) for item in items)
        names = {"first": items[0].short, "second": items[1].short}
        sentences = [words("chart-pulse.once", label=rated[0].occasion.label, a=a, b=b, **names)]
    else:
        sentences = [words("chart-pulse.over", n=len(rated)), *(_course(item, rated) for item in items)]
    asked = [rating.tried for rating in shown if rating.tried]
    if asked:
        sentences.append(words("chart-pulse.tried", answers=row_of(_counts(asked))))
    return " ".join(sentences)


def _counts(tried: Sequence[int]) -> list[str]:
    """Return how often each answer about the last action was given, without those that never were."""
    counts = [(point, tried.count(number)) for number, point in find_scale("tried").shown]
    return [words("chart-pulse.count", answer=point, n=count) for point, count in counts if count]


def _course(item: Item, rated: Sequence[Rating]) -> str:
    """Say where the answers to one question began and ended, and when they were highest and lowest."""
    answers = [(rating.occasion.label, rating.pulse[item.code]) for rating in rated if item.code in rating.pulse]
    name, values = item.short, [value for _, value in answers]
    if not answers:
        if any(item.code in rating.no_chance for rating in rated):
            return words("chart-pulse.no-chance", name=name, answer=find_scale("pulse").missing)
        return words("chart-pulse.never-asked", name=name)
    if len(answers) == 1:
        return words("chart-pulse.one-answer", name=name, label=answers[0][0], a=_point(values[0]))
    if len(set(values)) == 1:
        return words("chart-pulse.always", name=name, a=_point(values[0]))
    key = "around" if values[0] == values[-1] else "went"
    ends = words(f"chart-pulse.{key}", name=name, a=_point(values[0]), b=_point(values[-1]))
    return f"{ends} {_end('highest', max(values), answers)} {_end('lowest', min(values), answers)}"


def _end(key: str, value: int, answers: Sequence[tuple[str, int]]) -> str:
    """Say the highest or lowest answer, and at which moments it was given, or how often where they are many."""
    labels = [label for label, answer in answers if answer == value]
    often = words("chart-pulse.times", n=len(labels), all=len(answers))
    return words(f"chart-pulse.{key}", point=_point(value), moments=all_of(labels) if len(labels) <= _FEW else often)


def _answer(rating: Rating, item: Item) -> str:
    """Return what was answered to one question at one moment, in words."""
    if item.code in rating.pulse:
        return _point(rating.pulse[item.code])
    return find_scale("pulse").missing if item.code in rating.no_chance else words("chart.no-answer")


def _point(rating: int) -> str:
    return find_scale("pulse").points[rating - 1]


def _table(shown: Sequence[Rating]) -> Table:
    items = find_scale("pulse").items
    columns = (words("chart-pulse.when"), *(item.text for item in items), words("chart-pulse.action"))
    return Table(words("chart-pulse.caption"), columns, tuple(_table_row(rating, items) for rating in shown))


def _table_row(rating: Rating, items: Sequence[Item]) -> tuple[str, ...]:
    numbers = [rating.pulse.get(item.code) for item in items]
    answers = [_answer(rating, item) for item in items]
    cells = [
        answer if number is None else f"{number} ({answer})" for number, answer in zip(numbers, answers, strict=True)
    ]
    tried = "–" if rating.tried is None else find_scale("tried").points[rating.tried - 1]
    return (rating.occasion.label, *cells, tried)


def _draw_moments(moments: Sequence[Moment], width: float) -> str:
    """Return the SVG text of two step lines over the lessons, or an empty text where nothing can be drawn.

    Under them is a mark for each last action that was asked about.
    """
    is_asked = any(moment.tried for moment in moments)
    below = _BELOW + _KEY_ROW * (_key_rows(width) - 1) if is_asked else _BELOW - _ACTION_ROWS

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
        _paint_lines(panel, moments, is_bold=is_wide(width))
        if is_asked:
            _paint_actions(canvas, moments)

    return drawing.draw(width, below + _HEIGHT + _ABOVE, paint)


def _left(width: float) -> float:
    """Return how much space there is for words in front of the lines."""
    return _LEFT if is_wide(width) else _NARROW_LEFT


def _panel_width(width: float) -> float:
    return width - _left(width) - (_RIGHT if is_wide(width) else _NARROW_RIGHT)


def _paint_lines(panel: Panel, moments: Sequence[Moment], *, is_bold: bool) -> None:
    items = find_scale("pulse").items
    lines = [
        [
            [(x, moment.pulse[item.code] + apart) for x, moment in stretch if item.code in moment.pulse]
            for stretch in _stretches(moments, item.code)
        ]
        for item, apart in zip(items, _APART, strict=True)
    ]
    steps: list[Box] = []
    for item, stretches in zip(items, lines, strict=True):
        for stretch in stretches:
            steps += _paint_steps(panel, stretch, item.side)
    names: list[Box] = []
    for item, stretches in zip(items, lines, strict=True):
        if points := [point for stretch in stretches for point in stretch]:
            names.append(_paint_name(panel, item, points, names, steps, is_bold=is_bold))


def _stretches(moments: Sequence[Moment], code: str) -> list[list[tuple[int, Moment]]]:
    """Break a line where a moment has no answer, and where the time that is asked about changes."""
    stretches: list[list[tuple[int, Moment]]] = []
    for x, moment in enumerate(moments):
        if code not in moment.pulse:
            continue
        before = stretches[-1][-1] if stretches else None
        if before and before[0] == x - 1 and before[1].is_full == moment.is_full:
            stretches[-1].append((x, moment))
        else:
            stretches.append([(x, moment)])
    return stretches


def _paint_steps(panel: Panel, points: Sequence[Point], side: str) -> list[Box]:
    """Draw a step for each answer of one question, and return the boxes that the steps take."""
    colour, dash = LINES[side]
    steps = [(x + half, y) for x, y in points for half in (-0.5, 0.5)]
    (first, y), (last, end) = steps[0], steps[-1]
    steps[0], steps[-1] = (first + _GAP, y), (last - _GAP, end)
    panel.line(steps, colour, 2.8, dash=dash, has_flat_ends=True)
    return boxes_along([panel.to_picture(step) for step in steps])


def _paint_name(
    panel: Panel, item: Item, points: Sequence[Point], names: Sequence[Box], steps: Sequence[Box], *, is_bold: bool
) -> Box:
    """Write a line's name near one of its steps, the latest if there is space, with a piece of the line in front."""
    colour, dash = LINES[item.side]
    anchors = [panel.to_picture(point) for point in reversed(points)]
    label = place_label(f"mm {item.short}", NORMAL, anchors, 5, panel.box, [*names, *steps], steps)
    left = max(label.box.left, panel.box.left) + 2
    panel.line([panel.to_scale((x, label.y)) for x in (left, left + _SAMPLE)], colour, 2.8, dash=dash, layer=4)
    place = panel.to_scale((left + _SAMPLE + 5, label.y))
    panel.text(place, item.short, colour=colour, is_bold=is_bold, layer=4)
    return label.box


def _paint_actions(canvas: Canvas, moments: Sequence[Moment]) -> None:
    """Draw a square with a letter under each lesson whose action was asked about, and say what the letters mean."""
    width = canvas.width
    across = (-0.5, len(moments) - 0.5)
    top = 2 + _KEY_ROW * _key_rows(width)
    panel = canvas.panel((_left(width), top), _panel_width(width), 34, across=across, up=(0, 34))
    for x, moment in enumerate(moments):
        if moment.tried:
            _paint_action(panel, x, moment.tried, width)
    canvas.text((8, top + 17), wrap(words("chart-pulse.action"), SMALL, _left(width) - 12), size=SMALL)
    shown = find_scale("tried").shown
    in_row = math.ceil(len(shown) / _key_rows(width))
    for row, first in enumerate(reversed(range(0, len(shown), in_row))):
        key = canvas.panel((0, row * _KEY_ROW), width, _KEY_ROW, across=(0, width), up=(0, _KEY_ROW))
        place = 20.0
        for number, point in shown[first : first + in_row]:
            _paint_action(key, place, number, width)
            key.text((place + 18, 17), point, colour=QUIET, size=SMALL)
            place += text_width(point, SMALL) + 58


def _key_rows(width: float) -> int:
    """Return how many rows the words for the shapes take."""
    return 1 if is_wide(width) else 2


def _paint_action(panel: Panel, x: float, tried: int, width: float) -> None:
    size = 24 if is_wide(width) else 17
    style = _ACTIONS[min(tried, len(_ACTIONS)) - 1]
    across, up = panel.to_picture((x, 17))
    corner, other = (panel.to_scale((across + half * size / 2, up + half * size / 2)) for half in (-1, 1))
    panel.block(corner, other[0] - corner[0], other[1] - corner[1], style)
    panel.text((x, 17), _letters()[tried - 1], colour=style.words, size=SMALL, align="center", anchor="letters")


def _letters() -> list[str]:
    """Return a letter for each answer about the last action: of two that begin alike the longer has another word's.

    >>> _letters()
    ['Y', 'P', 'C', 'N']
    """
    points = find_scale("tried").points
    letters: dict[str, str] = {}
    for point in sorted(points, key=lambda point: len(point.split())):
        initials = [word[0].upper() for word in point.split()]
        letters[point] = next((letter for letter in initials if letter not in letters.values()), initials[0])
    return [letters[point] for point in points]
