"""Which hand-in says when a learner's answers came: the first that had them.

Somebody who hands the same answers in again, as with a reply to their feedback, is not late by it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from course.content.lessons import lesson_key
from course.core import names, storage
from course.core.errors import AnswersNotKept
from course.core.notebooks import source
from course.records.answers.page import read_page
from course.records.answers.units import Json
from course.records.reply import answers_alone
from course.records.submission_file import LARGEST_NOTEBOOK
from course.trainer.course_directory import Coursework, submission_time

_DEEPEST_NOTEBOOK: Final = 30
_Cells: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class _HandedIn:
    """All of a hand-in that a trainer marks or reads, but for a reply."""

    version: int
    answers: dict[str, Json]
    cells: _Cells | None
    """The texts of the notebook's cells, to which a learner may have added; None where it cannot be read."""


def counting_folder(coursework: Coursework, learner: str, slug: str) -> Path:
    """Return the folder whose time counts for a learner's latest hand-in; `slug` is nbgrader's name."""
    latest = coursework.folder(names.SUBMITTED, learner, slug)
    earlier = coursework.root / names.EARLIER / learner / slug
    return first_with_same_answers(latest, earlier.iterdir(), slug) if earlier.is_dir() else latest


def first_with_same_answers(folder: Path, others: Iterable[Path], slug: str) -> Path:
    """Return the first of the hand-ins of one learner since which nothing but a reply has changed up to this one."""
    time, handed_in = submission_time(folder), _handed_in(folder, slug)
    if time is None or handed_in is None:
        return folder
    timed = [(moment, other) for other in others if (moment := submission_time(other)) and moment < time]
    before = [other for _, other in sorted(timed, reverse=True)]
    same = itertools.takewhile(lambda other: _handed_in(other, slug) == handed_in, before)
    return [folder, *same][-1]


def _handed_in(folder: Path, slug: str) -> _HandedIn | None:
    """Return what was handed in; None where there are no answers that can be read."""
    path = folder / names.ANSWERS
    if not path.is_file():
        return None
    try:
        page = read_page(path, "exercise", lesson_key(slug))
    except AnswersNotKept:
        return None
    return _HandedIn(page.version, answers_alone(page), _cells(folder / names.notebook_name(slug)))


def _cells(path: Path) -> _Cells | None:
    try:
        notebook = storage.read_json(path, largest=LARGEST_NOTEBOOK, deepest=_DEEPEST_NOTEBOOK)
        return tuple(source(cell) for cell in notebook["cells"])  # type: ignore[index]
    except (OSError, storage.Unusable, KeyError, TypeError, AttributeError):
        return None
