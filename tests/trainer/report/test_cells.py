"""The cohort in a notebook: each part with the limits under it, and a kind word where there is nothing yet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import IPython.display
import pytest

from course.content import trainer_words, words
from course.core.errors import UnknownLesson
from course.trainer.report.cells import CohortCells, open_cohort
from course.trainer.report.sections import limits
from tests.trainer.cohorts import ROOT, a_cohort, ids

PARTS = ("completion", "missing", "questions", "levels", "bars", "map", "change", "limits")


@pytest.fixture(scope="module")
def practice() -> CohortCells:
    return open_cohort("A", ROOT)


Shown = Callable[[CohortCells, str], str]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """Return what shows a part, as the page that it puts into a notebook."""
    page: list[Any] = []
    monkeypatch.setattr(IPython.display, "display", page.append)

    def show(cohort: CohortCells, part: str) -> str:
        getattr(cohort, part)()
        return str(page.pop().data)

    return show


@pytest.mark.parametrize("part", PARTS)
def test_the_limits_stand_under_every_part(practice: CohortCells, shown: Shown, part: str) -> None:
    html = shown(practice, part)
    assert [
        limit
        for limit in (limits() if part == "limits" else [trainer_words("report-limits.in-short")])
        if limit not in html
    ] == []
    assert words("synthetic.label") in html


@pytest.mark.parametrize("part", PARTS)
def test_an_empty_course_says_that_nothing_is_there_yet(tmp_path: Path, shown: Shown, part: str) -> None:
    html = shown(open_cohort(root=tmp_path), part)
    assert "<td>" not in html
    assert part == "limits" or "yet" in html or "Not enough answers to show" in html
    assert words("synthetic.label") not in html


def test_a_course_without_marks_has_no_levels(shown: Shown) -> None:
    data = a_cohort(ids(12))
    assert "Level 4" in shown(CohortCells(data, min_group=10, marks=True), "levels")
    html = shown(CohortCells(data, min_group=10, marks=False), "levels")
    assert "Level 4" not in html
    assert "no marks" in html


def test_many_names_are_cut_short_on_the_page(shown: Shown) -> None:
    html = shown(CohortCells(a_cohort(ids(100), handed_in=ids(10)), min_group=10, marks=True), "missing")
    assert "synthetic-040; and 60 more" in html
    assert "synthetic-041" not in html.split("1. Two questions")[0]


def test_a_cohort_names_nobody_by_itself() -> None:
    assert repr(CohortCells(a_cohort(ids(12)), min_group=10, marks=True)) == "<Cohort of 12 people>"


def test_an_unknown_set_is_told_in_two_lines() -> None:
    with pytest.raises(UnknownLesson, match="“Z”"):
        open_cohort("Z", ROOT)


def test_marks_are_there_as_a_table_for_a_trainers_own_cells(practice: CohortCells, tmp_path: Path) -> None:
    table = practice.marks_table()
    assert list(table.columns) == ["learner", "exercise", "question", "marks", "most", "is_waiting"]
    assert (table["marks"] <= table["most"]).all()
    assert table["learner"].nunique() == len(practice._data.people)
    nothing = open_cohort(root=tmp_path).marks_table()
    assert nothing.empty
    assert list(nothing.columns) == list(table.columns)
