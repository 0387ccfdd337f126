"""The rows of one session as the store has them: what people answered and wrote is encrypted under the session's key.

Plain are only what a row needs to be found and replaced: session, question, revision, the line's random name, and the
day on which what is kept is erased. Version 0.1.0 stored all of it plain; that is encrypted before a server reads it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sql

from course.core import moments
from course.workshop.access.tokens import new_key
from course.workshop.errors import log_error
from course.workshop.store.encryption import Cipher
from course.workshop.store.session_keys import KeyFolder, SessionKeys, quiet_end
from course.workshop.store.tables import ANSWERS, FORMAT, LINES, PEOPLE, SESSIONS, TABLES, TOTALS

PLAIN: Final = 1
"""The format in which version 0.1.0 stored sessions, their keys among their rows."""


@dataclass(frozen=True)
class RowChange:
    """One row to put in, in place of an older one; `table` names what it is."""

    table: str
    row: dict[str, Any]


@dataclass(frozen=True)
class StoredSession:
    """One session as the store has it."""

    id: str
    format: int
    key_id: bytes
    script: str
    state: str
    gone_after: str | None


class SessionRows:
    """Makes and reads the rows of one session. Contents are JSON; reading raises Unreadable for what has changed."""

    def __init__(self, session_id: str, keys: SessionKeys) -> None:
        self._session_id, self._keys = session_id, keys
        self._cipher = Cipher(keys.contents)

    # Made

    def session(self, script: str, state: str, gone_after: str | None) -> RowChange:
        """Return the row of the session itself."""
        return self._row(
            "rooms",
            format=FORMAT,
            key=self._keys.id.encode(),
            people_key=None,
            script=self._encrypt(script, "script"),
            state=self._encrypt(state, "state"),
            gone_after=gone_after,
        )

    def person(self, person: str) -> RowChange:
        """Return the row of a phone."""
        return self._row("people", person=self._encrypt_name(person, "people"))

    def answer(self, part: str, person: str, revision: int, answer: str) -> RowChange:
        """Return the row of an answer."""
        name = self._encrypt_name(person, "answers", part)
        encrypted = self._encrypt(answer, "answers", part, name)
        return self._row("answers", part=part, person=name, revision=revision, answer=encrypted)

    def line(self, name: str, about: str) -> RowChange:
        """Return the row of a line and what became of it."""
        return self._row("lines", line=name, about=self._encrypt(about, "lines", name))

    def total(self, part: str, total: str) -> RowChange:
        """Return the row of what stands behind a picture, or of what is left of it."""
        return self._row("totals", part=part, shown=self._encrypt(total, "totals", part))

    def _row(self, table: str, **columns: object) -> RowChange:
        return RowChange(table, {"room": self._session_id, **columns})

    def _encrypt(self, text: str, *place: str) -> str:
        return self._cipher.encrypt(text, self._session_id, *place)

    def _encrypt_name(self, name: str, *place: str) -> str:
        return self._cipher.encrypt_name(name, self._session_id, *place)

    # Read

    def read_session(self, stored: StoredSession) -> tuple[str, str]:
        """Return script and state."""
        return self._decrypt(stored.script, "script"), self._decrypt(stored.state, "state")

    def read_person(self, name: str) -> str:
        """Return the pseudonym of a phone."""
        return self._cipher.decrypt_name(name, self._session_id, "people")

    def read_answer(self, part: str, name: str, answer: str) -> tuple[str, str]:
        """Return the pseudonym and the answer of a row."""
        person = self._cipher.decrypt_name(name, self._session_id, "answers", part)
        return person, self._decrypt(answer, "answers", part, name)

    def read_line(self, name: str, about: str) -> str:
        """Return what is stored of a line."""
        return self._decrypt(about, "lines", name)

    def read_total(self, part: str, total: str) -> str:
        """Return what stands behind a picture, or what is left of it."""
        return self._decrypt(total, "totals", part)

    def _decrypt(self, encrypted: str, *place: str) -> str:
        return self._cipher.decrypt(encrypted, self._session_id, *place)


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
