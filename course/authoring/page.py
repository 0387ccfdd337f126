"""One notebook under review, and what can be wrong with it."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.authoring.files import Cell, name_of, open_notebook
from course.content.lessons import Lesson, lessons
from course.core import notebooks
from course.core.notebooks import Notebook


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


class Page:
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


def graded(cell: Cell) -> dict[str, Any]:
    """Return what nbgrader knows of a cell, or nothing."""
    about = cell["metadata"].get("nbgrader")
    return about if isinstance(about, dict) else {}


def tree(cell: Cell) -> ast.Module | None:
    """Return the syntax tree of a code cell, or None where it is no Python."""
    try:
        module: ast.Module = ast.parse(cell["source"])
    except SyntaxError:
        return None
    return module


def calls(cell: Cell, name: str) -> list[ast.Call]:
    """Return the calls of `name.something(…)` in a code cell, in order."""
    return notebooks.calls(cell["source"], name)
