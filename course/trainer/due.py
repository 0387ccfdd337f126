"""The days in `cohort.toml`, written to the gradebook, where nbgrader looks for them, and who came after them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from course.core import moments, names, storage
from course.records.cohort_file import NAME
from course.trainer.course_directory import Coursework

if TYPE_CHECKING:
    from nbgrader.api import Gradebook


def write_due_dates(coursework: Coursework, gradebook: Gradebook) -> None:
    """Have the gradebook's exercises due when `cohort.toml` says, and not due where it names no day.

    Without that file nothing is changed, because a trainer may set the days in the formgrader.
    """
    if not (coursework.root / NAME).is_file():
        return
    registered = {assignment.name: assignment for assignment in gradebook.assignments}
    for key, slug in coursework.assignments.items():
        due = coursework.cohort.due.get(key)
        naive = due.replace(tzinfo=None) if due else None
        if slug in registered and registered[slug].duedate != naive:
            gradebook.update_or_create_assignment(slug, duedate=naive)


def due_moments(coursework: Coursework, gradebook: Gradebook) -> Mapping[str, datetime.datetime]:
    """Return when each assignment is due, in UTC: by `cohort.toml`, or without that file by the gradebook."""
    if (coursework.root / NAME).is_file():
        return {coursework.assignment(key): moment for key, moment in coursework.cohort.due.items()}
    dated = [assignment for assignment in gradebook.assignments if assignment.duedate]
    return {assignment.name: assignment.duedate.replace(tzinfo=datetime.UTC) for assignment in dated}


def submission_time(folder: Path) -> datetime.datetime | None:
    """Return in UTC when the submission in a folder was handed in, or None where its `timestamp.txt` does not say."""
    try:
        stamp = storage.read_whole(folder / names.TIMESTAMP, largest=moments.LARGEST_STAMP)
        return moments.read_nbgrader_stamp(stamp.decode())
    except (OSError, ValueError):
        return None


def is_late(coursework: Coursework, learner: str, slug: str, due: datetime.datetime | None) -> bool:
    """Say whether what a learner handed in, marked or not, came after a moment as the gradebook keeps it: naive UTC."""
    time = submission_time(coursework.folder(names.SUBMITTED, learner, slug)) if due else None
    return bool(due and time and time > due.replace(tzinfo=datetime.UTC))
