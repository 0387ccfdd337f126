"""The report as CSV files: plain for a program to read, safe to open as a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

from course.content.lessons import lessons
from course.trainer.report.data import CohortData
from course.trainer.report.section import Section

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""With these, a spreadsheet takes a text for a formula."""
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?")
LABEL: Final = "label"
"""The column that says of made-up people, in every line, that they are."""


def csv_files(sections: Iterable[Section], label: str = "") -> dict[str, bytes]:
    """Return the tables of sections, those of charts too, by file name: one table a file, its columns named above."""
    files = {}
    for section in sections:
        tables = [*section.tables, *(chart.table for chart in section.charts if chart.table)]
        for number, one in enumerate(tables, start=1):
            name = section.name if len(tables) == 1 else f"{section.name}-{number}"
            files[f"{name}.csv"] = as_csv(one.columns, one.rows, label)
    return files


def moodle_marks(data: CohortData) -> bytes:
    """Return the marks in the shape that Moodle's grade import takes: a line for each person, a column an exercise.

    Its columns are named as Moodle's own export names them, and its import asks which of them says who it is:
    “ID number” or “Email address” (https://docs.moodle.org/en/Grade_import). The ID number is the learner's
    `lms_user_id` in the gradebook, or else their id. A mark is left empty until all of an exercise is marked.
    """
    totals = data.marks.groupby(["learner", "exercise"])["mark"].sum()
    marked = {(one.learner, one.exercise) for one in data.hand_ins.itertuples() if one.marked and not one.waiting}
    columns = ["First name", "Last name", "ID number", "Email address", *(lesson.key for lesson in lessons())]
    rows = []
    for one in data.people.itertuples():
        marks = [
            f"{totals.get((one.learner, lesson.key), 0):g}" if (one.learner, lesson.key) in marked else ""
            for lesson in lessons()
        ]
        rows.append([one.first, one.last, one.number or one.learner, one.email, *marks])
    return as_csv(columns, rows, data.label)


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]], label: str = "") -> bytes:
    """Return a table as CSV in UTF-8, without anything that a spreadsheet would take for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*([LABEL] if label else []), *map(harmless, columns)])
    for row in rows:
        writer.writerow([*([label] if label else []), *map(harmless, row)])
    return text.getvalue().encode("utf-8", "replace")


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; a number stays a number.

    >>> harmless("=1+1"), harmless("-0.5"), harmless("-0.5+1"), harmless("Kim")
    ("'=1+1", '-0.5', "'-0.5+1", 'Kim')
    """
    is_formula = cell.lstrip(" ").startswith(_FORMULA) and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if is_formula else cell
