"""The gradebook read without nbgrader says what nbgrader says, and one that is not as it should be is left to it."""

from __future__ import annotations

import datetime
import sqlite3
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Base, Comment, Grade, Gradebook, SubmittedAssignment
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from course.trainer.configuration import configure
from course.trainer.gradebook_reader import TABLES, GradebookReader, open_reader

COURSE, SLUG, OTHER = "synthetic-course", "repair", "thanks"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a gradebook with all that it can hold: marks of both kinds, extra ones, comments, more time, penalties."""
    path = tmp_path_factory.mktemp("gradebook") / "grade book ü#1.db"
    configure(Config(), path.parent)  # nbgrader finds alembic
    with warnings.catch_warnings(), Gradebook(f"sqlite:///{path}", COURSE) as gradebook:
        warnings.simplefilter("ignore", SAWarning)  # nbgrader's own way to add submissions
        due = datetime.datetime(2026, 3, 2, 12, 0, 0, 123456)
        for slug, moment in ((SLUG, due), (OTHER, None)):
            gradebook.add_assignment(slug, duedate=moment)
            gradebook.add_notebook(slug, slug, kernelspec="{}")
            gradebook.add_grade_cell("q1-mark", slug, slug, max_score=2, cell_type="code")
            gradebook.add_solution_cell("q1-mark", slug, slug)
            gradebook.add_task_cell("task", slug, slug, max_score=3.5, cell_type="markdown")
            for name in ("setup", "q1-mark", "task"):
                gradebook.add_source_cell(name, slug, slug, cell_type="code", source=f"# {name} é", checksum="0a")
        gradebook.add_student("anna", first_name="Änna", last_name="Zett", email="a@example.org", lms_user_id="007")
        gradebook.add_student("ben", last_name="Abel")
        gradebook.add_student("nobody")
        for learner in ("anna", "ben"):
            for slug in (SLUG, OTHER):
                gradebook.add_submission(slug, learner, timestamp=due)
                for grade in gradebook.find_submission_notebook(slug, slug, learner).grades:
                    _mark(grade, learner, slug)
                for comment in gradebook.find_submission_notebook(slug, slug, learner).comments:
                    comment.auto_comment = "No response." if learner == "anna" else None
                    comment.manual_comment = "Lovely" if (learner, slug) == ("anna", SLUG) else None
        late = gradebook.find_submission(SLUG, "ben")
        late.extension = datetime.timedelta(days=3, hours=2, microseconds=7)
        gradebook.find_submission_notebook(SLUG, SLUG, "ben").late_submission_penalty = 1.5
        gradebook.db.commit()
    return path


def _mark(grade: Grade, learner: str, slug: str) -> None:
    is_first = learner == "anna"
    grade.auto_score = None if grade.name == "task" else 1
    grade.manual_score = 2.5 if is_first and grade.name == "task" else 0 if slug == OTHER else None
    grade.extra_credit = 0.25 if is_first else None
    grade.needs_manual_grade = not is_first and slug == SLUG


def test_its_tables_and_columns_are_nbgraders() -> None:
    tables = {table.name: {column.name for column in table.columns} for table in Base.metadata.tables.values()}
    assert {name: set(columns.split(", ")) for name, columns in TABLES.items()} == tables


def test_it_says_of_people_and_exercises_what_nbgrader_says(file: Path) -> None:
    reader = opened(file)
    with Gradebook(f"sqlite:///{file}", COURSE) as gradebook:
        people = [(one.id, one.first_name, one.last_name, one.email, one.lms_user_id) for one in gradebook.students]
        assert [
            (one.id, one.first_name, one.last_name, one.email, one.lms_user_id) for one in reader.students
        ] == people
        exercises = [(one.name, one.duedate) for one in gradebook.assignments]
        assert [(one.name, one.duedate) for one in reader.assignments] == exercises


@pytest.mark.parametrize("slug", [SLUG, OTHER, None, "not-released"])
def test_it_says_of_submissions_and_marks_what_nbgrader_says(file: Path, slug: str | None) -> None:
    reader = opened(file)
    with Gradebook(f"sqlite:///{file}", COURSE) as gradebook:
        submissions = [one for one in gradebook.db.query(SubmittedAssignment) if slug in (None, one.assignment.name)]
        assert sorted(
            (one.student_id, one.assignment, one.needs_manual_grade, one.extension) for one in reader.submissions(slug)
        ) == sorted((one.student.id, one.name, one.needs_manual_grade, one.extension) for one in submissions)
        grades = [one for one in gradebook.db.query(Grade) if slug in (None, one.assignment.name)]
        assert {
            (one.student_id, one.assignment, one.cell): (
                one.score,
                one.most,
                one.needs_manual_grade,
                one.manual_score,
            )
            for one in reader.grades(slug)
        } == {
            (one.student.id, one.assignment.name, one.name): (
                one.score,
                one.max_score,
                one.needs_manual_grade,
                one.manual_score,
            )
            for one in grades
        }


@pytest.mark.parametrize("slug", [SLUG, OTHER, "not-released"])
def test_it_says_of_comments_and_lateness_what_nbgrader_says(file: Path, slug: str) -> None:
    reader = opened(file)
    with Gradebook(f"sqlite:///{file}", COURSE) as gradebook:
        comments = [one for one in gradebook.db.query(Comment) if one.assignment.name == slug]
        assert reader.comments(slug) == {(one.student.id, one.name): one.comment for one in comments}
        books = [one.notebooks[0] for one in gradebook.assignment_submissions(slug)]
        assert reader.late_penalties(slug) == {one.student.id: one.late_submission_penalty or 0.0 for one in books}


def test_through_nbgraders_own_connection_it_reads_the_same(file: Path) -> None:
    with Gradebook(f"sqlite:///{file}", COURSE) as gradebook:
        assert everything(GradebookReader.of(gradebook)) == everything(opened(file))


def test_what_an_exercise_is_marked_by_changes_with_each_of_its_cells(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(file.read_bytes())
    seen = [list(map(tuple, opened(copy).released_cells(SLUG)))]
    for change in (
        "UPDATE source_cell SET source = 'other' WHERE name = 'setup'",
        "UPDATE grade_cells SET max_score = 9",
        "UPDATE task_cells SET max_score = 9",
        "UPDATE notebook SET kernelspec = 'other'",
        "DELETE FROM source_cell WHERE name = 'task'",
    ):
        run(copy, change)
        seen.append(list(map(tuple, opened(copy).released_cells(SLUG))))
    assert all(seen[number] != seen[number + 1] for number in range(len(seen) - 1))


def no_file(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def damaged(path: Path) -> None:
    path.write_bytes(b"synthetic, and no database " * 200)


def older(path: Path) -> None:
    run(path, "ALTER TABLE student DROP COLUMN lms_user_id")


def of_another_course(path: Path) -> None:
    run(path, "UPDATE course SET id = 'other'")


@pytest.mark.parametrize("spoil", [no_file, empty, damaged, older, of_another_course])
def test_what_is_not_as_it_should_be_is_left_to_nbgrader(
    file: Path, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(file.read_bytes())
    spoil(copy)
    before = copy.read_bytes() if copy.exists() else None
    assert open_reader(copy, COURSE) is None
    assert (copy.read_bytes() if copy.exists() else None) == before


def test_one_that_another_program_is_writing_in_is_left_to_nbgrader(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(file.read_bytes())
    other = sqlite3.connect(copy, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert open_reader(copy, COURSE) is None
    other.execute("ROLLBACK")
    other.close()
    assert open_reader(copy, COURSE) is not None


def opened(file: Path) -> GradebookReader:
    reader = open_reader(file, COURSE)
    assert reader is not None
    return reader


def run(file: Path, statement: str) -> None:
    with sqlite3.connect(file) as database:
        database.execute(statement)
    database.close()


def everything(reader: GradebookReader) -> list[Any]:
    slugs = (SLUG, OTHER, "not-released")
    return [
        reader.students,
        reader.assignments,
        reader.submissions(),
        list(reader.grades()),
        *([reader.submissions(slug), list(reader.grades(slug)), reader.comments(slug)] for slug in slugs),
        *(reader.late_penalties(slug) for slug in slugs),
        *(list(map(tuple, reader.released_cells(slug))) for slug in slugs),
    ]
