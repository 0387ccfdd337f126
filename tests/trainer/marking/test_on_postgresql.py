"""A gradebook in PostgreSQL: the same marks as in a file, also from two processes, and what is said when it is gone."""

from __future__ import annotations

import sys
import threading
import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from course.core.errors import GradebookUnusable
from course.core.settings import COURSE_ID, settings
from course.trainer.course_directory import Coursework, one_transaction
from course.trainer.gradebook_reader import GradebookReader, open_database_reader
from course.trainer.marking.command import grade
from tests.postgresql import PostgreSQL, running_postgresql
from tests.trainer.course_directories import SLUG, release, rows, write_submissions

pytestmark = pytest.mark.nbgrader
PEOPLE = 7


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSQL]:
    with running_postgresql() as server:
        yield server


@pytest.fixture(scope="module")
def released(checkouts: Any, server: PostgreSQL) -> Any:
    """Return a checkout with hand-ins, and with the exercise in the gradebook of a file and of a database alike."""
    checkout = checkouts()
    release(checkout, SLUG)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BUILDING_TRUST_GRADEBOOK", server.new_database("template"))
        release_here(checkout)
    write_submissions(checkout.root, SLUG, PEOPLE)
    return checkout


def release_here(checkout: Any) -> None:
    from course.trainer.release import generate

    generate(Coursework(checkout.root), SLUG)


@pytest.fixture
def database(server: PostgreSQL, released: Any, monkeypatch: pytest.MonkeyPatch, request: Any) -> str:
    name = f"test-{zlib.crc32(request.node.name.encode())}"
    server.execute(f'CREATE DATABASE "{name}" TEMPLATE template')
    url = f"postgresql://tests@/{name}?host={server.folder}"
    monkeypatch.setenv("BUILDING_TRUST_GRADEBOOK", url)
    return url


