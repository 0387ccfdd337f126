"""All marks and comments of one exercise, read from nbgrader's gradebook at once."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from course.trainer.feedback.page import Mark, Marks


def read_marks(gradebook: Any, slug: str) -> dict[str, Marks]:
    """Return what the gradebook has for an exercise, by learner: a few questions for all, not some for each."""
    comments = {(learner, name): comment for learner, name, comment in _comments(gradebook, slug)}
    marks: dict[str, dict[str, Mark]] = defaultdict(dict)
    for learner, name, score, points, wanting, by_hand in _grades(gradebook, slug):
        waiting = bool(wanting and by_hand is None)
        marks[learner][name] = Mark(score, points, waiting, comments.get((learner, name)) or "")
    return {learner: _whole(marks[learner], penalty or 0) for learner, penalty in _penalties(gradebook, slug)}


def _whole(marks: dict[str, Mark], penalty: float) -> Marks:
    score, most = (sum(getattr(mark, part) for mark in marks.values()) for part in ("score", "points"))
    return Marks(marks, score - penalty, most, penalty)


def _grades(gradebook: Any, slug: str) -> Any:
    from nbgrader.api import BaseCell, Grade

    wanted = (BaseCell.name, Grade.score, Grade.max_score, Grade.needs_manual_grade, Grade.manual_score)
    return _of_exercise(gradebook, slug, Grade, *wanted).join(BaseCell, Grade.cell_id == BaseCell.id)


def _comments(gradebook: Any, slug: str) -> Any:
    from nbgrader.api import BaseCell, Comment

    wanted = (BaseCell.name, Comment.comment)
    return _of_exercise(gradebook, slug, Comment, *wanted).join(BaseCell, Comment.cell_id == BaseCell.id)


def _of_exercise(gradebook: Any, slug: str, kind: Any, *wanted: Any) -> Any:
    """Return a query for what belongs to the cells of an exercise, with the learner in front."""
    from nbgrader.api import SubmittedAssignment, SubmittedNotebook

    rows = gradebook.db.query(SubmittedAssignment.student_id, *wanted).select_from(kind)
    rows = rows.join(SubmittedNotebook, kind.notebook_id == SubmittedNotebook.id)
    return _named(rows.join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id), slug)


def _penalties(gradebook: Any, slug: str) -> Any:
    from nbgrader.api import SubmittedAssignment, SubmittedNotebook

    rows = gradebook.db.query(SubmittedAssignment.student_id, SubmittedNotebook.late_submission_penalty)
    rows = rows.select_from(SubmittedNotebook)
    return _named(rows.join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id), slug)


def _named(rows: Any, slug: str) -> Any:
    from nbgrader.api import Assignment, Notebook, SubmittedAssignment, SubmittedNotebook

    rows = rows.join(Assignment, SubmittedAssignment.assignment_id == Assignment.id).filter(Assignment.name == slug)
    return rows.join(Notebook, SubmittedNotebook.notebook_id == Notebook.id).filter(Notebook.name == slug)
