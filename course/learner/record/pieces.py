"""The learner's own words that can go into a record, each only if they choose it.

Which cards they come from, `lessons.toml` says: `learned` and `changed` of each lesson, and its plans.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from course.charts.chart import Chart
from course.content import words
from course.content.lessons import Lesson, follow_up, lessons
from course.learner.journal.entries import JournalEntry, journal_page
from course.records.journal import Journal

CHARTS: Final = "charts"
"""The name of the piece that has what the charts say."""
_LONGEST_BEGINNING: Final = 160
"""The most characters by which a piece is known where it is chosen."""

Part = Literal["learned", "changed"]
"""The part of a record that a piece belongs to."""


@dataclass(frozen=True)
class RecordPiece:
    """What a learner wrote on one card, or what the charts say."""

    name: str
    """Where it is from, such as `trust-plan/one-sentence`."""
    part: Part
    label: str
    """What was asked, and in which lesson."""
    text: str = field(repr=False)

    @property
    def beginning(self) -> str:
        """The first words of its text, on one line."""
        return textwrap.shorten(self.text, _LONGEST_BEGINNING, placeholder=f" {words('card.gap')}")


def record_pieces(journal: Journal) -> list[RecordPiece]:
    """Return what there is to choose from, in the order of the course. What the charts say is the last, without text.

    It is there once anything was rated. `chart_text` gives its text, which takes longer to make.
    """
    pieces = [piece for lesson in (*lessons(), follow_up()) for piece in _pieces_of(lesson, journal)]
    if any(rating.habits or rating.pulse for rating in journal.ratings()):
        pieces.append(RecordPiece(CHARTS, "changed", words("record.charts"), ""))
    return pieces


def chart_text(charts: Sequence[Chart]) -> str:
    """Return what charts say that have something to show, a line for each."""
    return "\n".join(f"{chart.title} {chart.alt}" for chart in charts if chart.table is not None)


def _pieces_of(lesson: Lesson, journal: Journal) -> Iterator[RecordPiece]:
    entries = {entry.key: entry for entry in journal_page(journal, lesson.key).entries}
    parts: dict[Part, tuple[str, ...]] = {"learned": lesson.learned, "changed": (*lesson.plans, *lesson.changed)}
    for part, keys in parts.items():
        for entry in (entries[key] for key in keys if key in entries):
            question, text = _as_text(entry)
            label = words("record.piece", lesson=lesson.title, question=question)
            yield RecordPiece(f"{lesson.key}/{entry.key}", part, label, text)


def _as_text(entry: JournalEntry) -> tuple[str, str]:
    """Return what was asked, and what was answered as one text."""
    if len(entry.lines) == 1 and not entry.question:
        return entry.lines[0]
    return entry.question, "\n".join(f"{asked}: {answer}" for asked, answer in entry.lines)