@pytest.mark.parametrize("jobs", [1, 2])
def test_marks_are_those_of_a_gradebook_in_a_file(
    released: Any, database: str, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_database = Coursework(released.root)
    assert in_database.layout.gradebook_file is None
    summary = grade(in_database, [SLUG], jobs=jobs, again=True)
    assert summary.refused == []
    marked = rows(released.root)
    assert len(marked["people"]) == PEOPLE
    assert grade(Coursework(released.root), [SLUG], jobs=jobs).refused == []
    assert rows(released.root) == marked
    monkeypatch.delenv("BUILDING_TRUST_GRADEBOOK")
    assert Coursework(released.root).layout.gradebook_file is not None
    grade(Coursework(released.root), [SLUG], jobs=1, again=True)
    assert rows(released.root) == marked


def test_a_mark_that_a_trainer_gives_meanwhile_waits_and_is_not_lost(released: Any, database: str) -> None:
    coursework = Coursework(released.root)
    grade(coursework, [SLUG], jobs=1, again=True)
    is_given = threading.Event()

    def give() -> None:
        with Coursework(released.root).gradebook() as gradebook:
            mark = gradebook.find_grade("reflection-marks", SLUG, SLUG, "synthetic-0001")
            mark.manual_score = 5
            gradebook.db.commit()
        is_given.set()

    trainer = threading.Thread(target=give)
    with coursework.gradebook() as gradebook, one_transaction(gradebook) as connection:
        connection.execute(text("SELECT 1"))
        trainer.start()
        assert not is_given.wait(0.5)
    trainer.join(30)
    assert is_given.is_set()
    grade(coursework, [SLUG], jobs=1, again=True)
    with coursework.gradebook() as gradebook:
        assert gradebook.find_grade("reflection-marks", SLUG, SLUG, "synthetic-0001").manual_score == 5


@pytest.mark.parametrize(
    "url", ["postgresql://tests@/nowhere?host={folder}", "postgresql://tests:secret-word@127.0.0.1:1/x"]
)
def test_a_database_that_is_not_there_is_said_without_its_address(
    released: Any, server: PostgreSQL, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("BUILDING_TRUST_GRADEBOOK", url.format(folder=server.folder))
    with pytest.raises(GradebookUnusable, match="cannot be reached") as caught:
        grade(Coursework(released.root), [SLUG], jobs=1)
    assert caught.value.hint
    assert "secret-word" not in str(caught.value)


def test_somebody_who_may_not_write_there_is_told_so(released: Any, server: PostgreSQL, database: str) -> None:
    server.execute("CREATE ROLE visitor LOGIN")
    visitors = database.replace("tests@", "visitor@")
    printed = released.run(f"BUILDING_TRUST_GRADEBOOK='{visitors}' course grade --again {SLUG}", fails=True)
    assert "does not let you read or write" in printed
    assert "Traceback" not in printed


def test_a_database_without_its_driver_says_what_to_install(
    released: Any, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(GradebookUnusable, match="psycopg"):
        grade(Coursework(released.root), [SLUG], jobs=1)


def everything(reader: GradebookReader) -> list[Any]:
    return [
        reader.students,
        [each.name for each in reader.assignments],
        reader.submissions(),
        reader.submissions(SLUG),
        list(reader.grades()),
        list(reader.grades(SLUG)),
        reader.comments(SLUG),
        reader.late_penalties(SLUG),
        [list(row) for row in reader.released_cells(SLUG)],
    ]


def test_what_is_read_of_the_gradebook_is_the_same_as_in_a_file_with_nbgrader_and_without(
    released: Any, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read() -> list[Any]:
        coursework = Coursework(released.root)
        grade(coursework, [SLUG], jobs=1, again=True)
        with coursework.gradebook() as gradebook:
            gradebook.find_submission(SLUG, "synthetic-0002").extension = timedelta(days=3, microseconds=7)
            gradebook.db.commit()
            by_nbgrader = everything(GradebookReader.of(gradebook))
        with monkeypatch.context() as patch:
            patch.setattr(Coursework, "gradebook", None)
            with coursework.read_gradebook() as reader:
                assert everything(reader) == by_nbgrader
        return by_nbgrader

    in_database = read()
    assert all(in_database)
    monkeypatch.delenv("BUILDING_TRUST_GRADEBOOK")
    assert in_database == read()


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE comment CASCADE",
        "ALTER TABLE student DROP COLUMN lms_user_id",
        "ALTER TABLE assignment DROP CONSTRAINT assignment_course_id_fkey; DELETE FROM course",
    ],
)
def test_a_database_that_is_not_as_it_should_be_is_left_to_nbgrader(
    server: PostgreSQL, database: str, statement: str
) -> None:
    url = settings().gradebook
    opened = open_database_reader(url, COURSE_ID)
    assert opened is not None
    opened.close()
    server.execute(statement, database.partition("@/")[2].partition("?")[0])
    assert open_database_reader(url, COURSE_ID) is None


def test_another_kind_of_database_is_left_to_nbgrader(tmp_path: Path) -> None:
    assert open_database_reader(f"sqlite:///{tmp_path / 'synthetic.db'}", COURSE_ID) is None
    assert not [*tmp_path.iterdir()]


WITHOUT = """
import sys
from course.cli import main

try:
    main(sys.argv[1:])
finally:
    print([name for name in ("nbgrader", "nbconvert", "IPython") if name in sys.modules])
"""


def test_with_nothing_to_do_nbgrader_is_not_imported_here_either(released: Any, database: str) -> None:
    (released.home / "without.py").write_text(WITHOUT, encoding="utf-8")

    def imported(command: str) -> str:
        printed = released.run(f"BUILDING_TRUST_GRADEBOOK='{database}' python ~/without.py {command} || true")
        return str(printed.splitlines()[-1])

    assert imported("grade") != "[]"
    for command in ("grade", "missing", "collect"):
        assert imported(command) == "[]", command
