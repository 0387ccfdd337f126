"""The tables of the store and the file that they are in: its owner's alone, held by one server, and scrubbed.

Neither the order in which answers came nor any time is stored. Tables and columns have the names of version 0.1.0, in
which a session is a room.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sql
from filelock import BaseFileLock
from sqlalchemy.dialects import postgresql, sqlite

from course.content import words
from course.core import storage
from course.core.errors import StoreUnusable

FORMAT: Final = 1
"""The version of what the columns hold."""
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
PEOPLE: Final = _table("people", _key("person", 32))
ANSWERS: Final = _table(
    "answers",
    _key("part", 90),
    _key("person", 32),
    sql.Column("revision", sql.Integer, nullable=False),
    _text("answer"),
)
LINES: Final = _table("lines", _key("line", 32), _text("about"))
TOTALS: Final = _table("totals", _key("part", 90), _text("shown"))


class Upsert:
    """Writes rows of one table in place of older ones; of answers, the newest revision stays."""

    def __init__(self, table: sql.Table, dialect: str) -> None:
        self._names = [column.name for column in table.columns]
        self._is_one_step = dialect == "sqlite" and not any(
            isinstance(column.type, sql.LargeBinary) for column in table.c
        )
        insert: Any = (postgresql if dialect == "postgresql" else sqlite).insert(table)
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
BUSY_SECONDS: Final = 2.0
"""How many seconds to wait for a file that another program holds."""


def file_of(url: sql.URL) -> str | None:
    """Return the file of a store, or None where a database server keeps it."""
    return url.database if url.get_backend_name() == "sqlite" else None


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


def open_engine(url: sql.URL) -> sql.Engine:
    """Return an engine that writes through to the disk, in a file that its owner alone can read."""
    if file_of(url) is None:
        return sql.create_engine(url, hide_parameters=True)
    engine = sql.create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
    sql.event.listen(engine, "do_connect", _create_private)
    sql.event.listen(engine, "connect", _configure)
    return engine


def scrub(engine: sql.Engine) -> None:
    """Leave no byte of what was deleted: not in free pages, not in the write-ahead log. For SQLite only."""
    _run(engine, _EMPTY_LOG, "VACUUM", _EMPTY_LOG)


def empty_log(engine: sql.Engine) -> None:
    """Write everything to the file itself and empty the write-ahead log. For SQLite only."""
    _run(engine, _EMPTY_LOG)


def _run(engine: sql.Engine, *lines: str) -> None:
    if engine.dialect.name != "sqlite":
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for line in lines:
            connection.exec_driver_sql(line).close()


def remove(file: str) -> None:
    """Delete the file, with the files that SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)


def _create_private(_dialect: Any, _record: Any, arguments: list[Any], _named: Any) -> None:
    """Make the file before SQLite does, which would let others on this machine read it."""
    if arguments and arguments[0] and arguments[0] != ":memory:":
        os.close(os.open(arguments[0], os.O_CREAT | os.O_RDWR, 0o600))


def _configure(connection: Any, _: object) -> None:
    for setting in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {setting}").close()
