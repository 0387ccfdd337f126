"""Which sessions a worker decides for, where several workers share a PostgreSQL database: one worker a session.

A worker owns a session while its writer's own database session holds an advisory lock on it. All that the worker
writes goes through that database session: without the lock, nothing can be committed. PostgreSQL lets the locks go with
the database session, however that ends, and says itself who holds them: no list of owners can be wrong.
"""

from __future__ import annotations

import contextlib
import secrets
import zlib
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sql

from course.content import words
from course.core.errors import StoreUnusable
from course.workshop.store.session_keys import KeyFolder
from course.workshop.store.tables import PATIENCE, TABLE_LOCK

if TYPE_CHECKING:
    import psycopg

SESSION_LOCKS: Final = 0x62747273
"""The first number of a lock on a session, “btrs” in ASCII; the second one is the session's own name."""
WORKER_LOCKS: Final = 0x62747277
"""The first number of the lock on a worker's name, so that no two workers have one."""
APPLICATION: Final = "building-trust-workshop:"
"""What stands before a worker's name where PostgreSQL lists who is connected."""
_CHANNEL: Final = "building_trust_workshop"
"""Where workers say something to all of them, by PostgreSQL's own notifications."""
_SERVER_SETTINGS: Final = (
    f"LISTEN {_CHANNEL}",
    "SET tcp_keepalives_idle = 5",  # a worker that is cut off loses its locks after 11 seconds
    "SET tcp_keepalives_interval = 2",
    "SET tcp_keepalives_count = 3",
    "SET synchronous_commit = on",  # what was acknowledged is on disk
)
_OWNER: Final = sql.text(
    "SELECT activity.application_name FROM pg_locks AS lock JOIN pg_stat_activity AS activity USING (pid) "
    "WHERE lock.locktype = 'advisory' AND lock.granted AND lock.objsubid = 2 AND lock.classid = :kind "
    "AND lock.objid = :number AND activity.datname = current_database() "
    "AND lock.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_WORKERS: Final = sql.text(
    "SELECT application_name FROM pg_stat_activity WHERE application_name LIKE :names AND datname = current_database()"
)


class DatabaseSessionLost(Exception):
    """The writer's database session ended, and with it every lock: somebody else may decide now."""


class NotOwned(Exception):
    """What was to be written belongs to a session that this worker does not own, or not any more."""


class OwnedElsewhere(Exception):
    """Another worker owns the session."""


