"""The server: which address leads where, and who opens the sessions, listens, and closes them again.

One port for phones; the facilitator's pages are for this machine alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import time
from collections.abc import Callable
from typing import Final

from tornado import web

from course.core import moments
from course.workshop import console_routes, phone_routes
from course.workshop.base_handler import DesignTokensHandler, NotFoundHandler, StaticHandler
from course.workshop.context import Context
from course.workshop.errors import silence_request_logs
from course.workshop.listeners import Listeners
from course.workshop.script import find_script
from course.workshop.store import Store
from course.workshop.templates import STATIC

Routes = list[tuple[str, type[web.RequestHandler]]]
PHONE_ROUTES: Final[Routes] = [
    (r"/r/([0-9a-f]{8})/answer", phone_routes.AnswerHandler),  # first, as it is asked for most
    (r"/", phone_routes.JoinHandler),
    (r"/j/([0-9a-f]{32})", phone_routes.WelcomeHandler),
    (r"/r/([0-9a-f]{8})/", phone_routes.PhonePageHandler),
    (r"/r/([0-9a-f]{8})/mine", phone_routes.OwnAnswersHandler),
    (r"/r/([0-9a-f]{8})/events", phone_routes.PhoneEventsHandler),
]
"""What phones can reach."""
CONSOLE_ROUTES: Final[Routes] = [
    (r"/facilitator/once", console_routes.ConsoleLinkHandler),
    (r"/facilitator/([0-9a-f]{32})", console_routes.EnterHandler),
    (r"/console/([0-9a-f]{8})/", console_routes.ConsoleHandler),
    (r"/console/([0-9a-f]{8})/action", console_routes.ActionHandler),
    (r"/console/([0-9a-f]{8})/events", console_routes.ConsoleEventsHandler),
    (r"/console/([0-9a-f]{8})/screen", console_routes.ScreenHandler),
    (r"/console/([0-9a-f]{8})/screen/events", console_routes.ScreenEventsHandler),
    (r"/console/([0-9a-f]{8})/chart/([A-Za-z0-9-]{1,80})", console_routes.ChartHandler),
    (r"/console/([0-9a-f]{8})/cards", console_routes.CardsHandler),
    (r"/console/([0-9a-f]{8})/export\.(html|csv|json)", console_routes.ExportHandler),
]
"""What only this machine can reach."""
SWEEP: Final = 3600
"""How often, in seconds, a server that goes on running looks for sessions whose days are over."""


def application(context: Context, is_here: bool) -> web.Application:
    """Return what is served to this machine, or to others."""
    routes = [*PHONE_ROUTES, *CONSOLE_ROUTES] if is_here else PHONE_ROUTES
    return web.Application(
        [(pattern, handler, {"context": context}) for pattern, handler in routes]
        + [(r"/static/tokens\.css", DesignTokensHandler, {"context": context})]
        + [(r"/static/([a-z_]+\.(?:css|js))", StaticHandler, {"path": str(STATIC), "context": context})],
        default_handler_class=NotFoundHandler,
        default_handler_args={"context": context},
        log_function=lambda handler: None,
        compress_response=False,
    )


class Server(Context):
    """A context that listens: it opens the sessions of a store, serves them, and closes them again."""

    def __init__(
        self,
        store: Store,
        tls: tuple[str, str] | None = None,
        name: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(store, find_script(), clock)
        self.listeners = Listeners(
            lambda is_here: application(self, is_here), lambda: self.broadcast.streams, tls, name
        )
        self._store = store
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def port(self) -> int:
        """The port at which it listens."""
        return self.listeners.port

    @property
    def is_secure(self) -> bool:
        """Whether others on the network cannot read along."""
        return self.listeners.is_secure

    async def start(self, port: int = 0) -> int:
        """Listen on this machine alone, and where the latest session let phones in; return the port."""
        silence_request_logs()
        await self.sweep(moments.today())
        self.listeners.start(port)
        latest = self.sessions.latest()
        if latest and latest.model.state.let_in in self.listeners.addresses():
            self.let_in(latest.model.state.let_in)
        self._tasks = [asyncio.create_task(self.broadcast.send_on()), asyncio.create_task(self._sweep_on())]
        return self.port

    async def stop(self) -> None:
        """Let everyone go and put everything on disk."""
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self.broadcast.end_all()
        await self.listeners.stop()
        await self.charts.stop()
        await asyncio.get_running_loop().run_in_executor(None, self._store.close)

    async def sweep(self, today: datetime.date) -> None:
        """Erase the sessions whose days are over, and let their pages go."""
        for session in self.sessions.over(today):
            await self.erase(session)
        await self.sessions.erase_unread(today)

    async def _sweep_on(self) -> None:
        while True:
            await asyncio.sleep(SWEEP)
            await self.sweep(moments.today())
