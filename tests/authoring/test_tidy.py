"""The same notebook always gives the same file, and nothing of a tool or a run is left in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from course.authoring.notebook_page import find_notebooks, open_notebook
from course.authoring.tidy import is_name, tidy, tidy_notebook
from course.core.errors import BadNotebook
from tests.cases import every
from tests.full_disk import full_disk
from tests.paths import ROOT

UUID = "2f1e7b9c-0d7e-4f43-9a50-2b8f4f9d3a11"


def cell(source: str, id: str | None = "named", kind: str = "markdown", **metadata: Any) -> dict[str, Any]:
    made = {"cell_type": kind, "id": id, "metadata": metadata, "source": source}
    return {key: value for key, value in made.items() if value is not None}


def tidied(*cells: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    whole = {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}
    return json.loads(tidy_notebook(whole))


def ids(*cells: dict[str, Any]) -> list[str]:
    return [cell["id"] for cell in tidied(*cells)["cells"]]


def test_outputs_counts_and_what_tools_leave_go() -> None:
    ran = cell("ask.taps()", kind="code", collapsed=True, editable=True, tags=[], jupyter={"outputs_hidden": True})
    ran |= {"outputs": [{"output_type": "stream", "name": "stdout", "text": "private"}], "execution_count": 7}
    notebook = tidied(ran, widgets={"state": 1}, language_info={"name": "python"}, course={"hide_code": True})
    assert notebook["cells"] == [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": "named",
            "metadata": {},
            "outputs": [],
            "source": ["ask.taps()"],
        }
    ]
    assert set(notebook["metadata"]) == {"kernelspec", "course"}
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)


def test_what_the_course_uses_stays() -> None:
    kept = {"tags": ["setup"], "jupyter": {"source_hidden": True}, "deletable": False, "editable": False}
    assert tidied(cell("a = 1", kind="code", **kept))["cells"][0]["metadata"] == kept


@every("id", [None, "", "3f2a91bc", UUID, "cell-4f1", "gJr_9dXGpJ05", "W0sZmlsZQ%3D%3D", "x" * 65])
def test_a_cell_without_a_name_gets_one_from_its_first_line(id: str | None) -> None:
    assert ids(cell("## What trust is, and isn’t\n\nMore.", id)) == ["what-trust-is-and-isnt"]


def test_a_name_stays_when_the_words_change() -> None:
    assert ids(cell("Quite other words.", "repair-intro")) == ["repair-intro"]


def test_a_long_first_line_is_cut_at_a_word() -> None:
    (name,) = ids(cell("Research on teams that were working under pressure points the same way", None))
    assert name == "research-on-teams-that-were-working"


def test_the_second_of_two_with_one_name_is_renamed() -> None:
    assert ids(cell("One", "same"), cell("Two", "same"), cell("Three", "same-2"), cell("Same", None)) == [
        "same",
        "same-3",
        "same-2",
        "same-4",
    ]


def test_a_name_made_of_digits_is_still_a_name() -> None:
    (name,) = ids(cell("12345678", None))
    assert is_name(name)


def test_nbgrader_uses_the_name_of_the_cell() -> None:
    about = {"grade": True, "grade_id": "cell-3f2a91bc", "locked": True, "points": 2, "schema_version": 3}
    named = tidied(cell("mark.answered('q1')", "q1-mark", "code", nbgrader=about))["cells"][0]
    assert named["metadata"]["nbgrader"]["grade_id"] == "q1-mark"


def test_a_cell_that_only_nbgrader_has_named_takes_that_name() -> None:
    about = {"grade": True, "grade_id": "q1-mark", "locked": True, "points": 2, "schema_version": 3}
    assert ids(cell("mark.answered('q1')", UUID, "code", nbgrader=about)) == ["q1-mark"]


def test_a_copy_of_a_graded_cell_is_renamed_and_not_the_cell_itself() -> None:
    about = {"grade": True, "grade_id": "q1-mark", "locked": True, "points": 2, "schema_version": 3}
    copy, itself = (cell("mark.answered('q1')", id, "code", nbgrader=dict(about)) for id in (UUID, "q1-mark"))
    cells = tidied(copy, itself)["cells"]
    assert [(cell["id"], cell["metadata"]["nbgrader"]["grade_id"]) for cell in cells] == [
        ("q1-mark-2", "q1-mark-2"),
        ("q1-mark", "q1-mark"),
    ]


def test_empty_cells_and_spaces_at_line_ends_go() -> None:
    cells = tidied(cell("\n", "empty"), cell("a = 1   \n\n", "code", "code"))["cells"]
    assert [(cell["id"], cell["source"]) for cell in cells] == [("code", ["a = 1"])]


@every("path", find_notebooks([], ROOT))
def test_the_file_is_as_jupyter_writes_it(path: Path) -> None:
    text = tidy_notebook(open_notebook(path))
    assert text == nbformat.writes(nbformat.reads(text, as_version=4)) + "\n"


def test_where_the_disk_is_full_a_notebook_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "notebooks" / "lesson.ipynb"
    path.parent.mkdir()
    whole = {"cells": [cell("One. Two.", None)], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    path.write_text(json.dumps(whole), encoding="utf-8")
    path.chmod(0o640)
    with full_disk(), pytest.raises(OSError, match="too large"):
        tidy([], tmp_path)
    assert json.loads(path.read_text(encoding="utf-8")) == whole
    assert list(path.parent.iterdir()) == [path]
    assert tidy([], tmp_path) == [path]
    assert path.stat().st_mode & 0o777 == 0o640


def test_tidying_twice_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "notebooks" / "lesson.ipynb"
    path.parent.mkdir()
    whole = {"cells": [cell("One. Two.", None)], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    path.write_text(json.dumps(whole), encoding="utf-8")
    assert tidy([], tmp_path, write=False) == [path]
    assert tidy([], tmp_path) == [path]
    once = path.read_bytes()
    assert tidy([], tmp_path) == []
    assert path.read_bytes() == once
    nbformat.validate(nbformat.reads(once.decode(), as_version=4))


def test_a_sentence_reworded_is_a_line_changed() -> None:
    path = ROOT / "notebooks" / "start.ipynb"
    before, notebook = path.read_text(encoding="utf-8"), open_notebook(path)
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace("You read, practise", "You practise, read")
    after = tidy_notebook(notebook)
    assert before != after
    changed = [pair for pair in zip(before.split("\n"), after.split("\n"), strict=True) if pair[0] != pair[1]]
    assert len(changed) == 1


def test_exercises_are_left_alone(tmp_path: Path) -> None:
    for folder in ("notebooks", "exercises"):
        (tmp_path / folder).mkdir()
        whole = {"cells": [cell("One. Two.", None)], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        (tmp_path / folder / "a.ipynb").write_text(json.dumps(whole), encoding="utf-8")
    assert [path.parent.name for path in tidy([], tmp_path)] == ["notebooks"]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"nbformat": 3, "cells": []}', '{"cells": [1]}'])
def test_what_is_no_notebook_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadNotebook, match=r"broken\.ipynb"):
        tidy([path], tmp_path)


def test_where_there_are_no_notebooks_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadNotebook, match="no notebooks or source folder"):
        tidy([], tmp_path)


def test_a_byte_order_mark_is_tidied_away(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    text = tidy_notebook({"cells": [cell("# Zoë")], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    path.write_text(text, encoding="utf-8-sig")
    assert tidy([path], tmp_path) == [path]
    assert path.read_bytes() == text.encode()
    assert tidy([path], tmp_path) == []
