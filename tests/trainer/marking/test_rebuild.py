"""What is read of a folder that was handed in, and the exercise rebuilt with it."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbformat.validator import validate

from course.core.errors import CannotMark
from course.trainer.marking.rebuild import MOST_CELLS, MOST_LETTERS, fenced, rebuild
from course.trainer.marking.submission import Submission, added_texts, read_submission
from course.trainer.pages.sanitise import clean

SLUG = "repair"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "synthetic-001" / SLUG
    folder.mkdir(parents=True)
    (folder / f"{SLUG}.ipynb").write_text(json.dumps({"cells": []}), encoding="utf-8")
    whole = {"format": 2, "exercise": SLUG, "version": 2, "answers": {"q1": "A"}}
    (folder / "answers.json").write_text(json.dumps(whole), encoding="utf-8")
    (folder / "timestamp.txt").write_text("2026-11-22 12:00:00.000000 UTC", encoding="utf-8")
    return folder


def test_an_honest_hand_in_is_taken_whole(folder: Path) -> None:
    submission = read_submission(folder, SLUG)
    assert set(submission.files) == {"answers.json", "timestamp.txt"}
    assert submission.answers == {"q1": "A"}
    assert submission.notebook == {"cells": []}
    assert submission.left_out == ()


def test_a_notebook_alone_is_refused_with_what_to_ask_for(folder: Path) -> None:
    (folder / "answers.json").unlink()
    with pytest.raises(CannotMark, match=r"a notebook alone") as refused:
        read_submission(folder, SLUG)
    assert "hand-in file" in refused.value.hint
    assert "answers.json" in refused.value.hint


def test_a_notebook_alone_from_the_exchange_is_empty_and_says_so(folder: Path) -> None:
    (folder / "answers.json").unlink()
    (folder / "submission_secret.txt").write_text("0a" * 64, encoding="utf-8")
    submission = read_submission(folder, SLUG)
    assert set(submission.files) == {"timestamp.txt", "submission_secret.txt"}
    (said,) = submission.left_out
    assert "no file of answers" in said
    assert "no marks" in said


def test_a_stray_file_is_left_out_by_name(folder: Path) -> None:
    (folder / "notes.docx").write_text("x", encoding="utf-8")
    assert read_submission(folder, SLUG).left_out == ("The file notes.docx was left out: it is not part of a hand-in.",)


def test_a_crowd_of_files_is_named_up_to_ten(folder: Path) -> None:
    for number in range(11):
        (folder / f"file-{number:02d}").write_text("x", encoding="utf-8")
    said = read_submission(folder, SLUG).left_out
    assert len(said) == 11
    assert said[-1] == "1 more file was left out."


def test_nobody_is_quoted_in_a_refusal(folder: Path) -> None:
    (folder / "answers.json").write_text('{"format": 1, "answers": {"reflection": "A secret"', encoding="utf-8")
    with pytest.raises(CannotMark) as refused:
        read_submission(folder, SLUG)
    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None


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


def kinds(value: Any) -> Any:
    """Return the types of all that is in a notebook, in the same shape."""
    if isinstance(value, dict):
        return type(value), {name: kinds(each) for name, each in value.items()}
    return (list, [kinds(each) for each in value]) if isinstance(value, list) else type(value)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_notebook_that_goes_from_process_to_process_stays_one(protocol: int) -> None:
    notebook = new_notebook(
        metadata={"language_info": {"name": "synthetic"}, "get": 1},
        cells=[
            new_code_cell("1", outputs=[new_output("display_data", {"text/html": "<b>"}, metadata={"a": [{"b": 1}]})]),
            new_markdown_cell("é", metadata={"nbgrader": {"points": 1.5}}),
        ],
    )
    copy = pickle.loads(pickle.dumps(notebook, protocol))
    assert copy == notebook
    assert kinds(copy) == kinds(notebook)
    copy.cells[0].metadata.new = {"is": "a node"}
    assert copy.cells[0].metadata.new["is"] == "a node"
    assert "new" not in notebook.cells[0].metadata
