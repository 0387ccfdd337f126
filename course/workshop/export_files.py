"""A record as files, by its sections: a page, a Word document, a table for a spreadsheet, a day for the calendar."""

from __future__ import annotations

import base64
import datetime
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import Final, TypedDict

from course.content import say_day, words
from course.core.calendar_file import CalendarEvent, calendar_bytes
from course.core.tables import csv_bytes
from course.core.word_file import WordHeading, WordParagraph, WordPart, WordPicture, WordTable, word_file
from course.workshop.chart_renderer import WordChart
from course.workshop.rules.counts import notice_text
from course.workshop.templates import PageWords
from course.workshop.view_parts import (
    ChartPart,
    ExportedChart,
    ParkedLine,
    SessionRecord,
    WrittenList,
    next_days,
    say_made,
)
from course.workshop.views.page_views import PageView

FILE_NAME: Final = "trust-in-this-room"
MEDIA_TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
}
"""The kinds of file, by the end of their names."""

_COLUMNS: Final = {"parked": ("owner", "place", "date"), "promises": ("said",)}
"""The sections that are tables, with what stands beside each text."""


def export_page(record: SessionRecord, page: PageView, drawn: Sequence[str]) -> ExportPage:
    """Return what `export.html` shows of a record; `drawn` are its charts as HTML."""
    return {
        **page,
        "is_synthetic": record["is_synthetic"],
        "made": say_made(record),
        "sections": sections(record),
        "drawn": list(drawn),
        "keep_days": record["keep_days"],
        "next": [say_day(day) for day in next_days(record)],
    }


# Table


@dataclass(frozen=True)
class ExportRow:
    """One row of `export.csv`; the names are its columns."""

    what: str
    """What the row is: the key of a section, “count”, “days kept”, “next rating” or “synthetic”."""
    question: str = ""
    text: str = ""
    answer: str = ""
    count: str = ""
    owner: str = ""
    place: str = ""
    date: str = ""


_WHAT: Final = {"boundaries": "boundary", "lines": "line", "promises": "promise"}
"""What a row of a section is called in the table, where that is not the section's key."""


def to_csv(record: SessionRecord) -> bytes:
    """Return a record as one CSV table, which a spreadsheet opens without running anything."""
    rows = [astuple(row) for row in export_rows(record)]
    return csv_bytes([tuple(ExportRow.__dataclass_fields__), *rows], quote_all=True)


def export_rows(record: SessionRecord) -> list[ExportRow]:
    """Return the rows of that table, without its header."""
    rows = [ExportRow("synthetic", text=words("synthetic.label"))] if record["is_synthetic"] else []
    if record["keep_days"] is not None:
        rows.append(ExportRow("days kept", count=str(record["keep_days"])))
    if days := next_days(record):
        rows.append(ExportRow("next rating", text=" – ".join(map(say_day, days))))
    for section in sections(record):
        rows += _section_rows(section)
    for chart in record["charts"]:
        rows += [row for part in chart["spec"]["parts"] for row in _count_rows(chart, part)]
    return rows


def _section_rows(section: SectionView) -> list[ExportRow]:
    what = _WHAT.get(section["key"], section["key"])
    return [
        ExportRow(
            what,
            section["prompt"],
            row["text"],
            row["said"],
            owner=row["owner"],
            place=row["place"],
            date=row["date"],
        )
        for row in section["rows"]
    ]


def _count_rows(chart: ExportedChart, part: ChartPart) -> list[ExportRow]:
    """Return a row for each answer of a part, or one row that says why none is shown."""
    counts = counts_of(part)
    if not counts:
        return [ExportRow("count", chart["prompt"], part["text"], notice_of(part))]
    return [ExportRow("count", chart["prompt"], part["text"], answer, str(count)) for answer, count in counts]


# Document


def to_word(record: SessionRecord, page_words: PageWords, charts: Sequence[WordChart]) -> bytes:
    """Return a record as a document for Word, in the words of its session."""
    language = {"lang": record["language"], "dir": page_words.direction}
    return word_file(record["title"], _word_parts(record, page_words, charts), language)


def _word_parts(record: SessionRecord, page_words: PageWords, charts: Sequence[WordChart]) -> Iterator[WordPart]:
    if record["is_synthetic"]:
        yield WordParagraph(page_words.plain("export.synthetic"), "bold")
    made = page_words.plain("export.made", day=say_made(record)) if record["made"] else ""
    yield WordParagraph(f"{made} {page_words.plain('export.intro')}".strip())
    if (days_kept := record["keep_days"]) is not None:
        key = "export.kept" if days_kept else "export.kept-none"
        yield WordParagraph(page_words.plain(key, n=days_kept))
    for section in sections(record):
        yield WordHeading(heading_of(section, page_words), level=1)
        yield from _section_parts(section, page_words)
    if charts:
        yield WordHeading(page_words.plain("export.charts"), level=1)
        yield WordParagraph(page_words.plain("export.caution"))
    for chart in charts:
        yield WordHeading(chart["title"], level=2)
        if chart["png"]:
            yield WordPicture(base64.b64decode(chart["png"]), chart["alt"])
        yield WordParagraph(chart["alt"])
        if chart["rows"]:
            yield WordTable(chart["rows"])
    if days := next_days(record):
        first, last = map(say_day, days)
        yield WordHeading(page_words.plain("export.next"), level=1)
        yield WordParagraph(page_words.plain("export.next-when", first=first, last=last))


