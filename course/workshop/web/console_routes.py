"""What the facilitator's browser asks for: console, screen, charts, and what to take away.

It comes from this machine alone, or after a login at a Hub.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any, Final

from course.content import words
from course.core import moments
from course.core.errors import SessionRefused
from course.workshop import export_files, paper
from course.workshop.access.tokens import is_same
from course.workshop.errors import refused
from course.workshop.export_files import drawn_charts
from course.workshop.record_file import record_bytes
from course.workshop.script.script import ScriptQuestion, find_script
from course.workshop.sessions.session import Session
from course.workshop.view_parts import SessionRecord
from course.workshop.views.page_views import ConsolePage, GonePage
from course.workshop.views.result_views import chart_name, chart_spec, screen_specs, session_record
from course.workshop.views.screen_view import page_turns
from course.workshop.web.base_handler import BaseHandler, problem_of
from course.workshop.web.hub_login import Facilitator
from course.workshop.web.login_routes import CONSOLE_PATH, LoginHandler
from course.workshop.wire import ACTIONS, ActionDone, ProblemView, fields_of

CONSOLE_COOKIE_SECONDS: Final = 24 * 3600
"""For how long a browser stays the facilitator's."""
COUNT: Final = "count "
"""What stands before the part and the answer in the name of a field with a count of cards."""


class FacilitatorHandler(LoginHandler):
    """Lets in only a browser with the facilitator's cookie for this session; with a Hub, who is logged in for it."""

    console_cookie = ""
    facilitator: Facilitator | None = None
    """Who is logged in; None where facilitators do not log in."""

    async def prepare(self) -> None:
        """Where facilitators log in at a Hub, lead those there who are not logged in."""
        self.check_request()
        if self.context.logins:
            self.facilitator = await self.find_facilitator()
        if self.context.logins and self.facilitator is None:
            path = self.request.path.removeprefix(self.context.base)
            if self.request.method != "GET" or not CONSOLE_PATH.fullmatch(path):
                raise refused("log-in", 401)
            self.redirect_to(f"{self.context.base}/login/?next={path}")
            return
        leading = self.lead_on()
        if leading:
            await leading

    def own_session(self, name: str) -> Session:
        """Return the session of that name if this browser may run it, or raise SessionRefused."""
        if self.context.logins:
            session = self.context.sessions.find(name)
            if not self.facilitator or session.model.state.facilitators not in self.facilitator.groups:
                raise refused("no-session", 404)  # nobody learns which sessions others have
            self.page_session, self.console_cookie = session, self.login_cookie
            return session
        session = self.find_session(name)
        self.console_cookie = self.cookie(f"console-{name}")
        if not session.access.is_console_cookie(self.console_cookie, time.time()):
            raise refused("not-facilitator", 403)
        return session

    @property
    def follower(self) -> str:
        """By what the events of this browser are known."""
        return self.facilitator.stream if self.facilitator else "facilitator"

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say of what keeps the server from its work what the facilitator can do, and not what phones are told."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        troubles = [trouble for trouble in self.context.health.troubles() if not trouble["time"]]
        is_not_saved = isinstance(error, SessionRefused) and error.message == words("session.not-saved")
        if is_not_saved and self.page_session and troubles:
            text = self.page_session.model.script.words.plain(f"console.trouble-{troubles[0]['trouble']}")
            error = SessionRefused(text, "", 503, 2)
            kwargs["exc_info"] = (SessionRefused, error, None)
        super().write_error(status_code, **kwargs)

    def let_run(self, session: Session) -> None:
        """Give this browser the facilitator's cookie for a session; whoever is logged in needs none."""
        if self.context.logins:
            return
        cookie = session.access.new_console_cookie(int(time.time()) + CONSOLE_COOKIE_SECONDS)
        path = self.console_path(session)
        self.set_secret_cookie(f"console-{session.id}", cookie, path, CONSOLE_COOKIE_SECONDS)

    def console_path(self, session: Session) -> str:
        """Return where the console of a session is."""
        return f"{self.context.base}/console/{session.id}/"

    def check_form_token(self, session: Session, token: str) -> None:
        """Refuse what does not come from a page that this browser was given."""
        if not is_same(token, session.access.form_token(self.console_cookie)):
            raise refused("elsewhere", 403)


class ConsoleLinkHandler(BaseHandler):
    """Where the facilitator's own programs, which know the server's key, ask for a link to the console."""

    async def post(self) -> None:
        """Return the link; it opens the console once, within a minute. A worker makes a session where none is named."""
        scheme, _, key = self.request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not is_same(key, self.context.key):
            raise refused("not-facilitator", 403)
        message = self.message()
        self.check_fields(message, "session")
        if self.context.shared and not message["session"]:
            session = await self.context.new_session(find_script())
        else:
            session = self.find_session(str(message["session"]))
        self.finish({"open": self.context.new_console_link(session.id)})


