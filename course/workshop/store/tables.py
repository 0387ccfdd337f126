"""The tables of the store and the file that they are in: its owner's alone, held by one server, and scrubbed.

Neither the order in which answers came nor any time is stored; where rows lie on the disk tells it for a moment only,
until `scrub`. Tables and columns have the names of version 0.1.0, in
which a session is a room; `key` has the name of the session's key, which is not here, and `people_key` nothing any
more. `course.workshop.store.session_rows` says what of the rest is encrypted.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sql
from filelock import BaseFileLock

from course.content import words
from course.core import storage
from course.core.errors import StoreUnusable, is_disk_full

FORMAT: Final = 2
"""The version of what the columns hold: in the first, everything was plain."""
TABLES: Final = sql.MetaData()


def _table(name: str, *columns: sql.Column[Any]) -> sql.Table:
    """Return a table of rows that belong to a session, stored in the order of their keys and not of their arrival."""
    session_id = sql.Column("room", sql.String(32), primary_key=True)
    return sql.Table(name, TABLES, session_id, *columns, sqlite_with_rowid=False)


def _key(name: str, length: int) -> sql.Column[Any]:
    return sql.Column(name, sql.String(length), primary_key=True)


def _text(name: str) -> sql.Column[Any]:
    return sql.Column(name, sql.Text, nullable=False)


SESSIONS: Final = _table(
    "rooms",
    sql.Column("format", sql.Integer, nullable=False),
    sql.Column("key", sql.LargeBinary, nullable=False),
    sql.Column("people_key", sql.LargeBinary),
    _text("script"),
    _text("state"),
    sql.Column("gone_after", sql.String(10)),
)
PEOPLE: Final = _table("people", _key("person", 44))
ANSWERS: Final = _table(
    "answers",
    _key("part", 90),
    _key("person", 44),
    sql.Column("revision", sql.Integer, nullable=False),
    _text("answer"),
)
LINES: Final = _table("lines", _key("line", 32), _text("about"))
TOTALS: Final = _table("totals", _key("part", 90), _text("shown"))
KEY_FOLDER: Final = sql.Table("key_folder", TABLES, sql.Column("name", sql.String(32), primary_key=True))
"""The name of the folder with the keys, where several servers share the store; empty elsewhere."""


class Upsert:
    """Writes rows of one table in place of older ones; of answers, the newest revision stays."""

    def __init__(self, table: sql.Table, dialect: str) -> None:
        self._names = [column.name for column in table.columns]
        self._is_one_step = dialect == "sqlite" and not any(
            isinstance(column.type, sql.LargeBinary) for column in table.c
        )
        insert = _insert(table, dialect)
        if self._is_one_step:
            insert = insert.from_select(self._names, _rows_of_json(len(self._names)))
        self._statement = _upsert(insert, table)

    def send(self, connection: sql.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write rows.

        To SQLite they go as one parameter and in one step, during which the server goes on: for a step of each row,
        Python's sqlite3 would take the interpreter's lock from it and give it back a thousand times.
        """
        if self._is_one_step:
            plain = [[row[name] for name in self._names] for row in rows]
            connection.execute(self._statement, {"rows": json.dumps(plain)})
        else:
            connection.execute(self._statement, rows)


def upserts(dialect: str) -> dict[str, Upsert]:
    """Return an Upsert for each table, by the table's name."""
    return {table.name: Upsert(table, dialect) for table in TABLES.sorted_tables}


def _insert(table: sql.Table, dialect: str) -> Any:
    """Return the dialect's own “insert”; of the dialects, only the one in use takes memory."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


def _rows_of_json(columns: int) -> sql.Select[Any]:
    rows = sql.func.json_each(sql.bindparam("rows")).table_valued("value")
    values = [sql.func.json_extract(rows.c.value, f"$[{number}]") for number in range(columns)]
    return sql.select(*values).where(sql.true())  # without “where”, SQLite takes “on conflict” for a join


def _upsert(insert: Any, table: sql.Table) -> Any:
    keys = [column.name for column in table.primary_key]
    replaced = {column.name: insert.excluded[column.name] for column in table.columns if column.name not in keys}
    if not replaced:
        return insert.on_conflict_do_nothing(index_elements=keys)
    newer = insert.excluded.revision > table.c.revision if "revision" in replaced else None
    return insert.on_conflict_do_update(index_elements=keys, set_=replaced, where=newer)


_EMPTY_LOG: Final = "PRAGMA wal_checkpoint(TRUNCATE)"
DISK_FULL: Final = "53100"
"""How PostgreSQL names it."""
PATIENCE: Final = {
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""When a database server that is silent is taken for gone: in seconds, the last one in milliseconds."""
TABLE_LOCK: Final = 0x62742D7461626C65
"""The advisory lock of PostgreSQL under which tables are made."""
SYNCHRONOUS: Final = "FULL"
"""When SQLite says that something is stored: once it outlasts a loss of power too."""
BUSY_SECONDS: Final = 2.0
"""How many seconds to wait for a file that another program holds."""


