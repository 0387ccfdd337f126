"""The table of rounds, and the way in which one round is changed: by one process at a time, as a whole or not at all.

Nothing is kept in memory between two requests, so that any number of processes can serve the same rounds.
"""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sql

from course.content import words
from course.core.errors import StoreUnusable
from course.workshop.store.ownership import is_key_folder
from course.workshop.store.session_keys import KeyFolder
from course.workshop.store.tables import TABLE_LOCK, empty_log, file_of, is_damaged, open_engine, scrub

FORMAT: Final = 1
_LOCKS: Final = 0x0B7D
"""What tells PostgreSQL's locks on rounds from others in the same database."""
TABLES: Final = sql.MetaData()
ROUNDS: Final = sql.Table(
    "rounds_of_others",
    TABLES,
    sql.Column("id", sql.String(32), primary_key=True),
    sql.Column("link", sql.String(64), nullable=False, unique=True),
    sql.Column("format", sql.Integer, nullable=False),
    sql.Column("key", sql.String(16), nullable=False),
    sql.Column("version", sql.Integer, nullable=False),
    sql.Column("over_on", sql.String(10), nullable=False),
    sql.Column("answers", sql.Text, nullable=False),
    sql.Column("result", sql.Text, nullable=False),
    sqlite_with_rowid=False,
)
_KEY_FOLDER: Final = sql.Table("key_folder_of_others", TABLES, sql.Column("name", sql.String(32), primary_key=True))
"""The name of the folder with the keys, where several servers share the rounds; empty elsewhere."""


@dataclass(frozen=True)
class StoredRound:
    """One round as it is stored: nothing in it names anybody."""

    id: str
    link: str
    """A hash of the name in the raters' link."""
    format: int
    key: str
    """The id of its key, which is not here."""
    version: int
    """The version of the questions."""
    over_on: str
    answers: str = field(repr=False)
    """Encrypted under the key; empty once they are destroyed."""
    result: str = field(repr=False)
    """Encrypted under the key and the owner's secret together; empty until it is made."""


@dataclass(frozen=True)
class RoundOutline:
    """As much of a stored round as says whether anything is due in it."""

    id: str
    over_on: str
    is_half_opened: bool
    """Whether it has a result, and still the answers that are to be destroyed then."""


class RoundTable:
    """The stored rounds, in the database that a URL of SQLAlchemy names."""

    def __init__(self, url: str) -> None:
        self.is_file = url.startswith("sqlite:")
        """Whether the rounds are in a file, whose keys are beside it."""
        try:
            self._engine = open_engine(sql.make_url(url))
            self._create()
        except (sql.exc.SQLAlchemyError, OSError) as error:
            raise (file_unusable(url, error) if self.is_file else _database_unusable()) from error

    def _create(self) -> None:
        with self._engine.begin() as connection:
            if not self.is_file:  # several servers may begin at once
                connection.execute(sql.select(sql.func.pg_advisory_xact_lock(TABLE_LOCK)))
            TABLES.create_all(connection)

    def check_keys(self, keys: KeyFolder) -> None:
        """Raise StoreUnusable where servers share the rounds, and this is not the folder of their keys."""
        if self.is_file:
            return
        try:
            is_theirs = is_key_folder(self._engine, _KEY_FOLDER, keys)
        except (sql.exc.SQLAlchemyError, OSError) as error:
            self.close()
            raise _database_unusable() from error
        if not is_theirs:
            self.close()
            raise StoreUnusable(words("others-command.keys-elsewhere"), words("others-command.keys-elsewhere-hint"))

    def close(self) -> None:
        """Let the database go."""
        self._engine.dispose()

    def outlines(self) -> list[RoundOutline]:
        """Return the outlines of all rounds, without holding any."""
        is_half_opened = sql.and_(ROUNDS.c.result != "", ROUNDS.c.answers != "")
        with self._engine.connect() as connection:
            rows = connection.execute(sql.select(ROUNDS.c.id, ROUNDS.c.over_on, is_half_opened))
            return [RoundOutline(str(name), str(day), bool(is_half)) for name, day, is_half in rows]

    def find_link(self, link: str) -> StoredRound | None:
        """Return the round whose link has this hash, as it is now, or None."""
        with self._engine.connect() as connection:
            return _first(connection, ROUNDS.c.link == link)

    @contextlib.contextmanager
    def locked(self, round_id: str) -> Iterator[LockedRound]:
        """Hold one round, whether it is there or not, until what is done to it is on disk; else all is as before."""
        with self._engine.begin() as connection:
            chosen = ROUNDS.c.id == round_id
            if self.is_file:  # its write lock, before anything is read
                connection.execute(sql.update(ROUNDS).where(chosen).values(id=ROUNDS.c.id))
            else:  # also of a round that is not there yet, which no row could be locked of
                connection.execute(sql.select(sql.func.pg_advisory_xact_lock(_LOCKS, sql.func.hashtext(round_id))))
            yield LockedRound(connection, round_id)

    def scrub(self) -> None:
        """Leave no byte of what was deleted in a file of SQLite, where no other process reads it now."""
        with contextlib.suppress(sql.exc.SQLAlchemyError):
            scrub(self._engine)

    def empty_log(self) -> None:
        """Leave no earlier version of a row in SQLite's log, where no other process reads it now."""
        with contextlib.suppress(sql.exc.SQLAlchemyError):
            empty_log(self._engine)


class LockedRound:
    """One round while it is held."""

    def __init__(self, connection: sql.Connection, round_id: str) -> None:
        self._connection, self._id = connection, round_id

    @property
    def stored(self) -> StoredRound | None:
        """The round as it is now, or None where there is none."""
        return _first(self._connection, ROUNDS.c.id == self._id)

    def count(self) -> int:
        """Return how many rounds there are."""
        return int(self._connection.execute(sql.select(sql.func.count()).select_from(ROUNDS)).scalar_one())

    def add(self, stored: StoredRound) -> None:
        """Store it as a new round."""
        self._connection.execute(sql.insert(ROUNDS), [vars(stored)])

    def update(self, **values: Any) -> None:
        """Change some of its columns."""
        self._connection.execute(sql.update(ROUNDS).where(ROUNDS.c.id == self._id).values(**values))

    def delete(self) -> None:
        """Delete it."""
        self._connection.execute(sql.delete(ROUNDS).where(ROUNDS.c.id == self._id))


def _first(connection: sql.Connection, condition: sql.ColumnElement[bool]) -> StoredRound | None:
    row = connection.execute(sql.select(ROUNDS).where(condition)).mappings().first()
    return StoredRound(**row) if row else None


def file_unusable(url: str, error: Exception) -> StoreUnusable:
    """Return the error that says which file of rounds cannot be used, and what to do."""
    path = Path(file_of(sql.make_url(url)) or "")
    text = "no-store-damaged" if is_damaged(error) else "no-store"
    blanks = {"file": path, "folder": path.parent}
    return StoreUnusable(words(f"others-command.{text}", **blanks), words(f"others-command.{text}-hint", **blanks))


def _database_unusable() -> StoreUnusable:
    return StoreUnusable(words("others-command.no-database"), words("others-command.no-database-hint"))


def over_on(stored: StoredRound | RoundOutline) -> datetime.date:
    """Return the day on which a round is over."""
    return datetime.date.fromisoformat(stored.over_on)
