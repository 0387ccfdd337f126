"""What a trainer sets for one cohort, in the file `cohort.toml` beside `nbgrader_config.py`.

All of it may be left out. A mistake raises BadContent, which says what to write instead.
"""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from course.content.lessons import lesson_key, lessons
from course.core.errors import BadContent
from course.core.text_files import read_toml

NAME: Final = "cohort.toml"
FEWEST: Final = 10
"""The smallest number of people of whom a report says anything."""


@dataclass(frozen=True)
class CohortFile:
    """One cohort's settings."""

    marks: bool = True
    """Whether learners get marks; without them feedback is words only."""
    fewest: int = FEWEST
    """The smallest group that a report shows: 10 or more."""
    due: Mapping[str, datetime.datetime] = field(default_factory=dict)
    """When an exercise is due, by its key, as a moment in UTC."""
    zone: datetime.tzinfo = datetime.UTC
    """Where the cohort's clocks stand, a learning platform's too."""


def read_cohort_file(root: Path) -> CohortFile:
    """Return the settings in `root/cohort.toml`, or the usual ones where there is no such file.

    Raises BadContent for a file that cannot be read, an unknown key or exercise, a day that is none,
    and a smallest group under ten.
    """
    try:
        settings = read_toml(root / NAME)
    except FileNotFoundError:
        return CohortFile()
    unknown = sorted(set(settings) - {"marks", "smallest-group", "timezone", "due"})
    if unknown:
        raise _bad(f"there is no setting “{unknown[0]}”", "Use marks, smallest-group, timezone and the table [due].")
    return CohortFile(_marks(settings), _fewest(settings), _due(settings), _zone(settings))


def _marks(settings: Mapping[str, object]) -> bool:
    marks = settings.get("marks", True)
    if not isinstance(marks, bool):
        raise _bad("“marks” is neither true nor false", "Write marks = true or marks = false.")
    return marks


def _fewest(settings: Mapping[str, object]) -> int:
    fewest = settings.get("smallest-group", FEWEST)
    if not isinstance(fewest, int) or isinstance(fewest, bool) or fewest < FEWEST:
        raise _bad(f"“smallest-group” is not a whole number from {FEWEST} up", f"Write smallest-group = {FEWEST}.")
    return fewest


def _due(settings: Mapping[str, object]) -> dict[str, datetime.datetime]:
    """Return when exercises are due, by their keys; the file may have former names for them."""
    table, keys, zone = settings.get("due", {}), [lesson.key for lesson in lessons()], _zone(settings)
    if not isinstance(table, dict):
        raise _bad("“due” is not a table", "Write a line [due], and below it: two-questions = 2026-12-01")
    due: dict[str, datetime.datetime] = {}
    for name, moment in table.items():
        key = lesson_key(name)
        if key not in keys:
            raise _bad(f"there is no exercise “{name}”", f"Use one of: {', '.join(keys)}.")
        if not isinstance(moment, datetime.date):
            raise _bad(f"“{name}” has no day that it is due", f"Write {name} = 2026-12-01 or 2026-12-01T17:00:00")
        if key in due:
            raise _bad(f"“{key}” is due twice", "It is there under a former name too. Keep one of the two lines.")
        due[key] = _moment(moment, zone)
    return due


def _zone(settings: Mapping[str, object]) -> datetime.tzinfo:
    try:
        return zoneinfo.ZoneInfo(str(settings.get("timezone", "UTC")))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise _bad("“timezone” is not known here", 'Write timezone = "Europe/London", or "UTC".') from None


def _moment(due: datetime.date, zone: datetime.tzinfo) -> datetime.datetime:
    """Return a moment in UTC; a day without a time is over at its end.

    >>> _moment(datetime.date(2026, 12, 1), datetime.UTC).isoformat()
    '2026-12-01T23:59:59+00:00'
    """
    end = datetime.time(23, 59, 59)
    moment = due if isinstance(due, datetime.datetime) else datetime.datetime.combine(due, end)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(datetime.UTC)


def _bad(what: str, hint: str) -> BadContent:
    return BadContent(f"{NAME}: {what}.", hint)
