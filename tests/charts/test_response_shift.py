"""The yardstick: each side as rated first, looking back and now, compared only where enough was answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from course.charts.response_shift import response_shift_chart
from course.charts.series import Series
from tests.charts.reading import texts

Rated = Callable[..., dict[str, Any]]


def read(first: Any, back: Any, now: Any = None) -> Any:
    return response_shift_chart(
        [Series.read("start", first), Series.read("looking-back", back), Series.read("now", now)]
    )


def test_both_sides_have_three_labelled_points_and_a_sentence(rated: Rated) -> None:
    chart = read(rated(5, 5), rated(5, 4), rated(6, 5))
    assert chart.alt == (
        "Competence and reliability: first rated 5.0, looking back 5.0, now 6.0. "
        "Looking back is about the same as the first rating. "
        "Caring and character: first rated 5.0, looking back 4.0, now 5.0. "
        "Looking back is lower than the first rating."
    )
    assert {"Start 5.0", "Looking back 4.0", "Now 6.0"} <= set(texts(chart.svg))
    assert chart.table.columns == ("What", "Start", "Looking back", "Now")


def test_half_a_point_higher_is_higher_and_less_is_about_the_same(rated: Rated) -> None:
    three_up = {code: 6 for code in ("COMP7", "COMP8", "COMP9")}
    assert "Looking back is higher" in read(rated(5, 5), rated(5, 5, **three_up)).alt
    two_up = {code: 6 for code in ("COMP7", "COMP8")}
    assert "higher" not in read(rated(5, 5), rated(5, 5, **two_up)).alt


def test_with_three_answers_of_six_a_side_has_no_score_and_is_not_compared(rated: Rated) -> None:
    chart = read(rated(5, 5, COMP7="n", COMP8="n", COMP9="n"), rated(4, 4))
    assert "first rated too few answers, looking back 4.0. Too few habits were answered both times" in chart.alt
    assert chart.table.rows[0][1] == "Too few answers. That is fine."
    assert texts(chart.svg).count("Start 5.0") == 1


def test_before_it_is_rated_now_two_points_are_shown(rated: Rated) -> None:
    chart = read(rated(5, 5), rated(4, 4))
    assert chart.table.columns == ("What", "Start", "Looking back")
    assert ", now " not in chart.alt


@pytest.mark.parametrize("first,back", [(False, True), (True, False), (False, False)])
def test_without_both_ratings_of_the_time_before_there_is_a_kind_sentence(
    rated: Rated, first: bool, back: bool
) -> None:
    chart = read(rated(5, 5) if first else None, rated(4, 4) if back else {"COMP7": "n", "version": 2}, rated(5, 5))
    assert (chart.svg, chart.table) == ("", None)
    assert chart.alt.startswith("This chart will appear here once you have looked back.")


def test_where_no_side_has_a_score_there_is_a_table_and_no_plot() -> None:
    chart = read({"COMP7": 5, "version": 2}, {"COMP7": 4, "version": 2})
    assert chart.svg == ""
    assert len(chart.table.rows) == 2
