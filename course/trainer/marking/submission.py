"""Read the folder that a learner handed in: what of it may be used, and what a learner added to the exercise.

The folder is untrusted input. No link in it is followed, and nothing is copied or run; what is left out is named.
Nothing of nbgrader is needed for it, so that a command which finds nothing to do is soon through.
"""

from __future__ import annotations

import functools
import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeGuard

from course.content import trainer_words
from course.content.lessons import with_lesson_keys
from course.core import names, storage
from course.core.errors import AnswersNotKept, CannotMark
from course.core.notebooks import Notebook, source
from course.records.answers.page import LARGEST, AnswerPage, parse_page
from course.records.answers.units import Json
from course.records.reply import answers_alone, reply_in
from course.records.submission_file import LARGEST_NOTEBOOK

SMALL_FILES: Final = (names.TIMESTAMP, names.SECRET, names.RECEIPT)
"""Beside the notebook and the answers, what says when and how the submission came."""
LARGEST_SMALL_FILE: Final = 10_000
DEEPEST_NOTEBOOK: Final = 30
MOST_NAMED: Final = 10
"""How many files that were left out are named one by one."""


@dataclass(frozen=True)
class Submission:
    """What may be used of one submission."""

    files: Mapping[str, bytes] = field(repr=False)
    """The answers and the small files, by name."""
    answers: Mapping[str, Json] = field(repr=False)
    """The answers by key; none where there is no file of answers."""
    notebook: Notebook | None = field(repr=False)
    """The notebook as plain data, or None where it cannot be read. Only for showing what a learner added."""
    left_out: tuple[str, ...]
    """Sentences about what is not used."""
    version: int | None = None
    """The version of the exercise that was answered; None where nothing was answered."""
    reply: str = field(default="", repr=False)
    """What the learner wrote back about the feedback on an earlier hand-in."""


def read_submission(folder: Path, slug: str) -> Submission:
    """Return what may be used of a submission.

    Raises CannotMark where the answers cannot be read: the folder is a link, `answers.json` is not what the
    course writes, or neither answers nor notebook are there. A notebook without answers is somebody's who answered
    nothing only where nbgrader's exchange took the whole folder; else the answers were left behind.
    """
    for place in (folder, folder.parent):
        if place.is_symlink() or not place.is_dir():
            raise CannotMark(trainer_words("marking.linked-folder"))
    present = {entry.name for entry in os.scandir(folder)}
    notebook_name = names.notebook_name(slug)
    if present.isdisjoint({names.ANSWERS, notebook_name}):
        raise CannotMark(trainer_words("marking.nothing-inside"))
    files, left_out = _read_small_files(folder, present)
    page = None
    if names.ANSWERS in present:
        files[names.ANSWERS], page = _read_answers(folder / names.ANSWERS, slug)
    elif names.SECRET in files:
        left_out.append(trainer_words("marking.no-answers"))
    else:
        raise CannotMark(trainer_words("marking.notebook-alone"), trainer_words("marking.notebook-alone-hint"))
    notebook = _read_notebook(folder / notebook_name)
    if notebook is None:
        left_out.append(trainer_words("marking.unusable-notebook"))
    left_out += _strange_files(folder, present - {names.ANSWERS, names.SELF_CHECK, notebook_name, *SMALL_FILES})
    if page is None:
        return Submission(files, {}, notebook, tuple(left_out))
    return Submission(files, answers_alone(page), notebook, tuple(left_out), page.version, reply_in(page))


def read_plain(path: Path, largest: int) -> bytes:
    """Return the bytes of an untrusted file.

    Raises storage.Unusable for a link, a pipe, a second name of a file elsewhere and for more than `largest` bytes,
    and OSError where it cannot be read.
    """
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
        raise storage.Unusable
    return storage.read_whole(path, largest=largest)


def _read_answers(path: Path, slug: str) -> tuple[bytes, AnswerPage]:
    """Return the file of answers as it is, and the answers in it."""
    try:
        data = read_plain(path, largest=LARGEST)
        return data, parse_page(data, path, "exercise", slug)
    except AnswersNotKept as problem:
        raise CannotMark(problem.message, trainer_words("marking.ask-again")) from None
    except (storage.Unusable, OSError):
        raise CannotMark(trainer_words("marking.unusable-answers", name=path.name)) from None


def _read_small_files(folder: Path, present: set[str]) -> tuple[dict[str, bytes], list[str]]:
    """Return the small files by name, and a sentence for each that cannot be used."""
    files: dict[str, bytes] = {}
    left_out = []
    for name in SMALL_FILES:
        if name in present:
            try:
                files[name] = read_plain(folder / name, LARGEST_SMALL_FILE)
            except (storage.Unusable, OSError):
                left_out.append(trainer_words("marking.file-left-out", name=name))
    return files, left_out


def _read_notebook(path: Path) -> Notebook | None:
    """Return the notebook as plain data, or None where it cannot be used."""
    try:
        return _parse_notebook(read_plain(path, LARGEST_NOTEBOOK))
    except (storage.Unusable, OSError):
        return None


@functools.lru_cache(maxsize=4)
def _parse_notebook(data: bytes) -> Notebook | None:
    """Return a notebook, which nobody may change: that of most people is, to the byte, the one that was released."""
    notebook = storage.parse_json(data, deepest=DEEPEST_NOTEBOOK)
    return notebook if _has_cells(notebook) else None


def _has_cells(notebook: object) -> TypeGuard[Notebook]:
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    return isinstance(cells, list) and all(_is_cell(cell) for cell in cells)


def _is_cell(cell: object) -> bool:
    text = cell.get("source", "") if isinstance(cell, dict) else None
    return isinstance(text, str) or (isinstance(text, list) and all(isinstance(line, str) for line in text))


def _strange_files(folder: Path, file_names: Iterable[str]) -> list[str]:
    """Return a sentence for each thing that is no part of a submission; above MOST_NAMED, one for the rest."""
    sentences = [
        trainer_words(f"marking.strange-{_kind(folder / name)}", name=name[:80]) for name in sorted(file_names)
    ]
    more = len(sentences) - MOST_NAMED
    if more > 0:
        return [*sentences[:MOST_NAMED], trainer_words("marking.more-strange-files", n=more)]
    return sentences


def _kind(path: Path) -> str:
    if path.is_symlink():
        return "link"
    return "folder" if path.is_dir() else "file"


def added_texts(released: Mapping[str, Any], submission: Submission) -> list[str]:
    """Return the text of each handed-in cell that differs from every released one by more than white space.

    A former name of an exercise is as good as its key there: it may be from an earlier version of the course.
    """
    released_texts = {_letters(source(cell)) for cell in released["cells"]}
    texts = [source(cell) for cell in submission.notebook["cells"]] if submission.notebook else []
    return [text for text in texts if text.strip() and _letters(text) not in released_texts]


def added_cells_note(count: int) -> list[str]:
    """Return the sentence for a trainer about so many added cells; none where there are none."""
    return [trainer_words("marking.added-cells", n=count)] if count else []


def changed_since(old: Mapping[str, Json], new: Mapping[str, Json], keys: Sequence[str]) -> list[str]:
    """Return the keys of the questions whose answers differ between two submissions, in their order.

    >>> changed_since({"q1": "A", "q2": "B"}, {"q1": "C", "q2": "B", "q3": "A"}, ["q1", "q2", "q3", "q4"])
    ['q1', 'q3']
    """
    return [key for key in keys if old.get(key) != new.get(key)]


@functools.lru_cache(maxsize=256)
def _letters(text: str) -> str:
    return "".join(with_lesson_keys(text).split())
