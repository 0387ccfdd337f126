"""Tidy notebooks: the same notebook always gives the same file, and a changed word a changed line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from course.authoring.files import (
    CELL_METADATA,
    KERNELSPEC,
    NOTEBOOK_METADATA,
    Cell,
    find_notebooks,
    notebook_text,
    open_notebook,
)
from course.authoring.names import give_names, is_graded
from course.authoring.sentences import one_a_line
from course.core.notebooks import Notebook


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
    metadata = {key: value for key, value in notebook.get("metadata", {}).items() if key in NOTEBOOK_METADATA}
    whole = {"cells": cells, "metadata": {**metadata, "kernelspec": KERNELSPEC}, "nbformat": 4, "nbformat_minor": 5}
    return notebook_text(whole)


def _tidy_cell(cell: Cell) -> Cell:
    kept = {key: cell[key] for key in ("cell_type", "id", "attachments") if cell.get(key)}
    kept["metadata"] = _tidy_metadata(cell["metadata"])
    kept["source"] = _tidy_source(cell)
    if cell["cell_type"] == "code":
        kept |= {"execution_count": None, "outputs": []}
    return kept


def _tidy_metadata(metadata: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in metadata.items() if key in CELL_METADATA}
    if "jupyter" in kept:
        kept["jupyter"] = {"source_hidden": True} if kept["jupyter"].get("source_hidden") else {}
    for key, usual in (("tags", []), ("jupyter", {}), ("nbgrader", {}), ("deletable", True), ("editable", True)):
        if kept.get(key) == usual:
            del kept[key]
    return kept


def _tidy_source(cell: Cell) -> str:
    source = cell["source"].replace("\r\n", "\n").replace("\r", "\n")
    if cell["cell_type"] == "markdown":
        source = one_a_line(source)
    lines = [line.rstrip() for line in source.split("\n")]
    return "\n".join(lines).strip("\n")
