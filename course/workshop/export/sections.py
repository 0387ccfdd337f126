"""The sections of a record in their order: the one place that says what page, document and table show of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypedDict

from course.workshop.record.session_record import ExportedChart, ParkedLine, SessionRecord, WrittenList
from course.workshop.rules.counts import notice_text
from course.workshop.view_parts import ChartPart
from course.workshop.views.page_views import PageView

_COLUMNS: Final = {"parked": ("owner", "place", "date"), "promises": ("said",)}
"""The sections that are tables, with what stands beside each text."""


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
