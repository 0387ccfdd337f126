"""Mark hand-ins of one exercise, one after the other, with nbgrader's own preprocessors and one open gradebook."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import nbformat
from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, Execute, SaveAutoGrades
from nbgrader.utils import is_grade, is_solution, is_task, parse_utc, setenv
from traitlets.utils.importstring import import_item

from course.content import row_of, words
from course.core import storage
from course.core.errors import AnswersNotKept, CannotMark
from course.core.notebooks import ask_keys
from course.core.settings import COURSE_ID
from course.records.answers import parse_page, read_page
from course.records.questions import question_name
from course.trainer.course_directory import Coursework, released_notebook
from course.trainer.marking.gradebook_session import LatePenalties, SaveMarks, one_transaction
from course.trainer.marking.in_process_runner import RunHere
from course.trainer.marking.read_submission import Taken, take
from course.trainer.marking.rebuild import Rebuild, added, changed_since, lay_out, rebuilt
from course.trainer.marking.staging import (
    RECORD,
    digest_of,
    is_same_hand_in,
    new_draft,
    put_in_place,
    read_record,
    set_permissions,
)


@dataclass(frozen=True)
class Marked:
    """What became of one hand-in."""

    learner: str
    slug: str
    refused: str = ""
    left_out: list[str] = field(default_factory=list)
    changed: list[str] | None = None
    """The questions whose answers are others than when an earlier hand-in was marked; None where there was none."""


@dataclass(frozen=True)
class Ready:
    """A hand-in that was run: its notebook is a draft, and its marks are not in the gradebook yet."""

    learner: str
    slug: str
    cells: list[Any] = field(repr=False)
    """The cells that marks and comments belong to, with what they showed."""
    moment: Any
    left_out: list[str]
    changed: list[str] | None


class Marker:
    """Marks the hand-ins of one exercise. Raises CannotMark for an exercise that was not released."""

    def __init__(self, coursework: Coursework, slug: str, *, kernel: bool = False, again: bool = False) -> None:
        self.coursework, self.slug, self.again = coursework, slug, again
        self._gradebook = Gradebook(coursework.coursedir.db_url, COURSE_ID)
        self._converter = Autograde(coursedir=coursework.coursedir, config=coursework.config)
        self._notebook = self._prepared()
        self._released = nbformat.read(self._release, as_version=4)
        self._keys = ask_keys(self._released)
        self._version = hashlib.sha256(nbformat.writes(self._notebook).encode()).hexdigest()
        steps = [Execute if step is RunHere and kernel else step for step in self._steps_of("autograde")]
        self._steps = [
            step(parent=self._converter) for step in steps if step not in {*dict(_LEDGER), CheckCellMetadata}
        ]
        self._ledger = [mine(self._gradebook, parent=self._converter) for step, mine in _LEDGER if step in steps]

    def close(self) -> None:
        """Close the gradebook."""
        self._gradebook.close()

    def prepare(self, learner: str) -> Ready | Marked:
        """Rebuild and run one hand-in, unless it is marked already, and leave it as a draft; any process can do this.

        Raises CannotMark where its answers cannot be told.
        """
        taken = take(self.coursework.folder("submitted", learner, self.slug), self.slug)
        place = self.coursework.folder("autograded", learner, self.slug)
        digest, before = digest_of(taken), read_record(place)
        own = added(self._released, taken)
        left_out = taken.left_out + _said_of_cells(len(own))
        is_same = is_same_hand_in(place, before, digest, taken)
        if is_same and before.get("exercise", self._version) == self._version and not self.again:
            return Marked(learner, self.slug, left_out=left_out)
        changed = None if is_same else self._changed(place, taken)
        draft, moment = new_draft(place), _moment(taken, left_out)
        lay_out(taken, draft)
        notebook = self._run(rebuilt(self._notebook, own, self._said(changed)), learner, draft)
        record = {"format": 1, "hand-in": digest, "exercise": self._version}
        (draft / RECORD).write_bytes(storage.as_json(record))
        (draft / f"{self.slug}.ipynb").write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
        set_permissions(draft, self._converter.permissions)
        return Ready(learner, self.slug, _with_marks(notebook), moment, left_out + _failed(notebook), changed)

    def finish(self, ready: Ready) -> Marked:
        """Save the marks of a prepared hand-in, then put its draft in its place; only one process does this.

        Stopped at any moment, it is all done again from the start the next time.
        """
        self._save(ready)
        put_in_place(self.coursework.folder("autograded", ready.learner, self.slug))
        return Marked(ready.learner, self.slug, left_out=ready.left_out, changed=ready.changed)

    def _run(self, notebook: Any, learner: str, folder: Path) -> Any:
        """Return the notebook with the outputs of its cells."""
        resources = self._resources(learner, folder)
        with setenv(NBGRADER_EXECUTION="autograde"):
            for step in self._steps:
                notebook, resources = step(notebook, resources)
        return notebook

    def _save(self, ready: Ready) -> None:
        """Write one learner's marks into the gradebook: all of them, or none; new words wait for a person again."""
        resources, notebook = self._resources(ready.learner, Path()), new_notebook(cells=ready.cells)
        with one_transaction(self._gradebook):
            self._gradebook.update_or_create_student(ready.learner)
            about = {"timestamp": ready.moment} if ready.moment else {}
            self._gradebook.update_or_create_submission(self.slug, ready.learner, **about)
            for step in self._ledger:
                notebook, resources = step(notebook, resources)
            self._have_read_again(ready.learner, {f"{key}-marks" for key in ready.changed or ()})

    def _have_read_again(self, learner: str, tasks: set[str]) -> None:
        """Have a person read what was written anew, also where they gave marks for it before."""
        for grade in self._gradebook.find_submission_notebook(self.slug, self.slug, learner).grades:
            if grade.name in tasks:
                grade.needs_manual_grade = True
        self._gradebook.db.commit()

    def _resources(self, learner: str, folder: Path) -> dict[str, Any]:
        about = {"student": learner, "assignment": self.slug, "notebook": self.slug}
        db_url = self.coursework.coursedir.db_url
        return {"nbgrader": {**about, "db_url": db_url}, "metadata": {"path": str(folder)}}

    @property
    def _release(self) -> Path:
        return released_notebook(self.coursework.coursedir, self.slug)

    def _steps_of(self, part: str) -> list[Any]:
        """Return nbgrader's preprocessors as they are set, which may be by name."""
        steps = getattr(self._converter, f"{part}_preprocessors")
        return [import_item(step) if isinstance(step, str) else step for step in steps]

    def _prepared(self) -> Any:
        """Return the released notebook with its hidden tests, which nbgrader keeps in the gradebook."""
        hint = f"Release it first: course release {self.slug}"
        try:
            self._gradebook.find_notebook(self.slug, self.slug)
            notebook = nbformat.read(self._release, as_version=4)
        except (MissingEntry, OSError):
            raise CannotMark(f"The exercise {self.slug} was not released from this folder.", hint) from None
        resources = self._resources("", Path())
        for step in self._steps_of("sanitize"):
            if step is not Rebuild:
                notebook, resources = step(parent=self._converter)(notebook, resources)
        return notebook

    def _changed(self, place: Path, taken: Taken) -> list[str] | None:
        """Return the questions that were answered anew since the last marking, None where there was none."""
        if not place.is_dir():
            return None
        try:
            old = read_page(place / "answers.json", "exercise", self.slug).values()
        except AnswersNotKept:
            old = {}
        data = taken.files.get("answers.json")
        new = parse_page(data, place / "answers.json", "exercise", self.slug).values() if data else {}
        return changed_since(old, new, self._keys)

    def _said(self, changed: list[str] | None) -> str:
        if changed is None:
            return ""
        names = row_of(question_name(key) for key in changed)
        return words("rebuild.changed", questions=names) if names else words("rebuild.unchanged")


