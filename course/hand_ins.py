"""What became of the exercises that a learner handed in: read from nbgrader's own folders.

nbgrader keeps a copy of each hand-in, in a folder named person+exercise+time, and its trainer's feedback
lies in the exchange under a name made of that hand-in's secret. `nbgrader list` looks at the same files,
and takes seconds to load, so they are read here without it.
"""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from pathlib import Path

from course.content.lessons import lessons
from course.settings import COURSE_ID, settings


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
    """Whether the answers are others than those handed in."""

    @property
    def state(self) -> str:
        """One of `not-handed-in`, `handed-in`, `feedback-waiting` and `feedback-here`."""
        if self.day is None:
            return "not-handed-in"
        if self.is_waiting:
            return "feedback-waiting"
        return "feedback-here" if self.page else "handed-in"


def hand_ins(exercises: Path, exchange: Path) -> list[HandIn]:
    """Return what became of each exercise in a working copy, in the order of the course."""
    return [_hand_in(exercises / lesson.slug, exchange) for lesson in lessons()]


def _hand_in(exercise: Path, exchange: Path) -> HandIn:
    slug = exercise.name
    kept = (settings().data / "handed-in" / COURSE_ID).glob(f"*+{slug}+*")
    newest_first = sorted(kept, key=lambda copy: _time(copy, slug), reverse=True)
    if not newest_first:
        return HandIn(slug)
    latest = newest_first[0]
    pages = [exercise / "feedback" / _time(copy, slug) / f"{slug}.html" for copy in newest_first]
    given = _read(_in_exchange(latest, slug, exchange))
    return HandIn(
        slug,
        _day(_time(latest, slug)),
        is_waiting=given is not None and given != _read(pages[0]),
        page=next((page for page in pages if page.is_file()), None),
        is_changed=_read(exercise / "answers.json") != _read(latest / "answers.json"),
    )


def _time(copy: Path, slug: str) -> str:
    """Return when a hand-in was made, as nbgrader wrote it in the folder's name.

    >>> _time(Path("a+b@example.org+01-two-questions+2026-11-22 12:01:02.345678 UTC"), "01-two-questions")
    '2026-11-22 12:01:02.345678 UTC'
    """
    return copy.name.partition(f"+{slug}+")[2]


def _day(time: str) -> datetime.date | None:
    """Return the day here of a time in nbgrader's own writing.

    >>> _day("2026-11-22 12:01:02.345678 UTC")
    datetime.date(2026, 11, 22)
    """
    try:
        moment = datetime.datetime.strptime(time[:19], "%Y-%m-%d %H:%M:%S")
    except ValueError:
        return None
    return moment.replace(tzinfo=datetime.UTC).astimezone().date() if time.endswith(" UTC") else moment.date()


def _in_exchange(copy: Path, slug: str, exchange: Path) -> Path:
    """Return where nbgrader puts the feedback on a hand-in: its name is known to its owner only."""
    secret = _read(copy / "submission_secret.txt") or b""
    name = hashlib.md5(secret + slug.encode(), usedforsecurity=False).hexdigest()
    return exchange / COURSE_ID / "feedback" / f"{name}.html"


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
