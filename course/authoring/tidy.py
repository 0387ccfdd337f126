"""Tidy notebooks: the same notebook always gives the same file, and a changed word a changed line.

A cell without a name gets one from its first line, and keeps it from then on.
"""

from __future__ import annotations

import re
import stat
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from course.authoring.notebook_page import (
    KERNELSPEC,
    find_notebooks,
    notebook_text,
    open_notebook,
)
from course.authoring.sentences import one_a_line
from course.core.notebooks import Cell, CellMetadata, Notebook, NotebookMetadata
from course.core.storage import put

LONGEST = 40

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_RANDOM = re.compile(
    r"(?=[a-z]*[0-9])[0-9a-f]{8}"  # nbformat
    r"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # JupyterLab
    r"|cell-[0-9a-f]+"  # nbgrader
)


def tidy(paths: Iterable[Path], root: Path, *, write: bool = True) -> list[Path]:
    """Tidy notebooks and return those that were not tidy; without `write`, only look.

    Each is replaced in one step. Raises OSError where it cannot be: then it is as it was.
    """
    changed = []
    for path in find_notebooks(paths, root):
        text = tidy_notebook(open_notebook(path))
        if text.encode() != path.read_bytes():
            changed.append(path)
            if write:
                put(path.resolve(), text.encode(), stat.S_IMODE(path.stat().st_mode))
    return changed


def tidy_notebook(notebook: Notebook) -> str:
    """Return the tidy file of a notebook."""
    cells = [cell for cell in map(_tidy_cell, notebook["cells"]) if cell["source"] or is_graded(cell)]
    give_names(cells)
    metadata: NotebookMetadata = {"kernelspec": KERNELSPEC}
    if "course" in notebook["metadata"]:
        metadata["course"] = notebook["metadata"]["course"]
    return notebook_text({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def _tidy_cell(cell: Cell) -> Cell:
    metadata = _tidy_metadata(cell["metadata"])
    tidied: Cell = {"cell_type": cell["cell_type"], "metadata": metadata, "source": _tidy_source(cell)}
    if cell.get("id"):
        tidied["id"] = cell["id"]
    if cell.get("attachments"):
        tidied["attachments"] = cell["attachments"]
    if cell["cell_type"] == "code":
        tidied |= {"execution_count": None, "outputs": []}
    return tidied


def _tidy_metadata(metadata: CellMetadata) -> CellMetadata:
    """Return the metadata that differs from the default."""
    tidied: CellMetadata = {}
    if tags := metadata.get("tags"):
        tidied["tags"] = tags
    if nbgrader := metadata.get("nbgrader"):
        tidied["nbgrader"] = nbgrader
    if metadata.get("jupyter", {}).get("source_hidden"):
        tidied["jupyter"] = {"source_hidden": True}
    if not metadata.get("deletable", True):
        tidied["deletable"] = False
    if not metadata.get("editable", True):
        tidied["editable"] = False
    return tidied


def _tidy_source(cell: Cell) -> str:
    source = cell["source"].replace("\r\n", "\n").replace("\r", "\n")
    if cell["cell_type"] == "markdown":
        source = one_a_line(source)
    lines = [line.rstrip() for line in source.split("\n")]
    return "\n".join(lines).strip("\n")


def is_name(id: object) -> bool:
    """Say whether an id is a name and not one that a program made up.

    >>> is_name("repair-intro"), is_name("3f2a91bc"), is_name("cell-7")
    (True, False, False)
    """
    return isinstance(id, str) and len(id) <= 64 and bool(_NAME.fullmatch(id)) and not _RANDOM.fullmatch(id)


def give_names(cells: list[Cell]) -> None:
    """Name the cells that have no name, and rename the second of two with the same one.

    The `grade_id` of a graded cell becomes its id. A cell that only nbgrader has named takes that name,
    unless it is another cell's: JupyterLab gives a copy a new id and leaves its grade_id.
    """
    names: set[str] = set()
    own_names = {cell["id"] for cell in cells if is_name(cell.get("id"))}
    for cell in cells:
        id = str(cell.get("id"))
        if not is_name(id) or id in names:
            id = _free(_known_name(cell) or first_line_name(cell), names | own_names)
        names.add(id)
        cell["id"] = id
        if is_graded(cell):
            cell["metadata"]["nbgrader"]["grade_id"] = id


def is_graded(cell: Cell) -> bool:
    """Say whether nbgrader knows the cell by its grade_id."""
    about = cell["metadata"].get("nbgrader")
    return isinstance(about, dict) and any(about.get(key) for key in ("grade", "task", "solution", "locked"))


def first_line_name(cell: Cell) -> str:
    """Return a name made of the first line of a cell, cut at a word.

    >>> first_line_name({"cell_type": "markdown", "source": "## What trust is, and isn't", "metadata": {}})
    'what-trust-is-and-isnt'
    """
    if "setup" in cell["metadata"].get("tags", []):
        return "setup"
    line = next((line for line in cell["source"].splitlines() if _words(line)), "")
    name = ""
    for word in _words(line):
        longer = f"{name}-{word}" if name else word[:LONGEST]
        if len(longer) > LONGEST:
            break
        name = longer
    return name if is_name(name) else f"{cell['cell_type']}-{name}".strip("-")


def _words(line: str) -> list[str]:
    line = re.sub(r"\]\([^)]*\)|<[^>]*>|[’']", "", line)
    plain = unicodedata.normalize("NFKD", line).encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z0-9]+", plain)


def _known_name(cell: Cell) -> str:
    graded = cell["metadata"]["nbgrader"].get("grade_id") if is_graded(cell) else None
    return next((str(id) for id in (cell.get("id"), graded) if is_name(id)), "")


def _free(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}"
