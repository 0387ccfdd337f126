"""Ratings of two versions of the questions: both stay readable, and nothing joins, compares or averages the two."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from course.charts import Show
from course.charts.chart import Chart
from course.charts.series import Series, comparable, journal_series
from course.content.scales import find_scale
from course.records.journal import Journal
from tests import version_0_1_0 as old

pytestmark = pytest.mark.slow

Rated = Callable[..., dict[str, Any]]
FIRST = find_scale("habits").in_version(1)
TODAY = find_scale("habits")
PLACES = {
    "start": ("starting-point", "start"),
    "looking-back": ("trust-plan", "looking-back"),
    "now": ("trust-plan", "now"),
    "day-30": ("day-30", "day-30"),
}
CHANGE = re.compile(r"\d (up|down)\b|From .* to |Largest|None (rose|fell)")


@pytest.fixture
def former() -> Rated:
    """Make the answers of a full rating as version 0.1.0 saved them: without a version."""

    def answers(competence: int, caring: int, **other: Any) -> dict[str, Any]:
        points = {"competence": competence, "caring": caring}
        return {**{item.code: points[item.side] for item in FIRST.items}, "P1": 4, "P2": 5, **other}

    return answers


def save(journal: Journal, **answers: dict[str, Any]) -> None:
    for name, answer in answers.items():
        page, key = PLACES[name.replace("_", "-")]
        journal.page(page).save(key, answer)


def charts(journal: Journal) -> dict[str, Chart]:
    show = Show(journal)
    return {name: view.get() for name, view in show._charts.items()}


def test_a_journal_of_version_0_1_0_is_charted_under_its_own_questions(tmp_path: Path) -> None:
    journal = Journal(old.journal(tmp_path / "journal"))
    saved = {moment: journal.page(page).get(key) for moment, (page, key) in PLACES.items()}
    rated = {series.moment: series.ratings for series in journal_series(journal) if series.ratings}
    for moment, answer in saved.items():
        assert rated[moment] == {code: point for code, point in answer.items() if code[0] == "C" and point != "n"}
    found = charts(journal)
    table = found["items"].table
    assert table is not None
    assert {row[0] for row in table.rows} == {item.text for item in FIRST.items}
    assert "From Start to Now: up on competence" in found["map"].alt  # within one version there is a change to tell
    for name in ("map", "items", "yardstick"):
        assert "answer an earlier version of the questions" in found[name].alt
        assert found[name].svg
    assert {rating.version for rating in journal.ratings() if rating.habits} == {1}


def test_who_began_with_version_1_has_the_first_mark_and_is_told_where_to_begin_anew(
    journal: Journal, former: Rated
) -> None:
    """In lesson 5 of today's course, with a start of version 0.1.0."""
    save(journal, start=former(6, 4))
    journal.page("sharing-power").save("pulse", {"P1": 5, "P2": 5, "version": 2})
    found = charts(journal)
    assert "Start: competence 6.0, caring 4.0" in found["map"].alt
    assert "“Where you are starting from”" in found["map"].alt
    assert found["map"].svg
    assert "2 moments" in found["pulse"].alt  # its two questions are the same in both versions


def test_who_finishes_with_version_2_has_no_change_from_version_1(
    journal: Journal, former: Rated, rated: Rated
) -> None:
    """In lesson 7: the start stands by itself, and looking back is beside the new rating."""
    save(journal, start=former(1, 1), now=rated(6, 5), looking_back=rated(4, 4))
    found = charts(journal)
    for name in ("map", "items", "yardstick"):
        assert "Rated in another version of the questions: Start." in found[name].alt
        assert "nothing here compares or joins the two" in found[name].alt
        assert not CHANGE.search(found[name].alt), found[name].alt
    assert "Looking back next to Now: 12 lower, 0 higher, 0 the same." in found["items"].alt
    items, spots = found["items"].table, found["map"].table
    assert items is not None
    assert spots is not None
    assert items.columns == ("Habit", "Looking back", "Now", "Start")
    by_text = {row[0]: row[1:] for row in items.rows}
    assert by_text[FIRST.items[0].text] == ("not asked", "not asked", "1 (Never)")
    assert by_text[TODAY.items[0].text] == ("4 (About half the time)", "6 (Nearly always)", "not asked")
    assert ("Start (another version of the questions)", "1.0", "1.0", "Too little to go on") in spots.rows
    assert found["map"].alt.count("Start (another version of the questions): competence 1.0, caring 1.0") == 1
    assert "Start 1.0" not in found["yardstick"].svg
    yardstick = found["yardstick"]
    assert "This chart cannot compare the two" in yardstick.alt
    assert "higher than the first rating" not in yardstick.alt
    assert yardstick.table is not None
    assert yardstick.table.columns == ("What", "Looking back", "Now")


