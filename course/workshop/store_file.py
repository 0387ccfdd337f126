"""The file of the store: its owner's alone, written through to the disk, held by one server, and scrubbed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sql
from filelock import BaseFileLock, FileLock, Timeout

from course.content import words
from course.core.errors import RoomNotKept

_EMPTY_LOG: Final = "PRAGMA wal_checkpoint(TRUNCATE)"
BUSY: Final = 2.0
"""How many seconds to wait for a file that another program holds."""


def file_of(url: sql.URL) -> str | None:
    """Return the file of a store, or None where a database server keeps it."""
    return url.database if url.get_backend_name() == "sqlite" else None


def lock(file: str | None) -> BaseFileLock | None:
    """Keep a second server away from the same file: each would count in its own memory."""
    if not file:
        return None
    held = FileLock(f"{file}.lock", timeout=0, thread_local=False)
    try:
        held.acquire()
    except Timeout as error:
        raise RoomNotKept(words("room.store-taken"), words("room.store-taken-hint")) from error
    return held


def open_engine(url: sql.URL) -> sql.Engine:
    """Return an engine that writes through to the disk, in a file that its owner alone can read."""
    if file_of(url) is None:
        return sql.create_engine(url, hide_parameters=True)
    engine = sql.create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY})
    sql.event.listen(engine, "do_connect", _make_private)
    sql.event.listen(engine, "connect", _set_up)
    return engine


def scrub(engine: sql.Engine) -> None:
    """Leave no byte of what was deleted: not in free pages, not in the write-ahead log. For SQLite only."""
    _run(engine, _EMPTY_LOG, "VACUUM", _EMPTY_LOG)


def settle(engine: sql.Engine) -> None:
    """Bring all into its place in the file and empty the write-ahead log. For SQLite only."""
    _run(engine, _EMPTY_LOG)


def _run(engine: sql.Engine, *lines: str) -> None:
    if engine.dialect.name != "sqlite":
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for line in lines:
            connection.exec_driver_sql(line).close()


def remove(file: str) -> None:
    """Take the file away, with all that SQLite keeps beside it."""
    for end in ("", "-wal", "-shm"):
        Path(f"{file}{end}").unlink(missing_ok=True)


def _make_private(_dialect: Any, _record: Any, given: list[Any], _named: Any) -> None:
    """Make the file before SQLite does, which would let others on this machine read it."""
    if given and given[0] and given[0] != ":memory:":
        os.close(os.open(given[0], os.O_CREAT | os.O_RDWR, 0o600))


def _set_up(connection: Any, _: object) -> None:
    for setting in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {setting}").close()
