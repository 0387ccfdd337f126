"""Which submissions are marked already, seen without nbgrader: where all are, it need not be imported.

Beside a marked notebook lies a record of what it was made from. From it the next run sees whether the submission or the
exercise has changed since.

The version of an exercise is worked out by nbgrader's own preprocessors, from the released notebook and the hidden
tests in the gradebook. It is remembered by a digest of all that it was worked out from: where any of that is another,
or anything else is out of the ordinary, the submission is left to the marker.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.util
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from course.content.lessons import exercise_version
from course.core import __version__, names, storage
from course.core.errors import CannotMark
from course.core.notebooks import Notebook, parse_notebook
from course.core.settings import settings
from course.trainer.course_directory import Coursework, released_notebook
from course.trainer.exercise_version import why_set_aside
from course.trainer.gradebook_reader import GradebookReader
from course.trainer.marking.submission import Submission, added_cells_note, added_texts, read_submission

RECORD_FILE: Final = "marking.json"
"""Beside a marked notebook: from what it was made."""
_FORMAT: Final = 1
Task: TypeAlias = tuple[str, str]
"""An exercise and a learner."""
_PACKAGES: Final = ("nbgrader", "nbformat")
"""The packages that have a part in the version of an exercise."""
_MOST: Final = 200
"""How many versions are remembered."""


@dataclass(frozen=True)
class MarkingResult:
    """What became of one submission."""

    learner: str
    slug: str
    refused: str = ""
    left_out: tuple[str, ...] = ()
    changed: tuple[str, ...] | None = None
    """The questions whose answers differ from an earlier submission that was marked; None where there was none."""
    replied: bool = False
    """Whether the learner wrote back about the feedback."""


@dataclass(frozen=True)
class MarkingRecord:
    """From what a marked notebook was made, as digests."""

    submission: str
    exercise: str
    """The released exercise with its hidden tests; empty in a record that does not say."""

    def as_bytes(self) -> bytes:
        """Return the record as its file holds it."""
        return storage.as_json({"format": _FORMAT, "hand-in": self.submission, "exercise": self.exercise})


def read_record(place: Path) -> MarkingRecord | None:
    """Return the record in a folder; None where there is none, as when nbgrader's own command marked it."""
    try:
        fields = json.loads((place / RECORD_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(fields, dict) or not fields:
        return None
    return MarkingRecord(str(fields.get("hand-in", "")), str(fields.get("exercise", "")))


def is_same_submission(place: Path, record: MarkingRecord | None, submission: Submission) -> bool:
    """Say whether this submission is the one that was marked last, here or by nbgrader's own command."""
    if record:
        return record.submission == submission_digest(submission)
    try:
        return (place / names.TIMESTAMP).read_bytes() == submission.files.get(names.TIMESTAMP)
    except OSError:
        return False


def submission_digest(submission: Submission) -> str:
    """Return a digest of all that is used of a submission."""
    lines = [json.dumps(submission.notebook, sort_keys=True)]
    lines += [f"{name} {hashlib.sha256(submission.files[name]).hexdigest()}" for name in sorted(submission.files)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def results_without_marking(coursework: Coursework, tasks: Sequence[Task]) -> dict[Task, MarkingResult]:
    """Return what becomes of submissions that need no marking: they are marked already.

    Where no other is left, those that cannot be marked are among them too.
    """
    exercises = dict(_known_exercises(coursework, dict.fromkeys(slug for slug, _ in tasks)))
    results = {task: _result(exercises[task[0]].marked, task[1]) for task in tasks if task[0] in exercises}
    marked = {task: result for task, result in results.items() if result}
    unmarked = [task for task in tasks if task not in marked]
    refusals: dict[Task, MarkingResult] = {}
    for slug, learner in unmarked:
        refused = _result(exercises[slug].refused, learner) if slug in exercises else None
        if refused is None:
            return marked
        refusals[slug, learner] = refused
    return {**marked, **refusals}


def _result(look: Callable[[str], MarkingResult | None], learner: str) -> MarkingResult | None:
    try:
        return look(learner)
    except Exception:  # the marker meets the same, and says so
        return None


def _known_exercises(coursework: Coursework, slugs: Iterable[str]) -> Iterator[tuple[str, _KnownExercise]]:
    """Yield the exercises whose version is remembered."""
    known = _read_versions()
    if not known:
        return
    with coursework.read_gradebook() as reader:
        made_of = {slug: _made_of(coursework, slug, reader) for slug in slugs}
    for slug in slugs:
        if version := known.get(made_of[slug]):
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
                text = released_notebook(coursework.layout, slug).read_text(encoding="utf-8")
                yield slug, _KnownExercise(coursework, slug, version, parse_notebook(text))


class _KnownExercise:
    """An exercise as the marker would have it."""

    def __init__(self, coursework: Coursework, slug: str, version: str, released: Notebook) -> None:
        self._coursework, self._slug, self._version, self._released = coursework, slug, version, released

    def marked(self, learner: str) -> MarkingResult | None:
        """Return the result where the submission and the exercise are those that were marked, as the marker decides."""
        place = self._coursework.folder(names.AUTOGRADED, learner, self._slug)
        record = read_record(place)
        if record is None:
            return None
        submission = read_submission(self._folder(learner), self._slug)
        is_current = record.exercise == self._version or why_set_aside(self._slug, submission.version, learner)
        if not is_current or not is_same_submission(place, record, submission):
            return None
        left_out = [*submission.left_out, *added_cells_note(len(added_texts(self._released, submission)))]
        return MarkingResult(learner, self._slug, left_out=tuple(left_out))

    def refused(self, learner: str) -> MarkingResult | None:
        """Return why a submission cannot be read, or None where it can."""
        try:
            read_submission(self._folder(learner), self._slug)
        except CannotMark as problem:
            return MarkingResult(learner, self._slug, refused=f"{problem.message} {problem.hint}".strip())
        return None

    def _folder(self, learner: str) -> Path:
        return self._coursework.folder(names.SUBMITTED, learner, self._slug)


def remember_version(coursework: Coursework, slug: str, version: str, reader: GradebookReader) -> None:
    """Remember the version of an exercise that was worked out just now."""
    known, made_of = _read_versions(), _made_of(coursework, slug, reader)
    if known.get(made_of) == version or not made_of:
        return
    known[made_of] = version
    with contextlib.suppress(OSError):  # then it is worked out again the next time
        storage.put(_versions_file(), storage.as_json(dict(list(known.items())[-_MOST:])))


def _made_of(coursework: Coursework, slug: str, reader: GradebookReader) -> str:
    """Return a digest of all from which the version of an exercise is worked out; nothing where it is not released."""
    try:
        released = released_notebook(coursework.layout, slug).read_bytes()
    except OSError:
        return ""
    cells = [list(row) for row in reader.released_cells(slug)]
    parts = [__version__, exercise_version(slug), _packages(), cells, repr(coursework.config), released.hex()]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest() if cells else ""


@functools.cache
def _packages() -> list[list[object]]:
    """Return what tells these packages from other versions of them, without importing them."""
    specs = [importlib.util.find_spec(name) for name in _PACKAGES]
    places = [Path(spec.origin).with_name("_version.py") for spec in specs if spec and spec.origin]
    return [[str(place), *storage.file_signature(place)] for place in places]


def _versions_file() -> Path:
    return settings().data / "exercise-versions.json"


def _read_versions() -> dict[str, str]:
    try:
        known = storage.read_json(_versions_file(), largest=100_000, deepest=1)
    except (OSError, storage.Unusable):
        return {}
    return {str(made_of): str(version) for made_of, version in known.items()} if isinstance(known, dict) else {}
