"""The trainer's report, as a page and as cells of a notebook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import IPython.display
import pytest

from course.content import trainer_words, words
from course.content.lessons import find_lesson, lessons
from course.content.rubric import CohortLevel, read_rubric, rubric_of
from course.core.errors import UnknownLesson
from course.trainer.collecting.decisions import FILE as DECISIONS
from course.trainer.course_directory import Coursework
from course.trainer.marked_questions import REFLECTION
from course.trainer.report import public_report
from course.trainer.report.cohort_data import read_cohort
from course.trainer.report.notebook_cells import CohortCells, open_cohort
from course.trainer.report.release_log import release_all
from course.trainer.report.sections import limits
from course.trainer.report.trainer_report import exercise_name, levels, levels_of, missing
from tests.cases import every
from tests.trainer.cohorts import ROOT, SLUG, a_cohort, ids
from tests.trainer.submissions import course_directory, drop, hand_in

GUIDE = "| 4 Four | {} | |\n| 3 Three | {} | |\n| 2 Two | {} | |\n| 1 One | {} | |\n| Nothing written | 0 | |"
OF_TWELVE, OF_TWENTY = GUIDE.format(12, 9, 6, 3), GUIDE.format(20, 15, 10, 5)


@every(
    "guide, marks, level",
    [
        *[(OF_TWELVE, 4.4, 1), (OF_TWELVE, 4.5, 1), (OF_TWELVE, 4.6, 2), (OF_TWELVE, 12, 4)],
        *[(OF_TWENTY, 7.5, 1), (OF_TWENTY, 7.6, 2), (OF_TWENTY, 12, 2), (OF_TWENTY, 15, 3), (OF_TWENTY, 20, 4)],
    ],
)
def test_a_reflection_has_the_level_of_its_own_guide(guide: str, marks: float, level: int) -> None:
    rubric = read_rubric(guide)
    data = a_cohort(ids(1))
    data = replace(
        data,
        marks=tuple(replace(row, marks=marks) if row.question == REFLECTION else row for row in data.marks),
        questions=tuple(replace(question, rubric=rubric) for question in data.questions),
    )
    assert levels_of(data, SLUG) == {"synthetic-001": level}
    on_feedback_page = rubric.level_for(marks)
    assert on_feedback_page
    assert on_feedback_page.number == level
    (table,) = levels(data).tables
    assert table.rows[0][5 - level] == "1"


def test_an_exercise_with_levels_of_the_cohorts_own_has_a_table_of_them_in_the_trainers_report_alone() -> None:
    people = ids(12)
    data = a_cohort(people, level=lambda place: 4 if place < 10 else 1)
    own = rubric_of("", 12, [CohortLevel("<b>High", 100), CohortLevel("Low", 40)])
    data = replace(data, questions=tuple(replace(question, rubric=own) for question in data.questions))
    (table,) = levels(data).tables
    assert table.rows == (("<b>High", "10"), ("Low", "2"), ("Waiting to be read", "0"))
    assert exercise_name(find_lesson(SLUG)) in table.caption
    shared = public_report.levels(data, 10, release_all("today"))
    assert shared.tables == ()
    assert shared.sentences == ("Exercises for which this cohort has levels of its own are left out here.",)


PARTS = ("completion", "missing", "questions", "levels", "agreement", "bars", "map", "change", "limits")


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
    assert "<td" not in html
    assert part == "limits" or "yet" in html or "not enough answers to show" in html
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


def test_nobody_is_missing_for_an_exercise_whose_day_has_not_come() -> None:
    everything = {lesson.key for lesson in lessons()}
    data = a_cohort(ids(12), handed_in=ids(10))
    some_due = missing(replace(data, not_due=frozenset({"repair"})))
    listed = [row[0] for table in some_due.tables for row in table.rows]
    assert listed == [exercise_name(lesson) for lesson in lessons() if lesson.key != "repair"]
    assert some_due.sentences == ("Exercises that are not due yet are not listed here.",)
    all_in = missing(replace(a_cohort(ids(12)), not_due=frozenset(everything - {SLUG})))
    assert all_in.sentences[0] == "Everyone has handed in everything that is due so far."
    assert all_in.tables == ()


def test_people_of_one_name_are_told_apart_by_their_ids() -> None:
    data = a_cohort(ids(3), handed_in=())
    same = tuple(replace(person, first="Ada", last="Synthetic") for person in data.people[:2])
    (table,) = missing(replace(data, people=(*same, replace(data.people[2], first="Ben", last="")))).tables
    assert table.rows[0][-1] == "Ada Synthetic (synthetic-001); Ada Synthetic (synthetic-002); Ben"


def test_nobody_is_missing_who_still_has_more_time() -> None:
    data = replace(a_cohort(ids(12), handed_in=ids(10)), has_time=frozenset({("synthetic-012", SLUG)}))
    section = missing(data)
    (who,) = [row[-1] for row in section.tables[0].rows if row[0] == exercise_name(find_lesson(SLUG))]
    assert ("synthetic-011" in str(who), "synthetic-012" in str(who)) == (True, False)
    assert section.sentences == ("Whoever has more time is not listed before it is over.",)


@pytest.mark.nbgrader
def test_the_list_of_who_has_not_handed_in_says_what_was_not_collected(tmp_path: Path) -> None:
    """In the same words as `course missing`, and of the exercises that are listed alone."""
    root = course_directory(tmp_path / "course", due=f"{SLUG} = 2020-01-01\nrepair = 2099-01-01")
    with Coursework(root).gradebook() as gradebook:
        gradebook.add_student("s01")
        gradebook.add_student("s02")
    assert missing(read_cohort(Coursework(root))).sentences == ("Exercises that are not due yet are not listed here.",)
    drop(root, "s01.zip", hand_in("s01"))
    drop(root, "no-zip.zip", b"synthetic, of nobody knows which exercise")
    drop(root, "s02.zip", hand_in("s02", "repair"))
    caution, *_ = missing(read_cohort(Coursework(root))).sentences
    assert caution == trainer_words("missing.unsettled", n=2)
    for slug in {lesson.key for lesson in lessons()} - {"repair"}:
        for learner in ("s01", "s02"):
            (root / "submitted" / learner / slug).mkdir(parents=True)
    all_in = missing(read_cohort(Coursework(root)))
    assert (all_in.tables, all_in.sentences[0]) == ((), trainer_words("report.all-due-handed-in"))


@pytest.mark.nbgrader
def test_where_it_is_not_known_what_was_not_collected_the_list_says_so(tmp_path: Path) -> None:
    """The rest of the report rests on what was collected."""
    root = course_directory(tmp_path / "course")
    with Coursework(root).gradebook() as gradebook:
        gradebook.add_student("s01")
    drop(root, "s01.zip", hand_in("s01"))
    (root / DECISIONS).write_text("no JSON", encoding="utf-8")
    section = missing(read_cohort(Coursework(root)))
    assert section.tables
    assert trainer_words("needs-you.damaged", file=DECISIONS) in section.sentences[0]


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
