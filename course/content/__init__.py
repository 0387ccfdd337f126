"""Words and numbers that are used in more than one place, kept in TOML files beside this one.

A trainer can change them without reading Python. A mistake is answered with file, key and remedy.
The setting BUILDING_TRUST_WORDS names a folder with another edition of these files, such as a translation.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from course.content.files import HERE, edition, find_file, need, read
from course.content.texts import Texts, edition_language, read_texts

__all__ = [
    "ENGLISH",
    "HERE",
    "Texts",
    "all_of",
    "any_of",
    "edition",
    "edition_language",
    "find_file",
    "interface",
    "need",
    "read",
    "read_day",
    "read_texts",
    "row_of",
    "say_day",
    "say_moment",
    "say_time",
    "short_month",
    "trainer_words",
    "words",
]

ENGLISH: Final = "en-GB"
"""The language of what is in the code and in no content file, such as a command's own messages."""


def words(key: str, **blanks: object) -> str:
    """Return one text of the interface, with its {blanks} filled.

    >>> words("button.skip")
    'Skip'
    """
    return read_texts().say(key, **blanks)


def trainer_words(key: str, **blanks: object) -> str:
    """Return one text of `trainer.toml`, which holds what trainers read, with its {blanks} filled.

    >>> trainer_words("summary.refused")
    'Refused'
    """
    return read_texts("trainer.toml").say(key, **blanks)


def interface(folder: Path | None = None) -> dict[str, str]:
    """Return every text of the interface by its key, for example `button.skip`, each plural form by itself."""
    return read_texts(folder=folder).flat()


def all_of(items: Iterable[str]) -> str:
    """Return a list of things as the edition's language joins them with “and”.

    >>> all_of(["tea", "milk", "sugar"])
    'tea, milk and sugar'
    """
    return edition_language().conjunction.join(list(items))


def any_of(items: Iterable[str]) -> str:
    """Return a list of things as the edition's language joins them with “or”.

    >>> any_of(["tea", "coffee"])
    'tea or coffee'
    """
    return edition_language().disjunction.join(list(items))


def row_of(items: Iterable[str]) -> str:
    """Return things side by side, as the edition's language puts those in the middle of a list.

    >>> row_of(["3 up", "2 down", "1 the same"])
    '3 up, 2 down, 1 the same'
    """
    return edition_language().conjunction.row(list(items))


def read_day(saved: object) -> datetime.date | None:
    """Return the day that was saved as 2026-11-22, or None for anything else.

    >>> read_day("2026-02-03"), read_day("soon")
    (datetime.date(2026, 2, 3), None)
    """
    try:
        return datetime.date.fromisoformat(saved) if isinstance(saved, str) else None
    except ValueError:
        return None


def say_day(day: datetime.date) -> str:
    """Return a day with its month by name.

    >>> say_day(datetime.date(2026, 2, 3))
    '3 February 2026'
    """
    return edition_language().say_day(day)


def short_month(day: datetime.date) -> str:
    """Return the short name of a day's month.

    >>> short_month(datetime.date(2026, 2, 3))
    'Feb'
    """
    return edition_language().short_months[day.month - 1]


def say_time(moment: datetime.datetime) -> str:
    """Return the time of day of a moment, by this computer's clock.

    >>> say_time(datetime.datetime(2026, 2, 3, 9, 5))
    '09:05'
    """
    return edition_language().say_time(moment.astimezone().time())


def say_moment(moment: datetime.datetime, zone: datetime.tzinfo) -> str:
    """Return a moment to the second, by the clocks of a zone.

    >>> import zoneinfo
    >>> say_moment(datetime.datetime(2026, 5, 12, 16, 0, 3, tzinfo=datetime.UTC), zoneinfo.ZoneInfo("Europe/London"))
    '12 May 2026, 17:00:03'
    """
    there = moment.astimezone(zone)
    return words("time.moment", day=say_day(there.date()), time=edition_language().say_time(there.time(), seconds=True))
