"""Labels find room of their own, wherever the marks are."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from course.charts.kit.layout import Box, boxes_along, place_label

PAGE = Box(0, 0, 400, 400)


def test_a_label_stands_beside_its_mark_when_nothing_is_in_the_way() -> None:
    label = place_label("Start", 14, [(200, 200)], 8, PAGE, [])
    assert (label.align, label.y) == ("left", 200)
    assert label.box.left < 215
    assert not label.is_far


def test_a_label_goes_to_the_other_side_at_the_edge() -> None:
    label = place_label("Start", 14, [(390, 200)], 8, PAGE, [])
    assert label.align == "right"
    assert label.box.right <= 390


def test_a_label_would_rather_cross_a_line_than_another_label() -> None:
    lines = boxes_along([(0, 100), (400, 100)])
    full = [Box(0, 0, 400, 80), Box(0, 120, 400, 400)]
    label = place_label("Start", 14, [(200, 100)], 8, PAGE, full, lines)
    assert sum(label.box.overlap(box) for box in full) == 0


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(20, 380), st.integers(20, 380)), min_size=2, max_size=8, unique=True))
def test_no_two_labels_of_a_map_lie_over_each_other(marks: list[tuple[int, int]]) -> None:
    taken: list[Box] = []
    for mark in marks:
        taken.append(place_label("Lesson", 14, [mark], 8, PAGE, taken).box)
    assert all(one.overlap(other) < 1 for one, other in itertools.combinations(taken, 2))
