"""What all handlers of a server share: its sessions, who follows them, their pages, and the links to the console."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from typing import Final

from course.workshop import views
from course.workshop.broadcast import Broadcast
from course.workshop.chart_renderer import ChartRenderer
from course.workshop.errors import refused
from course.workshop.listeners import Listeners
from course.workshop.page_views import ConsoleView, PageView, PhoneView, ScreenView
from course.workshop.rate_limit import join_limit
from course.workshop.script import Script
from course.workshop.session import Session
from course.workshop.sessions import Sessions
from course.workshop.store import Store
from course.workshop.templates import PARTS, PageTemplates

LINK_SECONDS: Final = 60.0
"""How many seconds the link that opens the console is good for."""


class Context:
    """The sessions of one server, and all that their pages are made from. `clock` counts seconds for every limit."""

    def __init__(self, store: Store, script: Script, clock: Callable[[], float] = time.monotonic) -> None:
        self.sessions = Sessions(store)
        self.charts = ChartRenderer()
        self.broadcast = Broadcast(self.sessions, self._parts)
        self.listeners: Listeners
        self.clock = clock
        self.key = secrets.token_hex(32)
        """What the facilitator's own programs show to get a link that opens the console."""
        self.is_synthetic = False
        self._script = script
        self._templates = PageTemplates()
        self._console_links: dict[str, tuple[str, float]] = {}
        self._join_limit = join_limit()

    # Sessions

    async def erase(self, session: Session) -> None:
        """Erase a session and let its phones go."""
        await self.sessions.erase(session.id)
        self.broadcast.end(session, *PARTS)

    def let_in(self, address: str) -> None:
        """Let phones reach this machine at one of its addresses, or at none but its own."""
        self.listeners.let_in(address)
        self.broadcast.all_changed()

    def limit_joining(self) -> None:
        """Refuse to let phones join faster than people can come."""
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
        return views.screen(session, self._server_info(), time.time())

    async def console(self, session: Session) -> ConsoleView:
        """Return what the facilitator may see, once what they did last is on disk."""
        await session.saved()
        return views.console(session, self._server_info(), time.time())

    def _parts(self, session: Session, page: str) -> dict[str, str]:
        return self._templates.parts(page, session.model.script.words, self._view(session, page))

    def _view(self, session: Session, page: str) -> PhoneView | ScreenView | ConsoleView:
        if page == "phone":
            return views.phone(session)
        make = views.screen if page == "screen" else views.console
        return make(session, self._server_info(), time.time())

    def _script_of(self, session: Session | None) -> Script:
        """Return the script of a session; of a page that belongs to none, that of the latest open one."""
        session = session or self.sessions.latest()
        return session.model.script if session else self._script

    def _server_info(self) -> views.ServerInfo:
        return views.ServerInfo(
            address=self.listeners.address,
            is_secure=self.listeners.is_secure,
            addresses=self.listeners.addresses(),
            let_in=self.listeners.let_in_at,
            is_synthetic=self.is_synthetic,
        )
