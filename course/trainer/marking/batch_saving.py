"""Save the marks of many learners in one transaction: all of their rows are read at once, and written at once.

What the rows are to say is decided by nbgrader's own steps. They get, in the place of a gradebook, the rows of one
learner that were read (`_LearnerRows`). The rows of a first submission mirror what `Gradebook.add_submission` of
KNOWN_VERSION makes; tests hold both ways, and nbgrader's own command, to the same rows.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

import nbgrader
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    MissingEntry,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from sqlalchemy import bindparam, insert, select, update

from course.trainer.collecting.roster import ADDED
from course.trainer.course_directory import one_transaction
from course.trainer.marking.saving import PreparedSubmission, SavingStep

if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from sqlalchemy.engine import Connection

Row = TypeVar("Row")
_WITH_GRADE: Final = ("GradeCell", "TaskCell")
"""The types of cells for which a submission has a grade; comments likewise."""
_WITH_COMMENT: Final = ("SolutionCell", "TaskCell")

KNOWN_VERSION: Final = "0.9.6"
"""The version of nbgrader whose rows this writes. With another one, `save_one` is used for each learner."""


def is_usable() -> bool:
    """Say whether this nbgrader is the one whose rows are known."""
    return str(nbgrader.__version__) == KNOWN_VERSION


def save_batch(gradebook: Gradebook, batch: Sequence[PreparedSubmission], steps: Sequence[SavingStep]) -> None:
    """Write the marks of several learners for one exercise into the gradebook: all of them, or none.

    Raises whatever is wrong with any of them; `save_one` says then whose it is.
    """
    with one_transaction(gradebook) as connection:
        exercise = _Exercise.read(connection, batch[0].slug)
        _add_students(connection, batch)
        new = _add_submissions(connection, exercise, batch)
        learners = _read_rows(connection, exercise, batch, new)
        for step in steps:
            for prepared in batch:
                step.gradebook = learners[prepared.learner]
                step(prepared.notebook, prepared.resources)
            _write_rows(connection, learners.values())
        if any([learners[prepared.learner].need_manual_grade(prepared.has_to_be_read) for prepared in batch]):
            _write_rows(connection, learners.values())


@dataclass(frozen=True)
class _Exercise:
    """What the gradebook has of an exercise."""

    assignment: str
    """Its id, as are all but names and types here."""
    duedate: datetime | None
    notebook: str
    """The notebook that is marked."""
    cells: Mapping[str, Sequence[tuple[str, str, str]]]
    """For each of its notebooks the id, the type and the name of each cell with marks or comments."""

    @classmethod
    def read(cls, connection: Connection, slug: str) -> _Exercise:
        """Read it; raises MissingEntry where it is not there."""
        assignment = connection.execute(
            select(Assignment.id, Assignment.duedate).where(Assignment.name == slug)
        ).one_or_none()
        if assignment is None:
            raise MissingEntry(f"No such assignment: {slug}")
        query = select(Notebook.id, Notebook.name).where(Notebook.assignment_id == assignment.id)
        notebooks = {name: id for id, name in connection.execute(query)}
        if slug not in notebooks:
            raise MissingEntry(f"No such notebook: {slug}")
        columns = BaseCell.__table__.c
        query = select(columns.notebook_id, columns.id, columns.type, columns.name)
        cells: dict[str, list[tuple[str, str, str]]] = {id: [] for id in notebooks.values()}
        for notebook, *cell in connection.execute(query.where(columns.notebook_id.in_(cells))):
            cells[notebook].append(tuple(cell))
        return cls(assignment.id, assignment.duedate, notebooks[slug], cells)


def _add_students(connection: Connection, batch: Sequence[PreparedSubmission]) -> None:
    """Add those who are on no roster to the gradebook, as `add_unless_there` does."""
    there = set(connection.scalars(select(Student.id).where(Student.id.in_(_learners(batch)))))
    new = [{"id": learner, "lms_user_id": ADDED} for learner in _learners(batch) if learner not in there]
    _insert(connection, Student, new)


def _add_submissions(
    connection: Connection, exercise: _Exercise, batch: Sequence[PreparedSubmission]
) -> Collection[str]:
    """Have a row with its fields for each submission and for each of its notebooks; return which learners' are new.

    A new one mirrors the exercise. Grades and comments of the notebook that is marked are left to `_write_rows`, which
    writes them once they are decided.
    """
    query = select(SubmittedAssignment.student_id).where(SubmittedAssignment.assignment_id == exercise.assignment)
    there = set(connection.scalars(query.where(SubmittedAssignment.student_id.in_(_learners(batch)))))
    table = SubmittedAssignment.__table__
    which = (table.c.assignment_id == exercise.assignment) & (table.c.student_id == bindparam("of"))
    for name in ("timestamp", "extension"):
        given = [{"of": one.learner, "new": one.fields[name]} for one in batch if name in one.fields]
        if given:
            connection.execute(update(table).where(which).values({name: bindparam("new")}), given)
    new: dict[type[Any], list[dict[str, Any]]] = {
        SubmittedAssignment: [],
        SubmittedNotebook: [],
        Grade: [],
        Comment: [],
    }
    for prepared in batch:
        if prepared.learner not in there:
            submission = {"id": new_uuid(), "assignment_id": exercise.assignment, "student_id": prepared.learner}
            new[SubmittedAssignment].append({**submission, "timestamp": None, "extension": None, **prepared.fields})
            for notebook, cells in exercise.cells.items():
                page = {"id": new_uuid(), "assignment_id": submission["id"], "notebook_id": notebook}
                new[SubmittedNotebook].append(page)
                if notebook == exercise.notebook:
                    continue
                for cell, kind, _ in cells:
                    row = {"cell_id": cell, "notebook_id": page["id"]}
                    if kind in _WITH_GRADE:
                        new[Grade].append(row)
                    if kind in _WITH_COMMENT:
                        new[Comment].append(row)
    for model, rows in new.items():
        _insert(connection, model, rows)
    return {row["student_id"] for row in new[SubmittedAssignment]}


@dataclass
class _DecidedRow:
    """A row of which the steps decide some columns."""

    decides: ClassVar[tuple[str, ...]]
    id: str
    in_gradebook: tuple[object, ...] | None = field(init=False)
    """What the gradebook says in those columns; None while it does not have the row."""

    def __post_init__(self) -> None:
        self.in_gradebook = self.decided()

    def decided(self) -> tuple[object, ...]:
        """Return what it is to say there."""
        return tuple(getattr(self, column) for column in self.decides)

    def inserted(self) -> dict[str, object]:
        """Return the columns of a row that the gradebook does not have; the others are as the table has them."""
        return {column.name: getattr(self, column.name) for column in dataclasses.fields(self) if column.init}

    def updated(self) -> dict[str, object]:
        """Return what `_write_rows` names in its update."""
        return {"of": self.id, **{f"new_{column}": getattr(self, column) for column in self.decides}}


@dataclass
class _GradeRow(_DecidedRow):
    decides = ("auto_score", "needs_manual_grade")
    notebook_id: str
    cell_id: str
    auto_score: float | None = None
    manual_score: float | None = None
    needs_manual_grade: bool = True


@dataclass
class _CommentRow(_DecidedRow):
    decides = ("auto_comment",)
    notebook_id: str
    cell_id: str
    auto_comment: str | None = None


@dataclass
class _NotebookRow(_DecidedRow):
    decides = ("late_submission_penalty",)
    late_submission_penalty: float | None
    connection: Connection = field(repr=False)

    @property
    def score(self) -> float:
        """The sum of its marks, as nbgrader has the database count it."""
        query = select(SubmittedNotebook.score).where(SubmittedNotebook.id == self.id)
        return float(self.connection.scalars(query).one())


@dataclass
class _LearnerRows:
    """The rows of one learner's submission, which answer what nbgrader's steps ask of a gradebook.

    Each step is asked about this learner and this notebook only, so the names of both are not looked at.
    """

    assignment: _Exercise
    timestamp: datetime | None
    extension: timedelta | None
    notebook: _NotebookRow
    cell_rows: list[_GradeRow | _CommentRow] = field(default_factory=list)
    grades: dict[str, _GradeRow] = field(default_factory=dict)
    """Those of `cell_rows` that the steps can find, by the name of their cell, as are the comments."""
    comments: dict[str, _CommentRow] = field(default_factory=dict)
    duedate = SubmittedAssignment.duedate
    total_seconds_late = SubmittedAssignment.total_seconds_late
    db = SimpleNamespace(commit=lambda: None)
    """Nothing is written before all is decided."""

    def find_submission(self, *_: str) -> _LearnerRows:
        return self

    def find_submission_notebook(self, *_: str) -> _NotebookRow:
        return self.notebook

    def find_grade(self, cell: str, *_: str) -> _GradeRow:
        return _found(self.grades, cell)

    def find_comment(self, cell: str, *_: str) -> _CommentRow:
        return _found(self.comments, cell)

    def add_cell_rows(self, cells: Mapping[str, tuple[str, str]]) -> None:
        """Have the rows of a new submission, as nbgrader makes them."""
        for cell, (name, kind) in cells.items():
            rows: list[_GradeRow | _CommentRow] = []
            if kind in _WITH_GRADE:
                rows.append(_GradeRow(new_uuid(), self.notebook.id, cell))
            if kind in _WITH_COMMENT:
                rows.append(_CommentRow(new_uuid(), self.notebook.id, cell))
            for row in rows:
                row.in_gradebook = None
                self.keep(row, (name, kind))

    def keep(self, row: _GradeRow | _CommentRow, cell: tuple[str, str] | None) -> None:
        """Keep a row, by the name of its cell too; where a task has another's name, nbgrader means the other."""
        self.cell_rows.append(row)
        if cell is not None:
            if isinstance(row, _GradeRow):
                _keep_by_name(self.grades, row, *cell)
            else:
                _keep_by_name(self.comments, row, *cell)

    def need_manual_grade(self, has_to_be_read: Callable[[str, float | None], bool]) -> bool:
        """Have a person read some answers again, and say whether there are any."""
        rows = [row for cell, row in self.grades.items() if has_to_be_read(cell, row.manual_score)]
        for row in rows:
            row.needs_manual_grade = True
        return bool(rows)


