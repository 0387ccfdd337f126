"""The text of a marked notebook is what nbformat writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest

from course.trainer.marking.marker import notebook_text
from tests.paths import ROOT

EXERCISES = sorted(ROOT.glob("exercises/*/*.ipynb"))
OUTPUTS = [
    {"output_type": "stream", "name": "stdout", "text": 'Printed "cells": [] in\nlines\n ],\n "metadata": {}'},
    {"output_type": "error", "ename": "ValueError", "evalue": "\u2028 ü", "traceback": ["a", "b"]},
    {"output_type": "display_data", "data": {"text/html": "<p>\n</p>", "text/plain": ""}, "metadata": {}},
    {"output_type": "execute_result", "data": {"text/plain": "1.5"}, "metadata": {}, "execution_count": 3},
]


@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: path.stem)
def test_it_is_to_the_letter_what_nbformat_writes_each_time(path: Path) -> None:
    notebook: Any = nbformat.read(path, as_version=4)
    for number, output in enumerate(OUTPUTS):
        code = [cell for cell in notebook.cells if cell.cell_type == "code"][number % 2]
        code.outputs = [nbformat.from_dict(output)]
        assert notebook_text(notebook) == nbformat.writes(notebook)


def test_a_notebook_without_cells_is_written_too() -> None:
    notebook = nbformat.v4.new_notebook(metadata={"title": "Synthetic."})
    assert notebook_text(notebook) == nbformat.writes(notebook)
