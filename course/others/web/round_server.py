"""The server of rounds: as a part of that of live sessions, or by itself, where a team wants no live session."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from tornado import web

from course.core import moments
from course.core.steady_clock import SteadyClock
from course.others.refusals import refused
from course.others.rounds import Rounds
from course.others.web.round_handler import RoundHandler, RoundsPart
from course.others.web.round_routes import (
    AnswersHandler,
    CarelessLinkHandler,
    ForgetHandler,
    OwnerHandler,
    OwnFormHandler,
    StartHandler,
    StyleHandler,
)
from course.workshop.errors import repeat, silence_request_logs
from course.workshop.web.listeners import Endpoint, Listeners, PublicAddress

if TYPE_CHECKING:
    from course.workshop.web.certificate import Tls

SWEEP: Final = 60
"""How often, in seconds, it is looked for rounds that are over."""
_LINK: Final = r"/o/([0-9a-f]{32})"
_ROUTES: Final[list[tuple[str, type[RoundHandler]]]] = [
    (r"/others/round", OwnerHandler),
    (_LINK, StartHandler),
    (_LINK + r"/answers", AnswersHandler),
    (_LINK + r"/forget", ForgetHandler),
    (_LINK + r"/([0-9a-f]{32}\.[0-9a-f]{32})", OwnFormHandler),
    (r"/o/([0-9a-f]{16}\.css)", StyleHandler),
    (_LINK + r"(?:[^0-9A-Za-z/]|%[0-9A-Fa-f]{2})*/?", CarelessLinkHandler),
]


class RoundsBesideSessions:
    """The rounds as a part of the server of live sessions, at whatever address phones come in."""

    def __init__(self, open_rounds: Callable[[], Rounds], base: str = "") -> None:
        self.part = RoundsPart(open_rounds, base, time.monotonic)

    def routes(
        self, endpoint: Endpoint, listeners: Listeners
    ) -> list[tuple[str, type[web.RequestHandler], dict[str, Any]]]:
        """Return which address leads where at an endpoint."""
        self.part.address = lambda: listeners.address
        return [(path, handler, {"part": self.part, "endpoint": endpoint}) for path, handler in _ROUTES]

    async def sweep(self, now: datetime.datetime) -> None:
        """Erase what is over."""
        await self.part.sweep(now)

    async def stop(self) -> None:
        """Put everything on disk."""
        await self.part.stop()


class NoSuchPage(RoundHandler):
    """Any other address."""

    def prepare(self) -> None:
        """Say that it is not here."""
        super().prepare()
        raise refused("not-here", 404)


class RoundServer:
    """A server of rounds alone."""

    def __init__(
        self,
        open_rounds: Callable[[], Rounds],
        tls: Tls | None = None,
        name: str = "",
        public: PublicAddress | None = None,
        clock: SteadyClock | None = None,
    ) -> None:
        base = public.base if public else ""
        self._rounds = RoundsBesideSessions(open_rounds, base)
        self.listeners = Listeners(self._application, lambda: 0, tls, name, public)
        self._base = f"(?:{base})?" if base else ""
        self._steady_clock = clock or SteadyClock()
        self._sweeping: asyncio.Task[None] | None = None

    async def start(self, port: int, address: str) -> str:
        """Listen on this computer and at one of its addresses, or for the proxy; return what raters' links begin with.

        Raises StoreUnusable, PortUnavailable, and SessionRefused for an address that this computer has not.
        """
        silence_request_logs()
        await self._rounds.part.open()
        await self._sweep()
        self.listeners.start(port)
        if address:
            self.listeners.let_in(address)
        self._sweeping = asyncio.create_task(self._sweep_on())
        return self.listeners.address

    async def stop(self) -> None:
        """Take nothing more, and put everything on disk."""
        if self._sweeping:
            self._sweeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._sweeping
        await self.listeners.stop()
        await self._rounds.stop()

    def _application(self, endpoint: Endpoint) -> web.Application:
        routes = self._rounds.routes(endpoint, self.listeners)
        return web.Application(
            [(self._base + path, handler, arguments) for path, handler, arguments in routes],
            default_handler_class=NoSuchPage,
            default_handler_args={"part": self._rounds.part, "endpoint": endpoint},
            log_function=lambda handler: None,
        )

    async def _sweep_on(self) -> None:
        await repeat(SWEEP, self._sweep)

    async def _sweep(self) -> None:
        await self._rounds.sweep(self._steady_clock.look(moments.now()))
