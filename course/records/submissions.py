"""What became of the exercises that a learner handed in: read from nbgrader's own folders and from hand-in files.

nbgrader keeps a copy of each hand-in, in a folder named person+exercise+time, and its trainer's feedback
lies in the exchange under a name made of that hand-in's secret. `nbgrader list` looks at the same files,
and takes seconds to load, so they are read here without it. Of a hand-in file, only its making is known here.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from course.content.lessons import lessons
from course.core import moments, names
from course.core.errors import BadHandIn
from course.core.settings import COURSE_ID, settings
from course.records import submission_file

_NEVER: Final = datetime.datetime.min.replace(tzinfo=datetime.UTC)


@dataclass(frozen=True)
class HandIn:
    """What became of one exercise."""

    slug: str
    day: datetime.date | None = None
    """The day of the latest hand-in, or None where nothing was handed in."""
    is_waiting: bool = False
    """Whether there is feedback on the latest hand-in that was not fetched yet."""
    page: Path | None = None
    """The latest feedback page in the working copy."""
    is_changed: bool = False
    """Whether the answers are others than those handed in, or in the hand-in file if that is newer."""
    made: datetime.date | None = None
    """The day on which the hand-in file was made, or None where there is none."""

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


def hand_ins(exercises: Path, exchange: Path | None) -> list[HandIn]:
    """Return what became of each exercise in a working copy, in the order of the course.

    Without an exchange, the list is empty until there is a hand-in file or feedback on one.
    """
    has_exchange = exchange is not None and exchange.is_dir()
    found = [_hand_in(exercises / lesson.key, exchange if has_exchange else None) for lesson in lessons()]
    return found if has_exchange or any(one.made or one.page for one in found) else []


def _hand_in(exercise: Path, exchange: Path | None) -> HandIn:
    slug = exercise.name
    latest = _latest(slug) if exchange else None
    made = _made(exercise)
    day, handed_in, is_waiting = None, [], False
    if latest and exchange:
        day = _day(_time(latest, slug))
        handed_in.append((_moment(_time(latest, slug)), _read(latest / names.ANSWERS)))
        is_waiting = _is_waiting(latest, exercise, exchange)
    if made:
        handed_in.append((made.time, made.contents[submission_file.ANSWERS]))
    newest = max(handed_in, key=lambda one: one[0], default=None)
    return HandIn(
        slug,
        day,
        is_waiting=is_waiting,
        page=_page(exercise),
        is_changed=newest is not None and _read(exercise / names.ANSWERS) != newest[1],
        made=made.time.astimezone().date() if made else None,
    )


def _latest(slug: str) -> Path | None:
    """Return the copy that nbgrader kept of the latest hand-in."""
    kept = (settings().data / "handed-in" / COURSE_ID).glob(f"*+{slug}+*")
    return max(kept, key=lambda copy: _time(copy, slug), default=None)


def _is_waiting(latest: Path, exercise: Path, exchange: Path) -> bool:
    given = _read(_in_exchange(latest, exercise.name, exchange))
    page = exercise / names.FEEDBACK / _time(latest, exercise.name) / f"{exercise.name}.html"
    return given is not None and given != _read(page)


def _made(exercise: Path) -> submission_file.HandInFile | None:
    """Return what the hand-in file in an exercise's folder holds."""
    try:
        return submission_file.read(exercise / submission_file.file_name(exercise.name))
    except BadHandIn:
        return None


def _page(exercise: Path) -> Path | None:
    """Return the page of feedback on the latest hand-in that has one; its folder is named after the time."""
    pages = (exercise / names.FEEDBACK).glob(f"*/{exercise.name}.html")
    return max((page for page in pages if page.is_file() and _day(page.parent.name)), default=None)


def _time(copy: Path, slug: str) -> str:
    """Return when a hand-in was made, as nbgrader wrote it in the folder's name.

    >>> _time(Path("a+b@example.org+two-questions+2026-11-22 12:01:02.345678 UTC"), "two-questions")
    '2026-11-22 12:01:02.345678 UTC'
    """
    return copy.name.partition(f"+{slug}+")[2]


def _day(time: str) -> datetime.date | None:
    """Return the day here of a time in nbgrader's own writing, or with dashes where a folder's name has no colons.

    >>> _day("2026-11-22 12:01:02.345678 UTC"), _day("2026-11-22 12-01-02.345678 UTC"), _day("some day")
    (datetime.date(2026, 11, 22), datetime.date(2026, 11, 22), None)
    """
    moment = _moment(time)
    return None if moment == _NEVER else moment.astimezone().date()


def _moment(time: str) -> datetime.datetime:
    return moments.read_nbgrader_stamp(time, assumed=None) or _NEVER


def _in_exchange(copy: Path, slug: str, exchange: Path) -> Path:
    """Return where nbgrader puts the feedback on a hand-in: its name is known to its owner only."""
    name = names.feedback_exchange_name(_read(copy / names.SECRET) or b"", slug)
    return exchange / COURSE_ID / names.FEEDBACK / name


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