class EnterHandler(FacilitatorHandler):
    """Where a link to the console leads."""

    def get(self, name: str) -> None:
        """Give the browser its cookie, and go on to the console."""
        session = self.context.open_console_link(name)
        self.let_run(session)
        self.redirect_to(self.console_path(session))

    def head(self, *args: str) -> None:
        """Say that it opens nothing by itself: a link that opens once is not used up by a program that looks ahead."""
        self.set_status(405)
        self.finish()


class ConsoleHandler(FacilitatorHandler):
    """The facilitator's page."""

    async def get(self, name: str) -> None:
        """Show the console."""
        await self.show_console(self.own_session(name))

    async def show_console(
        self, session: Session, problem: ProblemView | None = None, tried: dict[str, object] | None = None
    ) -> None:
        """Send the console, with a problem at its top if there is one, and what was typed in the form that it is of."""
        token = session.access.form_token(self.console_cookie)
        page: ConsolePage = {
            **await self.context.console(session),
            "token": token,
            "problem": problem,
            "tried": tried or {},
        }
        self.show("console.html", page)


class ActionHandler(ConsoleHandler):
    """Where the console's buttons lead."""

    async def get(self, name: str) -> None:
        """Show the console to a facilitator who opens this address by hand."""
        self.redirect_to(self.console_path(self.own_session(name)))

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
        typed: dict[str, object] = {}
        try:
            typed = self._form_message(action)
            await self._perform(session, action, typed)
        except SessionRefused as error:
            self.set_refusal(error)
            await self.show_console(session, problem_of(error), {"action": action, **typed} if typed else {})
            return
        if not self._finished:
            self.redirect_to(self.console_path(session))

    def _form_message(self, action: str) -> dict[str, object]:
        """Return the fields of an action from a form: a list for `lines`, texts by name for `counts`, else a text."""
        names = fields_of(ACTIONS[action]) if action in ACTIONS else ()
        message: dict[str, object] = {name: self.field(name) for name in names if name not in ("lines", "counts")}
        if "lines" in names:
            message["lines"] = self.get_body_arguments("line")
        if "counts" in names:
            typed = [name for name in self.request.body_arguments if name.startswith(COUNT)]
            message["counts"] = {name.removeprefix(COUNT): self.field(name) for name in typed}
        return message

    async def _perform(self, session: Session, action: object, message: dict[str, object]) -> None:
        if not isinstance(action, str) or action not in ACTIONS:
            raise refused("no-action")
        self.check_fields(message, *fields_of(ACTIONS[action]))
        if action == "let-in":
            await self.context.let_in(str(message["address"]), session)
        elif action == "show-way-in":
            await self.context.show_way_in(session)
        elif action == "close-session":
            await self._close(session, str(message["days"]))
        elif action == "delete-session":
            await self._delete(session, message["sure"])
        elif action == "open-session":
            self._go_to(self._another_session(str(message["session"])))
        elif action == "new-session":
            state = session.model.state
            self._go_to(await self.context.new_session(session.model.script, state.keep_days, state.facilitators))
        elif action == "paper":
            await session.count_paper(paper.read_pasted_tally(str(message["csv"]), session.model))
        elif action == "tally":
            counts = paper.read_typed_tally(message["counts"], str(message["question"]), session.model)
            await session.count_paper(counts)
        elif action == "pair-co-host":
            self.context.pairing.new_code(session.id, self.context.clock())
            session.changed()
        elif action == "unpair-co-hosts":
            await self._unpair(session)
        elif action == "remove-phones":
            await self._remove_phones(session, message)
        else:
            await session.perform(action, message, time.time(), turns=lambda: page_turns(session))
            if action == "open":
                self.context.charts.warm_up()

    async def _unpair(self, session: Session) -> None:
        """Let no co-host in any more, and end what their phones follow."""
        self.context.pairing.drop(session.id)
        try:
            await session.co_hosts.unpair()
        finally:
            self.context.broadcast.end(session, "co_host")

    async def _remove_phones(self, session: Session, message: dict[str, object]) -> None:
        """Remove the phones that joined last, and end what they follow."""
        try:
            await session.perform("remove-phones", message, time.time())
        finally:
            self.context.broadcast.end_for(session, "phone", session.model.admissions.is_removed)

    async def _check_nothing_aside(self, session: Session) -> None:
        """Refuse to let everything go while a line is kept aside, also where another console is just doing that."""
        with suppress(SessionRefused):  # a session is deleted also where nothing can be written
            await session.saved()
        session.model.check_nothing_aside()

    async def _close(self, session: Session, days: str) -> None:
        await self._check_nothing_aside(session)
        if days == "0":
            await self._delete(session, "yes")
            return
        await session.close(int(days) if days.isdecimal() and len(days) < 3 else -1, moments.today())
        self.context.broadcast.end(session, "phone", "co_host")

    async def _delete(self, session: Session, sure: object) -> None:
        """Erase the session, and say so."""
        if sure != "yes":
            raise refused("not-sure")
        await self._check_nothing_aside(session)
        page: GonePage = {**self.context.page(session), "became": "deleted", "unsent": [], "link": ""}
        await self.context.erase(session)
        self.clear_cookie(f"console-{session.id}", path=self.console_path(session))
        if self.is_json:
            self._finish_done({"done": True, "deleted": words("session.deleted")})
        else:
            self.show("gone.html", page)

    def _another_session(self, name: str) -> Session:
        """Return another session that this browser may run; without a Hub, all are the same facilitator's."""
        return self.own_session(name) if self.context.logins else self.find_session(name)

    def _go_to(self, session: Session) -> None:
        """Let this browser run another session too, and lead it there."""
        self.let_run(session)
        path = self.console_path(session)
        if self.is_json:
            self._finish_done({"done": True, "go": path})
        else:
            self.redirect_to(path)

    def _finish_done(self, message: ActionDone) -> None:
        self.finish({**message})