class Ownership:
    """The writer's own database session, with the sessions that it owns. The writer's thread alone calls this.

    `hear` is called, there too, with what a worker has announced, as soon as anything is asked of the database.
    Raises StoreUnusable where another worker has the name.
    """

    def __init__(self, url: sql.URL, worker: str, hear: Callable[[str], object]) -> None:
        connect = {"application_name": APPLICATION + worker, **PATIENCE}
        self._engine = sql.create_engine(url, poolclass=sql.pool.NullPool, hide_parameters=True, connect_args=connect)
        self._worker, self._hear = worker, hear
        self._connection: sql.Connection | None = None
        self._process = 0
        """The server's process behind the database session: a pooler in between may change it unnoticed."""
        self._owned: set[str] = set()
        self._connect()

    def owns(self, session_ids: Collection[str]) -> bool:
        """Say whether this worker owns all of these sessions; rows of none, with an empty name, are anybody's."""
        return all(not session_id or session_id in self._owned for session_id in session_ids)

    def take(self, session_id: str) -> bool:
        """Own a session from now on, and say whether that could be: not where another worker owns it."""
        if session_id in self._owned:
            return True
        with self.begin() as connection:
            is_taken = _try_lock(connection, SESSION_LOCKS, _number(session_id))
        if is_taken:
            self._owned.add(session_id)
        return is_taken

    def release(self, session_id: str) -> None:
        """Own a session no longer."""
        if session_id in self._owned:
            self._owned.discard(session_id)
            with self.begin() as connection:
                connection.execute(sql.select(sql.func.pg_advisory_unlock(SESSION_LOCKS, _number(session_id))))

    @contextlib.contextmanager
    def begin(self) -> Iterator[sql.Connection]:
        """Run a transaction in the database session, which begins anew, without any lock, where there is none.

        Raises DatabaseSessionLost where it is not the one that has the locks.
        """
        connection = self._connection or self._connect()
        with connection.begin():
            if connection.execute(sql.select(sql.func.pg_backend_pid())).scalar_one() != self._process:
                raise DatabaseSessionLost
            yield connection

    def is_alive(self) -> bool:
        """Say whether the database session still is the one that has the locks; true where there is none."""
        if self._connection is None:
            return True
        try:
            with self.begin():
                return True
        except Exception:  # whatever it is: without a word from it, nothing is known of the locks
            return False

    def lose(self) -> set[str]:
        """End the database session, and return the sessions that were owned."""
        lost, self._owned = self._owned, set()
        self.close()
        return lost

    def close(self) -> None:
        """End the database session, so that others can take its sessions."""
        connection, self._connection = self._connection, None
        if connection:
            with contextlib.suppress(Exception):
                connection.invalidate()
            with contextlib.suppress(Exception):
                connection.close()

    def _pass_on(self, notice: psycopg.Notify) -> None:
        self._hear(notice.payload)

    def _connect(self) -> sql.Connection:
        connection = self._engine.connect()
        try:
            with connection.begin():
                driver: psycopg.Connection[Any] | None = connection.connection.driver_connection
                if driver:
                    driver.add_notify_handler(self._pass_on)
                for line in _SERVER_SETTINGS:
                    connection.exec_driver_sql(line)
                self._process = connection.execute(sql.select(sql.func.pg_backend_pid())).scalar_one()
                is_alone = _try_lock(connection, WORKER_LOCKS, zlib.crc32(self._worker.encode()))
            if not is_alone:
                raise StoreUnusable(
                    words("session.worker-taken", name=self._worker), words("session.worker-taken-hint")
                )
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return connection


def is_key_folder(engine: sql.Engine, table: sql.Table, keys: KeyFolder) -> bool:
    """Say whether a folder of keys is the one of the other servers on a database; the first one names it in a table.

    With another folder, all that is stored would seem to have lost its keys.
    """
    with engine.begin() as connection:
        connection.execute(sql.select(sql.func.pg_advisory_xact_lock(TABLE_LOCK)))
        known = connection.execute(sql.select(table.c.name)).scalar_one_or_none()
        if known is None:
            connection.execute(sql.insert(table).values(name=keys.name(secrets.token_hex(16))))
        return known is None or keys.name() == known


def announce(connection: sql.Connection, message: str) -> None:
    """Say something to all workers: they hear it once this is committed."""
    connection.execute(sql.select(sql.func.pg_notify(_CHANNEL, message)))


def workers(connection: sql.Connection) -> set[str]:
    """Return the names of the workers that are connected."""
    return {
        str(name).removeprefix(APPLICATION) for (name,) in connection.execute(_WORKERS, {"names": f"{APPLICATION}%"})
    }


def owner(connection: sql.Connection, session_id: str) -> str:
    """Return the name of the worker that owns a session, or an empty text where none does, or none that has a name."""
    row = connection.execute(_OWNER, {"kind": SESSION_LOCKS, "number": int(session_id, 16)}).first()
    name = str(row[0] or "") if row else ""
    return name.removeprefix(APPLICATION) if name.startswith(APPLICATION) else ""


def _try_lock(connection: sql.Connection, kind: int, number: int) -> bool:
    return bool(connection.execute(sql.select(sql.func.pg_try_advisory_lock(kind, _signed(number)))).scalar_one())


def _number(session_id: str) -> int:
    return _signed(int(session_id, 16))


def _signed(number: int) -> int:
    """Return a number of 32 bits as PostgreSQL's locks take it."""
    return number - (1 << 32) if number >= 1 << 31 else number
