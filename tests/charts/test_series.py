"""The key of signs: one shape, one colour and one name for a moment, on every chart that shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from course.charts import Show
from course.charts.map import MapMark
from course.charts.series import LINES, sign, sign_name, sign_order
from course.content.lessons import occasions
from course.records.journal import Journal
from tests.charts.reading import texts

Rated = Callable[..., dict[str, Any]]
MOMENTS = ("start", "looking-back", "now", "day-30", "guess", "group")


def test_no_two_moments_share_a_shape_or_a_name() -> None:
    assert len({sign(moment).shape for moment in MOMENTS}) == len(MOMENTS)
    assert len({sign_name(moment) for moment in MOMENTS}) == len(MOMENTS)
    assert len({sign(moment).outline for moment in MOMENTS[:4]}) == 4


def test_no_line_from_lesson_to_lesson_has_the_colour_of_a_moment_that_is_coloured() -> None:
    colours = {sign(moment).outline for moment in ("start", "looking-back", "now")}
    assert not colours & {colour for colour, _ in LINES.values()}


def test_looking_back_comes_right_after_the_start() -> None:
    assert sorted(("now", "looking-back", "day-30", "start"), key=sign_order) == [*MOMENTS[:4]]


def test_every_full_rating_has_a_sign_and_its_own_name() -> None:
    for occasion in occasions():
        if occasion.full:
            assert sign(occasion.name) != sign("a moment of another edition")
            assert sign_name(occasion.name) == occasion.label


@pytest.mark.slow
def test_every_chart_calls_a_moment_by_the_same_name(journal: Journal, rated: Rated) -> None:
    journal.page("starting-point").save("start", rated(5, 3))
    journal.page("trust-plan").save("now", rated(6, 4))
    journal.page("trust-plan").save("looking-back", rated(3, 2))
    show = Show(journal)
    for name in ("map", "items", "yardstick"):
        drawn = " ".join(texts(show._charts[name].get().svg))
        assert all(sign_name(moment) in drawn for moment in ("start", "looking-back", "now"))
    assert MapMark("now", (1, 1)).label == "Now"
