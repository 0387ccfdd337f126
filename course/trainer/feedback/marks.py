"""The marks and comments of one exercise, read from nbgrader's gradebook at once, and what of them is to be seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from course.trainer.gradebook_reader import GradebookReader


@dataclass(frozen=True)
class FeedbackOptions:
    """What a trainer wants to be seen."""

    marks: bool = True
    code: bool = False
    zone: str = "UTC"
    """The cohort's time zone, by which the page says when something was handed in."""


@dataclass(frozen=True)
class CellMarks:
    """What the gradebook has for one question."""

    score: float
    points: float
    """The most marks that it gives."""
    waiting: bool = False
    """Whether a person has yet to mark it. Marks that were kept when it was handed in again still count."""
    comment: str = ""


@dataclass(frozen=True)
class SubmissionMarks:
    """What the gradebook has for one submission."""

    by_cell: Mapping[str, CellMarks]
    """By the names of its cells."""
    score: float
    """All marks, less the penalty."""
    most: float
    late_penalty: float = 0
    is_unread: bool = False
    """Whether a person has yet to read an answer, also one that was handed in again after it was marked."""

    @property
    def waiting(self) -> Iterable[CellMarks]:
        """The questions that a person has yet to mark."""
        return [marks for marks in self.by_cell.values() if marks.waiting]


def read_marks(gradebook: GradebookReader, assignment: str) -> dict[str, SubmissionMarks]:
    """Return what the gradebook has for an exercise, by learner: a few questions for all, not some for each."""
    comments = gradebook.comments(assignment)
    marks: dict[str, dict[str, CellMarks]] = defaultdict(dict)
    unread = set()
    for row in gradebook.grades(assignment):
        waiting = row.needs_manual_grade and row.manual_score is None
        comment = comments.get((row.student_id, row.cell)) or ""
        marks[row.student_id][row.cell] = CellMarks(row.score, row.most, waiting, comment)
        if row.needs_manual_grade:
            unread.add(row.student_id)
    return {
        learner: _submission_marks(marks[learner], penalty, is_unread=learner in unread)
        for learner, penalty in gradebook.late_penalties(assignment).items()
    }


def _submission_marks(by_cell: dict[str, CellMarks], penalty: float, *, is_unread: bool) -> SubmissionMarks:
    score = sum(marks.score for marks in by_cell.values()) - penalty
    return SubmissionMarks(by_cell, score, sum(marks.points for marks in by_cell.values()), penalty, is_unread)
