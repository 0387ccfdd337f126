"""The record of a session: all that may be taken away of it, as plain data. Nothing that was not shown is in it."""

from __future__ import annotations

import datetime
from typing import Final, TypedDict

from course.content import say_day
from course.workshop.view_parts import BoundaryView, ChartSpec

FORMAT: Final = "building-trust-session"
VERSION: Final = 2
"""Of the file; version 1 is what was saved before files named their version."""
NEXT_RATING_WEEKS: Final = (4, 6)
"""After how many weeks, at the earliest and at the latest, the group meets again and rates itself again."""


class ParkedLine(TypedDict):
    """A parked line with who takes it, where and by when."""

    text: str
    owner: str
    place: str
    date: str


class WrittenList(TypedDict):
    """The lines of a question whose lines are a list of their own, such as “What’s missing?”."""

    question: str
    kind: str
    prompt: str
    lines: list[str]


class ThanksWall(TypedDict):
    """The lines of a question of thanks."""

    prompt: str
    lines: list[str]


class ExportedChart(TypedDict):
    """A chart that was on the screen."""

    question: str
    prompt: str
    spec: ChartSpec


class SessionRecord(TypedDict):
    """The record, as it stands in `export.json`."""

    format: str
    version: int
    title: str
    language: str
    is_synthetic: bool
    made: str
    """The day, as in 2031-05-04; of a file of version 1 as that says it, in words, or empty."""
    keep_days: int | None
    """For how many days the facilitator's computer keeps it after the close; None where that is not known."""
    boundaries: list[BoundaryView]
    lists: list[WrittenList]
    now: list[str]
    ours: list[str]
    parked: list[ParkedLine]
    thanks: list[ThanksWall]
    charts: list[ExportedChart]


def day_made(record: SessionRecord) -> datetime.date | None:
    """Return the day on which a record was made, or None where it says that in words."""
    try:
        return datetime.date.fromisoformat(record["made"])
    except ValueError:
        return None


def say_made(record: SessionRecord) -> str:
    """Return the day on which a record was made in words; nothing where it does not say."""
    day = day_made(record)
    return say_day(day) if day else record["made"]


def next_days(record: SessionRecord) -> list[datetime.date]:
    """Return between which days the group meets again; none where the record does not say when it was made."""
    day = day_made(record)
    return [day + datetime.timedelta(weeks=weeks) for weeks in NEXT_RATING_WEEKS] if day else []
