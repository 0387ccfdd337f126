"""The days in `cohort.toml`, written to the gradebook, where nbgrader looks for them, and who came after them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from course.core import storage
from course.records.cohort_file import NAME
from course.trainer.course_directory import Coursework, chosen


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


def due_moments(coursework: Coursework, gradebook: Any) -> Mapping[str, datetime.datetime]:
    """Return when each exercise is due, in UTC: by `cohort.toml`, or without that file by the gradebook."""
    if (coursework.root / NAME).is_file():
        return coursework.cohort.due
    dated = [one for one in gradebook.assignments if one.duedate]
    return {one.name: one.duedate.replace(tzinfo=datetime.UTC) for one in dated}


def is_late(coursework: Coursework, learner: str, slug: str, due: datetime.datetime | None) -> bool:
    """Say whether what a learner handed in, marked or not, came after a moment as the gradebook keeps it."""
    from nbgrader.utils import parse_utc

    if due is None:
        return False
    try:
        time = storage.read_whole(coursework.folder("submitted", learner, slug) / "timestamp.txt", largest=100)
        return bool(parse_utc(time.decode().strip()) > due)
    except (OSError, ValueError, OverflowError, TypeError, storage.Unusable):
        return False  # marking tells that the time cannot be told
