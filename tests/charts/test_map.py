"""The map says where a person is by their own account, with no dot and a kind sentence where answers are missing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from course.charts.map import map_chart
from course.charts.map_drawing import join_labels
from course.records.journal import Journal
from tests.charts.reading import texts

Rated = Callable[..., dict[str, Any]]
START, NOW = ("starting-point", "start"), ("trust-plan", "now")


def save(journal: Journal, at: tuple[str, str], answers: object) -> None:
    journal.page(at[0]).save(at[1], answers)


def test_before_any_rating_there_is_a_kind_sentence_and_no_plot(journal: Journal) -> None:
    chart = map_chart(journal.ratings())
    assert (chart.svg, chart.table) == ("", None)
    assert chart.alt.startswith("Your map will appear here")


def test_the_start_alone_is_one_dot_without_a_now(journal: Journal, rated: Rated) -> None:
    save(journal, START, rated(6, 4))
    chart = map_chart(journal.ratings())
    assert chart.title == "Where am I?"
    assert chart.alt == (
        "Map of two self-ratings, 1 to 7. "
        "At the start: competence 6.0, caring 4.0, in the region “Respected, not yet trusted”."
    )
    assert chart.table is not None
    assert chart.table.rows == (("Start", "6.0", "4.0", "Respected, not yet trusted"),)
    assert {"Start", "Trusted", "in between"} <= set(texts(chart.svg))


def test_three_answers_of_six_give_no_dot_and_four_do(journal: Journal, rated: Rated) -> None:
    save(journal, START, rated(6, 4, CARE1="n", CARE2="n", CARE3="n"))
    chart = map_chart(journal.ratings())
    assert chart.svg == ""
    assert "competence 6.0, caring not scored" in chart.alt
    assert "Not enough answers for a score, which is fine" in chart.alt
    assert chart.table is not None
    assert chart.table.rows[0][2] == "Not enough answers for a score, which is fine"

    save(journal, START, rated(6, 4, CARE1="n", CARE2="n"))
    assert map_chart(journal.ratings()).svg


def test_start_and_now_with_pulses_between(journal: Journal, rated: Rated) -> None:
    save(journal, START, rated(4, 4))
    save(journal, ("two-questions", "pulse"), {"P1": 5, "P2": 4})
    save(journal, ("keeping-your-word", "pulse"), {"P1": 6, "P2": 4})
    save(journal, NOW, rated(6, 4))
    chart = map_chart(journal.ratings())
    assert chart.title == "Where am I, and which way am I moving?"
    assert "Now: competence 6.0, caring 4.0" in chart.alt
    assert "2 pulse points between, moving up on competence, about the same on caring." in chart.alt
    assert {"Start", "0", "1", "2, 7", "Now"} <= set(texts(chart.svg))
    assert chart.table is not None
    assert [row[0] for row in chart.table.rows] == [
        "Start",
        "Now",
        "Pulse, Start",
        "Pulse, Lesson 1",
        "Pulse, Lesson 2",
        "Pulse, Now",
    ]


def test_a_pulse_with_one_side_missing_is_in_the_table_and_not_on_the_map(journal: Journal, rated: Rated) -> None:
    save(journal, START, rated(4, 4))
    save(journal, ("two-questions", "pulse"), {"P1": "n", "P2": 5})
    chart = map_chart(journal.ratings())
    assert chart.table is not None
    assert chart.table.rows[-1] == ("Pulse, Lesson 1", "No answer", "5.0", "–")
    assert "Pulse after a lesson, by number" in texts(chart.svg)  # the start's own pulse is there
    assert texts(chart.svg).count("1") == 2  # one number on each axis, and none on the map


def test_guesses_are_marks_of_their_own(journal: Journal) -> None:
    chart = map_chart(journal.ratings(), [5, 6, 4.5, 3])
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
    assert map_chart(journal.ratings(), guess).svg == ""


def test_half_of_the_guesses_is_drawn(journal: Journal) -> None:
    chart = map_chart(journal.ratings(), [5, 6, None, None])
    assert "My guess" in texts(chart.svg)
    assert "My group (a guess)" not in texts(chart.svg)


@pytest.mark.parametrize("damaged", [[], "start", 7, {"COMP1": 9, "CARE1": True, "P1": "6"}])
def test_damaged_ratings_are_left_out(journal: Journal, damaged: object) -> None:
    save(journal, START, damaged)
    assert map_chart(journal.ratings()).svg == ""


@pytest.mark.parametrize("point", [1, 5, 7])
def test_marks_at_one_place_share_one_label(journal: Journal, rated: Rated, point: int) -> None:
    save(journal, START, rated(point, point))
    for slug in ("two-questions", "keeping-your-word", "listening"):
        save(journal, (slug, "pulse"), {"P1": point, "P2": point})
    chart = map_chart(journal.ratings(), [point] * 4)
    assert {"Start", "0–3", "My guess", "My group (a guess)"} <= set(texts(chart.svg))
    assert "3 pulse points, staying about the same on both sides." in chart.alt


def test_lesson_numbers_at_one_place_run_together() -> None:
    assert join_labels([("pulse", n) for n in ("1", "2", "4", "Day 30")]) == "1–2, 4, Day 30"


def test_the_same_ratings_give_the_same_picture(journal: Journal, rated: Rated) -> None:
    save(journal, START, rated(5, 6))
    assert map_chart(journal.ratings()).svg == map_chart(journal.ratings()).svg


def test_no_total_is_anywhere(journal: Journal, rated: Rated) -> None:
    save(journal, START, rated(7, 4))
    chart = map_chart(journal.ratings())
    assert "5.5" not in chart.to_html().replace(chart.svg, "")


def test_without_matplotlib_the_sentence_and_the_table_are_still_there(
    journal: Journal, rated: Rated, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(journal, START, rated(6, 4))
    drawn = map_chart(journal.ratings())
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    bare = map_chart(journal.ratings())
    assert bare.svg == ""
    assert (bare.alt, bare.table) == (drawn.alt, drawn.table)
