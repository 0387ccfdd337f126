"""Ch11, the log: what I did, day by day, as dated squares with letters."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from course.charts.chart import Chart, Table
from course.charts.drawing import NARROW
from course.charts.log_picture import Square, draw_log
from course.content import words
from course.content.dates import read_day, say_day

MOST_DRAWN = 44
"""How many squares a picture has at most: the latest ones. The table has every entry."""


@dataclass(frozen=True)
class Entry:
    """One entry of a log: its day, what was written, and the letter of its mark or an empty text."""

    day: datetime.date
    text: str
    mark: str


def log_chart(saved: Any, marks: Mapping[str, str]) -> Chart:
    """Return a square for each entry, with the letter of its mark and its day.

    Where there is but one kind of mark, it is that of each entry.
    """
    title = words("chart-log.title")
    entries = read_entries(saved, marks)
    if not entries:
        return Chart(title, words("chart-log.empty"))
    drawn = entries[-MOST_DRAWN:]
    note = words("chart-log.latest", n=len(drawn)) if len(drawn) < len(entries) else ""
    draw = partial(draw_log, [Square(entry.day, entry.mark) for entry in drawn], marks)
    return Chart(title, _sentence(entries, marks), _table(entries, marks), draw(), note, narrow=partial(draw, NARROW))


def read_entries(saved: Any, marks: Mapping[str, str]) -> list[Entry]:
    """Return the entries in what was saved, oldest first; what has no day is left out."""
    kept = saved.get("entries") if isinstance(saved, Mapping) else None
    only = next(iter(marks)) if len(marks) == 1 else ""
    entries = []
    for entry in kept if isinstance(kept, list) else []:
        if isinstance(entry, Mapping) and (day := read_day(entry.get("date"))):
            mark, texts = entry.get("mark"), entry.get("words")
            written = [text for text in texts if isinstance(text, str) and text] if isinstance(texts, list) else []
            is_known = isinstance(mark, str) and mark in marks
            entries.append(Entry(day, "; ".join(written), str(mark) if is_known else only))
    return sorted(entries, key=lambda entry: entry.day)


def _sentence(entries: Sequence[Entry], marks: Mapping[str, str]) -> str:
    counts = [(label, sum(entry.mark == letter for entry in entries)) for letter, label in marks.items()]
    counts.append((words("chart-log.no-mark"), sum(not entry.mark for entry in entries)))
    named = [
        words("chart-log.count", n=count, mark=f"{label[:1].lower()}{label[1:]}")
        for place, (label, count) in enumerate(counts)
        if count or place < len(marks)
    ]
    days = (entries[-1].day - entries[0].day).days + 1
    return words("chart-log.one-day" if days == 1 else "chart-log.days", counts=", ".join(named), days=days)


def _table(entries: Sequence[Entry], marks: Mapping[str, str]) -> Table:
    columns = (words("chart-log.day"), words("chart-log.entry"), words("chart-log.mark"))
    rows = ((say_day(entry.day), entry.text or "–", marks.get(entry.mark, "–")) for entry in entries)
    return Table(words("chart-log.caption"), columns, tuple(rows))
