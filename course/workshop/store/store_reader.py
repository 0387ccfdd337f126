"""Reads what the store has of sessions, as it is stored: encrypted."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sql

from course.workshop.store.ownership import announce, owner, workers
from course.workshop.store.session_rows import StoredSession
from course.workshop.store.tables import ANSWERS, LINES, PEOPLE, SESSIONS, TOTALS

_SESSION: Final = [SESSIONS.c[name] for name in ("room", "format", "key", "script", "state", "gone_after")]


class StoreReader:
    """Reads by way of an engine. Raises SQLAlchemyError where the store cannot be read."""

    _engine: sql.Engine

    def sessions(self) -> list[StoredSession]:
        """Return all sessions in the store."""
        return [StoredSession(*row) for row in self._rows(sql.select(*_SESSION))]

    def session(self, session_id: str) -> StoredSession | None:
        """Return a session in the store, or None."""
        rows = self._rows(sql.select(*_SESSION).where(SESSIONS.c.room == session_id))
        return StoredSession(*rows[0]) if rows else None

    def session_ids(self) -> set[str]:
        """Return the names of all sessions in the store."""
        return {name for (name,) in self._rows(sql.select(SESSIONS.c.room))}

    def workers(self) -> set[str]:
        """Return the names of the workers that share the store now."""
        with self._engine.connect() as connection:
            return workers(connection)

    def owner(self, session_id: str) -> str:
        """Return the name of the worker that owns a session of a store that is shared; empty where none does."""
        with self._engine.connect() as connection:
            return owner(connection, session_id)

    def announce(self, message: str) -> None:
        """Say something to all workers that share the store."""
        with self._engine.begin() as connection:
            announce(connection, message)

    def answers(self, session_id: str) -> list[tuple[str, str, int, str]]:
        """Return part, pseudonym, revision and answer of each answer in a session, as they are stored."""
        a = ANSWERS.c
        return self._rows(sql.select(a.part, a.person, a.revision, a.answer).where(a.room == session_id))

    def people(self, session_id: str) -> set[str]:
        """Return the pseudonyms that are in a session, as they are stored."""
        return {person for (person,) in self._rows(sql.select(PEOPLE.c.person).where(PEOPLE.c.room == session_id))}

    def lines(self, session_id: str) -> list[tuple[str, str]]:
        """Return each line's name and all about it, as it is stored."""
        return self._rows(sql.select(LINES.c.line, LINES.c.about).where(LINES.c.room == session_id))

    def totals(self, session_id: str) -> dict[str, str]:
        """Return what stands behind each picture that was seen, or what is left of it at the close, as it is stored."""
        return dict(self._rows(sql.select(TOTALS.c.part, TOTALS.c.shown).where(TOTALS.c.room == session_id)))

    def _rows(self, query: sql.Select[Any]) -> list[Any]:
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(query)]
