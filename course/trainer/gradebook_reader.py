"""Read nbgrader's gradebook without nbgrader: importing it takes longer than what most commands do.

Only what is there is read, and nothing is ever written. There is no reader (None) where a gradebook is not as nbgrader
made it, is older, waits to be repaired or is in another database than SQLite and PostgreSQL: nbgrader has to open it.
"""

from __future__ import annotations

import contextlib
import datetime
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

TABLES: Final[Mapping[str, str]] = {
    "assignment": "id, name, duedate, course_id",
    "base_cell": "id, name, notebook_id, type",
    "comment": "id, cell_id, notebook_id, auto_comment, manual_comment",
    "course": "id",
    "grade": "id, cell_id, notebook_id, auto_score, manual_score, extra_credit, needs_manual_grade",
    "grade_cells": "id, max_score, cell_type",
    "notebook": "id, name, assignment_id, kernelspec",
    "solution_cells": "id",
    "source_cell": "id, name, cell_type, locked, source, checksum, notebook_id",
    "student": "id, first_name, last_name, email, lms_user_id",
    "submitted_assignment": "id, assignment_id, student_id, timestamp, extension",
    "submitted_notebook": "id, notebook_id, assignment_id, flagged, late_submission_penalty",
    "task_cells": "id, max_score, cell_type",
}
"""nbgrader's tables and their columns. A gradebook that lacks one is left to nbgrader."""
_SCORE: Final = """CASE WHEN manual_score IS NOT NULL THEN manual_score + COALESCE(extra_credit, 0.0)
    WHEN auto_score IS NOT NULL THEN auto_score + COALESCE(extra_credit, 0.0) ELSE 0.0 END"""
"""The marks that count, as nbgrader's `Grade.score` has them."""
_WAITS: Final = """submitted_assignment.id IN (SELECT submitted_notebook.assignment_id FROM submitted_notebook
    JOIN grade ON grade.notebook_id = submitted_notebook.id WHERE grade.needs_manual_grade)"""
"""Asked once for all: a question for each submission may read all marks each time, as nbgrader has no index for it."""
_OF_NOTEBOOK: Final = """JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
    JOIN assignment ON submitted_assignment.assignment_id = assignment.id
    JOIN notebook ON submitted_notebook.notebook_id = notebook.id"""
_ALL: Final = "CAST(:assignment AS TEXT) IS NULL"
"""Where no exercise is named; without the type, PostgreSQL refuses the question."""
_EPOCH: Final = datetime.datetime(1970, 1, 1)
"""From which SQLAlchemy counts a span of time where the database has no such type."""
_PATIENCE: Final = 5
"""How many seconds another program's writing is waited for, as nbgrader does."""
Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class StudentRow:
    """One student."""

    id: str
    first_name: str | None
    last_name: str | None
    email: str | None
    lms_user_id: str | None


@dataclass(frozen=True)
class AssignmentRow:
    """One exercise that was released."""

    name: str
    duedate: datetime.datetime | None
    """In UTC, without a zone."""


@dataclass(frozen=True)
class SubmissionRow:
    """One learner's submission that is in the gradebook."""

    student_id: str
    assignment: str
    needs_manual_grade: bool
    extension: datetime.timedelta | None
    """How much more time than others the learner has."""


@dataclass(frozen=True)
class GradeRow:
    """The marks of one question of one submission."""

    student_id: str
    assignment: str
    cell: str
    score: float
    most: float
    needs_manual_grade: bool
    manual_score: float | None


