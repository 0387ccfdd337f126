"""The log: what I did, day by day, as dated squares with letters (Ch11)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from course.charts.chart import Chart, Table
from course.charts.kit import drawing
from course.charts.kit.drawing import Canvas, Panel
from course.charts.kit.layout import flow, text_width
from course.charts.kit.palette import BLUE, NARROW, NORMAL, PAPER, QUIET, RUST, SMALL, WIDTH
from course.charts.kit.shapes import BlockStyle
from course.content import read_day, row_of, say_day, short_month, words

MOST_DRAWN: Final = 44
"""How many squares a picture has at most: the latest ones. The table has every entry."""
_STYLES: Final = (
    BlockStyle(BLUE, words=PAPER, outline=BLUE, width=2),
    BlockStyle(PAPER, words=BLUE, outline=BLUE, width=2),
    BlockStyle(PAPER, words=RUST, outline=RUST, width=2, dash=(3, 2)),
)
"""Full, outlined, dashed: in the order of the marks, and the last one for all that follow."""
_UNMARKED: Final = BlockStyle(PAPER, words=QUIET, outline=QUIET, width=2, dash=(1, 2))
_SQUARE, _STEP, _ROW, _KEY, _EDGE = 30, 40, 80, 30, 8
_KEY_SQUARE, _KEY_NAME, _KEY_GAP = 22, 30, 14


@dataclass(frozen=True)
class LogEntry:
    """One entry of a log: its day, what was written, and the letter of its mark or an empty text."""

    day: datetime.date
    text: str
    mark: str


def log_chart(saved: object, marks: Mapping[str, str]) -> Chart:
    """Return a square for each entry, with the letter of its mark and its day.

    Where there is but one kind of mark, it is that of each entry.
    """
    title = words("chart-log.title")
    entries = read_entries(saved, marks)
    if not entries:
        return Chart(title, words("chart-log.empty"))
    drawn = entries[-MOST_DRAWN:]
    note = words("chart-log.latest", n=len(drawn)) if len(drawn) < len(entries) else ""
    draw = partial(_draw_entries, drawn, marks)
    sentence, table = _sentence(entries, marks), _table(entries, marks)
    return Chart(title, sentence, table, draw(WIDTH), note, narrow=partial(draw, NARROW))


def read_entries(saved: object, marks: Mapping[str, str]) -> list[LogEntry]:
    """Return the entries in what was saved, oldest first; what has no day is left out."""
    listed = saved.get("entries") if isinstance(saved, Mapping) else None
    only_mark = next(iter(marks)) if len(marks) == 1 else ""
    entries = []
    for entry in listed if isinstance(listed, list) else []:
        if isinstance(entry, Mapping) and (day := read_day(entry.get("date"))):
            mark, texts = entry.get("mark"), entry.get("words")
            written = [text for text in texts if isinstance(text, str) and text] if isinstance(texts, list) else []
            is_known = isinstance(mark, str) and mark in marks
            entries.append(LogEntry(day, "; ".join(written), str(mark) if is_known else only_mark))
    return sorted(entries, key=lambda entry: entry.day)


def _sentence(entries: Sequence[LogEntry], marks: Mapping[str, str]) -> str:
    counts = [(label, sum(entry.mark == letter for entry in entries)) for letter, label in marks.items()]
    counts.append((words("chart-log.no-mark"), sum(not entry.mark for entry in entries)))
    named = [
        words("chart-log.count", n=count, mark=f"{label[:1].lower()}{label[1:]}")
        for place, (label, count) in enumerate(counts)
        if count or place < len(marks)
    ]
    days = (entries[-1].day - entries[0].day).days + 1
    return words("chart-log.days", counts=row_of(named), n=days)


def _table(entries: Sequence[LogEntry], marks: Mapping[str, str]) -> Table:
    columns = (words("chart-log.day"), words("chart-log.entry"), words("chart-log.mark"))
    rows = ((say_day(entry.day), entry.text or "–", marks.get(entry.mark, "–")) for entry in entries)
    return Table(words("chart-log.caption"), columns, tuple(rows))


def _draw_entries(entries: Sequence[LogEntry], marks: Mapping[str, str], width: float) -> str:
    """Return the SVG text of a square for each entry, or an empty text where nothing can be drawn."""
    across = int(width - 2 * _EDGE) // _STEP
    rows = -(-len(entries) // across)
    has_unmarked = any(not entry.mark for entry in entries)
    names = {**marks, **({"": words("chart-log.no-mark")} if has_unmarked else {})}
    keys = flow([_KEY_NAME - 2 + text_width(name, NORMAL) for name in names.values()], _EDGE, width, _KEY_GAP)
    below = _KEY * len(keys) + 6
    height = below + _ROW * rows

    def paint(canvas: Canvas) -> None:
        panel = canvas.panel((0, 0), width, height, across=(0, width), up=(0, height))
        for number, entry in enumerate(entries):
            x, y = _EDGE + number % across * _STEP, height - _ROW * (number // across) - _SQUARE - 4
            _paint_square(panel, x, y, _SQUARE, entry.mark, marks)
            day = f"{entry.day.day}\n{short_month(entry.day)}"
            place = (x + _SQUARE / 2, y - 6)
            panel.text(place, day, colour=QUIET, size=SMALL, align="center", anchor="top", spacing=1.1)
        for row, places in enumerate(keys):
            _paint_key(panel, below - 6 - _KEY * (row + 1), places, names, marks)

    return drawing.draw(width, height, paint)


def _paint_square(panel: Panel, x: float, y: float, size: float, mark: str, marks: Mapping[str, str]) -> None:
    style = _STYLES[min([*marks].index(mark), len(_STYLES) - 1)] if mark else _UNMARKED
    panel.block((x, y), size, size, style)
    middle = (x + size / 2, y + size / 2)
    panel.text(middle, mark, colour=style.words, align="center", anchor="letters", is_bold=True)


def _paint_key(
    panel: Panel, y: float, places: Sequence[tuple[int, float]], names: Mapping[str, str], marks: Mapping[str, str]
) -> None:
    for number, x in places:
        mark, name = [*names.items()][number]
        _paint_square(panel, x, y + 4, _KEY_SQUARE, mark, marks)
        panel.text((x + _KEY_NAME, y + 15), name)
