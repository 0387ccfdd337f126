"""The sessions of one server, rebuilt at start from what the store has."""

from __future__ import annotations

import datetime
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from course.content import words
from course.core.errors import CourseError, SessionRefused
from course.workshop.errors import log_error, refused
from course.workshop.rate_limit import wrong_code_limit
from course.workshop.script import Script
from course.workshop.session import Session
from course.workshop.session_model import SessionModel
from course.workshop.session_store import SessionStore, read_session
from course.workshop.store import Store, StoredSession
from course.workshop.tokens import is_same, new_key, read_code, seal


@dataclass(frozen=True)
class UnreadSession:
    """A session in the store that cannot be read. It stays there as it is until its days are over."""

    id: str
    why: str
    gone_after: str | None


class Sessions:
    """All sessions of one server."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wrong_codes = wrong_code_limit()
        self.by_id: dict[str, Session] = {}
        self.unread: dict[str, UnreadSession] = {}
        for stored in store.sessions():
            try:
                self.by_id[stored.id] = _restored(store, stored)
            except Exception as error:  # whatever is wrong with one session: the others go on
                self.unread[stored.id] = UnreadSession(stored.id, _why(error), stored.gone_after)

    def latest(self) -> Session | None:
        """Return the session that was made last of those that are open, or None."""
        return max((session for session in self.by_id.values() if session.is_open), key=_made, default=None)

    def over(self, today: datetime.date) -> list[Session]:
        """Return the sessions whose days are over."""
        return [session for session in self.by_id.values() if _is_over(session.gone_after, today)]

    async def erase_unread(self, today: datetime.date) -> None:
        """Erase the sessions that cannot be read, once their days are over."""
        for session in [*self.unread.values()]:
            if _is_over(session.gone_after, today):
                await SessionStore(self._store, session.id).erase()
                del self.unread[session.id]

    async def new_session(self, script: Script) -> Session:
        """Return a new session, once it is on disk."""
        key = new_key()
        session = Session(self._store, secrets.token_hex(4), key, new_key(), SessionModel(script, _wall_key(key)))
        session.model.state.made = time.time()
        await session.save_new()
        self.by_id[session.id] = session
        return session

    def find(self, session_id: str) -> Session:
        """Return the session of that name, or raise SessionRefused."""
        if session_id not in self.by_id:
            raise refused("no-session", 404)
        return self.by_id[session_id]

    def find_link(self, link: str) -> Session:
        """Return the session whose QR code this is, or raise SessionRefused."""
        return self._first(lambda session: is_same(session.access.link, link))

    def find_code(self, typed: str, now: float) -> Session:
        """Return the session of a typed code. Wrong ones make everyone who types wait; a link is never slowed."""
        wait = self._wrong_codes.wait(now)
        if wait:
            seconds = int(wait) + 1
            hint = words("session.code-wait-hint", seconds=seconds)
            raise SessionRefused(words("session.code-wait"), hint, 429, seconds)
        code = read_code(typed)
        try:
            return self._first(lambda session: is_same(session.access.code, code))
        except SessionRefused:
            self._wrong_codes.take(now)
            raise refused("wrong-code", 404) from None

    def _first(self, is_it: Callable[[Session], bool]) -> Session:
        matches = [session for session in self.by_id.values() if is_it(session) and session.is_open]
        if not matches:
            raise refused("no-session", 404)
        return matches[0]

    async def erase(self, session_id: str) -> None:
        """Erase a session for good."""
        await self.by_id[session_id].erase()
        del self.by_id[session_id]


def _made(session: Session) -> float:
    return session.model.state.made


def _is_over(gone_after: str | None, today: datetime.date) -> bool:
    return gone_after is not None and gone_after <= today.isoformat()


def _wall_key(key: bytes) -> bytes:
    return seal(key, "wall").encode()


def _restored(store: Store, stored: StoredSession) -> Session:
    """Return a session as the store has it."""
    contents = read_session(store, stored)
    model = SessionModel(contents.script, _wall_key(stored.key), contents.state)
    model.restore(contents.people, contents.answers, contents.lines, contents.totals)
    session = Session(store, stored.id, stored.key, stored.people_key, model)
    session.gone_after, session.unread = stored.gone_after, contents.unread
    return session


def _why(error: Exception) -> str:
    """Return what is wrong with a session, in words that say nothing of what people wrote."""
    if isinstance(error, CourseError):
        return f"{error.message} {error.hint}"
    log_error(error)
    return words("session.set-aside-damaged")
