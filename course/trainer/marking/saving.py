"""What marking saves: the marks of one learner in the gradebook, all or none, and a record beside the notebook.

From that record the next run sees whether the submission or the exercise has changed since.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor, SaveAutoGrades

from course.core import names, storage
from course.trainer.marking.rebuild import Submission

if TYPE_CHECKING:
    from nbconvert.exporters.exporter import ResourcesDict
    from nbformat import NotebookNode
    from nbgrader.api import Gradebook

RECORD_FILE: Final = "marking.json"
"""Beside a marked notebook: from what it was made."""
_FORMAT: Final = 1


@contextlib.contextmanager
def one_transaction(gradebook: Gradebook) -> Iterator[None]:
    """Write all that is done to a gradebook in this block at its end, or nothing of it.

    nbgrader commits after each mark. Its session joins the outer transaction opened here, which alone decides
    (SQLAlchemy 2.0, "Joining a Session into an External Transaction").
    """
    with gradebook.engine.begin() as connection:
        gradebook.db.remove()
        gradebook.db.configure(bind=connection, join_transaction_mode="rollback_only")
        try:
            yield
        finally:
            gradebook.db.remove()
            gradebook.db.configure(bind=gradebook.engine)


class SaveMarks(SaveAutoGrades):
    """nbgrader's SaveAutoGrades on a gradebook that is open already: opening one takes longer than marking."""

    def __init__(self, gradebook: Gradebook, **settings: object) -> None:
        super().__init__(**settings)
        self.gradebook = gradebook

    def preprocess(self, notebook: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Save the marks of each cell."""
        assigned = resources["nbgrader"]
        self.notebook_id, self.assignment_id = assigned["notebook"], assigned["assignment"]
        self.student_id = assigned["student"]
        return NbGraderPreprocessor.preprocess(self, notebook, resources)  # type: ignore[no-any-return]


class LatePenalties(AssignLatePenalties):
    """nbgrader's AssignLatePenalties on a gradebook that is open already."""

    def __init__(self, gradebook: Gradebook, **settings: object) -> None:
        super().__init__(**settings)
        self.gradebook = gradebook

    def preprocess(self, notebook: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Save what lateness costs, by the plugin that is set; without one, nothing."""
        assigned = resources["nbgrader"]
        slug, learner = assigned["assignment"], assigned["student"]
        submission = self.gradebook.find_submission(slug, learner)
        marked = self.gradebook.find_submission_notebook(assigned["notebook"], slug, learner)
        marked.late_submission_penalty = None
        if submission.total_seconds_late > 0:
            self.init_plugin()
            late = submission.total_seconds_late
            penalty = self.plugin_inst.late_submission_penalty(learner, marked.score, late)
            marked.late_submission_penalty = None if penalty is None else self._check_late_penalty(marked, penalty)
        self.gradebook.db.commit()
        return notebook, resources


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
