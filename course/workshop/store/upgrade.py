"""Sessions that version 0.1.0 stored: what was plain in their rows is encrypted before a server reads them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Final

import sqlalchemy as sql

from course.core import moments
from course.workshop.access.tokens import new_key
from course.workshop.errors import log_error
from course.workshop.store.session_keys import KeyFolder, SessionKeys, quiet_end
from course.workshop.store.session_rows import RowChange, SessionRows
from course.workshop.store.tables import ANSWERS, LINES, PEOPLE, SESSIONS, TABLES, TOTALS

PLAIN: Final = 1
"""The format in which version 0.1.0 stored sessions, their keys among their rows."""


def encrypt_plain_sessions(engine: sql.Engine, keys: KeyFolder) -> bool:
    """Encrypt the sessions in the store that are plain, each as a whole; say whether there were any.

    Where this is ended in the middle, it begins again with the next start. A session that is damaged stays as it is,
    with keys, so that it does not count as lost.
    """
    with engine.connect() as connection:
        plain = connection.execute(sql.select(SESSIONS).where(SESSIONS.c.format == PLAIN)).mappings().all()
    for session in plain:
        session_keys = SessionKeys(new_key(), session["key"], session["people_key"])
        keys.destroy(session["room"])
        keys.write(session["room"], session_keys, _due(session["gone_after"]))
        try:
            with engine.begin() as connection:
                _encrypt(connection, session, SessionRows(session["room"], session_keys))
        except (ValueError, TypeError, AttributeError) as error:  # the others go on
            log_error(error)
    return bool(plain)


def _due(gone_after: str | None) -> datetime.datetime:
    return moments.start_of_day(datetime.date.fromisoformat(gone_after)) if gone_after else quiet_end(moments.now())


def _encrypt(connection: sql.Connection, session: sql.RowMapping, rows: SessionRows) -> None:
    """Put encrypted rows in place of the plain ones of a session."""
    changes = [rows.session(session["script"], session["state"], session["gone_after"])]
    makers: Mapping[sql.Table, Callable[..., RowChange]] = {
        PEOPLE: rows.person,
        ANSWERS: rows.answer,
        LINES: rows.line,
        TOTALS: rows.total,
    }
    for table, make_row in makers.items():
        plain = connection.execute(sql.select(table).where(table.c.room == session["room"])).all()
        changes += [make_row(*columns) for _, *columns in plain]
    for table in (*makers, SESSIONS):
        connection.execute(sql.delete(table).where(table.c.room == session["room"]))
    for change in changes:
        connection.execute(sql.insert(TABLES.tables[change.table]), change.row)
