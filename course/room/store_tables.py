"""The tables of the store: what is kept of a room, and how a row is put in place of an older one.

Neither the order in which answers came nor any time is kept.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sql
from sqlalchemy.dialects import postgresql, sqlite

FORMAT: Final = 1
TABLES: Final = sql.MetaData()


def _table(name: str, *columns: sql.Column[Any]) -> sql.Table:
    """Return a table whose rows belong to a room and lie in the order of their keys, not in that of their coming."""
    room = sql.Column("room", sql.String(32), primary_key=True)
    return sql.Table(name, TABLES, room, *columns, sqlite_with_rowid=False)


def _key(name: str, length: int) -> sql.Column[Any]:
    return sql.Column(name, sql.String(length), primary_key=True)


def _text(name: str) -> sql.Column[Any]:
    return sql.Column(name, sql.Text, nullable=False)


ROOMS: Final = _table(
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


def puts(dialect: str) -> dict[str, Any]:
    """Return how a row of each table is put in place of an older one; of answers, the newest revision stays."""
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return {table.name: _put(insert(table), table) for table in TABLES.sorted_tables}


def _put(insert: Any, table: sql.Table) -> Any:
    keys = [column.name for column in table.primary_key]
    rest = {column.name: insert.excluded[column.name] for column in table.columns if column.name not in keys}
    if not rest:
        return insert.on_conflict_do_nothing(index_elements=keys)
    newer = insert.excluded.revision > table.c.revision if "revision" in rest else None
    return insert.on_conflict_do_update(index_elements=keys, set_=rest, where=newer)