def _keep_by_name(rows: dict[str, Row], row: Row, name: str, kind: str) -> None:
    if kind == "TaskCell":
        rows.setdefault(name, row)
    else:
        rows[name] = row


def _found(rows: Mapping[str, Row], cell: str) -> Row:
    if cell not in rows:
        raise MissingEntry(f"No such cell: {cell}")
    return rows[cell]


def _read_rows(
    connection: Connection, exercise: _Exercise, batch: Sequence[PreparedSubmission], new: Collection[str]
) -> dict[str, _LearnerRows]:
    """Return the rows of each learner, those of new submissions to be written yet; raises MissingEntry without any."""
    query = (
        select(
            SubmittedAssignment.student_id,
            SubmittedAssignment.timestamp,
            SubmittedAssignment.extension,
            SubmittedNotebook.id,
            SubmittedNotebook.late_submission_penalty,
        )
        .join_from(SubmittedNotebook, SubmittedAssignment)
        .where(SubmittedNotebook.notebook_id == exercise.notebook)
        .where(SubmittedAssignment.student_id.in_(_learners(batch)))
    )
    learners: dict[str, _LearnerRows] = {}
    known: dict[str, _LearnerRows] = {}
    """By the id of their notebook."""
    cells = {id: (name, kind) for id, kind, name in exercise.cells[exercise.notebook]}
    for learner, time, extension, id, penalty in connection.execute(query):
        rows = learners[learner] = _LearnerRows(exercise, time, extension, _NotebookRow(id, penalty, connection))
        if learner in new:
            rows.add_cell_rows(cells)
        else:
            known[id] = rows
    if missing := set(_learners(batch)) - learners.keys():
        raise MissingEntry(f"{len(missing)} submissions have no notebook")
    for model, kind in (Grade, _GradeRow), (Comment, _CommentRow):
        columns = model.__table__.c
        query = select(*(columns[column.name] for column in dataclasses.fields(kind) if column.init))
        for values in connection.execute(query.where(columns.notebook_id.in_(known))) if known else ():
            known[values.notebook_id].keep(kind(*values), cells.get(values.cell_id))
    return learners


def _write_rows(connection: Connection, learners: Collection[_LearnerRows]) -> None:
    """Write what the steps decided since the rows were read or written, and nothing that is there already."""
    cell_rows = [row for one in learners for row in one.cell_rows]
    for model, kind, rows in (
        (Grade, _GradeRow, [row for row in cell_rows if isinstance(row, _GradeRow)]),
        (Comment, _CommentRow, [row for row in cell_rows if isinstance(row, _CommentRow)]),
        (SubmittedNotebook, _NotebookRow, [one.notebook for one in learners]),
    ):
        _insert(connection, model, [row.inserted() for row in rows if row.in_gradebook is None])
        changed = [row for row in rows if row.in_gradebook not in (None, row.decided())]
        if changed:
            table = model.__table__
            line = update(table).where(table.c.id == bindparam("of"))
            line = line.values({column: bindparam(f"new_{column}") for column in kind.decides})
            connection.execute(line, [row.updated() for row in changed])
        for row in rows:
            row.in_gradebook = row.decided()


def _insert(connection: Connection, model: type[Any], rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(model.__table__), rows)


def _learners(batch: Sequence[PreparedSubmission]) -> list[str]:
    return [prepared.learner for prepared in batch]
