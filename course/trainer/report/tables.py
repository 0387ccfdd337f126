"""The report as CSV files: plain for a program to read, safe to open as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from course.content.lessons import lessons
from course.core.tables import csv_bytes
from course.trainer.report.cohort_data import CohortData
from course.trainer.report.sections import ReportSection

LABEL: Final = "label"
"""The column that says of made-up people, in every line, that they are."""
_MOODLE_COLUMNS: Final = ("First name", "Last name", "ID number", "Email address")


def csv_files(sections: Iterable[ReportSection], label: str = "") -> dict[str, bytes]:
    """Return the tables of sections, those of charts too, by file name: one table a file, its columns named above."""
    files = {}
    for section in sections:
        tables = [*section.tables, *(chart.table for chart in section.charts if chart.table)]
        for number, table in enumerate(tables, start=1):
            name = section.name if len(tables) == 1 else f"{section.name}-{number}"
            files[f"{name}.csv"] = _csv(table.columns, table.rows, label)
    return files


def moodle_marks(data: CohortData) -> bytes:
    """Return the marks in the shape that Moodle's grade import takes: a line for each person, a column an exercise.

    Its columns are named as Moodle's own export names them, and its import asks which of them says who it is:
    “ID number” or “Email address” (https://docs.moodle.org/en/Grade_import). The ID number is the learner's
    `lms_user_id` in the gradebook, or else their id. A mark is left empty until all of an exercise is marked.
    """
    columns = [*_MOODLE_COLUMNS, *(lesson.key for lesson in lessons())]
    return _csv(columns, _moodle_rows(data), data.label)


def _moodle_rows(data: CohortData) -> Iterator[list[str]]:
    totals = data.totals()
    marked = {
        (submission.learner, submission.exercise)
        for submission in data.submissions
        if submission.is_marked and not submission.is_waiting
    }
    for person in data.people:
        keys = [(person.id, lesson.key) for lesson in lessons()]
        marks = [f"{totals.get(key, 0):g}" if key in marked else "" for key in keys]
        yield [person.first, person.last, person.number or person.id, person.email, *marks]


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]], label: str) -> bytes:
    """Return a table with its columns in front; a label, where there is one, stands in each line."""
    if not label:
        return csv_bytes([columns, *rows], bom=False)
    return csv_bytes([[LABEL, *columns], *([label, *row] for row in rows)], bom=False)
