"""The sessions of one server, rebuilt at start from what the store has."""

from __future__ import annotations

import contextlib
import datetime
import secrets
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace

import sqlalchemy as sql

from course.content import words
from course.core import moments
from course.core.errors import CourseError, SessionRefused, StoreUnusable
from course.workshop.access.rate_limit import wrong_code_limit
from course.workshop.access.tokens import SessionAccess, is_same, read_code, seal
from course.workshop.errors import log_error, refused
from course.workshop.rules.session_model import SessionModel
from course.workshop.script.script import Script
from course.workshop.sessions.session import Session
from course.workshop.sessions.session_store import (
    ListedSession,
    check_format,
    erase_rows,
    keep_unread,
    listed,
    read_session,
)
from course.workshop.store.session_keys import SessionKeys
from course.workshop.store.session_rows import StoredSession
from course.workshop.store.store import Store
from course.workshop.wire import MOST_DAYS


@dataclass(frozen=True)
class UnreadSession:
    """A session in the store that cannot be read. It stays there as it is until its days are over."""

    stored: StoredSession
    why: str
    gone_after: str | None

    @property
    def id(self) -> str:
        """The name of the session."""
        return self.stored.id


class Sessions:
    """All sessions of one server."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wrong_codes = wrong_code_limit()
        self.by_id: dict[str, Session] = {}
        self.unread: dict[str, UnreadSession] = {}
        self._erasing: dict[str, Session] = {}
        """Sessions that nobody can open any more, and of which something could not be erased yet."""
        for stored in () if store.is_shared else store.sessions():
            self._add(read_stored(store, stored))

    def _add(self, session: Session | UnreadSession) -> None:
        """Serve a session that was read, or keep in mind that it could not be."""
        if isinstance(session, Session):
            self.by_id[session.id] = session
        else:
            self.unread[session.id] = session

    def by_age(self) -> list[Session]:
        """Return all sessions, the one that was made last first."""
        return sorted(self.by_id.values(), key=lambda session: -session.model.state.made)

    async def listed(self, facilitators: Collection[str]) -> list[ListedSession]:
        """Return the sessions of some groups of facilitators, the one that was made last first."""
        own = [session for session in await self._all_listed() if session.facilitators in facilitators]
        return sorted(own, key=lambda session: -session.made)

    async def _all_listed(self) -> list[ListedSession]:
        return [listed(session.id, session.model.state, session.gone_after) for session in self.by_id.values()]

    def latest(self) -> Session | None:
        """Return the session that was made last of those that are open, or None."""
        return next((session for session in self.by_age() if session.is_open), None)

    def note_answered(self, now: datetime.datetime) -> None:
        """Put off the end of the sessions in which somebody has answered."""
        for session in self.by_id.values():
            session.note_answered(now)

    async def correct_days(self, now: datetime.datetime) -> None:
        """Have what is kept of closed sessions go after its days from now at the latest, by a clock that is right.

        What cannot be written now is left for the next time.
        """
        for session in [*self.by_id.values()]:
            await _try(session.correct_days(moments.local(now).date()))

    async def sweep(self, now: datetime.datetime) -> list[Session]:
        """Close the sessions in which nobody has answered for long, and erase those whose days are over; return them.

        What cannot be done now is left for the next time.
        """
        self.note_answered(now)
        due = [session for session in self.by_id.values() if session.is_due(now)]
        for session in due:
            if session.id not in self.by_id or not session.is_due(now):
                continue  # somebody has deleted or closed it while another one was being closed
            days = session.model.state.keep_days
            if session.is_open and days:
                await _try(session.close(days, moments.local(now).date()))
            else:
                await _try(self.erase(session.id))
        await self._finish(now)
        return due

    async def _finish(self, now: datetime.datetime) -> None:
        """Do what is left: of sessions that close or are erased, and of unread ones once they are over."""
        for session in [*self.by_id.values()]:
            await _try(session.finish_close())
        for session in [*self._erasing.values()]:
            if await _try(session.erase()):
                del self._erasing[session.id]
        for unread in [*self.unread.values()]:
            if unread.gone_after is None:
                await _try(self._end_unread(unread, now))
            if self._is_over(self.unread.get(unread.id, unread), now) and await _try(
                erase_rows(self._store, unread.id)
            ):
                self.unread.pop(unread.id, None)
        with contextlib.suppress(OSError):  # tried again the next time
            self._store.keys.destroy_unused(await self._with_rows(), now)

    async def _with_rows(self) -> set[str]:
        """Return the sessions of which the store may have something."""
        return {*self.by_id, *self.unread, *self._erasing}

    def _is_over(self, unread: UnreadSession, now: datetime.datetime) -> bool:
        """Say whether nothing of an unread session can be read ever again, or its days are over."""
        if self._store.keys.is_lost(unread.id):
            return True
        return unread.gone_after is not None and unread.gone_after <= moments.local(now).date().isoformat()

    async def _end_unread(self, unread: UnreadSession, now: datetime.datetime) -> None:
        """Let the days of an unread session begin in which nobody has answered for long, as if it closed now.

        They are those that were chosen, as the file of its keys says; where that does not, the most there are.
        """
        keys = self._store.keys.read(unread.id, unread.stored.key_id.decode("ascii", "replace"))
        chosen = keys.keep_days if keys else None
        days = chosen if chosen is not None and 0 <= chosen <= MOST_DAYS else MOST_DAYS
        last_day = moments.local(now).date() + datetime.timedelta(days=days)
        with contextlib.suppress(OSError):  # it has no keys
            if await keep_unread(self._store, unread.stored, last_day, now):
                self.unread[unread.id] = replace(unread, gone_after=last_day.isoformat())

    async def new_session(self, script: Script, keep_days: int = MOST_DAYS, facilitators: str = "") -> Session:
        """Return a new session, once it is on disk; what is shown in it is kept for so many days after its close.

        `facilitators` is the Hub's group whose members run it, where there is a Hub.
        """
        keys = replace(SessionKeys.new(), keep_days=keep_days)
        session = Session(self._store, secrets.token_hex(4), keys, SessionModel(script, _wall_key(keys)))
        session.model.state.made, session.model.state.keep_days = time.time(), keep_days
        await self._before_first_row(session)
        session.model.state.facilitators = facilitators
        await session.save_new()
        self.by_id[session.id] = session
        return session

    async def _before_first_row(self, session: Session) -> None:
        """Do what is needed before anything of a new session can be stored."""

    def find(self, session_id: str) -> Session:
        """Return the session of that name, or raise SessionRefused."""
        if session_id not in self.by_id:
            raise refused("no-session", 404)
        return self.by_id[session_id]

    def find_link(self, link: str) -> Session:
        """Return the session whose QR code this is, or raise SessionRefused."""
        sessions = self.by_id.values()
        matches = [session for session in sessions if is_same(session.access.link, link) and session.is_open]
        if not matches:
            raise refused("no-session", 404)
        return matches[0]

    async def find_code(self, typed: str, clock: Callable[[], float]) -> SessionAccess:
        """Return what opens the session of a typed code. Wrong ones make all who type wait, never a link."""
        accesses = await self._open_accesses()
        now = clock()  # from here on nothing is waited for, or many at once would pass by the limit
        wait = self._wrong_codes.wait(now)
        if wait:
            seconds = int(wait) + 1
            hint = words("session.code-wait-hint", seconds=seconds)
            raise SessionRefused(words("session.code-wait"), hint, 429, seconds)
        code = read_code(typed)
        matches = [access for access in accesses if is_same(access.code, code)]
        if not matches:
            self._wrong_codes.take(now)
            raise refused("wrong-code", 404)
        return matches[0]

    async def _open_accesses(self) -> list[SessionAccess]:
        """Return what opens each session that is open."""
        return [session.access for session in self.by_id.values() if session.is_open]

    async def erase(self, session_id: str) -> None:
        """Erase a session for good. Raises SessionRefused where that is not done yet; `sweep` goes on with it."""
        session = self.by_id.pop(session_id)
        self._erasing[session_id] = session
        await session.erase()
        del self._erasing[session_id]


async def _try(work: Awaitable[None]) -> bool:
    """Say whether something could be done; what could not is tried again later."""
    try:
        await work
    except SessionRefused:
        return False
    return True


def _wall_key(keys: SessionKeys) -> bytes:
    return seal(keys.access, "wall").encode()


def read_stored(store: Store, stored: StoredSession) -> Session | UnreadSession:
    """Return a session as the store has it, whatever may be wrong with it: others go on."""
    key_id = stored.key_id.decode("ascii", "replace")
    keys = store.keys.read(stored.id, key_id)
    try:
        session = _restored(store, stored, keys)
        with contextlib.suppress(OSError):  # tried again with the next start
            store.keys.destroy(stored.id, but=key_id)  # where a server ended in the middle of a close
    except Exception as error:
        if store.is_shared and isinstance(error, sql.exc.SQLAlchemyError):
            raise  # of the session itself nothing is known
        return UnreadSession(stored, _why(error), stored.gone_after)
    return session


def _restored(store: Store, stored: StoredSession, keys: SessionKeys | None) -> Session:
    """Return a session as the store has it."""
    check_format(stored)
    if keys is None:
        raise StoreUnusable(words("session.key-lost"), words("session.key-lost-hint"))
    contents = read_session(store, stored, keys)
    model = SessionModel(contents.script, _wall_key(keys), contents.state)
    model.restore(contents.people, contents.answers, contents.lines, contents.totals)
    session = Session(store, stored.id, keys, model)
    session.gone_after, session.unread = stored.gone_after, contents.unread
    return session


def _why(error: Exception) -> str:
    """Return what is wrong with a session, in words that say nothing of what people wrote."""
    if isinstance(error, CourseError):
        return f"{error.message} {error.hint}"
    log_error(error)
    return words("session.set-aside-damaged")
