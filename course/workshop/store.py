"""The store of all sessions, and the one writer that writes it.

The writer takes what has arrived, holds the batch open for a fiftieth of a second, commits once, and only then tells
all who wait: an answer that was acknowledged is on disk.
"""

from __future__ import annotations

import contextlib
import functools
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sql

from course.content import words
from course.core.errors import LocksMissing, StoreUnusable
from course.workshop.errors import log_error
from course.workshop.store_tables import (
    ANSWERS,
    LINES,
    PEOPLE,
    SESSIONS,
    TABLES,
    TOTALS,
    empty_log,
    file_of,
    lock,
    open_engine,
    remove,
    scrub,
    upserts,
)

HOLD: Final = 0.02
"""How long a batch stays open, in seconds."""
CALM: Final = 1.0
"""After so many seconds without anything to write, the order of what was written is wiped from the disk."""
MOST_AT_ONCE: Final = 5000
Done = Callable[[Exception | None], None]


@dataclass(frozen=True)
class StoredSession:
    """One session as the store has it."""

    id: str
    format: int
    key: bytes
    people_key: bytes | None
    script: str
    state: str
    gone_after: str | None


@dataclass(frozen=True)
class RowChange:
    """One row to put in, in place of an older one; `table` names what it is."""

    table: str
    row: dict[str, Any]


@dataclass(frozen=True)
class _Job:
    changes: Sequence[RowChange]
    done: Done
    empties: tuple[sql.Table, ...] = ()
    session_id: str = ""


