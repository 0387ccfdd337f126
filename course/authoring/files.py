"""The notebooks that authors write: where they are, how they are read and how they are written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from course.core import notebooks
from course.core.errors import BadNotebook
from course.core.notebooks import Notebook

Cell = dict[str, Any]

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
            f"There is neither notebooks nor source in {root}.", "Go to the folder of the course, or name a notebook."
        )
    found: dict[Path, None] = {}
    for path in wanted:
        for notebook in _in(path):
            found[notebook] = None
    return list(found)


def _in(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(file for file in path.rglob("*.ipynb") if ".ipynb_checkpoints" not in file.parts)
    elif path.suffix == ".ipynb" and path.is_file():
        yield path
    else:
        raise BadNotebook(f"{path} is no notebook and no folder.", "Give the name of a file that ends in .ipynb.")


def open_notebook(path: Path) -> Notebook:
    """Return a notebook of format 4 to work on, with each cell's source as one text."""
    notebook = notebooks.read_notebook(path)
    if notebook.get("nbformat") != 4:
        raise BadNotebook(f"{path} is in an old format.", "Open it in JupyterLab and save it.")
    cells = [
        {**cell, "source": notebooks.source(cell), "metadata": cell.get("metadata", {})} for cell in notebook["cells"]
    ]
    return {**notebook, "cells": cells}


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
