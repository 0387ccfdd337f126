"""What is drawn stands where its number says: the words of a picture are looked at elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import Any

import pytest
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from course.charts.chart import Chart
from course.charts.items import items_chart
from course.charts.kit.drawing import DrawnSvg
from course.charts.kit.layout import Box
from course.charts.kit.shapes import DrawnText, Picture
from course.charts.map import map_chart
from course.charts.pulse import pulse_chart
from course.charts.response_shift import response_shift_chart
from course.charts.series import Series
from course.records.journal import Journal
from tests.charts.gallery import gallery
from tests.charts.reading import drawn_lines, drawn_marks

Rated = Callable[..., dict[str, Any]]


def is_to_scale(places: Sequence[float], numbers: Sequence[float]) -> bool:
    """Say whether places grow with their numbers, by the same length for each point."""
    steps = [
        (place - before) / (number - less)
        for (before, place), (less, number) in zip(pairwise(places), pairwise(numbers), strict=True)
    ]
    return min(steps) > 1 and steps == pytest.approx([steps[0]] * len(steps))


def test_on_the_map_competence_goes_to_the_right_and_caring_up(rated: Rated) -> None:
    ratings = [("start", rated(2, 1)), ("now", rated(3, 4)), ("day-30", rated(6, 7))]
    svg = map_chart([Series.read(moment, rating) for moment, rating in ratings]).svg
    marks = drawn_marks(svg)[:3]
    assert is_to_scale([x for x, _ in marks], [2, 3, 6])
    assert is_to_scale([y for _, y in marks], [1, 4, 7])
    assert marks in drawn_lines(svg, 1.6)


def test_each_habit_has_its_mark_at_its_rating_and_the_most_often_true_above() -> None:
    codes = ("COMP7", "COMP8", "COMP9", "COMP10")
    answers = dict(zip(codes, [1, 2, 5, 7], strict=True))
    marks = drawn_marks(items_chart([Series.read("start", {**answers, "version": 2})]).svg)
    across, up = zip(*sorted(marks), strict=True)
    assert is_to_scale(across, [1, 2, 5, 7])
    assert is_to_scale(up, [1, 2, 3, 4])


def test_two_ratings_of_a_habit_are_joined_where_they_stand() -> None:
    ratings = [("start", {"COMP7": 2, "version": 2}), ("now", {"COMP7": 6, "version": 2})]
    svg = items_chart([Series.read(moment, rating) for moment, rating in ratings]).svg
    first, second = drawn_marks(svg)[:2]
    assert drawn_lines(svg, 3) == [[first, second]]


def test_of_each_side_the_three_averages_stand_on_its_line(rated: Rated) -> None:
    ratings = [("start", rated(5, 4)), ("looking-back", rated(2, 3)), ("now", rated(6, 7))]
    marks = drawn_marks(response_shift_chart([Series.read(moment, rating) for moment, rating in ratings]).svg)
    sides = sorted({round(y) for _, y in marks}, reverse=True)
    for y, averages in zip(sides, ([2, 5, 6], [3, 4, 7]), strict=True):
        assert is_to_scale(sorted(x for x, mark in marks if round(mark) == y), averages)


def test_each_step_of_the_pulse_is_as_high_as_its_answer(journal: Journal) -> None:
    for lesson, answer in (("two-questions", 1), ("keeping-your-word", 4), ("listening", 6)):
        journal.page(lesson).save("pulse", {"P1": answer})
    steps = max(drawn_lines(pulse_chart(journal.ratings()).svg, 2.8), key=len)
    heights = [y for _, y in steps]
    assert heights[::2] == heights[1::2]
    assert is_to_scale(heights[::2], [1, 4, 6])


def box_of(text: DrawnText) -> Box:
    """Return the space that words take in the widest face that draws them."""
    face = FontProperties(family="DejaVu Sans", weight="bold" if text.is_bold else "normal")
    width = TextPath((0, 0), text.text, size=text.size, prop=face).get_extents().width
    x, y = text.point
    left = x - width * {"left": 0, "center": 0.5, "right": 1}[text.align]
    return Box(left, y, left + width, y + 0.7 * text.size)


def pictures(chart: Chart) -> Iterator[Picture]:
    """Yield a chart as it is drawn on a page, on a phone, and on a screen with names beside their bars."""
    for svg in (chart.svg, chart.picture(is_narrow=True)):
        assert isinstance(svg, DrawnSvg)
        yield svg.picture
    if chart.at_width:
        yield from (chart.at_width(width, True) for width in (500, 900))


def test_no_words_lie_over_others_or_leave_the_picture() -> None:
    for name, chart in gallery().items():
        for picture in pictures(chart):
            page = Box(0, 0, picture.width, picture.height)
            boxes = [(text.text, box_of(text)) for text in picture.shapes if isinstance(text, DrawnText)]
            outside = [text for text, box in boxes if not page.holds(box)]
            over = [(text, other) for (text, a), (other, b) in combinations(boxes, 2) if a.overlap(b) > 1]
            assert (name, outside, over) == (name, [], [])
