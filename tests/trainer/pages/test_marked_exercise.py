"""Pages show questions, answers and marks; nothing but the exercise's own cells is taken for the course's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat.v4 as new
import pytest

from course.content.lessons import find_lesson, lessons
from course.content.rubric import CohortLevel
from course.core.notebooks import material, read_notebook
from course.trainer.pages.marked_exercise import MarkedExercise, read_exercise
from course.trainer.pages.own_cells import own_cells
from tests.cases import every

SLUG = "two-questions"
OWN = own_cells(material(), SLUG)
LINE = '<p class="course-mark" lang="en-GB"><strong>Question 1: 2 of 4 marks.</strong> Look again.</p>'
STILL = '<div class="course-still"><dl><dt>Which?</dt><dd><p>Both.</p></dd></dl></div>'
FAILED = new.new_output("error", ename="NameError", evalue="name 'x' is not defined", traceback=[])
SAID = new.new_output("stream", name="stderr", text="a warning")


def shown(html: str) -> Any:
    return new.new_output("display_data", {"text/html": html, "text/plain": "plain"})


def notebook(slug: str = SLUG) -> dict[str, Any]:
    """Return the cells of an exercise as they are marked, by their names."""
    cells = read_notebook(material() / "source" / slug / f"{slug}.ipynb")["cells"]
    made = {"code": new.new_code_cell, "markdown": new.new_markdown_cell}
    return {
        cell["id"]: made[cell["cell_type"]]("".join(cell["source"]), metadata=cell["metadata"], id=cell["id"])
        for cell in cells
    }


def page(*cells: Any, **settings: Any) -> MarkedExercise:
    return read_exercise(cells, OWN, **settings)


def question(line: str = LINE, answer: str = STILL) -> list[Any]:
    """Return the two cells of the first question, run."""
    cells = notebook()
    cells["q1"].outputs, cells["q1-mark"].outputs = [shown(answer)], [shown(line)]
    return [cells["q1"], cells["q1-mark"]]


def test_a_question_has_its_answer_its_line_and_its_marks_under_its_own_name() -> None:
    (part,) = page(*question()).sections
    assert (part.heading, part.answers, part.line) == ("Question 1", (STILL,), LINE)
    assert (part.grade, part.points, part.by_hand) == ("q1-mark", 4, False)


def test_without_marks_no_number_of_marks_is_told() -> None:
    (part,) = page(*question(), marks=False).sections
    assert part.line == '<p class="course-mark" lang="en-GB">Look again.</p>'


def test_the_reflection_has_its_guide_and_the_same_guide_without_marks_says_none() -> None:
    cells = notebook()
    cells["reflection"].outputs = [shown(STILL)]
    of_reflection = [cells["reflection"], cells["reflection-check"], cells["reflection-marks"]]
    (part,) = page(*of_reflection).sections
    assert (part.heading, part.grade, part.points, part.by_hand) == ("Reflection", "reflection-marks", 12, True)
    assert [level.title for level in part.rubric.levels][0::4] == ["4 Questioning", "Nothing written"]
    assert "borderline" in part.guide
    assert [(level, "made up" in sample, "made up" in part.guide) for level, sample in part.samples] == [
        (2, True, False),
        (4, True, False),
    ]
    assert "12" not in page(*of_reflection, marks=False).sections[0].guide


def test_a_cohorts_own_levels_stand_in_the_place_of_the_guides_without_its_samples() -> None:
    cells = notebook()
    own = [CohortLevel("High", 100), CohortLevel("Low", 50)]
    (part,) = page(cells["reflection"], cells["reflection-check"], cells["reflection-marks"], levels=own).sections
    assert [(level.title, level.marks) for level in part.rubric.levels] == [("High", 12), ("Low", 6)]
    assert "borderline" in part.guide
    assert part.samples == ()


@every("slug", [lesson.key for lesson in lessons()])
def test_every_exercise_has_a_section_a_question_and_none_of_what_only_learners_need(slug: str) -> None:
    cells = list(notebook(slug).values())
    for cell in cells:
        if cell.cell_type == "code" and cell.id != "setup":
            cell.outputs = [shown(STILL)]
    whole = read_exercise(cells, own_cells(material(), slug))
    graded = [cell.id for cell in cells if cell.metadata.nbgrader.get("points")]
    assert [part.grade for part in whole.sections if part.grade] == graded
    assert whole.title.startswith(f"Exercise {find_lesson(slug).number}: ")
    headings = [part.heading for part in whole.sections]
    assert all(headings)
    assert len(set(headings)) == len(headings)
    assert "Hand in" not in headings
    assert (whole.foreign, whole.added, whole.notices) == ((), (), ())


@pytest.mark.parametrize("wrong", [FAILED, SAID])
def test_a_cell_of_the_course_that_went_wrong_says_so(wrong: Any) -> None:
    cells = question()
    cells[1].outputs = [wrong]
    (part,) = page(*cells).sections
    assert part.trouble
    assert part.line == ""


def test_a_cell_that_only_says_that_it_is_locked_is_not_the_courses() -> None:
    forged = new.new_code_cell("steal()", outputs=[shown(LINE)], metadata=dict(notebook()["q2-mark"].metadata))
    whole = page(*question(), forged)
    assert whole.foreign == ("steal()",)
    assert [part.heading for part in whole.sections] == ["Question 1"]


def test_a_cell_of_the_course_with_other_code_is_not_the_courses() -> None:
    cells = question()
    cells[1].source += "\nother"
    assert page(*cells).foreign == (cells[1].source,)


def test_a_second_copy_of_a_cell_is_not_the_courses() -> None:
    cells = question()
    whole = page(*cells, question(line=LINE.replace("2 of", "4 of"))[1])
    assert [part.line for part in whole.sections] == [LINE]
    assert whole.foreign == (cells[1].source,)


def test_what_was_added_and_what_changed_are_shown_apart_from_the_questions() -> None:
    note, added = {"course": {"note": True}}, {"course": {"added": True}}
    whole = page(
        new.new_markdown_cell("**Question 1 has changed.**", metadata=note, id="course-changed"),
        *question(),
        new.new_markdown_cell("## Added", metadata=note, id="course-added"),
        new.new_markdown_cell("```text\n<script>x</script>\n```", metadata=added),
    )
    assert whole.notices == ("<p><strong>Question 1 has changed.</strong></p>\n",)
    assert len(whole.added) == 2
    assert "&lt;" in whole.added[1]
    assert whole.foreign == ()


def test_a_cell_without_the_courses_sign_is_text() -> None:
    whole = page(new.new_markdown_cell("<b>me</b>"), new.new_raw_cell("<i>me</i>"), new.new_code_cell("me()"))
    assert whole.foreign == ("<b>me</b>", "<i>me</i>", "me()")


def test_an_answer_is_cleaned() -> None:
    (part,) = page(*question(answer=STILL.replace("Both.", "<img src=x onerror=alert(1)>"))).sections
    assert "onerror" not in part.answers[0]


@pytest.mark.parametrize("slug", ["08-none", "../two-questions", ""])
def test_an_exercise_that_is_not_there_has_no_cells(slug: str) -> None:
    assert own_cells(material(), slug) == {}
    assert own_cells(Path("nowhere"), SLUG) == {}
