"""The rebuilt hand-in: the released exercise, and at its end what a learner added, as text."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbformat.validator import validate

from course.trainer.marking.read_submission import Submission
from course.trainer.marking.rebuild import MOST_CELLS, MOST_LETTERS, added_texts, fenced, rebuild
from course.trainer.pages.sanitise import clean


def released() -> Any:
    return new_notebook(cells=[new_markdown_cell("# Title"), new_code_cell("ask.choose('q1')")])


def handed_in(*texts: Any) -> Submission:
    return Submission({}, {}, {"cells": [{"cell_type": "code", "source": text} for text in texts]}, ())


def test_the_courses_own_cells_are_not_taken_for_additions() -> None:
    assert added_texts(released(), handed_in("# Title", ["ask.choose(", "'q1')\n"])) == []


def test_a_changed_cell_is_an_addition_and_the_released_one_stays() -> None:
    assert added_texts(released(), handed_in("# Title", "ask.choose('q2')")) == ["ask.choose('q2')"]
    cells = rebuild(released(), ["ask.choose('q2')"]).cells
    assert [cell.source for cell in cells[:2]] == ["# Title", "ask.choose('q1')"]
    assert {cell.cell_type for cell in cells[2:]} == {"markdown"}


def test_empty_cells_are_passed_over() -> None:
    assert added_texts(released(), handed_in("", " \n")) == []


def test_without_a_notebook_there_is_nothing_to_show() -> None:
    assert added_texts(released(), Submission({}, {}, None, ())) == []
    assert len(rebuild(released(), []).cells) == 2


def test_of_a_crowd_of_cells_some_are_shown_and_the_rest_are_counted() -> None:
    just = rebuild(released(), ["x"] * MOST_CELLS).cells
    more = rebuild(released(), ["x"] * (MOST_CELLS + 1)).cells
    assert len(more) == len(just) + 1
    assert more[-1].source == "1 more added cell is not shown."


def test_what_changed_stands_at_the_top() -> None:
    cells = rebuild(released(), [], "Handed in again.").cells
    assert [cell.source for cell in cells] == ["# Title", "**Handed in again.**", "ask.choose('q1')"]


def test_a_long_text_is_cut_and_says_so() -> None:
    assert len(fenced("x" * MOST_LETTERS)) < len(fenced("x" * (MOST_LETTERS + 1))) < MOST_LETTERS + 30


@given(st.text(max_size=300))
def test_whatever_is_written_stays_one_block_of_text(text: str) -> None:
    notebook = rebuild(released(), [text])
    validate(notebook)
    page = MarkdownWithMath(renderer=IPythonRenderer(escape=False)).render(fenced(text))
    inside = clean(page)
    assert inside.count("<pre") == 1
    assert inside.strip().startswith("<div")
    assert inside.strip().endswith("</div>")
    assert "<script" not in inside
