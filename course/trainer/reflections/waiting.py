"""Which hand-ins of an exercise wait for a person to read them, and which comes next.

nbgrader's gradebook says what waits. The order is that of its formgrader, by the gradebook's own numbers for hand-ins:
it is the same each time and says nothing of who somebody is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from course.core import names
from course.trainer.course_directory import Coursework

if TYPE_CHECKING:
    from nbgrader.api import Gradebook


@dataclass(frozen=True)
class MarkedHandIn:
    """A hand-in whose questions are marked."""

    id: str
    """Nbgrader's id of its notebook, by which the formgrader opens it."""
    learner: str
    is_waiting: bool
    """Whether something of it waits for a person."""


def marked_hand_ins(coursework: Coursework, gradebook: Gradebook, slug: str) -> list[MarkedHandIn]:
    """Return every marked hand-in of an exercise, in the order of the formgrader."""
    from nbgrader.api import Assignment, SubmittedAssignment, SubmittedNotebook

    marked = set(coursework.learners_at(names.AUTOGRADED, slug))
    query = (
        gradebook.db.query(SubmittedNotebook.id, SubmittedAssignment.student_id, SubmittedNotebook.needs_manual_grade)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .filter(Assignment.name == slug)
        .order_by(SubmittedNotebook.id)
    )
    return [MarkedHandIn(id, learner, bool(waits)) for id, learner, waits in query if learner in marked]


def next_waiting(hand_ins: Sequence[MarkedHandIn], current: str = "", *, backwards: bool = False) -> str | None:
    """Return the id of the next hand-in that waits after the current one, or None where none does.

    After the last comes the first; the current one comes last of all, where it waits itself.

    >>> some = [MarkedHandIn(id, "", id in "bd") for id in "abcd"]
    >>> [next_waiting(some, current) for current in ("", "a", "b", "c", "d")]
    ['b', 'b', 'd', 'd', 'b']
    >>> next_waiting(some, "c", backwards=True), next_waiting(some[:2], "b"), next_waiting(some[:1], "a")
    ('b', 'b', None)
    """
    ordered = list(reversed(hand_ins) if backwards else hand_ins)
    start = next((place + 1 for place, one in enumerate(ordered) if one.id == current), 0)
    return next((one.id for one in (*ordered[start:], *ordered[:start]) if one.is_waiting), None)
