"""The days in `cohort.toml`, written to the gradebook, where nbgrader looks for them."""

from __future__ import annotations

from typing import Any

from course.cohort_file import NAME
from course.grading.coursework import Coursework, chosen


def write_due_dates(coursework: Coursework, gradebook: Any) -> None:
    """Have the gradebook's exercises due when `cohort.toml` says, and not due where it names no day.

    Without that file nothing is changed, because a trainer may set the days in the formgrader.
    """
    if not (coursework.root / NAME).is_file():
        return
    registered = {assignment.name: assignment for assignment in gradebook.assignments}
    for slug in chosen(()):
        due = coursework.cohort.due.get(slug)
        naive = due.replace(tzinfo=None) if due else None
        if slug in registered and registered[slug].duedate != naive:
            gradebook.update_or_create_assignment(slug, duedate=naive)
