"""Mark submissions of one exercise, one after the other, with nbgrader's own preprocessors and one open gradebook."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import nbformat
from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    Execute,
    NbGraderPreprocessor,
    SaveAutoGrades,
)
from nbgrader.utils import is_grade, is_solution, is_task, setenv
from traitlets.utils.importstring import import_item

from course.content import lessons, row_of, trainer_words, words
from course.core import moments, names, storage
from course.core.errors import AnswersNotKept, CannotMark
from course.core.notebooks import ask_keys, exercise_version
from course.core.settings import COURSE_ID
from course.records.answer_page import read_page
from course.records.answer_text import question_name
from course.trainer.collecting.roster import RosterEntry, add_unless_there
from course.trainer.course_directory import Coursework, released_notebook
from course.trainer.exercise_version import why_set_aside
from course.trainer.gradebook_errors import explained_gradebook
from course.trainer.marking.in_process_runner import RunHere
from course.trainer.marking.rebuild import (
    Rebuild,
    Submission,
    added_texts,
    changed_since,
    read_submission,
    rebuild,
    write_files,
)
from course.trainer.marking.saving import (
    RECORD_FILE,
    LatePenalties,
    MarkingRecord,
    SaveMarks,
    is_same_submission,
    one_transaction,
    read_record,
    submission_digest,
)

if TYPE_CHECKING:
    from nbformat import NotebookNode


@dataclass(frozen=True)
class MarkingResult:
    """What became of one submission."""

    learner: str
    slug: str
    refused: str = ""
    left_out: tuple[str, ...] = ()
    changed: tuple[str, ...] | None = None
    """The questions whose answers differ from an earlier submission that was marked; None where there was none."""


@dataclass(frozen=True)
class PreparedSubmission:
    """A submission that was run: its notebook is a draft, and its marks are not in the gradebook yet."""

    learner: str
    slug: str
    cells: list[NotebookNode] = field(repr=False)
    """The cells that marks and comments belong to, with what they showed."""
    time: datetime | None
    """When it was handed in, in UTC as nbgrader keeps it, without a zone."""
    left_out: tuple[str, ...]
    changed: tuple[str, ...] | None


class Marker:
    """Marks the submissions of one exercise. Raises CannotMark for an exercise that was not released."""

    def __init__(self, coursework: Coursework, slug: str, *, kernel: bool = False, again: bool = False) -> None:
        self.coursework, self.slug, self.again = coursework, slug, again
        with explained_gradebook():
            self._gradebook = Gradebook(coursework.coursedir.db_url, COURSE_ID)
        self._converter = Autograde(coursedir=coursework.coursedir, config=coursework.config)
        self._keys_version = self._version_of_keys()
        self._released = nbformat.read(self._release, as_version=4)
        is_todays = self._keys_version == lessons.exercise_version(slug)
        self._notebook = self._with_hidden_tests() if is_todays else self._released
        self._keys = ask_keys(self._released)
        self._version = hashlib.sha256(nbformat.writes(self._notebook).encode()).hexdigest()
        steps = [Execute if step is RunHere and kernel else step for step in self._steps_of("autograde")]
        replaced = {*dict(_GRADEBOOK_STEPS), CheckCellMetadata}
        self._run_steps = [step(parent=self._converter) for step in steps if step not in replaced]
        self._save_steps = [
            own(self._gradebook, parent=self._converter) for step, own in _GRADEBOOK_STEPS if step in steps
        ]

    def close(self) -> None:
        """Close the gradebook."""
        self._gradebook.close()

    def prepare(self, learner: str) -> PreparedSubmission | MarkingResult:
        """Rebuild and run one submission as a draft, unless it is marked already; any process can do this.

        Raises CannotMark where its answers cannot be read.
        """
        submission = read_submission(self.coursework.folder(names.SUBMITTED, learner, self.slug), self.slug)
        place = self.coursework.folder(names.AUTOGRADED, learner, self.slug)
        record, added = read_record(place), added_texts(self._released, submission)
        left_out = [*submission.left_out, *_added_cells(len(added))]
        is_same = is_same_submission(place, record, submission)
        is_current = record is None or record.exercise in ("", self._version)
        is_other_version = bool(why_set_aside(self.slug, submission.version, learner))
        if is_same and (is_current or is_other_version) and not self.again:
            return MarkingResult(learner, self.slug, left_out=tuple(left_out))
        self._check_version(submission, learner)
        changed = None if is_same else self._changed(place, submission)
        time = _time(submission, left_out)
        draft = storage.new_draft(place)
        write_files(submission, draft)
        notebook = self._run(rebuild(self._notebook, added, self._note(changed)), learner, draft)
        self._write(draft, submission, notebook)
        left_out += _failed_cells(notebook)
        return PreparedSubmission(learner, self.slug, _marked_cells(notebook), time, tuple(left_out), changed)

    def _check_version(self, submission: Submission, learner: str) -> None:
        """Raise CannotMark where these answers, or the keys in the gradebook, are of another version."""
        if why := why_set_aside(self.slug, submission.version, learner):
            raise CannotMark(why)
        keys, today = self._keys_version, lessons.exercise_version(self.slug)
        if keys != today:
            why = trainer_words("version.earlier-keys", exercise=self.slug, released=keys, today=today)
            raise CannotMark(why, f"course release {self.slug}")

    def finish(self, prepared: PreparedSubmission) -> MarkingResult:
        """Save the marks of a prepared submission, then put its draft in its place; only one process does this.

        Stopped at any moment, it is all done again from the start the next time.
        """
        self._save(prepared)
        storage.put_draft(self.coursework.folder(names.AUTOGRADED, prepared.learner, self.slug))
        return MarkingResult(prepared.learner, self.slug, left_out=prepared.left_out, changed=prepared.changed)

    def _run(self, notebook: NotebookNode, learner: str, folder: Path) -> NotebookNode:
        """Return the notebook with the outputs of its cells."""
        resources = self._resources(learner, folder)
        with setenv(NBGRADER_EXECUTION="autograde"):
            for step in self._run_steps:
                notebook, resources = step(notebook, resources)
        return notebook

    def _write(self, draft: Path, submission: Submission, notebook: NotebookNode) -> None:
        """Write the marked notebook and its record, with the permissions that nbgrader has for them, such as 444."""
        record = MarkingRecord(submission_digest(submission), self._version)
        (draft / RECORD_FILE).write_bytes(record.as_bytes())
        text = nbformat.writes(notebook) + "\n"
        (draft / names.notebook_name(self.slug)).write_text(text, encoding="utf-8")
        for path in draft.iterdir():
            os.chmod(path, int(str(self._converter.permissions), 8))

    def _save(self, prepared: PreparedSubmission) -> None:
        """Write one learner's marks into the gradebook: all of them, or none; new words wait for a person again."""
        resources, notebook = self._resources(prepared.learner, Path()), new_notebook(cells=prepared.cells)
        with explained_gradebook(), one_transaction(self._gradebook):
            add_unless_there(self._gradebook, RosterEntry(prepared.learner))
            fields = {"timestamp": prepared.time} if prepared.time else {}
            self._gradebook.update_or_create_submission(self.slug, prepared.learner, **fields)
            for step in self._save_steps:
                notebook, resources = step(notebook, resources)
            self._need_manual_grade(prepared.learner, {f"{key}-marks" for key in prepared.changed or ()})

    def _need_manual_grade(self, learner: str, tasks: set[str]) -> None:
        """Have a person read answers that changed, also where they gave marks for it before."""
        for grade in self._gradebook.find_submission_notebook(self.slug, self.slug, learner).grades:
            if grade.name in tasks:
                grade.needs_manual_grade = True
        self._gradebook.db.commit()

    def _resources(self, learner: str, folder: Path) -> dict[str, dict[str, str]]:
        """Return what nbgrader's preprocessors get to know of a submission."""
        assigned = {"student": learner, "assignment": self.slug, "notebook": self.slug}
        db_url = str(self.coursework.coursedir.db_url)
        return {"nbgrader": {**assigned, "db_url": db_url}, "metadata": {"path": str(folder)}}

    @property
    def _release(self) -> Path:
        return released_notebook(self.coursework.coursedir, self.slug)

    def _steps_of(self, part: str) -> list[type[NbGraderPreprocessor]]:
        """Return nbgrader's preprocessors as they are set, which may be by name."""
        steps = getattr(self._converter, f"{part}_preprocessors")
        return [import_item(step) if isinstance(step, str) else step for step in steps]

    def _version_of_keys(self) -> int:
        """Return the version of the exercise whose keys the gradebook has, by its first cell there."""
        try:
            self._gradebook.find_notebook(self.slug, self.slug)
            if not self._release.is_file():
                raise MissingEntry
        except MissingEntry:
            hint = f"Release it first: course release {self.slug}"
            raise CannotMark(f"The exercise {self.slug} was not released from this folder.", hint) from None
        try:
            return exercise_version([self._gradebook.find_source_cell("setup", self.slug, self.slug).source])
        except MissingEntry:
            return 1

    def _with_hidden_tests(self) -> NotebookNode:
        """Return the released notebook with its hidden tests, which nbgrader keeps in the gradebook."""
        notebook = nbformat.read(self._release, as_version=4)
        resources = self._resources("", Path())
        for step in self._steps_of("sanitize"):
            if step is not Rebuild:
                notebook, resources = step(parent=self._converter)(notebook, resources)
        return notebook

    def _changed(self, place: Path, submission: Submission) -> tuple[str, ...] | None:
        """Return the questions whose answers changed since the last marking, None where there was none."""
        if not place.is_dir():
            return None
        try:
            marked = read_page(place / names.ANSWERS, "exercise", self.slug).values()
        except AnswersNotKept:
            marked = {}
        return tuple(changed_since(marked, submission.answers, self._keys))

    def _note(self, changed: Sequence[str] | None) -> str:
        """Return the sentence at the top of a notebook that was handed in again."""
        if changed is None:
            return ""
        questions = row_of(question_name(key) for key in changed)
        return words("rebuild.changed", questions=questions) if questions else words("rebuild.unchanged")


_GRADEBOOK_STEPS: Final = ((SaveAutoGrades, SaveMarks), (AssignLatePenalties, LatePenalties))
"""nbgrader's steps that open a gradebook of their own, and the course's in their place.

Its CheckCellMetadata is left to the released notebook: the cells of each submission are the same.
"""


def _time(submission: Submission, left_out: list[str]) -> datetime | None:
    """Return when it was handed in, or None, with a sentence in `left_out`, where that cannot be read."""
    text = submission.files.get(names.TIMESTAMP, b"").decode("utf-8", "replace").strip()
    time = moments.read_nbgrader_stamp(text)
    if text and time is None:
        left_out.append(trainer_words("marking.no-time", name=names.TIMESTAMP))
    return time.replace(tzinfo=None) if time else None


def _marked_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if is_grade(cell) or is_solution(cell) or is_task(cell)]


def _added_cells(count: int) -> list[str]:
    return [trainer_words("marking.added-cells", n=count)] if count else []


def _failed_cells(notebook: NotebookNode) -> Iterable[str]:
    """Yield a sentence for each of the course's own cells that could not be run."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                yield trainer_words("marking.failed-cell", cell=cell.get("id", ""), kind=output.ename)
