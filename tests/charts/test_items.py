"""The habits one by one: sorted by what the title asks, with every gap said in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from course.charts.items import items_chart
from course.charts.series import Series
from course.content.scales import find_scale
from tests.charts.reading import texts

Rated = Callable[..., dict[str, Any]]
HABITS = find_scale("habits").items


def names_in(svg: str) -> list[str]:
    shorts = {item.short for item in HABITS}
    return [text for text in texts(svg) if text in shorts]


def test_before_any_rating_there_is_a_kind_sentence() -> None:
    for first in ([], [Series.read("start", None)], [Series.read("start", {"COMP7": "n", "version": 2})]):
        chart = items_chart(first)
        assert (chart.svg, chart.table) == ("", None)
        assert chart.alt.startswith("Your habits will appear here")


def test_one_rating_is_sorted_by_it_with_gaps_at_the_end(rated: Rated) -> None:
    chart = items_chart([Series.read("start", rated(5, 4, COMP10=7, CARE11=2, CARE8="n", CARE9=None))])
    assert chart.title == "Which habits do I report most and least often?"
    drawn = names_in(chart.svg)
    assert drawn[0] == "Said what we were there for"
    assert drawn[-3:] == [
        "Raised hard things directly",
        "Asked what mattered to people",
        "Told the truth",
    ]
    assert {"Always", "Rarely", "No chance to", "No answer"} <= set(texts(chart.svg))
    assert chart.alt == (
        "12 habits. Most often: “Said what we were there for”, Always. "
        "Least often: “Raised hard things directly”, Rarely. 1 answered with “No chance to”. 1 not answered."
    )


def test_the_table_has_the_habits_in_full(rated: Rated) -> None:
    chart = items_chart([Series.read("start", rated(5, 4, CARE8="n"))])
    assert chart.table is not None
    assert ("I knew enough about the matter in hand to do my part well.", "5 (Often)") in chart.table.rows
    assert chart.table.rows[-1][1] == "No chance to"


def test_two_ratings_are_sorted_by_size_of_change(rated: Rated) -> None:
    first = Series.read("start", rated(4, 4, CARE12="n"))
    latest = Series.read("now", rated(4, 4, COMP9=7, CARE11=2, COMP7=5))
    chart = items_chart([first, latest])
    assert chart.title == "Which habits moved, and which did not?"
    assert names_in(chart.svg)[:3] == ["Knew enough for my part", "Raised hard things directly", "Did what I had said"]
    assert names_in(chart.svg)[-1] == "Left decisions to others"
    assert {"3 up", "2 down", "1 up", "the same", "Start: No chance to"} <= set(texts(chart.svg))
    assert chart.alt == (
        "12 habits. Largest rise: “Knew enough for my part”, About half the time to Always. "
        "Largest fall: “Raised hard things directly”, About half the time to Rarely. "
        "8 the same. 1 not rated both times."
    )


def test_a_habit_answered_once_has_no_change(rated: Rated) -> None:
    chart = items_chart([Series.read("start", rated(1, 1)), Series.read("now", {"COMP7": 7, "version": 2})])
    assert "11 not rated both times." in chart.alt
    assert "0 the same." in chart.alt


def test_nothing_moved_is_said_plainly(rated: Rated) -> None:
    same = rated(5, 5)
    chart = items_chart([Series.read("start", same), Series.read("now", same)])
    assert chart.alt == "12 habits. None rose. None fell. 12 the same."


def test_looking_back_is_a_third_mark_and_moves_nothing(rated: Rated) -> None:
    first, latest = Series.read("start", rated(5, 5)), Series.read("now", rated(6, 5))
    chart = items_chart([first, latest, Series.read("looking-back", rated(2, 2))])
    without = items_chart([first, latest])
    assert chart.alt == f"{without.alt} Looking back next to Start: 12 lower, 0 higher, 0 the same."
    assert names_in(chart.svg) == names_in(without.svg)
    assert "Looking back" in texts(chart.svg)
    assert chart.table is not None
    assert chart.table.columns == ("Habit", "Start", "Looking back", "Now", "Change")


def test_day_30_is_a_third_point_beside_the_one_between(rated: Rated) -> None:
    given = [Series.read(label, rated(points, 4)) for label, points in (("start", 4), ("now", 6), ("day-30", 5))]
    chart = items_chart(given)
    assert {"Start", "Now", "Day 30", "1 up"} <= set(texts(chart.svg))
    assert chart.alt.endswith("Now next to Start: 6 up, 0 down, 6 the same.")
    assert chart.table is not None
    assert chart.table.columns == ("Habit", "Start", "Now", "Day 30", "Change")
    assert chart.table.rows[0][1:] == ("4 (About half the time)", "6 (Nearly always)", "5 (Often)", "1 up")


def test_looking_back_on_a_single_rating_is_no_change(rated: Rated) -> None:
    chart = items_chart([Series.read("now", rated(6, 5)), Series.read("looking-back", rated(2, 2))])
    assert chart.table is not None
    assert chart.table.columns == ("Habit", "Looking back", "Now")
    assert {len(row) for row in chart.table.rows} == {3}


def test_many_habits_at_the_top_are_counted_and_a_few_are_named(rated: Rated) -> None:
    assert "Most often: 6 habits, Nearly always." in items_chart([Series.read("start", rated(6, 5))]).alt
    few = rated(5, 5, COMP7=6, CARE7=6, COMP8=6)
    named = "“Did what I had said”, “Checked I understood first” and “Said what I could not do”"
    assert f"Most often: {named}, Nearly always." in items_chart([Series.read("start", few)]).alt


def test_the_same_ratings_give_the_same_picture(rated: Rated) -> None:
    given = [Series.read("start", rated(5, 6))]
    assert items_chart(given).svg == items_chart(given).svg
