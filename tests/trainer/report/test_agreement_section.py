"""What a trainer reads of two markers: how often they agree, what to talk about, and nothing of it for others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from course.content.rubric import Rubric, RubricLevel
from course.records.cohort_file import CohortFile
from course.trainer.report.agreement_section import agreement
from course.trainer.report.cohort_data import CohortData, SecondMarking
from course.trainer.report.command import make_report
from course.trainer.report.release_record import ReleaseRecord
from course.trainer.report.synthetic_cohort import synthetic_cohort
from course.trainer.second_marks.sample import WrittenReflection, choose_sample
from course.trainer.second_marks.store import SecondMark
from tests.trainer.cohorts import ROOT, SLUG, a_cohort, ids, read_csv


def a_doubly_marked_cohort(
    first: Sequence[int], second: Sequence[int], *, comment: str = "", outdated: int = 0
) -> CohortData:
    """Return people whose reflections have these levels by the first and, as far as they go, by the second marker."""
    people = ids(len(first))
    marks = [SecondMark(SLUG, *given, "KD", "", comment) for given in zip(people, second, strict=False)]
    chosen = frozenset((learner, SLUG) for learner in people)
    data = a_cohort(people, level=lambda place: first[place])
    return replace(data, second=SecondMarking(chosen, tuple(marks), outdated))


def test_it_says_how_often_two_agree_and_names_what_is_two_levels_apart_the_farthest_first() -> None:
    section = agreement(a_doubly_marked_cohort([4, 3, 2, 1], [4, 2, 4, 4], comment="Why?"))
    assert section.sentences[0] == (
        "4 reflections have a level from two people: 1 the same (25 %), 1 a level apart, 2 two levels apart or more."
    )
    numbers, talk = section.tables
    assert numbers.rows == (("0. Where you are starting from", "4", "4", "1", "1", "2", "–"),)
    assert [row[1:] for row in talk.rows] == [
        ("synthetic-004", "1 Describing", "4 Questioning", "KD", "Why?"),
        ("synthetic-003", "2 Understanding", "4 Questioning", "KD", "Why?"),
    ]


def test_kappa_comes_with_its_interval_and_what_it_means_from_fifteen_on() -> None:
    levels = [4, 3, 2, 1] * 4
    few, enough = (agreement(a_doubly_marked_cohort(levels[:n], [*levels[: n - 1], 3])) for n in (14, 15))
    assert few.sentences[1] == (
        "Kappa is worked out from 15 reflections on: of fewer, its interval is not to be relied on."
    )
    assert enough.sentences[1] == "Weighted kappa: 0.94 (95 % interval from 0.65 to 0.99)."
    assert enough.sentences[2].startswith("Kappa is 1 where two people always agree")
    assert enough.tables[0].rows[0][-1] == "0.94 (95 % interval from 0.65 to 0.99)"


def test_whole_agreement_has_no_interval_and_one_level_for_all_no_kappa() -> None:
    levels = [4, 3] * 10
    whole = agreement(a_doubly_marked_cohort(levels, levels))
    assert whole.sentences[1:3] == (
        "Weighted kappa: 1.00.",
        "The two agree on all of them, so that there is no interval.",
    )
    assert len(whole.tables) == 1
    assert agreement(a_doubly_marked_cohort(levels, [3] * 20)).sentences[1].startswith("One of you, or both")


def test_what_waits_is_said_and_counts_nowhere() -> None:
    data = a_doubly_marked_cohort([4, 3, 2], [4, 3], outdated=1)
    waiting = replace(data, marks=tuple(replace(row, is_waiting=row.learner == "synthetic-001") for row in data.marks))
    assert agreement(waiting).sentences == (
        "1 reflection has a level from two people: 1 the same (100 %), 0 a level apart, 0 two levels apart or more.",
        "Kappa is worked out from 15 reflections on: of fewer, its interval is not to be relied on.",
        "1 second mark counts once you have read the reflection yourself.",
        "1 second mark does not count, because the words or the levels have changed since.",
        "1 of those chosen has no second mark yet.",
    )


def test_exercises_with_different_levels_have_no_kappa_together() -> None:
    levels = [4, 3, 2, 1] * 4
    data = a_doubly_marked_cohort(levels, levels[::-1])
    elsewhere = replace(data.second.marks[0], exercise="repair")
    read = [row for row in data.marks if row.question == "reflection"]
    both = replace(
        data,
        marks=(*data.marks, replace(read[0], exercise="repair")),
        second=replace(data.second, marks=(*data.second.marks, elsewhere)),
    )
    assert agreement(both).sentences[1].startswith("Weighted kappa")
    own = Rubric((RubricLevel(2, "Convincing", 12, ""), RubricLevel(1, "Begun", 4, "")))
    questions = tuple(replace(one, rubric=own) if one.exercise == "repair" else one for one in both.questions)
    assert agreement(replace(both, questions=questions)).sentences[1].startswith("Your exercises have different levels")


def test_before_any_second_mark_it_says_how_to_get_them() -> None:
    section = agreement(a_doubly_marked_cohort([4, 3], []))
    assert len(section.sentences) == 1
    assert section.sentences[0].startswith("No reflection has the marks of two people yet.")
    assert section.tables == ()


def test_it_stands_in_the_trainer_s_report_and_nothing_of_it_in_the_one_to_pass_on(tmp_path: Path) -> None:
    levels = [4, 3, 2, 1] * 10
    data = a_doubly_marked_cohort(levels, levels[::-1], comment="=1+1 A word for nobody else.")
    make_report(data, CohortFile(), tmp_path, ReleaseRecord(tmp_path, tmp_path))
    page = (tmp_path / "trainer" / "report.html").read_text(encoding="utf-8")
    assert "How well two markers agree" in page
    talk = read_csv((tmp_path / "trainer" / "agreement-2.csv").read_bytes())
    assert {row["Their comment"] for row in talk} == {"'=1+1 A word for nobody else."}
    for path in (tmp_path / "shareable").iterdir():
        text = path.read_text(encoding="utf-8")
        assert [word for word in ("markers agree", "appa", "KD", "A word for") if word in text] == []
        assert not path.name.startswith("agreement")


def test_the_two_to_pass_on_are_the_same_with_second_marks_and_without(tmp_path: Path) -> None:
    data = a_doubly_marked_cohort([4, 3, 2, 1] * 10, [3] * 40)
    pages = []
    for name, one in (("with", data), ("without", replace(data, second=SecondMarking()))):
        make_report(one, CohortFile(), tmp_path / name, ReleaseRecord(tmp_path / name, tmp_path / name))
        pages.append({path.name: path.read_bytes() for path in (tmp_path / name / "shareable").iterdir()})
    assert pages[0] == pages[1]


def test_a_course_without_marks_has_no_agreement_in_its_report(tmp_path: Path) -> None:
    data = a_doubly_marked_cohort([4, 3] * 10, [3, 3] * 10)
    make_report(data, CohortFile(marks=False), tmp_path, ReleaseRecord(tmp_path, tmp_path))
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith("agreement")]


def test_a_made_up_cohort_shows_what_it_looks_like() -> None:
    data = synthetic_cohort("A", ROOT)
    section = agreement(data)
    assert "Weighted kappa" in section.sentences[1]
    assert len(section.tables) == 2
    read = [
        WrittenReflection(row.exercise, row.learner, "")
        for row in data.marks
        if row.question == "reflection" and not row.is_waiting
    ]
    assert data.second.chosen == {(one.learner, one.exercise) for one in choose_sample(read)}