def test_on_day_30_the_two_ratings_of_version_2_are_compared(journal: Journal, former: Rated, rated: Rated) -> None:
    save(journal, start=former(7, 7), now=rated(4, 4), day_30=rated(5, 4))
    found = charts(journal)
    assert "From Now to Day 30: up on competence, about the same on caring." in found["map"].alt
    assert "From Start" not in found["map"].alt
    items = found["items"].table
    assert items is not None
    assert items.columns == ("Habit", "Now", "Day 30", "Start", "Change")
    assert [row[-1] for row in items.rows[:12]] == ["1 up"] * 6 + ["the same"] * 6
    assert [row[-1] for row in items.rows[12:]] == ["not compared"] * 12


def test_two_ratings_of_version_1_and_one_of_version_2(journal: Journal, former: Rated, rated: Rated) -> None:
    save(journal, start=former(2, 2), now=former(6, 6), day_30=rated(5, 4))
    found = charts(journal)
    assert "Rated in another version of the questions: Start and Now." in found["items"].alt
    assert not CHANGE.search(found["items"].alt + found["map"].alt)


def test_a_new_start_keeps_the_first_one_and_takes_its_place_in_comparisons(
    journal: Journal, former: Rated, rated: Rated
) -> None:
    save(journal, start={**former(1, 1), **rated(5, 5)}, now=rated(6, 5))
    found = charts(journal)
    assert "From Start to Now: up on competence, about the same on caring." in found["map"].alt
    assert "Rated in another version of the questions: Start." in found["map"].alt
    items = found["items"].table
    assert items is not None
    assert items.columns == ("Habit", "Start", "Now", "Start", "Change")
    assert items.rows[-1][3] == "1 (Never)"


@pytest.mark.parametrize("version", [None, 1, 0, True, "2", 2.0])
def test_new_statements_without_their_version_are_no_ratings(journal: Journal, rated: Rated, version: object) -> None:
    save(journal, start=rated(6, 4, version=version))
    assert charts(journal)["map"].table is None


def test_looking_back_alone_in_a_later_version_does_not_hide_the_others(
    journal: Journal, former: Rated, rated: Rated
) -> None:
    save(journal, start=former(3, 3), now=former(5, 5), looking_back=rated(4, 4))
    found = comparable(journal_series(journal))
    assert [series.moment for series in found.series] == ["start", "now"]
    assert "Rated in another version of the questions: Looking back." in charts(journal)["items"].alt


def test_series_of_two_versions_are_never_in_one_comparison(former: Rated, rated: Rated) -> None:
    mixed = [
        Series.read(moment, answers, scale)
        for moment in PLACES
        for answers in (former(3, 3), rated(4, 4), {**former(2, 2), **rated(6, 6)})
        for scale in TODAY.versions
    ]
    for place in range(len(mixed)):
        found = comparable(mixed[: place + 1])
        assert len({series.scale.since for series in found.series}) <= 1
        assert not {id(one) for one in found.series} & {id(one) for one in found.others}


def test_the_plan_shows_chosen_habits_of_both_versions_in_their_own_words(journal: Journal, shown: list[Any]) -> None:
    journal.page("trust-plan").save("plan-habits", [FIRST.items[0].code, TODAY.items[0].code])
    Show(journal).plan([])
    page = shown[0].files[0]["content"]
    assert FIRST.items[0].text in page
    assert TODAY.items[0].text in page
