"""Which cells of a marked notebook are the course's own: those that the exercise has, by name, type and text."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

from course.content.lessons import lesson_key, with_lesson_keys
from course.core import names
from course.core.notebooks import read_notebook, source

_EARLIER_CELLS: Final = Path(__file__).with_name("earlier_cells.json")
"""By exercise, the digests of the cells that earlier versions of it had."""

OwnCells: TypeAlias = Mapping[str, tuple[str, ...]]
"""Digests of the exercise's own cells, today's and those of earlier versions, by nbgrader's names for them."""


def own_cells(root: Path, slug: str) -> OwnCells:
    """Return the cells of an exercise as `root/source` and earlier versions have them; none for no such exercise."""
    key = lesson_key(slug)
    path = root / names.SOURCE / key / names.notebook_name(key)
    if Path(key).name != key or not path.is_file():
        return {}
    cells = read_notebook(path)["cells"]
    own = {name: set(digests) for name, digests in _earlier_cells().get(key, {}).items()}
    for cell in cells:
        if name := cell_name(cell):
            own.setdefault(name, set()).add(cell_digest(cell["cell_type"], source(cell)))
    return {name: tuple(sorted(digests)) for name, digests in own.items()}


@functools.cache
def _earlier_cells() -> dict[str, dict[str, list[str]]]:
    cells: dict[str, dict[str, list[str]]] = json.loads(_EARLIER_CELLS.read_text(encoding="utf-8"))
    return cells


@functools.lru_cache(maxsize=512)  # most are the same for every learner
def cell_digest(cell_type: str, text: str) -> str:
    """Return what tells a cell from one with other words: white space and former names of a lesson do not count."""
    return hashlib.sha256(f"{cell_type} {_letters(text)}".encode()).hexdigest()[:32]


def cell_name(cell: Mapping[str, Any]) -> str:
    """Return nbgrader's name for a cell; an empty text where it has none."""
    about = cell["metadata"].get("nbgrader", {})
    return str(about.get("grade_id", "")) if isinstance(about, Mapping) else ""


def _letters(text: object) -> str:
    return "".join(with_lesson_keys(str(text)).split())
