"""What the facilitator's browser asks for, on this machine alone: console, screen, charts, and what to take away."""

from __future__ import annotations

import json
import time
from typing import Final

from course.content import words
from course.core import moments
from course.core.errors import SessionRefused
from course.workshop import export, views
from course.workshop.base_handler import BaseHandler, problem_of
from course.workshop.errors import refused
from course.workshop.page_views import ConsolePage, ExportPage, GonePage
from course.workshop.session import Session
from course.workshop.tokens import is_same
from course.workshop.wire import ACTIONS, ActionDone, ProblemView, fields_of

CONSOLE_COOKIE_SECONDS: Final = 24 * 3600
"""For how long a browser stays the facilitator's."""


class FacilitatorHandler(BaseHandler):
    """Lets in only a browser with the facilitator's cookie for this session."""

    console_cookie = ""

    def own_session(self, name: str) -> Session:
        """Return the session of that name if this browser may run it, or raise SessionRefused."""
        session = self.find_session(name)
        self.console_cookie = self.cookie(f"console-{name}")
        if not session.access.is_console_cookie(self.console_cookie, time.time()):
            raise refused("not-facilitator", 403)
        return session

    def check_form_token(self, session: Session, token: str) -> None:
        """Refuse what does not come from a page that this browser was given."""
        if not is_same(token, session.access.form_token(self.console_cookie)):
            raise refused("elsewhere", 403)


class ConsoleLinkHandler(BaseHandler):
    """Where the facilitator's own programs, which know the server's key, ask for a link to the console."""

    def post(self) -> None:
        """Return the link; it opens the console once, within a minute."""
        scheme, _, key = self.request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not is_same(key, self.context.key):
            raise refused("not-facilitator", 403)
        message = self.message()
        self.check_fields(message, "session")
        session = self.find_session(str(message["session"]))
        self.finish({"open": self.context.new_console_link(session.id)})


class EnterHandler(BaseHandler):
    """Where a link to the console leads."""

    def get(self, name: str) -> None:
        """Give the browser its cookie, and go on to the console."""
        session = self.context.open_console_link(name)
        cookie = session.access.new_console_cookie(int(time.time()) + CONSOLE_COOKIE_SECONDS)
        self.set_secret_cookie(f"console-{session.id}", cookie, f"/console/{session.id}/", CONSOLE_COOKIE_SECONDS)
        self.redirect_to(f"/console/{session.id}/")


class ConsoleHandler(FacilitatorHandler):
    """The facilitator's page."""

    async def get(self, name: str) -> None:
        """Show the console."""
        await self.show_console(self.own_session(name))

    async def show_console(self, session: Session, problem: ProblemView | None = None) -> None:
        """Send the console, with a problem at its top if there is one."""
        token = session.access.form_token(self.console_cookie)
        page: ConsolePage = {**await self.context.console(session), "token": token, "problem": problem}
        self.show("console.html", page)


