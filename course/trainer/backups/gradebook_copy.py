"""A copy of the gradebook as it is at one moment, and a gradebook made from such a copy.

A file is copied by SQLite's own interface for backups, a database of PostgreSQL by its own commands.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from course.content import trainer_words
from course.core.errors import BadBackup, GradebookUnusable, RestoreRefused
from course.trainer.course_directory import Coursework
from course.trainer.gradebook_errors import explained_gradebook

_OWN: Final = ("--no-owner", "--no-privileges", "--no-password")


def database_kind(coursework: Coursework) -> str:
    """Return “sqlite” or “postgresql”: which database the setting names."""
    from sqlalchemy.engine import make_url

    return str(make_url(coursework.coursedir.db_url).get_backend_name())


def copy_gradebook(coursework: Coursework, copy: Path) -> str:
    """Copy the gradebook into a file, and return the kind of its database; an empty text where there is none.

    Raises GradebookUnusable.
    """
    kind = database_kind(coursework)
    if kind == "postgresql":
        with explained_gradebook():
            if not _has_tables(coursework):
                return ""
        _run(coursework, ["pg_dump", "--format=custom", *_OWN, f"--file={copy}"])
        return kind
    if not coursework.has_gradebook:
        return ""
    with (
        explained_gradebook(),
        contextlib.closing(
            sqlite3.connect(f"{_gradebook_file(coursework).absolute().as_uri()}?mode=ro", uri=True)
        ) as source,
        contextlib.closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
    return kind


def check_room(coursework: Coursework, kind: str) -> None:
    """Raise RestoreRefused where there is a gradebook already, or where the setting names another kind of database."""
    here = database_kind(coursework)
    if kind and kind != here:
        raise RestoreRefused(*(trainer_words(f"backup.other-database{part}", kind=kind) for part in ("", "-hint")))
    with explained_gradebook():
        is_there = _has_tables(coursework) if here == "postgresql" else coursework.has_gradebook
    if is_there:
        raise RestoreRefused(trainer_words("backup.has-gradebook"), trainer_words("backup.has-gradebook-hint"))


def check_copy(copy: Path, kind: str) -> None:
    """Raise BadBackup for a copy that is damaged, or has in it what nbgrader never writes: SQLite would run that."""
    if kind != "sqlite":
        return
    query = "SELECT count(*) FROM sqlite_master WHERE type IN ('trigger', 'view')"
    try:
        with contextlib.closing(sqlite3.connect(copy)) as database:
            is_whole = database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            is_plain = database.execute(query).fetchone() == (0,)
    except sqlite3.DatabaseError:
        is_whole = is_plain = False
    if not (is_whole and is_plain):
        raise BadBackup(trainer_words("backup.damaged"), trainer_words("backup.damaged-hint"))


def restore_gradebook(coursework: Coursework, copy: Path, kind: str) -> None:
    """Make the gradebook from a copy, whole or not at all; raises GradebookUnusable."""
    if kind == "postgresql":
        _run(coursework, ["pg_restore", "--single-transaction", "--exit-on-error", *_OWN], last=[str(copy)])
    elif kind:
        _move(copy, _gradebook_file(coursework))


def _move(file: Path, place: Path) -> None:
    """Move a file to its place in one step, also to another drive, and be its owner's alone there."""
    try:
        file.replace(place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with tempfile.TemporaryDirectory(dir=place.parent, prefix=f".{place.name}.") as draft:
            beside = Path(draft) / place.name
            with os.fdopen(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as target:
                with file.open("rb") as source:
                    shutil.copyfileobj(source, target)
                target.flush()
                os.fsync(target.fileno())
            beside.replace(place)
        file.unlink()


def _gradebook_file(coursework: Coursework) -> Path:
    file = coursework.layout.gradebook_file
    if file is None:
        raise GradebookUnusable(trainer_words("backup.odd-database"), trainer_words("backup.odd-database-hint"))
    return file


def _has_tables(coursework: Coursework) -> bool:
    """Say whether anything is in the database."""
    from sqlalchemy import create_engine, inspect

    engine = create_engine(coursework.coursedir.db_url)
    try:
        return bool(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def _run(coursework: Coursework, command: Sequence[str], last: Sequence[str] = ()) -> None:
    """Run a command of PostgreSQL's on the database. Its password is in no list of processes."""
    from psycopg.conninfo import make_conninfo
    from sqlalchemy.engine import make_url

    program = shutil.which(command[0])
    if program is None:
        raise GradebookUnusable(
            trainer_words("backup.no-program", program=command[0]), trainer_words("backup.no-program-hint")
        )
    url = make_url(coursework.coursedir.db_url)
    given = {"dbname": url.database, "host": url.host, "port": url.port, "user": url.username, **url.query}
    database = make_conninfo(**{name: str(value) for name, value in given.items() if value})
    environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    done = subprocess.run(
        [program, *command[1:], f"--dbname={database}", *last], env=environment, capture_output=True, check=False
    )
    if done.returncode:  # what it says may quote rows of people
        raise GradebookUnusable(
            trainer_words("backup.program-failed", program=command[0]), trainer_words("backup.program-failed-hint")
        )
