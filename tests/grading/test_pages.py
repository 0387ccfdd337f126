"""Pages show questions, answers and marks; code that is not the course's, or went wrong, stays in sight."""

from __future__ import annotations

from typing import Any

import nbformat.v4 as new
import pytest

from course.grading.pages import without_code

LINE = '<p class="course-mark"><strong>Question 1: 2 of 2 marks.</strong> Right.</p>'


def shown(html: str) -> Any:
    return new.new_output("display_data", {"text/html": html, "text/plain": "plain"})


def value(text: str) -> Any:
    return new.new_output("execute_result", {"text/plain": text})


def cell(*outputs: Any, locked: bool = True, grade: bool = False, points: int = 2) -> Any:
    about = {"locked": locked, "grade": grade, "grade_id": "q1", "solution": False}
    if grade:
        about["points"] = points
    return new.new_code_cell("some_code()", outputs=list(outputs), metadata={"nbgrader": about})


def page(*cells: Any) -> list[Any]:
    notebook, _ = without_code(new.new_notebook(cells=list(cells)), {})
    return notebook.cells


def test_a_marked_question_shows_its_line_in_place_of_the_code() -> None:
    (only,) = page(cell(shown(LINE), value("2"), grade=True))
    assert (only.cell_type, only.source) == ("markdown", LINE)
    assert only.metadata.nbgrader.points == 2


def test_an_answer_is_shown_without_its_code() -> None:
    (only,) = page(cell(shown("<dl></dl>")))
    assert only.metadata.transient.remove_source
    assert only.outputs


@pytest.mark.parametrize("empty", [cell(), cell(value("0"), grade=True, points=0)])
def test_a_cell_with_nothing_to_show_is_left_out(empty: Any) -> None:
    assert page(empty) == []


FAILED = new.new_output("error", ename="E", evalue="", traceback=[])
SAID = new.new_output("stream", name="stderr", text="warning")


@pytest.mark.parametrize(
    "other",
    [
        cell(FAILED, grade=True),
        cell(FAILED, grade=True, points=0),
        cell(SAID),
        cell(shown(LINE), shown(LINE), grade=True),
        cell(value("2"), grade=True),
        cell(shown("<p>mine</p>"), locked=False),
        new.new_code_cell("print(1)"),
        new.new_markdown_cell("words"),
    ],
)
def test_what_went_wrong_or_is_not_ours_stays_as_it_is(other: Any) -> None:
    before = dict(other)
    (only,) = page(other)
    assert dict(only) == before
    assert "transient" not in only.metadata
