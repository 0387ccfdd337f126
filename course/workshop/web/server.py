"""The server: which address leads where, and who opens the sessions, listens, and closes them again.

One port for phones; the facilitator's pages are for this machine alone, or for those who log in at a Hub.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import re
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol

from tornado import web

from course.core import moments
from course.core.errors import SessionRefused
from course.core.steady_clock import SteadyClock
from course.workshop.errors import repeat, silence_request_logs
from course.workshop.script.script import find_script
from course.workshop.sessions.session_store import try_room
from course.workshop.store.store import Store
from course.workshop.templates import PARTS, STATIC
from course.workshop.web import co_host_routes, console_routes, login_routes, phone_routes
from course.workshop.web.base_handler import CompressedFiles, DesignTokensHandler, NotFoundHandler, StaticHandler
from course.workshop.web.context import Context
from course.workshop.web.health import TICK, LoopWatch
from course.workshop.web.hub_login import CHECK_SECONDS, HubClient, HubLogins
from course.workshop.web.listeners import LOOPBACK, Endpoint, Listeners, PublicAddress
from course.workshop.web.liveness import LivenessHandler, MetricsHandler, ReadinessHandler

if TYPE_CHECKING:
    from course.workshop.web.certificate import Tls

Routes = list[tuple[str, type[web.RequestHandler]]]
PHONE_ROUTES: Final[Routes] = [
    (r"/r/([0-9a-f]{8})/answer", phone_routes.AnswerHandler),  # first, as it is asked for most
    (r"/", phone_routes.JoinHandler),
    (r"/test", phone_routes.ReachHandler),
    (r"/j/([0-9a-f]{32})", phone_routes.WelcomeHandler),
    (r"/r/([0-9a-f]{8})/", phone_routes.PhonePageHandler),
    (r"/r/([0-9a-f]{8})/mine", phone_routes.OwnAnswersHandler),
    (r"/r/([0-9a-f]{8})/(events|now)", phone_routes.PhoneEventsHandler),
    (r"/co-host", co_host_routes.PairHandler),
    (r"/h/([0-9a-f]{8})/", co_host_routes.CoHostPageHandler),
    (r"/h/([0-9a-f]{8})/action", co_host_routes.CoHostActionHandler),
    (r"/h/([0-9a-f]{8})/(events|now)", co_host_routes.CoHostEventsHandler),
]
"""What phones can reach, those of co-hosts too."""
HEALTH_ROUTES: Final[Routes] = [
    (r"/health(?:/live)?", LivenessHandler),
    (r"/health/ready", ReadinessHandler),
    (r"/metrics", MetricsHandler),
]
"""What is asked by programs that watch over the server."""
CONSOLE_ROUTES: Final[Routes] = [
    (r"/console/([0-9a-f]{8})/", console_routes.ConsoleHandler),
    (r"/console/([0-9a-f]{8})/action", console_routes.ActionHandler),
    (r"/console/([0-9a-f]{8})/(events|now)", console_routes.ConsoleEventsHandler),
    (r"/console/([0-9a-f]{8})/screen", console_routes.ScreenHandler),
    (r"/console/([0-9a-f]{8})/screen/(events|now)", console_routes.ScreenEventsHandler),
    (r"/console/([0-9a-f]{8})/screen/chart/([A-Za-z0-9-]{1,80})", console_routes.ScreenChartHandler),
    (r"/console/([0-9a-f]{8})/chart/([A-Za-z0-9-]{1,80})", console_routes.ChartHandler),
    (r"/console/([0-9a-f]{8})/cards", console_routes.CardsHandler),
    (r"/console/([0-9a-f]{8})/export\.(html|docx|csv|json|ics)", console_routes.ExportHandler),
]
"""What only this machine can reach, or whoever is logged in as a facilitator."""
LINK_ROUTES: Final[Routes] = [
    (r"/facilitator/once", console_routes.ConsoleLinkHandler),
    (r"/facilitator/([0-9a-f]{32})", console_routes.EnterHandler),
]
"""The way to the console where nobody logs in."""
LOGIN_ROUTES: Final[Routes] = [
    (r"/login/", login_routes.BeginLoginHandler),
    (r"/login/back", login_routes.FinishLoginHandler),
    (r"/console/", login_routes.SessionsHandler),
    (r"/console/log-out", login_routes.LogOutHandler),
]
"""The way to it where a Hub says who facilitators are."""
PartRoutes = list[tuple[str, type[web.RequestHandler], dict[str, Any]]]


class ServerPart(Protocol):
    """Something else that the same server serves beside sessions, wherever phones come in."""

    def routes(self, endpoint: Endpoint, listeners: Listeners) -> PartRoutes:
        """Return which address leads where at an endpoint."""

    async def sweep(self, now: datetime.datetime) -> None:
        """End what is over."""

    async def stop(self) -> None:
        """Put everything on disk."""


TRY_WRITING: Final = 2
"""How often, in seconds, it is tried again to write where that failed."""
CHECKED_AT_ONCE: Final = 5
"""About how many facilitators the Hub is asked at a time: a slow one holds up few others, and many overrun no Hub."""
SWEEP: Final = 60
"""How often, in seconds, a server that goes on running looks for sessions that are to be closed or erased."""


def application(context: Context, endpoint: Endpoint, more: PartRoutes) -> web.Application:
    """Return what is served at an endpoint: each page with and without the base path, which some proxies take off.

    `more` are routes of other parts of the server.
    """
    common = {"context": context, "endpoint": endpoint}
    base = f"(?:{re.escape(context.base)})?"
    routes = [*(PHONE_ROUTES if endpoint.has_phones else ()), *HEALTH_ROUTES]
    if endpoint.has_console:
        routes += [*CONSOLE_ROUTES, *(LOGIN_ROUTES if context.logins else LINK_ROUTES)]
    return web.Application(
        [(base + pattern, handler, common) for pattern, handler in routes]
        + [(base + pattern, handler, arguments) for pattern, handler, arguments in more]
        + [(base + r"/static/tokens\.css", DesignTokensHandler, common)]
        + [(base + r"/static/([a-z_]+\.(?:css|js))", StaticHandler, {"path": str(STATIC), **common})],
        default_handler_class=NotFoundHandler,
        default_handler_args=common,
        log_function=lambda handler: None,
        transforms=[CompressedFiles],
    )


class Server(Context):
    """A context that listens: it opens the sessions of a store, serves them, and closes them again."""

    def __init__(
        self,
        store: Store,
        tls: Tls | None = None,
        name: str = "",
        public: PublicAddress | None = None,
        clock: Callable[[], float] = time.monotonic,
        parts: Sequence[ServerPart] = (),
        hub: HubClient | None = None,
        proxy_at: str = LOOPBACK,
        steady_clock: SteadyClock | None = None,
    ) -> None:
        """Take where phones come in; with a Hub, a public address too, and the Hub says who is a facilitator.

        By the steady clock, sessions end.
        """
        logins = HubLogins(hub, f"{public.address}/login/back", clock) if hub and public else None
        super().__init__(store, find_script(), public.base if public else "", clock, logins)
        self.listeners = Listeners(
            self._application,
            lambda: self.broadcast.streams,
            tls,
            name,
            public,
            has_login=logins is not None,
            proxy_at=proxy_at,
        )
        self._store, self._parts_beside = store, parts
        self._steady_clock = steady_clock or SteadyClock()
        self._tasks: list[asyncio.Task[None]] = []
        self._loop_watch: LoopWatch | None = None

    def _application(self, endpoint: Endpoint) -> web.Application:
        more = [route for part in self._parts_beside for route in part.routes(endpoint, self.listeners)]
        return application(self, endpoint, more)

    @property
    def port(self) -> int:
        """The port of the console."""
        return self.listeners.port

    @property
    def is_secure(self) -> bool:
        """Whether others on the network cannot read along."""
        return self.listeners.is_secure

    async def start(self, port: int = 0) -> int:
        """Listen on this machine alone, and where the latest session let phones in; return the port."""
        silence_request_logs()
        await self.sweep_by(self._steady_clock)
        latest = self.sessions.latest()
        self.listeners.start(port, latest.model.state.console_port if latest else 0)
        self.open_again()
        await self.note_port()
        if latest and any(state.phase != "new" for state in latest.model.state.questions.values()):
            self.charts.warm_up()
        tasks = [self.broadcast.send_on(), self._sweep_on(), self._tend_on(), self._try_writing_on()]
        if self.logins:
            tasks.append(self._check_logins_on(self.logins))
        self._tasks = [asyncio.create_task(task) for task in tasks]
        self._loop_watch = LoopWatch(self.listeners.sockets)
        self._loop_watch.start()
        self.metrics.start()
        return self.port

    async def stop(self) -> None:
        """Let everyone go and put everything on disk."""
        if self._loop_watch:
            self._loop_watch.stop()
        self.metrics.stop()
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self.sessions.note_answered(moments.now())
        if self.shared:
            self.listeners.take_no_more()
            await self._close_store()  # first, so that another worker can have the sessions when their phones come
            self.drop_sessions()
        self.broadcast.end_all()
        await self.listeners.stop()
        self.broadcast.end_all()  # a page that was told so may have come back on the connection that it still had
        if self.logins:
            self.logins.close()
        await self.charts.stop()
        for part in self._parts_beside:
            await part.stop()
        if not self.shared:
            await self._close_store()

    async def _close_store(self) -> None:
        await asyncio.get_running_loop().run_in_executor(None, self._store.close)

    async def sweep_by(self, clock: SteadyClock) -> None:
        """Close and erase what is over by a clock that looks once a minute whether this computer's was set.

        A session that people follow or answer once it was set ends as if it were the day of their last answer. What
        was closed under a wrong date is kept no longer than its days from the right one.
        """
        wall = moments.now()
        now = clock.look(wall)
        if clock.has_moved:
            for session in self.sessions.by_id.values():
                session.correct_end(wall, is_followed=self.broadcast.is_followed(session))
        if clock.is_settled:
            await self.sessions.correct_days(now)
        self.sessions.note_answered(wall)
        await self.sweep(now)

    async def sweep(self, now: datetime.datetime) -> None:
        """Close and erase the sessions whose time is over by then, and let their pages go."""
        swept = await self.sessions.sweep(now)
        for session in swept:
            self.broadcast.end(session, *(("phone", "co_host") if session.id in self.sessions.by_id else PARTS))
        for part in self._parts_beside:
            await part.sweep(now)

    def tend(self) -> None:
        """Look after the store's writer and all else that can die, and say on the console what is wrong.

        A co-host's code whose time is over leaves the console.
        """
        if self._loop_watch and self._loop_watch.sign_of_life():
            self.health.note("stood-still")
        is_expired = self.pairing.expire(self.clock())
        if self.health.look() or is_expired:
            self.broadcast.all_changed()

    async def try_writing(self) -> None:
        """See whether there is room again, where something could not be written."""
        if not self.health.is_writing:
            with contextlib.suppress(SessionRefused):
                await try_room(self._store)

    async def check_logins(self, logins: HubLogins) -> None:
        """Let the consoles and screens go of each facilitator who may not run one of the sessions any more."""
        facilitators = iter(self.broadcast.facilitators().items())

        async def check_some() -> None:
            for stream, followed in facilitators:
                groups = await logins.groups_of(stream)
                sessions = filter(None, map(self.sessions.by_id.get, followed))
                if any(session.model.state.facilitators not in groups for session in sessions):
                    self.broadcast.let_go(stream)

        await asyncio.gather(*(check_some() for _ in range(CHECKED_AT_ONCE)))

    async def _check_logins_on(self, logins: HubLogins) -> None:
        await repeat(CHECK_SECONDS / 3, lambda: self.check_logins(logins))

    async def _tend_on(self) -> None:
        begun = self.clock()

        async def tend() -> None:
            nonlocal begun
            self.metrics.loop_lag.note(max(0.0, self.clock() - begun - TICK))
            try:
                self.tend()
            finally:
                begun = self.clock()

        await repeat(TICK, tend)

    async def _try_writing_on(self) -> None:
        await repeat(TRY_WRITING, self.try_writing)

    async def _sweep_on(self) -> None:
        await repeat(SWEEP, lambda: self.sweep_by(self._steady_clock))
