"""The notebooks that authors write: how they are found, read and written, and what the rules ask of one."""

from __future__ import annotations

import ast
import functools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from course.content.lessons import Lesson, lessons
from course.core import notebooks
from course.core.errors import BadNotebook
from course.core.notebooks import Cell, NbgraderMetadata, Notebook

FOLDERS = ("notebooks", "source")
"""The folders that people write in; `exercises` is made from `source` and is never edited."""

NOTEBOOK_METADATA = frozenset({"kernelspec", "course"})
CELL_METADATA = frozenset({"tags", "nbgrader", "jupyter", "deletable", "editable"})
TAGS = ("setup", "try-it", "discuss", "trainer-note")
KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}


def find_notebooks(paths: Iterable[Path], root: Path) -> list[Path]:
    """Return the notebooks in files and folders, by default those in the folders that people write in."""
    wanted = list(paths) or [root / name for name in FOLDERS if (root / name).is_dir()]
    if not wanted:
        raise BadNotebook(
            f"There is no notebooks or source folder in {root}.", "Go to the folder of the course, or name a notebook."
        )
    return list(dict.fromkeys(notebook for path in wanted for notebook in _in(path)))


def _in(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(file for file in path.rglob("*.ipynb") if ".ipynb_checkpoints" not in file.parts)
    elif path.suffix == ".ipynb" and path.is_file():
        yield path
    else:
        raise BadNotebook(f"{path} is neither a notebook nor a folder.", "Give the name of a file that ends in .ipynb.")


def open_notebook(path: Path) -> Notebook:
    """Return a notebook of format 4 to work on."""
    notebook = notebooks.read_notebook(path)
    if notebook["nbformat"] != 4:
        raise BadNotebook(f"{path} is in an old format.", "Open it in JupyterLab and save it.")
    return notebook


def notebook_text(notebook: Notebook) -> str:
    """Return the file of a notebook, written as Jupyter itself writes it."""
    cells = [{**cell, "source": cell["source"].splitlines(keepends=True)} for cell in notebook["cells"]]
    whole = {**notebook, "cells": cells}
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True, separators=(",", ": ")) + "\n"


def name_of(path: Path, root: Path) -> str:
    """Return how a file is named to people: from the course's folder where it is in it."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return str(path)


@dataclass(frozen=True)
class Problem:
    """One thing to put right: in which file and cell, what it is and what to do about it."""

    file: str
    cell: str
    message: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}, cell {self.cell}" if self.cell else self.file
        return f"{place}: {self.message}\n    {self.remedy}"


class NotebookPage:
    """A notebook with what the rules ask about it."""

    def __init__(self, path: Path, root: Path) -> None:
        self.path, self.root = path, root
        self.name = name_of(path, root)
        self.notebook: Notebook = open_notebook(path)
        self.cells: list[Cell] = self.notebook["cells"]

    @property
    def is_exercise(self) -> bool:
        """Whether this is the notebook of an exercise, with its keys and marks."""
        return self.path.parent.parent.name == "source"

    @functools.cached_property
    def lesson(self) -> Lesson | None:
        """The lesson that this notebook is, or None for an exercise and every other page."""
        if self.path.parent.name != "notebooks":
            return None
        return next((lesson for lesson in lessons() if lesson.key == self.path.stem), None)

    def problem(self, cell: Cell | None, message: str, remedy: str) -> Problem:
        """Return a problem of one cell, or of the whole notebook where the cell is None."""
        return Problem(self.name, label(self.cells, cell) if cell else "", message, remedy)

    def code(self) -> Iterator[Cell]:
        """Return the code cells."""
        return (cell for cell in self.cells if cell["cell_type"] == "code")

    def prose(self) -> Iterator[Cell]:
        """Return the Markdown cells."""
        return (cell for cell in self.cells if cell["cell_type"] == "markdown")


def label(cells: list[Cell], cell: Cell) -> str:
    """Return how people find a cell: by its id, or by its place where it has none."""
    place = next(number for number, other in enumerate(cells, start=1) if other is cell)
    return str(cell.get("id") or f"number {place}")


def graded(cell: Cell) -> NbgraderMetadata:
    """Return what nbgrader knows of a cell, or nothing."""
    about = cell["metadata"].get("nbgrader")
    return about if isinstance(about, dict) else {}


def calls(cell: Cell, name: str) -> list[ast.Call]:
    """Return the calls of `name.something(…)` in a code cell, in order."""
    return notebooks.calls(cell["source"], name)
