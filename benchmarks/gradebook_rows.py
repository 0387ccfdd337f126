"""Every row of every table of a gradebook, comparable: its random ids are replaced by what they stand for."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

_NAMED: Final = (
    ("assignment", "name"),
    ("notebook", "assignment_id, name"),
    ("base_cell", "notebook_id, type, name"),
    ("source_cell", "notebook_id, name"),
    ("submitted_assignment", "assignment_id, student_id"),
    ("submitted_notebook", "assignment_id, notebook_id"),
    ("grade", "notebook_id, cell_id"),
    ("comment", "notebook_id, cell_id"),
)
"""The tables whose ids are random, in the order in which they refer to each other, and what names a row of each."""


def all_rows(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of each table of an SQLite gradebook, in an order of their own."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        known: dict[str, str] = {}
        for table, columns in _NAMED:
            for id, *values in database.execute(f"SELECT id, {columns} FROM {table}").fetchall():
                known[id] = "/".join([table, *(str(known.get(value, value)) for value in values)])
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: _plain(database.execute(f"SELECT * FROM {table}"), known) for table in sorted(tables)}


def _plain(rows: sqlite3.Cursor, known: Mapping[str, str]) -> list[tuple[Any, ...]]:
    plain = [tuple(known.get(v, v) if isinstance(v, str) else v for v in row) for row in rows]
    return sorted(plain, key=repr)
