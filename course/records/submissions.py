"""The status of each exercise that a learner hands in: read from nbgrader's own folders and from submission files.

nbgrader keeps a copy of each submission, in a folder named person+exercise+time, and its trainer's feedback
lies in the exchange under a name made of that submission's secret. `nbgrader list` looks at the same files,
and takes seconds to load, so they are read here without it. Of a submission file, it is only known when it was made.
"""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from course.content.lessons import Lesson, find_lesson, lessons
from course.core import moments, names
from course.core.errors import BadHandIn
from course.core.settings import COURSE_ID, settings
from course.records import submission_file
from course.records.reply import differs_in_reply_alone

_NEVER: Final = datetime.datetime.min.replace(tzinfo=datetime.UTC)


@dataclass(frozen=True)
class SubmissionStatus:
    """The status of one exercise: whether it is handed in, and whether there is feedback."""

    exercise: str
    """Its key."""
    day: datetime.date | None = None
    """The day of the latest submission, or None where nothing was handed in."""
    is_waiting: bool = False
    """Whether there is feedback on the latest submission that was not fetched yet."""
    page: Path | None = None
    """The latest feedback page in the working copy."""
    is_changed: bool = False
    """Whether the answers are others than those handed in, or in the submission file if that is newer."""
    is_reply_new: bool = False
    """Whether the answers are those, and what the learner wrote back about the feedback is not."""
    made: datetime.date | None = None
    """The day on which the submission file was made, or None where there is none."""
    assignment: str = ""
    """The former name under which it was handed in to a cohort that goes on with it; empty where that is the key."""

    @property
    def state(self) -> str:
        """One of `not-handed-in`, `file-made`, `handed-in`, `feedback-waiting` and `feedback-here`."""
        if self.is_waiting:
            return "feedback-waiting"
        if self.page:
            return "feedback-here"
        if self.day is None:
            return "file-made" if self.made else "not-handed-in"
        return "handed-in"


def submission_statuses(exercises: Path, exchange: Path | None) -> list[SubmissionStatus]:
    """Return the status of each exercise in a working copy, in the order of the course.

    Without an exchange, the list is empty until there is a submission file or feedback on one.
    """
    has_exchange = exchange is not None and exchange.is_dir()
    statuses = [_status(exercises, lesson, exchange if has_exchange else None) for lesson in lessons()]
    return statuses if has_exchange or any(status.made or status.page for status in statuses) else []


def was_handed_in(exercise_folder: Path, exercise: str) -> bool:
    """Say whether an exercise was handed in from here, or its submission file was made."""
    lesson = find_lesson(exercise)
    return _file(exercise_folder, lesson) is not None or _latest(lesson) is not None


def has_feedback(exercise_folder: Path, exercise: str) -> bool:
    """Say whether a page of feedback on an exercise is in the working copy that its folder is in."""
    return next(_pages(exercise_folder.parent, find_lesson(exercise)), None) is not None


def _status(exercises: Path, lesson: Lesson, exchange: Path | None) -> SubmissionStatus:
    latest = _latest(lesson) if exchange else None
    file = _file(exercises / lesson.key, lesson)
    pages = list(_pages(exercises, lesson))
    answers = _read(exercises / lesson.key / names.ANSWERS)
    day, handed_in, is_waiting = None, [], False
    if latest and exchange:
        about, copy = latest
        day = _day(about.time)
        handed_in.append((_moment(about.time), _read(copy / names.ANSWERS)))
        page = _read(_in_exchange(copy, about.assignment, exchange))
        is_waiting = page is not None and page not in [_read(own) for own in pages if own.parent.name == about.time]
    if file:
        handed_in.append((file.time, file.contents[names.ANSWERS]))
    newest = max(handed_in, key=lambda moment_and_answers: moment_and_answers[0], default=None)
    is_reply_new = newest is not None and differs_in_reply_alone(newest[1], answers, lesson.key)
    return SubmissionStatus(
        lesson.key,
        day,
        is_waiting=is_waiting,
        page=max(pages, key=lambda page: page.parent.name, default=None),
        is_changed=newest is not None and answers != newest[1] and not is_reply_new,
        is_reply_new=is_reply_new,
        made=file.time.astimezone().date() if file else None,
        assignment=latest[0].assignment if latest and latest[0].assignment != lesson.key else "",
    )


def _latest(lesson: Lesson) -> tuple[names.SubmissionFolder, Path] | None:
    """Return the copy that nbgrader kept of the latest submission, under any of the lesson's names."""
    copies = [
        (about, copy)
        for name in lesson.names
        for copy in (settings().data / "handed-in" / COURSE_ID).glob(f"*+{name}+*")
        if (about := names.read_submission_folder(copy.name, name))
    ]
    return max(copies, key=lambda about_and_copy: about_and_copy[0].time, default=None)


def _file(exercise: Path, lesson: Lesson) -> submission_file.SubmissionFile | None:
    """Return what the latest submission file in an exercise's folder holds."""
    files = []
    for name in lesson.names:
        with contextlib.suppress(BadHandIn):
            files.append(submission_file.read(exercise / submission_file.file_name(name)))
    return max(files, key=lambda file: file.time, default=None)


def _pages(exercises: Path, lesson: Lesson) -> Iterator[Path]:
    """Yield the pages of feedback; the folder of each is named after the time of its submission.

    nbgrader puts those of a cohort that has a former name into a folder of that name.
    """
    for folder in lesson.names:
        for name in lesson.names:
            for page in (exercises / folder / names.FEEDBACK).glob(f"*/{names.feedback_page_name(name)}"):
                if page.is_file() and _day(page.parent.name):
                    yield page


def _day(time: str) -> datetime.date | None:
    """Return the day here of a time in nbgrader's own writing, or with dashes where a folder's name has no colons.

    >>> _day("2026-11-22 12:01:02.345678 UTC"), _day("2026-11-22 12-01-02.345678 UTC"), _day("some day")
    (datetime.date(2026, 11, 22), datetime.date(2026, 11, 22), None)
    """
    moment = _moment(time)
    return None if moment == _NEVER else moment.astimezone().date()


def _moment(time: str) -> datetime.datetime:
    return moments.read_nbgrader_stamp(time, assumed=None) or _NEVER


def _in_exchange(copy: Path, assignment: str, exchange: Path) -> Path:
    """Return where nbgrader puts the feedback on a submission: its name is known to its owner only."""
    name = names.feedback_exchange_name(_read(copy / names.SECRET) or b"", assignment)
    return exchange / COURSE_ID / names.FEEDBACK / name


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
