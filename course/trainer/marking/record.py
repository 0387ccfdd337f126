"""What marking leaves beside a marked notebook, and what it says of one submission.

From the record the next run sees whether the submission or the exercise has changed since.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from course.core import names, storage
from course.trainer.marking.submission import Submission

RECORD_FILE: Final = "marking.json"
"""Beside a marked notebook: from what it was made."""
_FORMAT: Final = 1


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
