"""The rounds as a part of a server: their routes, what all their handlers share, and the sweep."""

from __future__ import annotations

import asyncio
import datetime
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

import sqlalchemy as sql

from course.core import moments
from course.core.errors import SessionRefused
from course.others.refusals import refused
from course.others.rounds import Rounds
from course.others.web.round_pages import RoundPages
from course.workshop.access.rate_limit import RateLimit
from course.workshop.errors import OutageLog

MOST_LIMITS: Final = 5000
"""For how many raters it is remembered how fast they send."""
P = ParamSpec("P")
T = TypeVar("T")


class RoundsPart:
    """All rounds of a server, opened with the first request if not before, and how fast they may be asked for."""

    def __init__(self, open_rounds: Callable[[], Rounds], base: str, clock: Callable[[], float]) -> None:
        """Take how the rounds are opened, where pages begin, and what counts seconds for every limit."""
        self.base, self.clock = base, clock
        self.pages = RoundPages(base)
        self.address: Callable[[], str] = str
        """What returns the start of every address that raters open."""
        self._open = open_rounds
        self._rounds: Rounds | None = None
        self._thread = ThreadPoolExecutor(1, "rounds")
        self._new, self._wrong = RateLimit(burst=100.0, per_second=0.1), RateLimit(burst=50.0, per_second=0.5)
        self._answers: dict[str, RateLimit] = {}
        self._outages = OutageLog()

    async def open(self) -> None:
        """Open the rounds before the first request. Raises StoreUnusable."""
        await asyncio.get_running_loop().run_in_executor(self._thread, lambda: self.rounds)

    async def run(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Do something with the rounds away from the loop, one thing after another; refuse what cannot be done now."""
        call = functools.partial(work, *arguments, **named)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, call)
        except SessionRefused:
            raise
        except (sql.exc.SQLAlchemyError, OSError) as error:
            self._outages.note(error)
            raise refused("not-now", 503, 5) from None

    @property
    def rounds(self) -> Rounds:
        """The rounds; raises StoreUnusable. To be asked for in `run` alone."""
        if self._rounds is None:
            self._rounds = self._open()
        return self._rounds

    def now(self) -> datetime.datetime:
        """Return the present moment."""
        return moments.now()

    # Limits

    def limit_new(self) -> None:
        """Refuse to make rounds faster than a crowd can."""
        wait = self._new.take(self.clock())
        if wait:
            raise refused("too-many-rounds", 429, int(wait) + 1, seconds=int(wait) + 1)

    def limit_wrong(self) -> None:
        """Slow down whoever tries links or secrets that do not exist; one that exists is never slowed."""
        wait = self._wrong.take(self.clock())
        if wait:
            raise refused("wrong-links", 429, int(wait) + 1)

    def limit_answers(self, rater: str) -> None:
        """Refuse answers that one rater sends faster than people can.

        Each rater has an allowance of their own: of one that all share, anybody could tell when others answer.
        """
        if len(self._answers) >= MOST_LIMITS:
            self._answers.clear()
        wait = self._answers.setdefault(rater, RateLimit(burst=20.0, per_second=0.2)).take(self.clock())
        if wait:
            raise refused("too-fast", 429, int(wait) + 1)

    # The server

    async def sweep(self, now: datetime.datetime) -> None:
        """Erase what is over, and finish what was stopped."""
        try:
            await self.run(lambda: self.rounds.sweep(now))
            self._outages.note_over()
        except SessionRefused:
            return  # it was logged, and is tried again

    async def stop(self) -> None:
        """Let the rounds go, once what came in is done."""
        if self._rounds:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._rounds.close)
        self._thread.shutdown()
