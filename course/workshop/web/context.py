"""What all handlers of a server share: its sessions, who follows them, their pages, and the links to the console."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Final

from course.content import say_time
from course.core import moments
from course.core.errors import SessionRefused
from course.workshop.access.rate_limit import AddressLimits, join_limit
from course.workshop.chart_renderer import ChartRenderer
from course.workshop.errors import refused
from course.workshop.rules.session_model import StoredWayIn
from course.workshop.script.script import Script
from course.workshop.sessions.co_hosts import PairingCodes
from course.workshop.sessions.session import Session
from course.workshop.sessions.sessions import Sessions
from course.workshop.sessions.shared_sessions import SharedSessions
from course.workshop.store.store import Store
from course.workshop.templates import PARTS, PageTemplates
from course.workshop.views.console_view import console_view
from course.workshop.views.page_views import ConsoleView, PageView, PhoneView, ScreenView
from course.workshop.views.phone_view import phone_view
from course.workshop.views.reading_views import CoHostView, co_host_view
from course.workshop.views.screen_view import ServerInfo, WayIn, screen_view
from course.workshop.web.broadcast import Broadcast
from course.workshop.web.health import Health
from course.workshop.web.hub_login import HubLogins
from course.workshop.web.listeners import Listeners
from course.workshop.web.metrics import Metrics
from course.workshop.wire import MOST_DAYS

LINK_SECONDS: Final = 60.0
"""How many seconds the link that opens the console is good for."""


class MadeUpPhones:
    """Which phones are made up in a session with which a facilitator rehearses."""

    def __init__(self) -> None:
        self._made_up: set[str] = set()
        self._is_with_real = False

    def note_made_up(self, session: Session, token: str) -> None:
        """Note that the phone with this token is made up."""
        person = session.phone_tokens.person(token) if session.phone_tokens else None
        if person:
            self._made_up.add(person)

    def made_up_beside_real(self, session: Session) -> int:
        """Return how many phones are made up where a real one has ever joined as well; 0 where none has."""
        self._is_with_real = self._is_with_real or not session.model.people <= self._made_up
        return len(self._made_up) if self._is_with_real else 0


class Context:
    """The sessions of one server, and all that their pages are made from. `clock` counts seconds for every limit."""

    def __init__(
        self,
        store: Store,
        script: Script,
        base: str = "",
        clock: Callable[[], float] = time.monotonic,
        logins: HubLogins | None = None,
    ) -> None:
        self.base = base
        """Where the pages begin, such as /rooms behind a proxy."""
        self.logins = logins
        """Who is a facilitator, where a Hub says so; else it is who has the link that the command opens."""
        self.worker = store.worker
        """The name of this server among those that share the store."""
        self.shared = SharedSessions(store) if store.is_shared else None
        """The same sessions, where several servers share the store."""
        self.sessions = self.shared or Sessions(store)
        self.charts = ChartRenderer()
        self.broadcast = Broadcast(self.sessions, self._parts, self._alert)
        if self.shared:
            self.shared.taken = self.broadcast.watch
            store.lost, store.heard = self.drop_sessions, self.end_login
        self.listeners: Listeners
        self.clock = clock
        self.key = secrets.token_hex(32)
        """What the facilitator's own programs show to get a link that opens the console."""
        self.rehearsal: MadeUpPhones | None = None
        """Which phones are made up; None where this is no rehearsal."""
        self._script = script
        self._templates = PageTemplates(base)
        self.way_in = WayIn()
        self.health = Health(store, self.charts, clock)
        self.metrics = Metrics(self.sessions, self.broadcast, self.health, clock)
        self.metrics_token = ""
        """With what Prometheus may ask from elsewhere; without one, it may ask on this machine alone."""
        self.pairing = PairingCodes()
        self._console_links: dict[str, tuple[str, float]] = {}
        self._join_limit, self._address_limits = join_limit(), AddressLimits()

    # Sessions

    async def new_session(self, script: Script, keep_days: int = MOST_DAYS, facilitators: str = "") -> Session:
        """Return a new session whose pages can be followed; with a Hub, members of a group of its run it."""
        session = await self.sessions.new_session(script, keep_days, facilitators)
        self.broadcast.watch(session)
        await session.note_way_in(self._way_in())
        return session

    def drop_sessions(self) -> None:
        """Let all sessions go, with those who follow them, as another worker may own them now."""
        for session in self.shared.drop_all() if self.shared else ():
            self.broadcast.drop(session.id)

    async def erase(self, session: Session) -> None:
        """Erase a session and let its pages go, also where something of it cannot be erased yet."""
        try:
            await self.sessions.erase(session.id)
        finally:
            self.broadcast.end(session, *PARTS)

    # Logging out

    async def log_out(self, stream: str) -> None:
        """End the login of which the streams are known by this, here and at all workers that share the sessions."""
        self.end_login(stream)
        if self.shared:
            with contextlib.suppress(SessionRefused):  # without the database, no page shows anything new
                await self.shared.announce(stream)

    def end_login(self, stream: str) -> None:
        """End a login here: let its pages go, and have the Hub asked anew about it."""
        if self.logins:
            self.logins.forget(stream)
        self.broadcast.let_go(stream)

    # The way in

    async def let_in(self, address: str, session: Session) -> None:
        """Let phones reach this machine at one of its addresses, or at none but its own; a restart does so again."""
        self.listeners.let_in(address)
        self.broadcast.all_changed()
        await session.note_way_in(self._way_in())

    async def show_way_in(self, session: Session) -> None:
        """Show the way in on the screen though no phone is known to have come by it."""
        if not self.listeners.is_open:
            raise refused("not-open-yet", 409)
        self.way_in.shown_anyway.add(self.listeners.address)
        self.broadcast.all_changed()
        await session.note_way_in(self._way_in())

    async def note_reached(self, address: str) -> None:
        """Note that a phone has reached an address, where that is not known yet."""
        if self.way_in.reached.get(address):
            return
        self.way_in.reached[address] = say_time(moments.now())
        self.broadcast.all_changed()
        latest = self.sessions.latest()
        if latest:
            with contextlib.suppress(SessionRefused):  # it is not written, so it is to be tried again after a restart
                await latest.note_way_in(self._way_in())

    def open_again(self) -> None:
        """Let phones in where the latest session let them in, if this machine still has that address."""
        latest = self.sessions.latest()
        if not latest:
            return
        kept = latest.model.state
        self.way_in = WayIn({kept.reached: ""} if kept.reached else {}, {kept.shown_anyway} - {""})
        if kept.let_in and not self.listeners.public:
            with contextlib.suppress(SessionRefused):  # the console says so
                self.listeners.let_in(kept.let_in)

    async def note_port(self) -> None:
        """Remember the ports in every session that is open: its pages look there from now on."""
        for session in self.sessions.by_id.values():
            kept = session.model.state
            ports = (self.listeners.phones_port, self.listeners.port)
            if session.is_open and (kept.port, kept.console_port) != ports:
                with contextlib.suppress(SessionRefused):  # then a restart may come up elsewhere
                    await session.note_way_in(StoredWayIn(kept.let_in, *ports, kept.reached, kept.shown_anyway))

    def _way_in(self) -> StoredWayIn:
        address = self.listeners.address
        return StoredWayIn(
            let_in=self.listeners.let_in_at,
            port=self.listeners.phones_port,
            console_port=self.listeners.port,
            reached=address if address in self.way_in.reached else "",
            shown_anyway=address if address in self.way_in.shown_anyway else "",
        )

    def limit_joining(self, address: str) -> None:
        """Refuse to let phones join faster than people can come, or by hundreds from one network address.

        No address is known of this machine itself, nor where a proxy passes phones on from one of its own: none is then
        given.
        """
        if address and not self.listeners.public:
            self._address_limits.take_or_refuse(self.clock(), address)
        self._join_limit.take_or_refuse(self.clock(), "too-many")

    # The facilitator's way in

    def new_console_link(self, session_id: str) -> str:
        """Return the path of a link that opens the console of a session, once and soon."""
        now = self.clock()
        self._console_links = {name: link for name, link in self._console_links.items() if link[1] > now}
        name = secrets.token_hex(16)
        self._console_links[name] = (session_id, now + LINK_SECONDS)
        return f"/facilitator/{name}"

    def open_console_link(self, name: str) -> Session:
        """Return the session that such a link opens; it is then used up. Raises SessionRefused for any other."""
        session_id, until = self._console_links.pop(name, ("", 0.0))
        if self.clock() >= until:
            raise refused("not-facilitator", 403)
        return self.sessions.find(session_id)

    # Pages

    def page(self, session: Session | None) -> PageView:
        """Return what every page has; without a session, as the latest open one has it."""
        script = self._script_of(session)
        return {"title": script.title, "language": script.language, "direction": script.words.direction}

    def render(self, template: str, session: Session | None, view: Mapping[str, object]) -> str:
        """Return a page in the words of its session as HTML, with all that people wrote escaped."""
        return self._templates.render(template, self._script_of(session).words, view)

    async def screen(self, session: Session) -> ScreenView:
        """Return what the screen may show, once what the facilitator did last is on disk."""
        await session.saved()
        return screen_view(session, self._server_info(session), time.time())

    async def console(self, session: Session) -> ConsoleView:
        """Return what the facilitator may see, once what they did last is on disk."""
        await session.saved()
        return console_view(session, self._server_info(session), time.time())

    def _alert(self, session: Session) -> dict[str, str]:
        """Return what the console says of troubles, and nothing of the session: that may not be on disk."""
        view = {"troubles": self.health.troubles()}
        return {"alert": self._templates.render("console_alert.html", session.model.script.words, view)}

    def _parts(self, session: Session, page: str) -> dict[str, str]:
        return self._templates.parts(page, session.model.script.words, self._view(session, page))

    def _view(self, session: Session, page: str) -> PhoneView | CoHostView | ScreenView | ConsoleView:
        if page == "phone":
            return phone_view(session)
        if page == "co_host":
            return co_host_view(session)
        make = screen_view if page == "screen" else console_view
        return make(session, self._server_info(session), time.time())

    def _script_of(self, session: Session | None) -> Script:
        """Return the script of a session; of a page that belongs to none, that of the latest open one."""
        session = session or self.sessions.latest()
        return session.model.script if session else self._script

    def _server_info(self, session: Session) -> ServerInfo:
        """Return what pages of a session say of the server; of others, they name those with the same facilitators."""
        facilitators = session.model.state.facilitators
        others = [one for one in self.sessions.by_age() if one.model.state.facilitators == facilitators]
        return ServerInfo(
            address=self.listeners.address,
            is_secure=self.listeners.is_secure,
            is_open=self.listeners.is_open,
            is_public=self.listeners.public is not None,
            proxy_port=self.listeners.proxy_port,
            networks=self.listeners.networks(),
            let_in=self.listeners.let_in_at,
            way_in=self.way_in,
            troubles=self.health.troubles(),
            is_synthetic=self.rehearsal is not None,
            made_up=self.rehearsal.made_up_beside_real(session) if self.rehearsal else 0,
            has_login=self.logins is not None,
            sessions=[] if self.logins else others,
            pairing=lambda session_id: self.pairing.latest(session_id, self.clock()),
        )
