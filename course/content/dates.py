"""Days and times as people read them, in the language of the edition."""

from __future__ import annotations

import datetime

from course.content import edition_language


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
