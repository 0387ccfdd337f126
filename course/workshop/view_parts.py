"""The parts of pages and charts as types, and the record of a session, which is all that may be taken away of it.

Questions, lines, results, and counts that are published: nothing that was not shown is in a record.
"""

from __future__ import annotations

import datetime
from typing import Final, NotRequired, TypedDict, final

from course.content import say_day

RECORD_FORMAT: Final = "building-trust-session"
RECORD_VERSION: Final = 2
"""Of the file; version 1 is what was saved before files named their version."""
NEXT_RATING_WEEKS: Final = (4, 6)
"""After how many weeks, at the earliest and at the latest, the group meets again and rates itself again."""


class PartView(TypedDict):
    """One part of a question; a fixed line has no options."""

    part: str
    text: str
    options: dict[str, str]
    fixed: bool
    stem: NotRequired[str]
    short: NotRequired[str]


class QuestionView(TypedDict):
    """One question, everywhere."""

    question: str
    kind: str
    prompt: str
    status: str
    """“new”, “open” or “closed”."""
    is_shown: bool
    most: int
    fields: dict[str, str]
    parts: list[PartView]


class LineView(TypedDict):
    """One written line and what became of it, without who wrote it."""

    line: str
    question: str
    text: str
    fields: dict[str, str]
    status: str
    """“waiting”, “approved”, “hidden” or “aside”."""
    is_free: bool
    """Whether its wall may show it."""
    head: str
    count: int
    settled: str
    owner: str
    place: str
    date: str


class ConsoleLine(LineView):
    """A card of one line, or of lines that say the same or are shown as one. `count` is how many people wrote them."""

    names: list[str]
    """The lines on the card, the one that stands for them first."""
    alike: list[str]
    """The texts of the others, as far as they read differently."""
    asked: str
    """Its question, where that is of another step."""
    came: str


class BoundaryView(TypedDict):
    """One boundary as it reads now."""

    question: str
    line: str
    text: str
    fixed: bool


class ResultView(TypedDict):
    """What is shown of one question: the address of its chart, or its lines."""

    question: str
    prompt: str
    chart: str
    lines: list[LineView]


class ChartText(TypedDict):
    """A chart without its picture: its question, its sentence, and its numbers; no rows where none may be shown."""

    title: str
    sentence: str
    caption: str
    columns: list[str]
    rows: list[list[str]]


@final
class ShownCounts(TypedDict):
    """Counts by answer, or by bands of answers."""

    counts: dict[str, int]
    people: int
    in_bands: bool


@final
class ShownNotice(TypedDict):
    """What is said in place of counts."""

    said: str
    """A key of `session.said-…` in `interface.toml`."""
    option: str


Shown = ShownCounts | ShownNotice


class ChartPart(PartView):
    """A part with what may be shown of its counts."""

    shown: Shown | None


class ChartSpec(TypedDict):
    """All that the chart of a question is drawn from."""

    kind: str
    title: str
    parts: list[ChartPart]
    earlier: ChartSpec | None
    earlier_day: NotRequired[str]
    """The day on which an earlier session asked the same, in words."""
    whole: NotRequired[list[ChartPart]]
    """Of one page of a chart that takes several: the parts of all its pages, of which its sentence speaks."""


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
