"""Cells run in the marking process: their outputs are those that a kernel would give."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course.core.errors import CannotMark
from course.trainer.marking.in_process_runner import RunHere


def outputs(folder: Path, *cells: str) -> list[list[Any]]:
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    return [cell.outputs for cell in RunHere().preprocess(notebook, {"metadata": {"path": str(folder)}})[0].cells]


def test_the_last_value_is_a_result_that_nbgrader_takes_as_marks(tmp_path: Path) -> None:
    ((only,),) = outputs(tmp_path, "1 + 2")
    assert (only.output_type, only.data["text/plain"]) == ("execute_result", "3")


def test_a_cell_that_raises_says_so_and_the_next_one_runs(tmp_path: Path) -> None:
    (failed,), (fine,) = outputs(tmp_path, "1 / 0", "'next'")
    assert (failed.output_type, failed.ename) == ("error", "ZeroDivisionError")
    assert fine.data["text/plain"] == "'next'"


def test_code_that_is_no_python_says_so(tmp_path: Path) -> None:
    ((only,),) = outputs(tmp_path, "mark.choice(")
    assert only.output_type == "error"


def test_what_is_displayed_and_printed_is_kept(tmp_path: Path) -> None:
    code = "from IPython.display import HTML, display\ndisplay(HTML('<p>x</p>'))\nprint('said')"
    ((printed, shown),) = outputs(tmp_path, code)
    assert (printed.name, printed.text) == ("stdout", "said\n")
    assert shown.data["text/html"] == "<p>x</p>"


def test_cells_share_names_and_hand_ins_do_not(tmp_path: Path) -> None:
    (_, (known,)) = outputs(tmp_path, "mine = 5", "mine")
    assert known.data["text/plain"] == "5"
    ((unknown,),) = outputs(tmp_path, "mine")
    assert unknown.ename == "NameError"


def test_it_works_in_the_folder_of_the_hand_in_and_comes_back(tmp_path: Path) -> None:
    before = os.getcwd()
    ((only,),) = outputs(tmp_path, "import os; os.getcwd()")
    assert only.data["text/plain"] == repr(str(tmp_path))
    assert os.getcwd() == before


CELLS = (
    "1 + 2",
    "1 + 2;",
    "mine = 3\nmine",
    "",
    "# a remark",
    "None",
    "print('said'); 4",
    "import sys\nprint('warned', file=sys.stderr)\n0.5",
    "import warnings\nwarnings.warn('old')",
    "display('shown')\n'result'",
    "def f():\n    return 1 / 0\nf()",
    "raise ValueError('no')",
    "mark.choice(",
    "class Shown:\n    def _repr_html_(self):\n        return '<p>x</p>'",
    "Shown.__repr__ = lambda shown: 'text'\nShown()",
    "unknown",
    "%time 1",
    "await later",
)


def test_a_cell_that_leaves_python_gets_an_error_and_the_next_one_runs(tmp_path: Path) -> None:
    (left, *_), (fine,) = outputs(tmp_path, "raise SystemExit(2)", "'next'")
    assert (left.output_type, left.ename) == ("error", "SystemExit")
    assert fine.data["text/plain"] == "'next'"


def test_plain_python_gives_the_outputs_that_ipythons_way_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, again = outputs(tmp_path, *CELLS), outputs(tmp_path, *CELLS)
    assert plain(again) == plain(first), "a cell that is compiled already does the same"
    monkeypatch.setattr("course.trainer.marking.in_process_runner._Shell._compiled", lambda *_: None)
    by_ipython = outputs(tmp_path, *CELLS)
    assert [plain([cell]) for cell in first] == [plain([cell]) for cell in by_ipython]


def plain(cells: list[list[Any]]) -> list[list[Any]]:
    """Return outputs without the places of a traceback in IPython's own files and the time that a magic took."""
    hidden = ("traceback", "text") if "CPU times" in str(cells) else ("traceback",)
    return [[{name: one for name, one in output.items() if name not in hidden} for output in cell] for cell in cells]


def test_other_cells_stay_as_they_are(tmp_path: Path) -> None:
    notebook = new_notebook(cells=[new_markdown_cell("1 + 2")])
    assert RunHere().preprocess(notebook, {"metadata": {"path": str(tmp_path)}})[0].cells[0].source == "1 + 2"


def test_ctrl_c_ends_the_run_and_gives_nobody_no_marks(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        outputs(tmp_path, "raise KeyboardInterrupt")


def test_inside_a_notebook_it_says_where_to_go(tmp_path: Path) -> None:
    InteractiveShell.instance()
    try:
        with pytest.raises(CannotMark, match="from inside a notebook"):
            outputs(tmp_path, "1")
    finally:
        InteractiveShell.clear_instance()
