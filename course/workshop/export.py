"""What people in a session may take away, and the counts of paper cards that a facilitator brings in.

Boundaries, the parked list, thanks, and what was shown: nothing else leaves the session.
"""

from __future__ import annotations

import datetime
from dataclasses import astuple, dataclass
from typing import Final

from course.content import say_day, words
from course.core.tables import BadTable, csv_bytes, read_table
from course.workshop import views
from course.workshop.counts import notice_text
from course.workshop.errors import refused
from course.workshop.page_views import ChartPart, ExportedChart, LineView, ParkedLine, SessionExport, ThanksWall
from course.workshop.script import ScriptQuestion
from course.workshop.session import Session
from course.workshop.session_model import SessionModel

NEXT_RATING_WEEKS: Final = (4, 6)
"""After how many weeks, at the earliest and at the latest, the group rates itself again."""
MOST_CARDS: Final = 500
"""The largest count of one answer that a tally of paper cards may have."""


def session_export(session: Session, today: datetime.date, *, is_synthetic: bool = False) -> SessionExport:
    """Return what a session exports as plain data; of counts, only those that the screen may show at this moment."""
    model = session.model
    shown = [question for question in model.script.questions() if model.state.question(question.slug).is_shown]
    return {
        "title": model.script.title,
        "is_synthetic": is_synthetic,
        "made": say_day(today),
        "next": [say_day(today + datetime.timedelta(weeks=weeks)) for weeks in NEXT_RATING_WEEKS],
        "boundaries": views.boundaries(model),
        "parked": [_parked(line) for line in views.parked(model)],
        "thanks": _thanks(model, shown),
        "charts": [
            {"question": question.slug, "prompt": question.prompt, "spec": views.chart_spec(model, question)}
            for question in shown
            if not question.is_written
        ],
    }


def _parked(line: LineView) -> ParkedLine:
    return {"text": line["text"], "owner": line["owner"], "place": line["place"], "date": line["date"]}


def _thanks(model: SessionModel, shown: list[ScriptQuestion]) -> list[ThanksWall]:
    return [
        {"prompt": question.prompt, "lines": [views.line_text(model, line) for line in model.walls.shown(question)]}
        for question in shown
        if question.kind == "thanks"
    ]


@dataclass(frozen=True)
class ExportRow:
    """One row of `export.csv`; the names are its columns."""

    what: str
    """What the row is: “boundary”, “parked”, “thanks”, “count”, “next rating” or “synthetic”."""
    question: str = ""
    text: str = ""
    answer: str = ""
    count: str = ""
    owner: str = ""
    place: str = ""
    date: str = ""


def to_csv(record: SessionExport) -> bytes:
    """Return an export as one CSV table, which a spreadsheet opens without running anything."""
    rows = [astuple(row) for row in export_rows(record)]
    return csv_bytes([tuple(ExportRow.__dataclass_fields__), *rows], quote_all=True)


def export_rows(record: SessionExport) -> list[ExportRow]:
    """Return the rows of that table, without its header."""
    rows = [ExportRow("synthetic", text=words("synthetic.label"))] if record["is_synthetic"] else []
    rows.append(ExportRow("next rating", text=" – ".join(record["next"])))
    rows += [ExportRow("boundary", line["question"], line["text"]) for line in record["boundaries"]]
    rows += [
        ExportRow("parked", text=line["text"], owner=line["owner"], place=line["place"], date=line["date"])
        for line in record["parked"]
    ]
    rows += [ExportRow("thanks", wall["prompt"], text) for wall in record["thanks"] for text in wall["lines"]]
    for chart in record["charts"]:
        rows += [row for part in chart["spec"]["parts"] for row in _count_rows(chart, part)]
    return rows


def _count_rows(chart: ExportedChart, part: ChartPart) -> list[ExportRow]:
    """Return a row for each answer of a part, or one row that says why none is shown."""
    shown, options = part["shown"], part["options"]
    if not shown or "counts" not in shown:
        return [ExportRow("count", chart["prompt"], part["text"], notice_text(shown, options))]
    return [
        ExportRow("count", chart["prompt"], part["text"], options.get(answer, answer), str(count))
        for answer, count in shown["counts"].items()
    ]


# Paper cards


def read_paper_tally(text: str, model: SessionModel) -> dict[str, dict[str, int]]:
    """Return the counts of paper cards by part and answer, from a table with the columns part, answer and count.

    Raises SessionRefused with the line that cannot be counted.
    """
    try:
        rows = read_table(text, ("part", "answer", "count"))
    except BadTable as error:
        raise refused("bad-tally", line=error.line) from None
    tally: dict[str, dict[str, int]] = {}
    for row in rows:
        part, answer, count = (row.cells[name] for name in ("part", "answer", "count"))
        question = model.find(part)
        options = _options(model, question, part) if question else ()
        if answer not in options or not _is_count(count):
            raise refused("bad-tally", line=row.line)
        tally.setdefault(part, {})[answer] = int(count)
    if not tally:
        raise refused("bad-tally", line=1)
    return tally


def _options(model: SessionModel, question: ScriptQuestion, part: str) -> tuple[str, ...]:
    """Return the values that can be counted of one part; none if it is no part of the question."""
    parts = views.parts_view(model, question)
    return next((tuple(view["options"]) for view in parts if view["part"] == part), ())


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10 and int(text) <= MOST_CARDS