def _section_parts(section: SectionView, page_words: PageWords) -> Iterator[WordPart]:
    columns = section["columns"]
    if not columns:
        yield from (WordParagraph(row["text"], "item") for row in section["rows"])
        return
    needed = page_words.plain("export.owner-needed")
    rows = [{**row, "owner": row["owner"] or needed} for row in section["rows"]]
    names = [page_words.plain(f"export.{name}") for name in ("line", *columns)]
    yield WordTable([names, *([str(row[name]) for name in ("text", *columns)] for row in rows)])


def heading_of(section: SectionView, page_words: PageWords) -> str:
    """Return the heading of a section: the question that people answered, or the words of the page."""
    return section["prompt"] or page_words.plain(f"export.{section['key']}")


# Calendar


def meeting_day(record: SessionRecord) -> datetime.date | None:
    """Return a day on which people could meet again; none where the record does not say when it was made."""
    days = next_days(record)
    return days[0] + datetime.timedelta(weeks=1) if days else None


def to_calendar(record: SessionRecord, page_words: PageWords) -> bytes:
    """Return a calendar file with that day; an empty one where there is none."""
    day = meeting_day(record)
    if day is None:
        return b""
    uid = hashlib.blake2b(f"{record['title']} {record['made']}".encode(), digest_size=12).hexdigest()
    title = page_words.plain("export.meeting", title=record["title"])
    return calendar_bytes(CalendarEvent(f"{uid}@building-trust", day, title, page_words.plain("export.meeting-about")))


class RowView(TypedDict):
    """One line of a section, with what there is beside it."""

    text: str
    owner: str
    place: str
    date: str
    said: str
    """What people answered about it, in words."""


class SectionView(TypedDict):
    """One part of what a session may take away; its heading is `prompt`, or the words `export.KEY`."""

    key: str
    prompt: str
    columns: list[str]
    """What stands beside each text, by the fields of a row; none where it is a plain list."""
    rows: list[RowView]


class ExportPage(PageView):
    """`export.html`: the sections, the charts as HTML, and in words when it was made and when people meet again."""

    is_synthetic: bool
    made: str
    sections: list[SectionView]
    drawn: list[str]
    keep_days: int | None
    next: list[str]


def sections(record: SessionRecord) -> list[SectionView]:
    """Return the sections of a record that hold anything, but for its charts."""
    by_kind = {kind: [one for one in record["lists"] if one["kind"] == kind] for kind in ("lines", "taking-away")}
    every = [
        *(_section("promises", chart["prompt"], _promises(chart)) for chart in promise_charts(record)),
        _section("boundaries", "", [_row(line["text"]) for line in record["boundaries"]]),
        *_lists(by_kind["lines"]),
        _section("now", "", [_row(text) for text in record["now"]]),
        _section("ours", "", [_row(text) for text in record["ours"]]),
        _section("parked", "", [_parked(line) for line in record["parked"]]),
        *(_section("thanks", wall["prompt"], [_row(text) for text in wall["lines"]]) for wall in record["thanks"]),
        *_lists(by_kind["taking-away"]),
    ]
    return [section for section in every if section["rows"]]


def promise_charts(record: SessionRecord) -> list[ExportedChart]:
    """Return what people said became of their promises: a table of words, and no picture."""
    return [chart for chart in record["charts"] if chart["spec"]["kind"] == "promises"]


def drawn_charts(record: SessionRecord) -> list[ExportedChart]:
    """Return the charts of a record that are drawn."""
    return [chart for chart in record["charts"] if chart["spec"]["kind"] != "promises"]


def counts_of(part: ChartPart) -> list[tuple[str, int]]:
    """Return each answer of a part in words, with how many gave it; none where that is not shown."""
    shown, options = part["shown"], part["options"]
    if not shown or "counts" not in shown:
        return []
    counts = shown["counts"]
    order = counts if shown["in_bands"] else [answer for answer in options if answer in counts]
    return [(options.get(answer, answer), counts[answer]) for answer in order]


def notice_of(part: ChartPart) -> str:
    """Return why there are no counts of a part; nothing where there are some."""
    return notice_text(part["shown"], part["options"])


def _lists(lists: Sequence[WrittenList]) -> list[SectionView]:
    return [_section(one["kind"], one["prompt"], [_row(text) for text in one["lines"]]) for one in lists]


def _section(key: str, prompt: str, rows: list[RowView]) -> SectionView:
    return {"key": key, "prompt": prompt, "columns": [*_COLUMNS.get(key, ())], "rows": rows}


def _row(text: str, said: str = "") -> RowView:
    return {"text": text, "owner": "", "place": "", "date": "", "said": said}


def _parked(line: ParkedLine) -> RowView:
    return {**_row(line["text"]), "owner": line["owner"], "place": line["place"], "date": line["date"]}


def _promises(chart: ExportedChart) -> list[RowView]:
    return [_row(part["text"], _said(part)) for part in chart["spec"]["parts"]]


def _said(part: ChartPart) -> str:
    """Return how many gave each answer, such as “Kept: 9. Moved: 4.”, or why that is not shown."""
    return " ".join(f"{answer}: {count}." for answer, count in counts_of(part)) or notice_of(part)
