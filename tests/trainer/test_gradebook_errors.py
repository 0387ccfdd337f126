"""A gradebook that cannot be used says in plain words what it is and what to do; nothing in it changes."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.synthetic_submissions import write_submissions
from course.core.errors import GradebookUnusable
from course.trainer.course_directory import Coursework
from tests.conftest import ROOT, Checkout

pytestmark = pytest.mark.slow

LEARNER = "synthetic-017"


@pytest.fixture
def coursework(tmp_path: Path) -> Coursework:
    """Return a course directory with one learner in its gradebook."""
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    here = Coursework(tmp_path)
    here.config.CourseDirectory.root = str(tmp_path)
    with here.gradebook() as gradebook:
        gradebook.add_student(LEARNER)
    return here


def older(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("ALTER TABLE student DROP COLUMN lms_user_id")
    database.close()


def damaged(path: Path) -> None:
    path.write_bytes(b"synthetic, and no database " * 200)


def no_file(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [(older, "made by an earlier version"), (damaged, "is damaged"), (no_file, "cannot be opened")],
)
def test_what_is_wrong_with_a_gradebook_is_said_without_naming_anybody(
    coursework: Coursework, spoil: Callable[[Path], None], message: str
) -> None:
    spoil(coursework.root / "gradebook.db")
    with pytest.raises(GradebookUnusable, match=message) as raised, coursework.gradebook() as gradebook:
        gradebook.find_student(LEARNER)
    assert raised.value.hint
    assert LEARNER not in str(raised.value)


def test_another_mistake_in_the_database_stays_what_it_is(coursework: Coursework) -> None:
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError), coursework.gradebook() as gradebook:
        with gradebook.engine.begin() as connection:
            connection.exec_driver_sql(f"INSERT INTO student SELECT * FROM student WHERE id = '{LEARNER}'")


@pytest.mark.nbgrader
def test_a_locked_gradebook_and_a_full_disk_are_two_lines_and_change_nothing(checkout: Checkout) -> None:
    (checkout.root / "people.csv").write_text("id\n" + "\n".join(f"synthetic-{n:05}" for n in range(2000)))
    checkout.run("course release two-questions")
    write_submissions(checkout.root, "two-questions", 3)
    path = checkout.root / "gradebook.db"
    before = path.read_bytes()
    lines = checkout.run("ulimit -f 200; course roster people.csv --yes", fails=True).splitlines()
    assert lines[-2].startswith("There is no room on the disk for the gradebook")
    assert lines[-1].startswith("Make room")
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("BEGIN EXCLUSIVE")
    for command in ("collect", "grade"):
        lines = checkout.run(f"course {command}", fails=True).splitlines()
        assert len(lines) == 2
        assert lines[0].startswith("Another program is writing in the gradebook")
    database.execute("ROLLBACK")
    database.close()
    for left in checkout.root.glob("gradebook.db-*"):
        shutil.move(left, checkout.home)
    assert path.read_bytes() == before
