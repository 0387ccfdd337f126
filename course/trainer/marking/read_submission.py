"""What of a folder that a learner handed in may be used: the answers, and the notebook to be looked at.

The folder comes from a stranger. Nothing in it is followed, copied or run; what is left out is named.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from course.core import storage
from course.core.errors import AnswersNotKept, CannotMark
from course.records.answers import LARGEST, read_page
from course.records.submission_file import LARGEST_NOTEBOOK

KEPT: Final = ("timestamp.txt", "submission_secret.txt", "receipt.json")
"""Small files beside the notebook and the answers that say when and how the hand-in came."""
SMALL: Final = 10_000
DEEPEST_NOTEBOOK: Final = 30
MOST_NAMED: Final = 10
"""How many files that were left out are named one by one."""


@dataclass(frozen=True)
class Taken:
    """What was taken from one hand-in."""

    files: dict[str, bytes] = field(repr=False)
    """The answers and the small files, by name."""
    notebook: Any = field(repr=False)
    """The notebook as plain data, or None where it cannot be read. Only for showing what a learner added."""
    left_out: list[str]
    """Sentences about what was not taken."""


def take(folder: Path, slug: str) -> Taken:
    """Return what may be used of a hand-in.

    Raises CannotMark where the answers cannot be told: the folder is a link, `answers.json` is not what the
    course writes, or neither answers nor notebook are there.
    """
    for place in (folder, folder.parent):
        if place.is_symlink() or not place.is_dir():
            raise CannotMark("The folder of this hand-in is a link.", "Look at it by hand, and take it away.")
    names = {entry.name: entry for entry in os.scandir(folder)}
    if "answers.json" not in names and f"{slug}.ipynb" not in names:
        raise CannotMark(
            "There is neither a notebook nor a file of answers in it.", "Ask the learner to hand in again."
        )
    taken = {"answers.json": _answers(folder, slug)} if "answers.json" in names else {}
    left_out: list[str] = []
    for name in KEPT:
        if name in names:
            _keep(folder / name, SMALL, taken, left_out)
    notebook = _notebook(folder / f"{slug}.ipynb", left_out)
    strangers = sorted(set(names) - {"answers.json", f"{slug}.ipynb", *KEPT})
    return Taken(taken, notebook, left_out + _named(folder, strangers))


def read_plain(path: Path, largest: int) -> bytes:
    """Return what a stranger's file holds.

    Raises files.Unusable for a link, a pipe, a second name of a file elsewhere and for more than `largest` bytes,
    and OSError where it cannot be read.
    """
    about = path.lstat()
    if not stat.S_ISREG(about.st_mode) or about.st_nlink > 1:
        raise storage.Unusable
    return storage.read_whole(path, largest=largest)


def _answers(folder: Path, slug: str) -> bytes:
    path = folder / "answers.json"
    hint = "Ask the learner to hand in again."
    try:
        read_page(path, "exercise", slug)
        return read_plain(path, largest=LARGEST)
    except AnswersNotKept as problem:
        raise CannotMark(problem.message, hint) from None
    except (storage.Unusable, OSError):
        raise CannotMark("The file answers.json is a link, or cannot be read.", hint) from None


def _keep(path: Path, largest: int, taken: dict[str, bytes], left_out: list[str]) -> None:
    try:
        taken[path.name] = read_plain(path, largest)
    except (storage.Unusable, OSError):
        left_out.append(f"The file {path.name} was left out: it is a link, too large, or cannot be read.")


def _notebook(path: Path, left_out: list[str]) -> Any:
    """Return the notebook as plain data, or None."""
    try:
        if path.lstat().st_nlink > 1:
            raise storage.Unusable
        notebook = storage.read_json(path, largest=LARGEST_NOTEBOOK, deepest=DEEPEST_NOTEBOOK)
        if not _has_cells(notebook):
            raise storage.Unusable
        return notebook
    except (storage.Unusable, OSError):
        left_out.append("The notebook could not be looked at: it is missing, damaged, too large or a link.")
        return None


def _has_cells(notebook: Any) -> bool:
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    return isinstance(cells, list) and all(_is_cell(cell) for cell in cells)


def _is_cell(cell: Any) -> bool:
    text = cell.get("source", "") if isinstance(cell, dict) else None
    return isinstance(text, str) or (isinstance(text, list) and all(isinstance(line, str) for line in text))


def _named(folder: Path, names: list[str]) -> list[str]:
    """Return a sentence for each thing that is no part of a hand-in; a crowd gets one sentence."""
    said = [f"{_what(folder / name)} {name[:80]} was left out: it is no part of a hand-in." for name in names]
    more = len(said) - MOST_NAMED
    return [*said[:MOST_NAMED], f"{more} more files were left out."] if more > 0 else said


def _what(path: Path) -> str:
    if path.is_symlink():
        return "The link"
    return "The folder" if path.is_dir() else "The file"