class ConsoleEventsHandler(FacilitatorHandler):
    """The stream that the console follows, and the same for a console that asks."""

    async def get(self, name: str, how: str) -> None:
        """Begin the stream with what the console shows now, or send that alone."""
        session = self.own_session(name)
        self.send_events(await self.context.broadcast.channel(session, "console"), self.follower, how)


class ScreenHandler(FacilitatorHandler):
    """The page for the projector."""

    async def get(self, name: str) -> None:
        """Show the screen."""
        self.show("screen.html", await self.context.screen(self.own_session(name)))


class ScreenEventsHandler(FacilitatorHandler):
    """The stream that the screen follows, and the same for a screen that asks."""

    async def get(self, name: str, how: str) -> None:
        """Begin the stream with what the screen shows now, or send that alone."""
        session = self.own_session(name)
        self.send_events(await self.context.broadcast.channel(session, "screen"), self.follower, how)


class ChartHandler(FacilitatorHandler):
    """The chart of a question that is shown, drawn only from counts that may be shown."""

    async def get(self, name: str, chart: str) -> None:
        """Send the whole chart of a question as HTML."""
        session = self.own_session(name)
        await session.saved()
        for question in _shown_charts(session):
            spec = chart_spec(session.model, question)
            if chart == chart_name(question, spec):
                self.finish(await self.context.charts.draw(spec))
                return
        raise refused("not-here", 404)


class ScreenChartHandler(FacilitatorHandler):
    """One page of a chart on the screen."""

    async def get(self, name: str, chart: str) -> None:
        """Send what of a chart is on one page of the screen as HTML."""
        session = self.own_session(name)
        await session.saved()
        for question in _shown_charts(session):
            for spec in screen_specs(session.model, question):
                if chart == chart_name(question, spec):
                    self.finish(await self.context.charts.draw_for_screen(spec))
                    return
        raise refused("not-here", 404)


def _shown_charts(session: Session) -> list[ScriptQuestion]:
    """Return the questions that are counted and shown."""
    model = session.model
    questions = [question for question in model.script.questions() if not question.is_written]
    return [question for question in questions if model.state.question(question.slug).is_shown]


class CardsHandler(FacilitatorHandler):
    """Cards to print, for people who take part on paper."""

    def get(self, name: str) -> None:
        """Show the cards."""
        session = self.own_session(name)
        self.show("cards.html", paper.cards(session.model.script, self.context.page(session)))


class ExportHandler(FacilitatorHandler):
    """What people in the session may take away."""

    async def get(self, name: str, kind: str) -> None:
        """Send the record as a page, for Word, as a table, as JSON, or the day to meet again for the calendar."""
        session = self.own_session(name)
        await session.saved()
        record = session_record(session, moments.today(), is_synthetic=self.context.rehearsal is not None)
        self.set_header("Content-Disposition", f'attachment; filename="{export_files.FILE_NAME}.{kind}"')
        self.set_header("Content-Type", export_files.MEDIA_TYPES[kind])
        self.finish(await self._file(session, record, kind))

    async def _file(self, session: Session, record: SessionRecord, kind: str) -> bytes | str:
        charts, page_words = [chart["spec"] for chart in drawn_charts(record)], session.model.script.words
        if kind == "csv":
            return export_files.to_csv(record)
        if kind == "json":
            return record_bytes(record)
        if kind == "ics":
            return export_files.to_calendar(record, page_words)
        if kind == "docx":
            for_word = [chart for spec in charts for chart in await self.context.charts.draw_for_word(spec)]
            return export_files.to_word(record, page_words, for_word)
        drawn = [await self.context.charts.draw(spec) for spec in charts]
        page = export_files.export_page(record, self.context.page(session), drawn)
        return self.context.render("export.html", session, page)