class ActionHandler(ConsoleHandler):
    """Where the console's buttons lead."""

    async def get(self, name: str) -> None:
        """Show the console to a facilitator who opens this address by hand."""
        self.redirect_to(f"/console/{self.own_session(name).id}/")

    async def post(self, name: str) -> None:
        """Perform one action; answer when its result is on disk."""
        session = self.own_session(name)
        if self.is_json:
            self.check_form_token(session, self.request.headers.get("X-Form-Token", ""))
            message = self.message()
            await self._perform(session, message.pop("action", None), message)
            if not self._finished:
                self._finish_done({"done": True})
            return
        self.check_form_token(session, self.field("token"))
        action = self.field("action")
        try:
            await self._perform(session, action, self._form_message(action))
        except SessionRefused as error:
            self.set_refusal(error)
            await self.show_console(session, problem_of(error))
            return
        if not self._finished:
            self.redirect_to(f"/console/{session.id}/")

    def _form_message(self, action: str) -> dict[str, object]:
        """Return the fields of an action from a form: a list for `lines`, and a text for each other field."""
        names = fields_of(ACTIONS[action]) if action in ACTIONS else ()
        message: dict[str, object] = {name: self.field(name) for name in names if name != "lines"}
        return {**message, "lines": self.get_body_arguments("line")} if "lines" in names else message

    async def _perform(self, session: Session, action: object, message: dict[str, object]) -> None:
        if not isinstance(action, str) or action not in ACTIONS:
            raise refused("no-action")
        self.check_fields(message, *fields_of(ACTIONS[action]))
        if action == "let-in":
            self.context.let_in(str(message["address"]))
            await session.let_in(str(message["address"]))
        elif action == "close-session":
            await self._close(session, str(message["days"]))
        elif action == "delete-session":
            await self._delete(session, message["sure"])
        elif action == "paper":
            await session.count_paper(export.read_paper_tally(str(message["csv"]), session.model))
        else:
            await session.perform(action, message, time.time())

    async def _close(self, session: Session, days: str) -> None:
        if days == "0":
            await self._delete(session, "yes")
            return
        await session.close(int(days) if days.isdecimal() and len(days) < 3 else -1, moments.today())
        self.context.broadcast.end(session, "phone")

    async def _delete(self, session: Session, sure: object) -> None:
        """Erase the session, and say so."""
        if sure != "yes":
            raise refused("not-sure")
        page: GonePage = {**self.context.page(session), "deleted": True}
        await self.context.erase(session)
        self.clear_cookie(f"console-{session.id}", path=f"/console/{session.id}/")
        if self.is_json:
            self._finish_done({"done": True, "deleted": words("session.deleted")})
        else:
            self.show("gone.html", page)

    def _finish_done(self, message: ActionDone) -> None:
        self.finish({**message})


class ConsoleEventsHandler(FacilitatorHandler):
    """The stream that the console follows."""

    async def get(self, name: str) -> None:
        """Begin the stream with what the console shows now."""
        session = self.own_session(name)
        (await self.context.broadcast.channel(session, "console")).open(self, "facilitator")


class ScreenHandler(FacilitatorHandler):
    """The page for the projector."""

    async def get(self, name: str) -> None:
        """Show the screen."""
        self.show("screen.html", await self.context.screen(self.own_session(name)))


class ScreenEventsHandler(FacilitatorHandler):
    """The stream that the screen follows."""

    async def get(self, name: str) -> None:
        """Begin the stream with what the screen shows now."""
        session = self.own_session(name)
        (await self.context.broadcast.channel(session, "screen")).open(self, "screen")


class ChartHandler(FacilitatorHandler):
    """The chart of a question that is shown."""

    async def get(self, name: str, chart: str) -> None:
        """Send the chart as HTML, drawn only from counts that may be shown."""
        session = self.own_session(name)
        await session.saved()
        model = session.model
        for question in model.script.questions():
            is_shown = model.state.question(question.slug).is_shown and not question.is_written
            if is_shown and chart == views.chart_name(model, question):
                self.finish(await self.context.charts.draw(views.chart_spec(model, question)))
                return
        raise refused("not-here", 404)


class CardsHandler(FacilitatorHandler):
    """Cards to print, for people who take part on paper."""

    def get(self, name: str) -> None:
        """Show the cards."""
        session = self.own_session(name)
        self.show("cards.html", views.cards(session.model.script, self.context.page(session)))


class ExportHandler(FacilitatorHandler):
    """What people in the session may take away."""

    async def get(self, name: str, kind: str) -> None:
        """Send the export as a page, a table or JSON."""
        session = self.own_session(name)
        await session.saved()
        record = export.session_export(session, moments.today(), is_synthetic=self.context.is_synthetic)
        self.set_header("Content-Disposition", f'attachment; filename="trust-in-this-room.{kind}"')
        if kind == "csv":
            self.set_header("Content-Type", "text/csv; charset=utf-8")
            self.finish(export.to_csv(record))
        elif kind == "json":
            self.set_header("Content-Type", "application/json; charset=utf-8")
            self.finish(json.dumps(record, ensure_ascii=False))
        else:
            drawn = [await self.context.charts.draw(chart["spec"]) for chart in record["charts"]]
            page: ExportPage = {**record, **self.context.page(session), "drawn": drawn}
            self.show("export.html", page)
