"""The tables of the store: what is kept of a room, and how a row is put in place of an older one.

Neither the order in which answers came nor any time is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
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


class Put:
    """How rows of one table are put in place of older ones; of answers, the newest revision stays."""

    def __init__(self, table: sql.Table, dialect: str) -> None:
        self._names = [column.name for column in table.columns]
        self._is_one_step = dialect == "sqlite" and not any(isinstance(one.type, sql.LargeBinary) for one in table.c)
        insert: Any = (postgresql if dialect == "postgresql" else sqlite).insert(table)
        if self._is_one_step:
            insert = insert.from_select(self._names, _rows_of_json(len(self._names)))
        self._statement = _in_place(insert, table)

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


def puts(dialect: str) -> dict[str, Put]:
    """Return how rows are put into each table, by its name."""
    return {table.name: Put(table, dialect) for table in TABLES.sorted_tables}


def _rows_of_json(columns: int) -> sql.Select[Any]:
    rows = sql.func.json_each(sql.bindparam("rows")).table_valued("value")
    values = [sql.func.json_extract(rows.c.value, f"$[{number}]") for number in range(columns)]
    return sql.select(*values).where(sql.true())  # without “where”, SQLite takes “on conflict” for a join


def _in_place(insert: Any, table: sql.Table) -> Any:
    keys = [column.name for column in table.primary_key]
    rest = {column.name: insert.excluded[column.name] for column in table.columns if column.name not in keys}
    if not rest:
        return insert.on_conflict_do_nothing(index_elements=keys)
    newer = insert.excluded.revision > table.c.revision if "revision" in rest else None
    return insert.on_conflict_do_update(index_elements=keys, set_=rest, where=newer)
