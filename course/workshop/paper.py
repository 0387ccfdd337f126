"""Paper cards: their counts, read from a table that the facilitator made."""

from __future__ import annotations

import csv
import io
from typing import Final

from course.workshop.answer_rules import refused
from course.workshop.live import Live
from course.workshop.script import Question
from course.workshop.view_questions import parts_view

_MOST: Final = 500
"""So many cards of one answer are believed."""


def read_tally(text: str, live: Live) -> dict[str, dict[str, int]]:
    """Return the counts of paper cards by part and answer, from a table with the columns part, answer and count."""
    try:
        rows = list(csv.DictReader(io.StringIO(text)))
    except csv.Error:
        raise refused("bad-tally", line=1) from None
    found: dict[str, dict[str, int]] = {}
    for number, row in enumerate(rows, start=2):
        part, answer, count = (str(row.get(name) or "").strip() for name in ("part", "answer", "count"))
        question = live.find(part)
        options = _options(live, question, part) if question else ()
        if answer not in options or not _is_number(count):
            raise refused("bad-tally", line=number)
        found.setdefault(part, {})[answer] = int(count)
    if not found:
        raise refused("bad-tally", line=1)
    return found


def _options(live: Live, question: Question, part: str) -> tuple[str, ...]:
    parts = parts_view(live, question)
    return next((tuple(one["options"]) for one in parts if one["part"] == part), ())


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10 and int(text) <= _MOST
