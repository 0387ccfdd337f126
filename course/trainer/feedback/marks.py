"""The marks and comments of one exercise, read from nbgrader's gradebook at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from sqlalchemy.orm import Query


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


def read_marks(gradebook: Gradebook, assignment: str) -> dict[str, SubmissionMarks]:
    """Return what the gradebook has for an exercise, by learner: a few questions for all, not some for each."""
    comments = {(learner, name): comment for learner, name, comment in _comments(gradebook, assignment)}
    marks: dict[str, dict[str, CellMarks]] = defaultdict(dict)
    unread = set()
    for learner, name, score, points, needs_manual, manual in _grades(gradebook, assignment):
        waiting = bool(needs_manual and manual is None)
        marks[learner][name] = CellMarks(score, points, waiting, comments.get((learner, name)) or "")
        if needs_manual:
            unread.add(learner)
    penalties = _late_penalties(gradebook, assignment)
    return {
        learner: _submission_marks(marks[learner], penalty or 0, is_unread=learner in unread)
        for learner, penalty in penalties
    }


def _submission_marks(by_cell: dict[str, CellMarks], penalty: float, *, is_unread: bool) -> SubmissionMarks:
    score = sum(marks.score for marks in by_cell.values()) - penalty
    return SubmissionMarks(by_cell, score, sum(marks.points for marks in by_cell.values()), penalty, is_unread)


def _grades(gradebook: Gradebook, assignment: str) -> Iterator[tuple[str, str, float, float, bool, float | None]]:
    from nbgrader.api import BaseCell, Grade

    columns = (BaseCell.name, Grade.score, Grade.max_score, Grade.needs_manual_grade, Grade.manual_score)
    return iter(_of_assignment(gradebook, assignment, Grade, *columns).join(BaseCell, Grade.cell_id == BaseCell.id))


def _comments(gradebook: Gradebook, assignment: str) -> Iterator[tuple[str, str, str | None]]:
    from nbgrader.api import BaseCell, Comment

    columns = (BaseCell.name, Comment.comment)
    return iter(_of_assignment(gradebook, assignment, Comment, *columns).join(BaseCell, Comment.cell_id == BaseCell.id))


def _of_assignment(gradebook: Gradebook, assignment: str, table: Any, *columns: Any) -> Query[Any]:
    """Return a query for what belongs to the cells of an exercise, with the learner in front."""
    from nbgrader.api import SubmittedAssignment, SubmittedNotebook

    rows = gradebook.db.query(SubmittedAssignment.student_id, *columns).select_from(table)
    rows = rows.join(SubmittedNotebook, table.notebook_id == SubmittedNotebook.id)
    return _named(rows.join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id), assignment)


def _late_penalties(gradebook: Gradebook, assignment: str) -> Iterator[tuple[str, float | None]]:
    from nbgrader.api import SubmittedAssignment, SubmittedNotebook

    rows = gradebook.db.query(SubmittedAssignment.student_id, SubmittedNotebook.late_submission_penalty)
    rows = rows.select_from(SubmittedNotebook)
    rows = rows.join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
    return iter(_named(rows, assignment))


def _named(rows: Query[Any], assignment: str) -> Query[Any]:
    from nbgrader.api import Assignment, Notebook, SubmittedAssignment, SubmittedNotebook

    rows = rows.join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
    rows = rows.filter(Assignment.name == assignment)
    return rows.join(Notebook, SubmittedNotebook.notebook_id == Notebook.id).filter(Notebook.name == assignment)
