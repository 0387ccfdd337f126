"""What a facilitator's browser asks for where the Hub says who facilitators are: logging in and out, and the sessions.

Phones ask for none of this, and log in nowhere.
"""

from __future__ import annotations

import datetime
import re
from typing import Final

from course.content import say_day
from course.workshop.access.tokens import is_same, seal
from course.workshop.errors import refused
from course.workshop.script.script import find_script
from course.workshop.sessions.session_store import ListedSession
from course.workshop.views.page_views import LoggedOutPage, SessionEntry, SessionsPage
from course.workshop.web.base_handler import BaseHandler
from course.workshop.web.hub_login import ATTEMPT_SECONDS, LOGIN_SECONDS, Facilitator, HubLogins

LOGIN_COOKIE: Final = "facilitator"
CONSOLE_PATH: Final = re.compile(r"/console/([0-9a-f]{8}/(screen|cards)?)?")
"""Where somebody may be led on to after logging in."""
_STATE: Final = re.compile(r"[0-9a-f]{32}")


class LoginHandler(BaseHandler):
    """What the pages share that need a login at the Hub."""

    login_cookie = ""

    @property
    def logins(self) -> HubLogins:
        """Who is logged in; raises SessionRefused where this server has no Hub."""
        if self.context.logins is None:
            raise refused("not-here", 404)
        return self.context.logins

    def set_lax_cookie(self, name: str, value: str, path: str, seconds: int) -> None:
        """Have the browser keep a secret, and show it also where another site, as the Hub, leads it here."""
        secure = self.endpoint.is_secure
        self.set_cookie(name, value, path=path, max_age=seconds, httponly=True, samesite="Lax", secure=secure)

    @property
    def cookie_path(self) -> str:
        """Where the browser shows the cookie of a login."""
        return f"{self.context.base}/console/"

    async def find_facilitator(self) -> Facilitator | None:
        """Return who this browser's facilitator is, or None where nobody is logged in."""
        self.login_cookie = self.cookie(LOGIN_COOKIE)
        return await self.logins.facilitator(self.login_cookie)

    def form_token(self) -> str:
        """Return what each form of this browser carries, so that no other site can send one."""
        return seal(self.login_cookie.encode(), "form", "sessions")

    def check_token(self) -> None:
        """Refuse a form of another browser."""
        if not is_same(self.field("token"), self.form_token()):
            raise refused("elsewhere", 403)


class BeginLoginHandler(LoginHandler):
    """Where a browser goes that is to log in at the Hub."""

    def get(self) -> None:
        """Lead it to the Hub."""
        next_path = self.get_query_argument("next", "")
        attempt = self.logins.begin_login(next_path if CONSOLE_PATH.fullmatch(next_path) else "/console/")
        path = f"{self.context.base}/login/"
        self.set_lax_cookie(f"login-{attempt.state}", attempt.cookie, path, ATTEMPT_SECONDS)
        self.redirect(attempt.address, status=303)


class FinishLoginHandler(LoginHandler):
    """Where the Hub sends a browser back to."""

    async def get(self) -> None:
        """Give the browser the cookie of its login, and lead it on."""
        state, code = self.get_query_argument("state", ""), self.get_query_argument("code", "")
        if not _STATE.fullmatch(state):
            raise refused("login-stale", 403)
        name = f"login-{state}"
        cookie, next_path = await self.logins.finish_login(self.cookie(name), state, code)
        self.clear_cookie(name, path=f"{self.context.base}/login/")
        self.set_lax_cookie(LOGIN_COOKIE, cookie, self.cookie_path, LOGIN_SECONDS)
        self.redirect_to(self.context.base + next_path)


class SessionsHandler(LoginHandler):
    """The sessions of a facilitator's groups, and where a new one is made."""

    async def get(self) -> None:
        """Show them; whoever is not logged in is led to the Hub."""
        facilitator = await self.find_facilitator()
        if facilitator is None:
            self.redirect_to(f"{self.context.base}/login/")
            return
        if not facilitator.groups:
            raise refused("no-facilitator", 403)
        await self._show(facilitator)

    async def post(self) -> None:
        """Make a new session of one of the facilitator's groups, and lead to its console."""
        facilitator = await self.find_facilitator()
        if facilitator is None:
            raise refused("log-in", 401)
        self.check_token()
        group = self.field("group")
        if group not in facilitator.groups:
            raise refused("no-facilitator", 403)
        script = find_script(is_long=self.field("length") == "long")
        session = await self.context.new_session(script, facilitators=group)
        self.redirect_to(f"{self.context.base}/console/{session.id}/")

    async def _show(self, facilitator: Facilitator) -> None:
        own = await self.context.sessions.listed(facilitator.groups)
        page: SessionsPage = {
            **self.context.page(None),
            "name": facilitator.name,
            "token": self.form_token(),
            "groups": sorted(facilitator.groups),
            "sessions": [_entry(session) for session in own],
        }
        self.show("sessions.html", page)


class LogOutHandler(LoginHandler):
    """Where a facilitator logs out of this server."""

    async def get(self) -> None:
        """Lead to the sessions, whoever opens this by hand."""
        self.redirect_to(f"{self.context.base}/console/")

    async def post(self) -> None:
        """Take the login away, also while the Hub is, and lead there, where somebody may log out too."""
        self.login_cookie = self.cookie(LOGIN_COOKIE)
        self.check_token()
        await self.context.log_out(self.logins.stream_of(self.login_cookie))
        self.clear_cookie(LOGIN_COOKIE, path=self.cookie_path)
        page: LoggedOutPage = {**self.context.page(None), "hub": f"{self.logins.hub_address}/hub/logout"}
        self.show("logged_out.html", page)


def _entry(session: ListedSession) -> SessionEntry:
    erased = datetime.date.fromisoformat(session.gone_after) if session.gone_after else None
    return {
        "session": session.id,
        "made": say_day(datetime.datetime.fromtimestamp(session.made).date()),
        "is_open": session.is_open,
        "erased": say_day(erased) if erased else "",
    }
