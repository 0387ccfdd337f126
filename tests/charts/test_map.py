"""The map says where a person is by their own account, with no dot and a kind sentence where answers are missing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from course.charts.kit.palette import NARROW, WIDTH
from course.charts.map import MapMark, draw_map, map_chart
from course.charts.series import journal_series
from course.records.journal import Journal
from tests.charts.reading import texts

Rated = Callable[..., dict[str, Any]]
START, NOW = ("starting-point", "start"), ("trust-plan", "now")
BACK, DAY_30 = ("trust-plan", "looking-back"), ("day-30", "day-30")


def save(journal: Journal, at: tuple[str, str], answers: object) -> None:
    journal.page(at[0]).save(at[1], answers)


def test_before_any_rating_there_is_a_kind_sentence_and_no_plot(journal: Journal) -> None:
    chart = map_chart(journal_series(journal))
    assert (chart.svg, chart.table) == ("", None)
    assert chart.alt.startswith("Your map will appear here")


def test_the_start_alone_is_one_dot_without_a_now(journal: Journal, rated: Rated) -> None:
    save(journal, START, rated(6, 4))
    chart = map_chart(journal_series(journal))
    assert chart.title == "Where am I?"
    assert chart.alt == (
        "Map of two self-ratings, 1 to 7. Start: competence 6.0, caring 4.0, in the region “Tends to earn respect”."
    )
    assert chart.table is not None
    assert chart.table.rows == (("Start", "6.0", "4.0", "Tends to earn respect"),)
    assert {"Start", "in between", "Too little to go on"} <= set(texts(chart.svg))


def test_three_answers_of_six_give_no_dot_and_four_do(journal: Journal, rated: Rated) -> None:
    save(journal, START, rated(6, 4, CARE7="n", CARE8="n", CARE9="n"))
    chart = map_chart(journal_series(journal))
    assert chart.svg == ""
    assert "competence 6.0, caring too few answers" in chart.alt
    assert "a side has too few answers. That is fine." in chart.alt
    assert chart.table is not None
    assert chart.table.rows[0][2] == "Too few answers. That is fine."

    save(journal, START, rated(6, 4, CARE7="n", CARE8="n"))
    assert map_chart(journal_series(journal)).svg


def test_an_average_half_way_between_two_tenths_is_the_higher_one(journal: Journal, rated: Rated) -> None:
    """Of four answers, 17 makes 4.25 and 19 makes 4.75."""
    save(journal, START, rated(4, 5, COMP7=5, COMP8="n", COMP9="n", CARE7=4, CARE8="n", CARE9="n"))
    chart = map_chart(journal_series(journal))
    assert "competence 4.3, caring 4.8" in chart.alt
    assert chart.table
    assert chart.table.rows[0][1:3] == ("4.3", "4.8")


def test_start_and_now_are_joined_and_the_pulse_is_not_on_the_map(journal: Journal, rated: Rated) -> None:
    save(journal, START, rated(4, 4))
    save(journal, ("two-questions", "pulse"), {"P1": 7, "P2": 1, "version": 2})
    save(journal, NOW, rated(6, 4))
    chart = map_chart(journal_series(journal))
    assert chart.title == "Where am I, and which way am I moving?"
    assert "Now: competence 6.0, caring 4.0" in chart.alt
    assert "From Start to Now: up on competence, about the same on caring." in chart.alt
    assert "ulse" not in chart.alt + chart.note
    assert chart.table is not None
    assert [row[0] for row in chart.table.rows] == ["Start", "Now"]


def test_a_pulse_alone_is_nothing_for_the_map(journal: Journal) -> None:
    save(journal, ("two-questions", "pulse"), {"P1": 7, "P2": 1, "version": 2})
    assert map_chart(journal_series(journal)).alt.startswith("Your map will appear here")


def test_each_step_is_told_and_looking_back_is_none_of_them(journal: Journal, rated: Rated) -> None:
    for at, points in ((START, (4, 4)), (BACK, (2, 2)), (NOW, (6, 4)), (DAY_30, (5, 5))):
        save(journal, at, rated(*points))
    chart = map_chart(journal_series(journal))
    assert "From Start to Now: up on competence, about the same on caring." in chart.alt
    assert "From Now to Day 30: down on competence, up on caring." in chart.alt
    assert "to Looking back" not in chart.alt
    assert {"Start", "Looking back", "Now", "Day 30"} <= set(texts(chart.svg))
    assert chart.table is not None
    assert [row[0] for row in chart.table.rows] == ["Start", "Looking back", "Now", "Day 30"]
    assert "One picture cannot tell which" in chart.note
    assert "rule of thumb" in chart.note


def test_a_step_over_too_few_habits_answered_both_times_has_no_direction(journal: Journal, rated: Rated) -> None:
    save(journal, START, rated(4, 4, COMP7="n", COMP8="n"))
    save(journal, NOW, rated(6, 6, COMP11="n", COMP12="n"))
    assert "From Start to Now: too few habits were answered both times" in map_chart(journal_series(journal)).alt


def test_guesses_are_marks_of_their_own(journal: Journal) -> None:
    chart = map_chart(journal_series(journal), [5, 6, 4.5, 3])
    assert "My guess for myself: competence 5.0, caring 6.0." in chart.alt
    assert "My guess for what my group would say: competence 4.5, caring 3.0." in chart.alt
    assert {"My guess", "My group (a guess)", "My guess for myself"} <= set(texts(chart.svg))


@pytest.mark.parametrize(
    "guess",
    [
        None,
        5,
        "5555",
        [5, 5],
        [None] * 4,
        [5, None, None, 5],
        [0, 5, 8, 5],
        [True, 5, "6", 5],
        [5, 1e400, {}, []],
        [5, 10**400, 5, 0],
    ],
)
def test_guesses_that_are_missing_or_damaged_are_left_out(journal: Journal, guess: object) -> None:
    assert map_chart(journal_series(journal), guess).svg == ""


def test_half_of_the_guesses_is_drawn(journal: Journal) -> None:
    chart = map_chart(journal_series(journal), [5, 6, None, None])
    assert "My guess" in texts(chart.svg)
    assert "My group (a guess)" not in texts(chart.svg)


@pytest.mark.parametrize("damaged", [[], "start", 7, {"COMP7": 9, "CARE7": True, "P1": "6", "version": 2}])
def test_damaged_ratings_are_left_out(journal: Journal, damaged: object) -> None:
    save(journal, START, damaged)
    assert map_chart(journal_series(journal)).svg == ""


@pytest.mark.parametrize("point", [1, 5, 7])
def test_marks_at_one_place_share_one_label(journal: Journal, rated: Rated, point: int) -> None:
    for at in (START, BACK, NOW, DAY_30):
        save(journal, at, rated(point, point))
    chart = map_chart(journal_series(journal), [point] * 4)
    assert {"Start", "Looking back", "Now", "Day 30", "My guess", "My group (a guess)"} <= set(texts(chart.svg))
    assert "From Start to Now: about the same on both sides." in chart.alt


def test_on_a_narrow_map_a_name_without_room_close_to_its_mark_stands_in_the_key_alone() -> None:
    places = {
        "start": (5.2, 3.7),
        "looking-back": (4.5, 2.8),
        "now": (5.8, 5.2),
        "day-30": (5.4, 5.0),
        "group": (5.5, 3),
    }
    marks = [MapMark(moment, place) for moment, place in places.items()]
    assert "My group (a guess)" in texts(draw_map(marks, WIDTH))
    narrow = texts(draw_map(marks, NARROW))
    assert {"Start", "Looking back", "Now", "Day 30", "My guess for my group’s view"} <= set(narrow)
    assert narrow.count("Now") == narrow.count("Start") == 2, "in the key and beside their marks"
    assert narrow.count("Day 30") == 1
    assert not any("guess)" in text for text in narrow)


def test_the_names_of_regions_are_no_higher_than_their_regions() -> None:
    narrow = texts(draw_map([MapMark("start", (2, 2))], NARROW))
    assert {"Tends", "to earn", "trust"} <= set(narrow)


def test_the_same_ratings_give_the_same_picture(journal: Journal, rated: Rated) -> None:
    save(journal, START, rated(5, 6))
    assert map_chart(journal_series(journal)).svg == map_chart(journal_series(journal)).svg


def test_no_total_is_anywhere(journal: Journal, rated: Rated) -> None:
    save(journal, START, rated(7, 4))
    chart = map_chart(journal_series(journal))
    assert "5.5" not in chart.to_html().replace(chart.svg, "")


def test_without_matplotlib_the_sentence_and_the_table_are_still_there(
    journal: Journal, rated: Rated, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(journal, START, rated(6, 4))
    drawn = map_chart(journal_series(journal))
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    bare = map_chart(journal_series(journal))
    assert bare.svg == ""
    assert (bare.alt, bare.table) == (drawn.alt, drawn.table)
