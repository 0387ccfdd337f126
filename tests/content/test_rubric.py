"""One rubric for the feedback page, the marking page and the report: they name the same level for the same marks."""

from __future__ import annotations

import pytest

from course.content.lessons import lessons
from course.content.rubric import (
    LEVEL_NUMBERS,
    CohortLevel,
    Rubric,
    read_rubric,
    read_samples,
    rubric_of,
    text_beside_rubric,
)
from course.core.notebooks import read_notebook, source
from tests.cases import every
from tests.paths import ROOT


def guide(*marks: float) -> str:
    """Return a guide with these marks for levels 4 to 0."""
    rows = [
        f"| {number} Name | {most:g} | Looks like it |" if number else f"| Nothing written | {most:g} | |"
        for number, most in zip(LEVEL_NUMBERS, marks, strict=True)
    ]
    return "\n".join(["# Guide", "", "| Level | Marks | Looks like |", "|---|---|---|", *rows, "", "Read it twice."])


OF_TWELVE = read_rubric(guide(12, 9, 6, 3, 0))
OF_TWENTY = read_rubric(guide(20, 15, 10, 5, 0))


def number_for(rubric: Rubric, marks: float) -> int:
    level = rubric.level_for(marks)
    assert level
    return level.number


@every(
    "marks, number",
    [
        *[(0, 0), (1, 0), (1.5, 0), (1.6, 1), (2, 1), (3, 1), (4, 1), (4.5, 1), (4.6, 2), (5, 2), (7.5, 2), (8, 3)],
        *[(10, 3), (10.5, 3), (10.6, 4), (11, 4), (12, 4), (13, 4)],
    ],
)
def test_marks_stand_for_the_nearest_level_and_half_way_for_the_lower_one(marks: float, number: int) -> None:
    assert number_for(OF_TWELVE, marks) == number


@every("marks, number", [(0, 0), (3, 1), (7.5, 1), (8, 2), (12, 2), (13, 3), (17.5, 3), (18, 4)])
def test_a_guide_of_twenty_marks_has_its_own_levels(marks: float, number: int) -> None:
    assert number_for(OF_TWENTY, marks) == number


@pytest.mark.parametrize("text", ["", "Read it twice.", "| Level | Marks |", "| 4 Name | many | |"])
def test_a_guide_without_a_table_of_levels_has_none(text: str) -> None:
    assert read_rubric(text) == Rubric()
    assert read_rubric(text).level_for(9) is None


def test_levels_of_a_cohort_take_the_place_of_the_guides_and_share_any_number_of_marks() -> None:
    own = [CohortLevel("High", 100, "Weighs it"), CohortLevel("Middle", 60), CohortLevel("Low", 25)]
    rubric = rubric_of(guide(12, 9, 6, 3, 0), 12, own)
    assert [(level.number, level.title, level.marks) for level in rubric.levels] == [
        (3, "High", 12),
        (2, "Middle", 7),
        (1, "Low", 3),
    ]
    assert rubric.levels[0].looks_like == "Weighs it"
    assert rubric.is_own
    assert [level.marks for level in rubric_of("", 20, own).levels] == [20, 12, 5]
    assert rubric_of(guide(12, 9, 6, 3, 0), 12) == OF_TWELVE
    assert not OF_TWELVE.is_own


@every("marks", [0, 1, 5, 9, 11, 12])
def test_a_mark_that_was_given_at_another_level_is_still_at_one(marks: float) -> None:
    level = rubric_of("", 12, [CohortLevel("High", 100), CohortLevel("Low", 50)]).level_for(marks)
    assert level
    assert level.name == ("High" if marks > 9 else "Low")


def test_what_stands_beside_the_table_is_neither_heading_nor_table() -> None:
    assert text_beside_rubric(f"<!-- === BEGIN MARK SCHEME === -->\n{guide(12, 9, 6, 3, 0)}") == "Read it twice."


def test_sample_answers_end_at_the_next_heading_and_are_not_beside_the_rubric() -> None:
    samples = (
        "### Sample answer, level 2\n\nI meant *well*.\n\nI did not ask.\n\n### Sample answer, level 4\n\nI asked."
    )
    whole = f"{guide(12, 9, 6, 3, 0)}\n\n{samples}\n\n<!-- === END MARK SCHEME === -->"
    assert [(one.level, one.text) for one in read_samples(whole)] == [
        (2, "I meant *well*.\n\nI did not ask."),
        (4, "I asked."),
    ]
    assert text_beside_rubric(whole) == "Read it twice."


@pytest.mark.parametrize("text", ["", "## Sample answer, level 2\n\nNo.", "### Sample answer\n\nNo."])
def test_other_headings_begin_no_sample_answer(text: str) -> None:
    assert read_samples(text) == ()


@every("exercise", [lesson.key for lesson in lessons()])
def test_every_exercise_has_made_up_answers_at_two_levels_that_say_why(exercise: str) -> None:
    cells = read_notebook(ROOT / "source" / exercise / f"{exercise}.ipynb")["cells"]
    (task,) = [cell for cell in cells if cell["id"] == "reflection-marks"]
    samples = read_samples(source(task))
    assert [one.level for one in samples] == [2, 4]
    for one in samples:
        first, *_, last = one.text.split("\n\n")
        assert "made up" in first
        assert last.startswith(f"*Why it is at level {one.level}:*")
        assert 80 <= len(one.text.split()) - len(first.split()) - len(last.split()) <= 205


@every("exercise", [lesson.key for lesson in lessons()])
def test_every_exercise_of_the_course_has_a_rubric_of_five_levels(exercise: str) -> None:
    cells = read_notebook(ROOT / "source" / exercise / f"{exercise}.ipynb")["cells"]
    (task,) = [cell for cell in cells if cell["id"] == "reflection-marks"]
    levels = read_rubric(source(task)).levels
    assert tuple(level.number for level in levels) == LEVEL_NUMBERS
    assert levels[0].marks == task["metadata"]["nbgrader"]["points"]
