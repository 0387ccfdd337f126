"""The sessions of one of several workers that share a store: each is taken and read when somebody asks for it."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
from collections.abc import Callable, Collection
from typing import Final, TypeVar

import sqlalchemy as sql

from course.core.errors import SessionRefused
from course.workshop.access.tokens import SessionAccess, is_same
from course.workshop.errors import OutageLog, refused
from course.workshop.sessions.session import Session
from course.workshop.sessions.session_store import ListedSession, read_listed, take_session
from course.workshop.sessions.sessions import Sessions, UnreadSession, read_stored
from course.workshop.store.store import Store

ASKED_AGAIN: Final = 5
"""How often it is asked again who owns a session whose owner seems to be away, before whoever asks is to wait."""
PAUSE: Final = 0.2
"""The seconds between two of these questions: a worker that ends has its locks for about half as long."""
_Result = TypeVar("_Result")


class SharedSessions(Sessions):
    """The sessions that one worker owns, of all in a shared store."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.taken: Callable[[Session], None] = lambda session: None
        """Called with each session that this worker begins to serve."""
        self._being_taken: dict[str, asyncio.Task[str]] = {}
        self._outages = OutageLog()
        self._losses = 0
        """How often all sessions were lost: what was being read then is not served."""

    async def owner(self, session_id: str, asked: str = "") -> str:
        """Return which other worker is to be asked for a session, or nothing where this one is.

        A session that nobody owns is taken and read first. `asked` is the worker for whom a request was meant that
        came here: where it owns the session, it may just be ending, so that is waited for. Raises SessionRefused where
        nobody can say who owns the session.
        """
        owner = await self._owner(session_id)
        for _ in range(ASKED_AGAIN):
            if not owner or owner != asked:
                break
            await asyncio.sleep(PAUSE)
            owner = await self._owner(session_id)
        return owner

    async def announce(self, message: str) -> None:
        """Say something to all workers. Raises SessionRefused where the database does not answer."""
        await self._in_thread(self._store.announce, message)

    async def next_worker(self, asked: Collection[str]) -> str:
        """Return a worker that is none of those that were asked, nor this one; nothing where there is no other."""
        others = await self._in_thread(self._store.workers) - {*asked, self._store.worker}
        return min(others, default="")

    def is_here(self, session_id: str) -> bool:
        """Say whether this worker serves a session now."""
        return session_id in self.by_id

    async def session_of_link(self, link: str) -> str:
        """Return the name of the session whose QR code this is, or nothing."""
        accesses = await self._in_thread(self._store.keys.open_sessions)
        return next((name for name, access in accesses.items() if is_same(access.link, link)), "")

    def drop_all(self) -> list[Session]:
        """Let all sessions go, as another worker may own them now; return them."""
        self._losses += 1
        dropped = [*self.by_id.values(), *self._erasing.values()]
        for session in dropped:
            session.drop()
        self.by_id.clear()
        self.unread.clear()
        self._erasing.clear()
        return dropped

    async def sweep(self, now: datetime.datetime) -> list[Session]:
        """Take the sessions whose time is over, and that nobody owns; then do as for those that are served.

        One that cannot be taken now, as while its owner ends, holds up no other.
        """
        keys = self._store.keys
        for session_id in await self._in_thread(lambda: keys.due_sessions(now)):
            with contextlib.suppress(SessionRefused):
                await self._owner(session_id)
        with_rows = await self._with_rows()  # first, as a session has its keys before it is stored
        for session_id in with_rows - await self._in_thread(keys.session_ids):
            with contextlib.suppress(SessionRefused):
                await self._take_without_keys(session_id)
        self._outages.note_over()
        return await super().sweep(now)

    async def _take_without_keys(self, session_id: str) -> None:
        """Take what is left of a session whose keys are destroyed, so that it is erased."""
        if session_id not in {*self.unread, *self._erasing} and not await self._in_thread(
            self._owner_in_store, session_id
        ):
            await self._take(session_id)

    async def _with_rows(self) -> set[str]:
        return await self._in_thread(self._store.session_ids) | await super()._with_rows()

    async def _all_listed(self) -> list[ListedSession]:
        return await self._in_thread(read_listed, self._store)

    async def _before_first_row(self, session: Session) -> None:
        await take_session(self._store, session.id)

    async def _open_accesses(self) -> list[SessionAccess]:
        return [*(await self._in_thread(self._store.keys.open_sessions)).values()]

    # Owners

    async def _owner(self, session_id: str) -> str:
        """Return the other worker that owns a session, or nothing; all who ask meanwhile wait for the same answer."""
        if self.is_here(session_id):
            return ""
        task = self._being_taken.get(session_id)
        if task is None:
            task = self._being_taken[session_id] = asyncio.create_task(self._find_owner(session_id))
            task.add_done_callback(lambda _: self._being_taken.pop(session_id, None))
        return await asyncio.shield(task)

    async def _find_owner(self, session_id: str) -> str:
        if session_id in {*self.unread, *self._erasing}:
            return ""
        if session_id not in await self._in_thread(self._store.keys.session_ids):
            return ""
        owner = await self._in_thread(self._owner_in_store, session_id)
        if owner and owner != self._store.worker:
            return owner
        if await self._take(session_id):
            return ""
        owner = await self._in_thread(self._owner_in_store, session_id)  # that was faster
        if not owner:
            raise refused("owner-away", 503, 1)  # nobody is told that a session is gone which somebody has
        return owner

    def _owner_in_store(self, session_id: str) -> str:
        return self._store.owner(session_id)

    async def _take(self, session_id: str) -> bool:
        """Own a session and read it; say whether that could be: not where another worker owns it."""
        losses = self._losses
        if not await take_session(self._store, session_id):
            return False
        session = await self._in_thread(self._read, session_id)
        if losses != self._losses:
            raise refused("owner-away", 503, 1)
        if session:
            self._add(session)
        if isinstance(session, Session):
            self.taken(session)
        return True

    def _read(self, session_id: str) -> Session | UnreadSession | None:
        stored = self._store.session(session_id)
        return read_stored(self._store, stored) if stored else None

    async def _in_thread(self, work: Callable[..., _Result], *arguments: object) -> _Result:
        """Return what a function returns that may wait for disk or database; raise SessionRefused where these fail."""
        try:
            return await asyncio.get_running_loop().run_in_executor(None, work, *arguments)
        except SessionRefused:
            raise
        except (OSError, sql.exc.SQLAlchemyError) as error:
            self._outages.note(error)
            raise refused("owner-away", 503, 2) from None
