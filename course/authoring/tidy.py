"""Tidy notebooks: the same notebook always gives the same file, and a changed word a changed line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from course.authoring.cell_names import give_names, is_graded
from course.authoring.notebook_page import (
    KERNELSPEC,
    find_notebooks,
    notebook_text,
    open_notebook,
)
from course.authoring.sentences import one_a_line
from course.core.notebooks import Cell, CellMetadata, Notebook, NotebookMetadata


def tidy(paths: Iterable[Path], root: Path, *, write: bool = True) -> list[Path]:
    """Tidy notebooks and return those that were not tidy; without `write`, only look."""
    changed = []
    for path in find_notebooks(paths, root):
        text = tidy_notebook(open_notebook(path))
        if text != path.read_bytes().decode("utf-8"):
            changed.append(path)
            if write:
                path.write_text(text, encoding="utf-8", newline="\n")
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
    """Return what is not as usual."""
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
