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
from course.content.rubric import ReflectionSettings
from course.core import moments
from course.core.errors import BadContent
from course.core.text_files import read_toml
from course.records.cohort_reflection import read_reflections

NAME: Final = "cohort.toml"
_SETTINGS: Final = {"marks", "smallest-group", "timezone", "decimal-comma", "due", "extensions", "reflection"}
_END_OF_DAY: Final = datetime.time(23, 59, 59)
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
    """When an exercise is due, by its key: the last moment in UTC at which a hand-in is in time."""
    zone: datetime.tzinfo = datetime.UTC
    """Where the cohort's clocks stand, a learning platform's too."""
    extensions: Mapping[str, Mapping[str, datetime.datetime]] = field(default_factory=dict, repr=False)
    """The same for one learner who has more time, by the learner's id, then by the exercise's key."""
    decimal_comma: bool = False
    """Whether marks that go back to a platform have a comma, where its own file does not show which sign it takes."""
    reflections: Mapping[str, ReflectionSettings] = field(default_factory=dict)
    """Levels and ready comments of this cohort, by the exercise's key, and for every exercise under no name."""

    def reflection(self, exercise: str) -> ReflectionSettings:
        """Return what counts for an exercise, given by its key or a former name: its own levels before those of all."""
        own, of_all = (self.reflections.get(key, ReflectionSettings()) for key in (lesson_key(exercise), ""))
        return ReflectionSettings(own.levels or of_all.levels, (*own.comments, *of_all.comments))


def read_cohort_file(root: Path) -> CohortFile:
    """Return the settings in `root/cohort.toml`, or the usual ones where there is no such file.

    Raises BadContent for a file that cannot be read, an unknown key or exercise, a day that is none,
    a smallest group under ten, and levels that are none. It names no learner.
    """
    try:
        return cohort_from(read_toml(root / NAME))
    except FileNotFoundError:
        return CohortFile()


def cohort_from(settings: Mapping[str, object]) -> CohortFile:
    """Return what the tables of such a file say; raises BadContent as `read_cohort_file` does."""
    unknown = sorted(set(settings) - _SETTINGS)
    if unknown:
        tables = "the tables [due], [extensions.ID] and [reflection]"
        hint = f"Use marks, smallest-group, timezone, decimal-comma and {tables}."
        raise _bad(f"there is no setting “{unknown[0]}”", hint)
    zone = _zone(settings)
    return CohortFile(
        _yes_or_no(settings, "marks", usual=True),
        _fewest(settings),
        _due(settings, zone),
        zone,
        _extensions(settings, zone),
        _yes_or_no(settings, "decimal-comma", usual=False),
        read_reflections(settings.get("reflection", {})),
    )


def _yes_or_no(settings: Mapping[str, object], name: str, *, usual: bool) -> bool:
    value = settings.get(name, usual)
    if not isinstance(value, bool):
        raise _bad(f"“{name}” is neither true nor false", f"Write {name} = true or {name} = false.")
    return value


def _fewest(settings: Mapping[str, object]) -> int:
    fewest = settings.get("smallest-group", FEWEST)
    if not isinstance(fewest, int) or isinstance(fewest, bool) or fewest < FEWEST:
        raise _bad(f"“smallest-group” is not a whole number from {FEWEST} up", f"Write smallest-group = {FEWEST}.")
    return fewest


def _due(settings: Mapping[str, object], zone: datetime.tzinfo) -> dict[str, datetime.datetime]:
    """Return when exercises are due, by their keys."""
    table = settings.get("due", {})
    if not isinstance(table, dict):
        raise _bad("“due” is not a table", "Write a line [due], and below it: two-questions = 2026-12-01")
    return _days(table, "due", zone)


def _extensions(settings: Mapping[str, object], zone: datetime.tzinfo) -> dict[str, Mapping[str, datetime.datetime]]:
    """Return until when somebody has more time, by their id and the exercise's key."""
    tables = settings.get("extensions", {})
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        hint = "Write a line [extensions.ID] with the learner’s id, and below it: two-questions = 2026-12-08"
        raise _bad("“extensions” has something else than a table for each learner", hint)
    if any(isinstance(value, dict) for table in tables.values() for value in table.values()):
        hint = 'Put an id with a full stop or other signs into quotation marks: [extensions."a.synthetic"]'
        raise _bad("a table of “extensions” has another one in it", hint)
    return {learner: _days(table, "extensions", zone) for learner, table in tables.items()}


def _days(table: Mapping[str, object], place: str, zone: datetime.tzinfo) -> dict[str, datetime.datetime]:
    """Return the moments in a table by the exercises' keys; the file may have former names for them."""
    keys = [lesson.key for lesson in lessons()]
    days: dict[str, datetime.datetime] = {}
    for name, day in table.items():
        key = lesson_key(name)
        if key not in keys:
            raise _bad(f"in “{place}”, there is no exercise “{name}”", f"Use one of: {', '.join(keys)}.")
        if not isinstance(day, datetime.date):
            hint = f"Write {name} = 2026-12-01 or {name} = 2026-12-01T17:00:00"
            raise _bad(f"in “{place}”, “{name}” has no day", hint)
        if key in days:
            hint = "It is there under a former name too. Keep one of the two lines."
            raise _bad(f"in “{place}”, “{key}” has two days", hint)
        try:
            days[key] = last_moment(day, zone)
        except OverflowError:
            raise _bad(f"in “{place}”, “{name}” has no day that a calendar has", "Look at the year.") from None
    return days


def _zone(settings: Mapping[str, object]) -> datetime.tzinfo:
    try:
        return zoneinfo.ZoneInfo(str(settings.get("timezone", "UTC")))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise _bad("“timezone” is not known here", 'Write timezone = "Europe/London", or "UTC".') from None


def last_moment(due: datetime.date, zone: datetime.tzinfo) -> datetime.datetime:
    """Return in UTC the last moment at which a hand-in is in time: the end of that second, or of a day without a time.

    A time that the clocks show twice, or leave out, is the later one of the two that it can be: nobody loses an hour.

    >>> last_moment(datetime.date(2026, 12, 1), datetime.UTC).isoformat()
    '2026-12-01T23:59:59.999999+00:00'
    """
    moment = due if isinstance(due, datetime.datetime) else datetime.datetime.combine(due, _END_OF_DAY)
    return moments.in_zone(moment, zone, latest=True).replace(microsecond=999_999)


def _bad(what: str, hint: str) -> BadContent:
    return BadContent(f"{NAME}: {what}.", hint)