class Store:
    """The sessions, in SQLite beside the person's other things or wherever the URL says.

    `deliver` gets a function to run where the answers' senders wait, once a batch is on disk or has failed.
    """

    def __init__(self, url: str, deliver: Callable[[Callable[[], None]], object], hold: float = HOLD) -> None:
        self._url = sql.make_url(url)
        self._file = file_of(self._url)
        self._deliver = deliver
        self._hold = hold
        self._is_new = False
        self._is_failing = False
        """Whether the last batch could not be written: that is logged once, not for every batch."""
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        try:
            self._lock = lock(self._file)
            self._engine = open_engine(self._url)
            self._upserts = upserts(self._engine.dialect.name)
            TABLES.create_all(self._engine)
            scrub(self._engine)  # in case the last server ended in the middle of it
        except (sql.exc.SQLAlchemyError, OSError) as error:
            if isinstance(error, StoreUnusable | LocksMissing):
                raise
            raise StoreUnusable(words("session.store-unreadable"), words("session.store-unreadable-hint")) from error
        self._thread = threading.Thread(target=self._work, name="session store", daemon=True)
        self._thread.start()

    # What is there

    def sessions(self) -> list[StoredSession]:
        """Return all sessions in the store."""
        columns = [
            SESSIONS.c[name] for name in ("room", "format", "key", "people_key", "script", "state", "gone_after")
        ]
        with self._engine.connect() as connection:
            return [StoredSession(*row) for row in connection.execute(sql.select(*columns))]

    def answers(self, session_id: str) -> list[tuple[str, str, int, str]]:
        """Return part, pseudonym, revision and answer of each answer in a session."""
        a = ANSWERS.c
        return self._rows(sql.select(a.part, a.person, a.revision, a.answer).where(a.room == session_id))

    def people(self, session_id: str) -> set[str]:
        """Return the pseudonyms that are in a session."""
        return {person for (person,) in self._rows(sql.select(PEOPLE.c.person).where(PEOPLE.c.room == session_id))}

    def lines(self, session_id: str) -> list[tuple[str, str]]:
        """Return each line's name and all about it."""
        return self._rows(sql.select(LINES.c.line, LINES.c.about).where(LINES.c.room == session_id))

    def totals(self, session_id: str) -> dict[str, str]:
        """Return what stands behind each picture that was seen, or once a session is closed, what is left of it."""
        return dict(self._rows(sql.select(TOTALS.c.part, TOTALS.c.shown).where(TOTALS.c.room == session_id)))

    def _rows(self, query: sql.Select[Any]) -> list[Any]:
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(query)]

    # What is written

    def put(self, changes: Sequence[RowChange], done: Done) -> None:
        """Write these together with whatever else has arrived; `done` is told when they are on disk, or why not."""
        self._jobs.put(_Job(changes, done))

    def forget_people(self, session_id: str, changes: Sequence[RowChange], done: Done) -> None:
        """Destroy who said what in a session, and write what is then left of it: totals, lines, no key."""
        self._jobs.put(_Job(changes, done, (ANSWERS, PEOPLE, LINES, TOTALS), session_id))

    def erase(self, session_id: str, done: Done) -> None:
        """Erase everything of a session, also from free pages and the write-ahead log."""
        self._jobs.put(_Job((), done, (ANSWERS, PEOPLE, LINES, TOTALS, SESSIONS), session_id))

    def close(self) -> None:
        """Write what has arrived and stop."""
        self._jobs.put(None)
        self._thread.join()
        self._engine.dispose()
        if self._lock:
            self._lock.release()

    # The writer

    def _work(self) -> None:
        stop = False
        while not stop:
            jobs, stop = self._batch()
            if jobs:
                error = self._write(jobs)
                if error and not self._is_failing:
                    log_error(error)
                self._is_failing = error is not None
                self._deliver(functools.partial(_tell, jobs, error))

    def _batch(self) -> tuple[list[_Job], bool]:
        """Return what has arrived, and whether that is all there will be."""
        first = self._first()
        if first is None:
            return [], True
        jobs = [first]
        time.sleep(self._hold)  # waking for each arrival would cost the server more than the wait
        while len(jobs) < MOST_AT_ONCE:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return jobs, True
            jobs.append(job)
        return jobs, False

    def _first(self) -> _Job | None:
        """Wait for what arrives next; once it is calm, empty the write-ahead log, which has all in its order."""
        try:
            return self._jobs.get(timeout=CALM)
        except queue.Empty:
            if not self._is_new:
                with contextlib.suppress(Exception):  # such as another program that reads it: when it is calm again
                    empty_log(self._engine)
        return self._jobs.get()

    def _write(self, jobs: Sequence[_Job]) -> Exception | None:
        """Commit all of a batch together; return why it could not be."""
        try:
            with self._engine.begin() as connection:
                if self._is_new:
                    TABLES.create_all(connection)
                self._write_all(connection, jobs)
                self._commit(connection)
            self._is_new = False
            if any(job.empties for job in jobs):
                self._scrub()
        except Exception as error:  # whatever it is: all who wait are told, and the writer goes on
            return error
        return None

    def _commit(self, connection: sql.Connection) -> None:
        """Put the batch on disk."""
        connection.commit()

    def _write_all(self, connection: sql.Connection, jobs: Sequence[_Job]) -> None:
        """Send the rows of neighbouring jobs together; what empties tables does so in its turn."""
        waiting: dict[str, list[dict[str, Any]]] = {}
        for job in jobs:
            if job.empties:
                self._send(connection, waiting)
                for table in job.empties:
                    connection.execute(sql.delete(table).where(table.c.room == job.session_id))
            for change in job.changes:
                waiting.setdefault(change.table, []).append(change.row)
        self._send(connection, waiting)

    def _send(self, connection: sql.Connection, waiting: dict[str, list[dict[str, Any]]]) -> None:
        for table, rows in waiting.items():
            self._upserts[table].send(connection, rows)
        waiting.clear()

    def _scrub(self) -> None:
        """Leave no byte of what was deleted; without any session, no file at all."""
        scrub(self._engine)
        if self._file and not self.sessions():
            self._engine.dispose()
            remove(self._file)
            self._is_new = True
            self._engine = open_engine(self._url)


def _tell(jobs: Sequence[_Job], error: Exception | None) -> None:
    for job in jobs:
        try:
            job.done(error)
        except Exception as failure:  # the others are told all the same
            log_error(failure)