def file_of(url: sql.URL) -> str | None:
    """Return the file of a store, or None where a database server keeps it."""
    return url.database if url.get_backend_name() == "sqlite" else None


def is_damaged(error: Exception) -> bool:
    """Say whether SQLite found something in a file that it did not write, by its own words (`sqlite3ErrStr`)."""
    return any(sign in str(error) for sign in ("file is not a database", "malformed"))


def store_unusable(file: str | None, error: Exception) -> StoreUnusable:
    """Return the error that says which file of sessions cannot be used and what to do, or that a database cannot."""
    if file is None:
        return StoreUnusable(words("session.database-unusable"), words("session.database-unusable-hint"))
    key = "store-damaged" if is_damaged(error) else "store-unreadable"
    blanks = {"file": file, "folder": Path(file).parent}
    return StoreUnusable(words(f"session.{key}", **blanks), words(f"session.{key}-hint", **blanks))


def lock(file: str | None) -> BaseFileLock | None:
    """Return a lock that keeps a second server from the file: each would count in its own memory. None without a file.

    Raises StoreUnusable if another server holds it, and LocksMissing where its drive has no locks.
    """
    if not file:
        return None
    try:
        return storage.hold(Path(f"{file}.lock"), 0)
    except TimeoutError as error:
        raise StoreUnusable(words("session.store-taken"), words("session.store-taken-hint")) from error


def open_engine(url: sql.URL, worker: str = "") -> sql.Engine:
    """Return an engine that writes through to the disk, in a file that its owner alone can read.

    Of a database server, it is the one that a worker reads with.
    """
    if file_of(url) is None:
        connect = {"application_name": f"building-trust-workshop-reads:{worker}", **PATIENCE}
        return sql.create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=connect)
    engine = sql.create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
    sql.event.listen(engine, "do_connect", _create_private)
    sql.event.listen(engine, "connect", _configure)
    return engine


def create_tables(engine: sql.Engine) -> None:
    """Make the tables where they are not there. Servers that begin at the same time do so one after another."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sql.select(sql.func.pg_advisory_xact_lock(TABLE_LOCK)))
        TABLES.create_all(connection)


def scrub(engine: sql.Engine) -> bool:
    """Leave no byte of what was deleted, and each row where the keys alone put it. For SQLite only.

    Not in free pages, not in the write-ahead log; and a table is filled anew in the order of its keys.
    Returns whether that is done: while another program reads the file, the log cannot be emptied.
    """
    return _run(engine, _EMPTY_LOG, "VACUUM", _EMPTY_LOG)


def empty_log(engine: sql.Engine) -> bool:
    """Write everything to the file itself and empty the write-ahead log, as `scrub` does. For SQLite only."""
    return _run(engine, _EMPTY_LOG)


def _run(engine: sql.Engine, *lines: str) -> bool:
    """Run lines one after another without waiting for any reader; return whether none held up the last of them."""
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 0").close()
        try:
            for line in lines[:-1]:
                connection.exec_driver_sql(line).close()
            (is_held_up, *_) = connection.exec_driver_sql(lines[-1]).one()
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}").close()
    return not is_held_up


def remove(file: str) -> None:
    """Delete the file, with the files that SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)


def _create_private(_dialect: Any, _record: Any, arguments: list[Any], _named: Any) -> None:
    """Make the file before SQLite does, which would let others on this machine read it."""
    if arguments and arguments[0] and arguments[0] != ":memory:":
        os.close(os.open(arguments[0], os.O_CREAT | os.O_RDWR, 0o600))


def _configure(connection: Any, _: object) -> None:
    for setting in ("journal_mode=WAL", f"synchronous={SYNCHRONOUS}", "secure_delete=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {setting}").close()


def is_full(error: BaseException) -> bool:
    """Say whether something could not be written because there is no room: as SQLite, PostgreSQL or the system says."""
    origin = getattr(error, "orig", None) or error
    if getattr(origin, "sqlite_errorname", "") == "SQLITE_FULL" or getattr(origin, "sqlstate", "") == DISK_FULL:
        return True
    return isinstance(origin, OSError) and is_disk_full(origin)
