"""The parts of pages, charts and exports as types: questions, lines, results, and counts that are published."""

from __future__ import annotations

from typing import NotRequired, TypedDict, final


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
