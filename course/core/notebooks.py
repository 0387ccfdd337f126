"""Notebooks read as plain JSON: where they are, their code, their words and what they ask."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NotRequired, TypedDict

from course.core import names
from course.core.errors import BadNotebook, NotACourseDirectory
from course.core.settings import coursework_folder
from course.core.text_files import read_text


class NbgraderMetadata(TypedDict, total=False):
    """What nbgrader knows of a cell."""

    grade_id: str
    grade: bool
    task: bool
    solution: bool
    locked: bool
    points: float


class SourceVisibility(TypedDict, total=False):
    """What Jupyter saves of how a cell is shown."""

    source_hidden: bool


class CellMetadata(TypedDict, total=False):
    """What stands beside the text of a cell."""

    tags: list[str]
    nbgrader: NbgraderMetadata
    jupyter: SourceVisibility
    deletable: bool
    editable: bool
    execution: dict[str, str]
    """When the cell was run."""


class Cell(TypedDict):
    """A cell, with its source as one text."""

    cell_type: str
    source: str
    metadata: CellMetadata
    id: NotRequired[str]
    attachments: NotRequired[object]
    outputs: NotRequired[list[object]]
    execution_count: NotRequired[int | None]


class NotebookMetadata(TypedDict, total=False):
    """What stands beside the cells of a notebook."""

    kernelspec: dict[str, str]
    course: dict[str, bool]
    language_info: dict[str, object]
    """What Jupyter notes of the kernel when a notebook is saved."""
    widgets: dict[str, object]
    """What Jupyter saves of the widgets that were shown."""


class Notebook(TypedDict):
    """A notebook of format 4."""

    cells: list[Cell]
    metadata: NotebookMetadata
    nbformat: int
    nbformat_minor: int


def material() -> Path:
    """Return the folder that holds the course's `notebooks/` and `exercises/`.

    An installed package carries them itself; in a checkout they are beside the package.
    """
    here = Path(__file__).parent.parent
    packed = here / "material"
    return packed if packed.is_dir() else here.parent


def course_directory() -> Path:
    """Return the trainer's course directory, with the exercises and their answers in `source/`.

    It is the folder that BUILDING_TRUST_COURSEWORK names, or the checkout that this package runs from. Raises
    NotACourseDirectory where there is no `source/` in it.
    """
    chosen = coursework_folder()
    root = chosen or material()
    if (root / names.SOURCE).is_dir():
        return root
    if chosen is None:
        raise NotACourseDirectory(
            "The exercises with their answers are not installed here, so there is nothing to teach from.",
            "Clone the course’s repository, and start this in it. Or have a folder for trainers made from a clone: "
            "course coursework FOLDER --from CLONE",
        )
    raise NotACourseDirectory(
        f"The folder {root}, which BUILDING_TRUST_COURSEWORK names, has no exercises with their answers.",
        f"Have it filled from a clone of the course: course coursework {root} --from CLONE",
    )


def read_notebook(path: Path) -> Notebook:
    """Return the notebook in that file, or raise BadNotebook.

    Looked at are the types and sources of its cells, and that metadata are tables: nothing else.
    """
    try:
        return parse_notebook(read_text(path))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadNotebook(
            f"{path.name} is not a notebook: {error}.", "Take it from a fresh copy of the course."
        ) from error


def parse_notebook(text: str) -> Notebook:
    """Return a notebook that is given as JSON; raises ValueError, KeyError, TypeError or AttributeError for others."""
    try:
        content = json.loads(text)
    except RecursionError:
        raise ValueError("its lists lie too deep in each other") from None
    cells = [_cell(cell) for cell in content["cells"]]
    notebook: Notebook = {"metadata": {}, "nbformat": 0, "nbformat_minor": 0, **content, "cells": cells}
    if not isinstance(notebook["metadata"], dict):
        raise TypeError("its metadata is no table")
    return notebook


def _cell(content: Mapping[str, object]) -> Cell:
    """Return a cell with its source as one text; raises TypeError for anything else."""
    if not isinstance(content["cell_type"], str):
        raise TypeError("a cell has no type")
    cell = {"metadata": {}, **content, "source": source(content)}
    if not isinstance(cell["metadata"], dict):
        raise TypeError("the metadata of a cell is no table")
    return cell  # type: ignore[return-value]  # the rest of a cell is looked at where it is used


def source(cell: Mapping[str, object]) -> str:
    """Return the text of a cell, which a file has whole or line by line; TypeError where it is neither.

    >>> source({"source": ["To be ", "continued"]})
    'To be continued'
    """
    text = cell.get("source", "")
    if isinstance(text, str):
        return text
    if isinstance(text, list):
        return "".join(text)
    raise TypeError("the source of a cell is no text")


def code_digest(notebook: Notebook) -> str:
    """Return the SHA-256 of the notebook's code; the notebook view makes the same in the browser."""
    return _digest([source(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"])


def words_digest(notebook: Notebook) -> str:
    """Return the SHA-256 of all that a person can read or write in the cells."""
    return _digest([[cell["cell_type"], source(cell)] for cell in notebook["cells"]])


def text_under(notebook: Notebook, heading: str) -> str:
    """Return the words that stand under a heading of a notebook in the heading's own cell; empty where it is not there.

    Each paragraph is one line, without the marks of emphasis.
    """
    for cell in notebook["cells"]:
        lines = cell["source"].splitlines()
        if cell["cell_type"] == "markdown" and lines and lines[0].lstrip("# ") == heading:
            paragraphs = "\n".join(lines[1:]).replace("*", "").split("\n\n")
            return "\n".join(" ".join(paragraph.split()) for paragraph in paragraphs if paragraph.strip())
    return ""


def ask_keys(notebook: Notebook) -> list[str]:
    """Return the keys of a notebook's questions, in the order in which they are asked."""
    return [key for call in ask_calls(notebook) if (key := first_text(call)) is not None]


def ask_calls(notebook: Notebook) -> list[ast.Call]:
    """Return the calls of `ask.something(…)` in a notebook, in order."""
    return [call for cell in notebook["cells"] if cell["cell_type"] == "code" for call in calls(cell["source"], "ask")]


def calls(code: str, name: str) -> list[ast.Call]:
    """Return the calls of `name.something(…)` in code, in order; none where it is no Python.

    >>> len(calls("ask.taps(); show.map()", "ask")), calls("ask.taps(", "ask")
    (1, [])
    """
    tree = syntax_tree(code)
    nodes = [node for node in _nodes(tree) if isinstance(node, ast.Call) and _is_of(node.func, name)]
    return sorted(nodes, key=lambda node: (node.lineno, node.col_offset))


def syntax_tree(code: str) -> ast.Module | None:
    """Return the syntax tree of code, or None where it is no Python, or so involved that Python gives up.

    >>> syntax_tree("ask.taps("), syntax_tree("-" * 100_000 + "1")
    (None, None)
    """
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def first_text(call: ast.Call) -> str | None:
    """Return the text that a call's first argument is, or None."""
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def literal(node: ast.expr | None) -> object:
    """Return the plain value that an expression writes, or None where it writes none.

    >>> [literal(ast.parse(code, mode="eval").body) for code in ('{"asks": 2}', "other", "{[]: 2}")]
    [{'asks': 2}, None, None]
    """
    try:
        return ast.literal_eval(node) if node else None
    except (ValueError, TypeError, RecursionError, MemoryError):
        return None


def exercise_version(code: Iterable[str]) -> int:
    """Return the version that an exercise's code gives to `exercise(…)`; 1 where it gives none.

    >>> exercise_version(['ask, mark = exercise("repair", version=2)']), exercise_version(['exercise("repair")'])
    (2, 1)
    """
    for text in code:
        for call in _calls_of(text, "exercise"):
            version = literal(next((word.value for word in call.keywords if word.arg == "version"), None))
            return version if type(version) is int else 1
    return 1


def _calls_of(code: str, name: str) -> list[ast.Call]:
    return [
        node
        for node in _nodes(syntax_tree(code))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    ]


def _nodes(tree: ast.Module | None) -> Iterator[ast.AST]:
    return ast.walk(tree) if tree else iter(())


def _digest(texts: list[str] | list[list[str]]) -> str:
    canonical = json.dumps(texts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _is_of(function: ast.expr, name: str) -> bool:
    return isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == name