class GradebookReader:
    """Reads a gradebook that is open; each call looks anew."""

    def __init__(self, query: Callable[[str, Mapping[str, object]], Rows], close: Callable[[], None]) -> None:
        self._query, self.close = query, close

    @classmethod
    def of(cls, gradebook: Gradebook) -> GradebookReader:
        """Return a reader of a gradebook that nbgrader has open, in any database; it is not closed with the reader."""
        from sqlalchemy import text

        return cls(lambda sql, values: gradebook.db.execute(text(sql), dict(values)).all(), lambda: None)

    @property
    def students(self) -> list[StudentRow]:
        """Everyone, in nbgrader's order."""
        columns = "id, first_name, last_name, email, lms_user_id"
        return [
            StudentRow(*row) for row in self._query(f"SELECT {columns} FROM student ORDER BY last_name, first_name", {})
        ]

    @property
    def assignments(self) -> list[AssignmentRow]:
        """Every exercise that was released, in nbgrader's order."""
        rows = self._query("SELECT name, duedate FROM assignment ORDER BY duedate, name", {})
        return [AssignmentRow(name, _moment(due)) for name, due in rows]

    def submissions(self, assignment: str | None = None) -> list[SubmissionRow]:
        """Return the submissions of an exercise, or of all."""
        rows = self._query(
            f"""SELECT student_id, name, {_WAITS}, extension FROM submitted_assignment
            JOIN assignment ON submitted_assignment.assignment_id = assignment.id
            WHERE (name = :assignment OR {_ALL}) ORDER BY name, student_id""",
            {"assignment": assignment},
        )
        return [SubmissionRow(learner, name, bool(waits), _span(span)) for learner, name, waits, span in rows]

    def grades(self, assignment: str | None = None) -> Iterator[GradeRow]:
        """Yield the marks of an exercise, or of all; an exercise's are of the notebook that is called like it."""
        rows = self._query(
            f"""SELECT student_id, assignment.name, base_cell.name, {_SCORE},
            COALESCE((SELECT COALESCE(max_score, 0.0) FROM grade_cells WHERE grade_cells.id = grade.cell_id),
                (SELECT COALESCE(max_score, 0.0) FROM task_cells WHERE task_cells.id = grade.cell_id), 0.0),
            needs_manual_grade, manual_score
            FROM grade JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id {_OF_NOTEBOOK}
            JOIN base_cell ON grade.cell_id = base_cell.id
            WHERE {_ALL} OR (assignment.name = :assignment AND notebook.name = :assignment)
            ORDER BY assignment.name, student_id, base_cell.name""",
            {"assignment": assignment},
        )
        for learner, name, cell, score, most, waits, manual in rows:
            yield GradeRow(learner, name, cell, score, most, bool(waits), manual)

    def comments(self, assignment: str) -> dict[tuple[str, str], str | None]:
        """Return the comments on an exercise by learner and cell: a person's counts before the course's."""
        rows = self._query(
            f"""SELECT student_id, base_cell.name, COALESCE(manual_comment, auto_comment)
            FROM comment JOIN submitted_notebook ON comment.notebook_id = submitted_notebook.id
            {_OF_NOTEBOOK} JOIN base_cell ON comment.cell_id = base_cell.id
            WHERE assignment.name = :assignment AND notebook.name = :assignment""",
            {"assignment": assignment},
        )
        return {(learner, cell): comment for learner, cell, comment in rows}

    def late_penalties(self, assignment: str) -> dict[str, float]:
        """Return what lateness costs each learner who handed in an exercise."""
        rows = self._query(
            f"""SELECT student_id, late_submission_penalty FROM submitted_notebook {_OF_NOTEBOOK}
            WHERE assignment.name = :assignment AND notebook.name = :assignment""",
            {"assignment": assignment},
        )
        return {learner: penalty or 0.0 for learner, penalty in rows}

    def released_cells(self, assignment: str) -> Rows:
        """Return all that the gradebook knows of an exercise's own cells, always in the same order."""
        return self._query(
            """SELECT kernelspec, source_cell.name, source_cell.cell_type, locked, source, checksum, type,
            COALESCE(grade_cells.max_score, task_cells.max_score), COALESCE(grade_cells.cell_type, task_cells.cell_type)
            FROM assignment JOIN notebook ON notebook.assignment_id = assignment.id
            JOIN source_cell ON source_cell.notebook_id = notebook.id
            LEFT JOIN base_cell ON base_cell.notebook_id = notebook.id AND base_cell.name = source_cell.name
            LEFT JOIN grade_cells ON grade_cells.id = base_cell.id LEFT JOIN task_cells ON task_cells.id = base_cell.id
            WHERE assignment.name = :assignment AND notebook.name = :assignment ORDER BY source_cell.name, type""",
            {"assignment": assignment},
        )


def open_reader(file: Path, course: str) -> GradebookReader | None:
    """Return a reader of an SQLite file, or None where nbgrader has to open it, which says or mends what is wrong.

    `course` is nbgrader's id of the course.
    """
    try:
        database = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=0)
    except sqlite3.Error:
        return None
    with contextlib.ExitStack() as stack:
        stack.callback(database.close)
        try:
            for table, columns in TABLES.items():
                database.execute(f"SELECT {columns} FROM {table} LIMIT 0")
            is_known = database.execute("SELECT 1 FROM course WHERE id = ?", (course,)).fetchone()
            database.execute(f"PRAGMA busy_timeout = {_PATIENCE * 1000}")
        except sqlite3.Error:
            return None
        if not is_known:
            return None
        stack.pop_all()
    return GradebookReader(lambda sql, values: database.execute(sql, dict(values)).fetchall(), database.close)


def open_database_reader(url: str, course: str) -> GradebookReader | None:
    """Return a reader of a database of PostgreSQL, or None where nbgrader has to open it.

    `url` is SQLAlchemy's, `course` nbgrader's id of the course. Raises what SQLAlchemy or the driver say of a database
    that cannot be reached.
    """
    from sqlalchemy import create_engine, text
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ProgrammingError
    from sqlalchemy.pool import NullPool

    if make_url(url).get_backend_name() != "postgresql":
        return None
    database = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect()
    with contextlib.ExitStack() as stack:
        stack.callback(database.close)
        try:
            for table, columns in TABLES.items():
                database.execute(text(f"SELECT {columns} FROM {table} LIMIT 0"))
            if not database.execute(text("SELECT 1 FROM course WHERE id = :course"), {"course": course}).all():
                return None
        except ProgrammingError:
            return None
        stack.pop_all()
    return GradebookReader(lambda sql, values: database.execute(text(sql), dict(values)).all(), database.close)


def _moment(value: datetime.datetime | str | None) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(value) if isinstance(value, str) else value


def _span(value: datetime.timedelta | datetime.datetime | str | None) -> datetime.timedelta | None:
    if isinstance(value, str):
        value = datetime.datetime.fromisoformat(value)
    return value - _EPOCH if isinstance(value, datetime.datetime) else value
