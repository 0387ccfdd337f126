"""When exercises are due, for everybody and for a learner who has more time, and who was late.

`cohort.toml` decides where there is one. Otherwise the gradebook does, where a trainer may have set days in the
formgrader. Whatever asks what is due asks here.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from course.content import trainer_words
from course.content.lessons import lesson_key, lessons
from course.core import names, storage
from course.records.cohort_file import NAME
from course.trainer.counting_hand_in import counting_folder
from course.trainer.course_directory import PLATFORM_CLOCK, Coursework, submission_time
from course.trainer.gradebook_reader import GradebookReader


@dataclass(frozen=True)
class DueMoments:
    """The last moment in UTC at which each exercise is in time; an exercise may be given by any of its names."""

    everybody: Mapping[str, datetime.datetime] = field(default_factory=dict)
    """By the exercise's key; one that is never due is not among them."""
    more_time: Mapping[str, Mapping[str, datetime.datetime]] = field(default_factory=dict, repr=False)
    """For learners who have more time: by the learner's id, then by the exercise's key."""

    def for_everybody(self, exercise: str) -> datetime.datetime | None:
        """Return when an exercise is due for whoever has not more time; None where it is never due."""
        return self.everybody.get(lesson_key(exercise))

    def for_learner(self, learner: str, exercise: str) -> datetime.datetime | None:
        """Return when an exercise is due for a learner; more time is never less than everybody has."""
        due, key = self.for_everybody(exercise), lesson_key(exercise)
        own = self.more_time.get(learner, {}).get(key)
        return max(due, own) if due and own else due

    def extension(self, learner: str, exercise: str) -> datetime.timedelta | None:
        """Return how much more time a learner has, as nbgrader keeps it; None where it is none."""
        due, own = self.for_everybody(exercise), self.for_learner(learner, exercise)
        return own - due if due and own and own > due else None


def due_in_file(coursework: Coursework) -> DueMoments | None:
    """Return when exercises are due by `cohort.toml`; None where there is no such file, so that it decides nothing."""
    if not (coursework.root / NAME).is_file():
        return None
    return DueMoments(coursework.cohort.due, coursework.cohort.extensions)


def read_due_moments(coursework: Coursework, gradebook: GradebookReader) -> DueMoments:
    """Return when exercises are due: by `cohort.toml`, or without that file by the gradebook."""
    if in_file := due_in_file(coursework):
        return in_file
    due = {
        lesson_key(assignment.name): assignment.duedate.replace(tzinfo=datetime.UTC)
        for assignment in gradebook.assignments
        if assignment.duedate
    }
    more_time: dict[str, dict[str, datetime.datetime]] = {}
    for submission in gradebook.submissions() if due else ():
        key = lesson_key(submission.assignment)
        if submission.extension and key in due:
            more_time.setdefault(submission.student_id, {})[key] = due[key] + submission.extension
    return DueMoments(due, more_time)


def write_due_moments(coursework: Coursework) -> list[str]:
    """Have nbgrader's gradebook say when exercises are due as `cohort.toml` does, for whoever has more time too.

    Without that file nothing is changed. Returns a sentence for each time that a learner no longer has.
    """
    due = due_in_file(coursework)
    if due is None or not coursework.has_gradebook:
        return []
    with coursework.read_gradebook() as reader:
        days = {
            assignment.name: day
            for assignment in reader.assignments
            if lesson_key(assignment.name) in _exercises()
            and (day := _naive(due.for_everybody(assignment.name))) != assignment.duedate
        }
        changed = {
            (submission.student_id, submission.assignment): extension
            for submission in reader.submissions()
            if lesson_key(submission.assignment) in _exercises()
            and (extension := due.extension(submission.student_id, submission.assignment)) != submission.extension
        }
    if days or changed:
        _write(coursework, days, changed)
    gone = [key for key in sorted(changed) if lesson_key(key[1]) not in due.more_time.get(key[0], {})]
    return [trainer_words("due.taken-back", learner=learner, exercise=name) for learner, name in gone]


def _write(
    coursework: Coursework,
    days: Mapping[str, datetime.datetime | None],
    extensions: Mapping[tuple[str, str], datetime.timedelta | None],
) -> None:
    with coursework.gradebook() as gradebook:
        for assignment, day in days.items():
            gradebook.find_assignment(assignment).duedate = day
        for (learner, assignment), extension in extensions.items():
            gradebook.find_submission(assignment, learner).extension = extension
        gradebook.db.commit()


def is_late(coursework: Coursework, due: DueMoments, learner: str, slug: str) -> bool:
    """Say whether what a learner handed in, marked or not, came after it was due for them; `slug` is nbgrader's name.

    A hand-in whose time only the learner's own clock or its file tells is not late. One that has nothing new but a
    reply to feedback is as late as the one before.
    """
    moment = due.for_learner(learner, slug)
    if moment is None:
        return False
    if not came_after(moment, coursework.folder(names.SUBMITTED, learner, slug)):
        return False
    return came_after(moment, counting_folder(coursework, learner, slug))


def came_after(moment: datetime.datetime, folder: Path) -> bool:
    """Say whether it is known that the submission in a folder came after a moment."""
    time = submission_time(folder)
    return bool(time and time > moment and _has_known_time(folder))


def _exercises() -> set[str]:
    return {lesson.key for lesson in lessons()}


def _naive(moment: datetime.datetime | None) -> datetime.datetime | None:
    """Return a moment as nbgrader keeps it: in UTC, without a zone."""
    return moment.replace(tzinfo=None) if moment else None


def _has_known_time(folder: Path) -> bool:
    """Say whether a platform or the exchange tells when the submission in a folder was handed in."""
    try:
        receipt = storage.read_json(folder / names.RECEIPT, largest=20_000, deepest=3)
    except FileNotFoundError:
        return True  # it came through the exchange
    except (OSError, storage.Unusable):
        return False
    return isinstance(receipt, dict) and receipt.get("time-from") == PLATFORM_CLOCK