_LEDGER: Final[list[tuple[Any, Any]]] = [(SaveAutoGrades, SaveMarks), (AssignLatePenalties, LatePenalties)]
"""nbgrader's steps that open a gradebook of their own, and ours in their place.

Its CheckCellMetadata is left to the released notebook: the cells of each hand-in are the same.
"""


def _moment(taken: Taken, left_out: list[str]) -> Any:
    """Return when it was handed in, or None where that cannot be told."""
    text = taken.files.get("timestamp.txt", b"").decode("utf-8", "replace").strip()
    try:
        return parse_utc(text) if text else None
    except (ValueError, OverflowError, TypeError):
        left_out.append("The time of this hand-in cannot be told: timestamp.txt holds no time.")
        return None


def _with_marks(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if is_grade(cell) or is_solution(cell) or is_task(cell)]


def _said_of_cells(count: int) -> list[str]:
    cells = "One cell was" if count == 1 else f"{count} cells were"
    return [f"{cells} added or changed by the learner: not run, and shown to you as text."] if count else []


def _failed(notebook: Any) -> list[str]:
    """Return a sentence for each of the course's own cells that could not be run."""
    broken = [
        (cell.get("id", ""), output.ename)
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]
    return [
        f"The course's own cell {name} failed with {error}: tell the course's developers." for name, error in broken
    ]
