"""What a co-host's phone asks for: pairing by a code, and the page on which lines are approved or hidden."""

from __future__ import annotations

import time
from typing import Final

from course.core.errors import SessionRefused
from course.workshop.access.tokens import is_same
from course.workshop.errors import refused
from course.workshop.sessions.session import Session
from course.workshop.views.reading_views import CoHostPage, PairPage, co_host_view
from course.workshop.web.base_handler import BaseHandler, problem_of
from course.workshop.wire import LinesAction, ProblemView, fields_of

CO_HOST_ACTIONS: Final = ("approve-lines", "hide-lines")
"""All that a co-host may do."""
CO_HOST_SECONDS: Final = 24 * 3600
"""For how long a phone stays a co-host's at the longest."""


class PairHandler(BaseHandler):
    """Where a co-host types the code, or comes by its link."""

    def get(self) -> None:
        """Show the page; a link fills the code in, and uses nothing up."""
        self._show(self.get_query_argument("code", "")[:20], None)

    async def post(self) -> None:
        """Pair this phone with the session that the code is for."""
        try:
            session = self.context.sessions.find(self.context.pairing.take(self.field("code"), self.context.clock()))
        except SessionRefused as error:
            shared = self.context.shared
            if shared and error.status == 404 and await self.lead_to_next(shared):
                return  # the code may be another worker's
            self.set_refusal(error)
            self._show("", problem_of(error))
            return
        path = f"{self.context.base}/h/{session.id}/"
        self.set_secret_cookie(f"co-host-{session.id}", await session.co_hosts.pair(), path, CO_HOST_SECONDS)
        self.redirect_to(path)

    def _show(self, code: str, problem: ProblemView | None) -> None:
        page: PairPage = {
            **self.context.page(None),
            "code": code,
            "secure": self.endpoint.is_secure,
            "problem": problem,
        }
        self.show("pair.html", page)


class CoHostHandler(BaseHandler):
    """Lets in only a phone that is paired with this session."""

    def paired_session(self, name: str) -> Session:
        """Return the session of that name if this phone is paired with it, or raise SessionRefused."""
        session = self.find_session(name)
        session.co_hosts.check(self._cookie(session))
        return session

    def _cookie(self, session: Session) -> str:
        return self.cookie(f"co-host-{session.id}")

    def form_token(self, session: Session) -> str:
        """Return the token of the forms on this phone's page."""
        return session.access.form_token(self._cookie(session))


class CoHostPageHandler(CoHostHandler):
    """The co-host's page."""

    async def get(self, name: str) -> None:
        """Show the lines that wait."""
        await self.show_lines(self.paired_session(name))

    async def show_lines(self, session: Session, problem: ProblemView | None = None) -> None:
        """Send the page, with a problem at its top if there is one."""
        await session.saved()
        page: CoHostPage = {
            **co_host_view(session),
            "token": self.form_token(session),
            "secure": self.endpoint.is_secure,
            "problem": problem,
        }
        self.show("co_host.html", page)


class CoHostActionHandler(CoHostPageHandler):
    """Where the buttons of the co-host's page lead."""

    async def get(self, name: str) -> None:
        """Show the page to a co-host who opens this address by hand."""
        self.redirect_to(f"{self.context.base}/h/{self.paired_session(name).id}/")

    async def post(self, name: str) -> None:
        """Approve or hide lines; answer when that is on disk."""
        session = self.paired_session(name)
        if self.is_json:
            self._check_form_token(session, self.request.headers.get("X-Form-Token", ""))
            message = self.message()
            self.check_fields(message, "action", *fields_of(LinesAction))
            await self._perform(session, message["action"], {"lines": message["lines"]})
            self.finish({"done": True})
            return
        self._check_form_token(session, self.field("token"))
        try:
            await self._perform(session, self.field("action"), {"lines": self.get_body_arguments("line")})
        except SessionRefused as error:
            self.set_refusal(error)
            await self.show_lines(session, problem_of(error))
            return
        self.redirect_to(f"{self.context.base}/h/{session.id}/")

    def _check_form_token(self, session: Session, token: str) -> None:
        if not is_same(token, self.form_token(session)):
            raise refused("elsewhere", 403)

    async def _perform(self, session: Session, action: object, message: dict[str, object]) -> None:
        if not isinstance(action, str) or action not in CO_HOST_ACTIONS:
            raise refused("not-for-co-hosts", 403)
        cookie = self._cookie(session)
        message = {**message, "only": "waiting"}
        await session.perform(action, message, time.time(), may=lambda: session.co_hosts.check(cookie))


class CoHostEventsHandler(CoHostHandler):
    """The stream that a co-host's page follows, and the same for a page that asks."""

    async def get(self, name: str, how: str) -> None:
        """Begin the stream with the lines that wait now, or send these alone."""
        session = self.paired_session(name)
        channel = await self.context.broadcast.channel(session, "co_host")
        session.co_hosts.check(self._cookie(session))
        self.send_events(channel, "co-host", how)
