"""What phones ask for: the way in, the page, the events that follow the session, and where their answers come in."""

from __future__ import annotations

from typing import Final

from course.core.errors import SessionRefused
from course.workshop import views
from course.workshop.answers import MOST_REVISIONS
from course.workshop.base_handler import SAFE, BaseHandler, problem_of
from course.workshop.page_views import GonePage, JoinPage, PhonePage, WelcomePage
from course.workshop.session import Session
from course.workshop.wire import AnswerMessage, AnswerSaved, OwnAnswers, ProblemView, fields_of

FOR_SCRIPTS: Final = ("Content-Security-Policy", "X-Content-Type-Options", "Cache-Control", "Server")
"""The headers of an answer that only a script reads."""
PHONE_COOKIE_SECONDS: Final = 24 * 3600


class PhoneHandler(BaseHandler):
    """What the pages of a phone in a session share."""

    def show_phone(self, session: Session, person: str, saved: str = "", problem: ProblemView | None = None) -> None:
        """Send a phone's page, with its own answers."""
        view, mine = views.phone(session), session.model.answers.of_phone(person)
        page: PhonePage = {
            **view,
            "mine": mine,
            "saved": saved,
            "problem": problem,
            "next_part": views.next_part(view, mine),
        }
        self.show("phone.html", page)


class JoinHandler(BaseHandler):
    """The page where a session's six letters are typed: one page for all sessions."""

    def get(self) -> None:
        """Show the page."""
        self._show(None)

    def post(self) -> None:
        """Lead to the session that the letters belong to."""
        try:
            session = self.context.sessions.find_code(self.field("code"), self.context.clock())
        except SessionRefused as error:
            self.set_refusal(error)
            self._show(problem_of(error))
            return
        self.redirect_to(f"/j/{session.access.link}")

    def _show(self, problem: ProblemView | None) -> None:
        page: JoinPage = {**self.context.page(None), "problem": problem}
        self.show("join.html", page)


class WelcomeHandler(BaseHandler):
    """The page with the privacy words, and the button to join."""

    def get(self, link: str) -> None:
        """Show the page; a phone that has joined already goes on to its own."""
        session = self._find(link)
        if self._has_joined(session):
            self.redirect_to(f"/r/{session.id}/")
            return
        page: WelcomePage = {
            **self.context.page(session),
            "privacy": list(session.model.script.privacy),
            "secure": self.context.listeners.is_secure,
            "problem": None,
        }
        self.show("welcome.html", page)

    async def post(self, link: str) -> None:
        """Let a phone join, if it has not; its cookie lasts a day."""
        session = self._find(link)
        if not self._has_joined(session):
            self.context.limit_joining()
            token = await session.join()
            self.set_secret_cookie(f"phone-{session.id}", token, "/", PHONE_COOKIE_SECONDS)
        self.redirect_to(f"/r/{session.id}/")

    def _find(self, link: str) -> Session:
        self.page_session = self.context.sessions.find_link(link)
        return self.page_session

    def _has_joined(self, session: Session) -> bool:
        token = self.cookie(f"phone-{session.id}")
        return bool(session.phone_tokens and session.phone_tokens.person(token))


class PhonePageHandler(PhoneHandler):
    """The page of a phone in the session."""

    async def get(self, name: str) -> None:
        """Show the step, with this phone's own answers."""
        session = self.find_session(name)
        if session.model.state.is_closed:
            page: GonePage = {**self.context.page(session), "deleted": False}
            self.show("gone.html", page)
            return
        try:
            person = self.person(session)
        except SessionRefused:
            self.redirect_to("/")
            return
        await session.saved()
        saved = self.get_query_argument("saved", "")
        self.show_phone(session, person, saved if session.model.find(saved) else "")


class OwnAnswersHandler(BaseHandler):
    """What a phone's script asks for: its own answers, and what is open now."""

    async def get(self, name: str) -> None:
        """Send the answers and the open parts as JSON."""
        session = self.find_session(name)
        person = self.person(session)
        await session.saved()
        mine = session.model.answers.of_phone(person)
        own_answers: OwnAnswers = {"mine": mine, "open": views.open_parts(session.model)}
        self.finish({**own_answers})


class PhoneEventsHandler(BaseHandler):
    """The stream that a phone follows."""

    async def get(self, name: str) -> None:
        """Begin the stream with what phones show now."""
        session = self.find_session(name)
        person = self.person(session)
        (await self.context.broadcast.channel(session, "phone")).open(self, person)


class AnswerHandler(PhoneHandler):
    """Where answers come in: from a script as JSON, from a phone without JavaScript as a form."""

    def set_default_headers(self) -> None:
        """Send few headers with what only a script reads: no other address is asked for as often."""
        for name in FOR_SCRIPTS if self.is_json else SAFE:
            self.set_header(name, SAFE[name])

    async def post(self, name: str) -> None:
        """Save one answer; acknowledge it when it is on disk."""
        session = self.find_session(name)
        person = self.person(session)
        if not self.is_json:
            await self._post_form(session, person)
            return
        values = self.message()
        self.check_fields(values, *fields_of(AnswerMessage))
        message: AnswerMessage = {
            "part": values["part"], "revision": values["revision"], "answer": values["answer"]
        }  # fmt: skip
        revision = await session.answer(person, message, self.context.clock())
        saved: AnswerSaved = {"part": str(message["part"]), "revision": revision, "saved": True}
        self.finish({**saved})

    async def _post_form(self, session: Session, person: str) -> None:
        """Save the answer of a phone without JavaScript, and show its page again."""
        part = self.field("part")
        revision = min(session.model.answers.revision(part, person) + 1, MOST_REVISIONS - 1)
        message: AnswerMessage = {"part": part, "revision": revision, "answer": self._form_answer(session, part)}
        try:
            await session.answer(person, message, self.context.clock())
        except SessionRefused as error:
            self.set_refusal(error)
            await session.saved()
            self.show_phone(session, person, problem=problem_of(error))
            return
        self.redirect_to(f"/r/{session.id}/?saved={part}")

    def _form_answer(self, session: Session, part: str) -> object:
        """Return the answer that a form sends: a text, or texts by field; None for Skip."""
        if self.field("skip") == "yes":
            return None
        question = session.model.find(part)
        if not question or not question.fields:
            return self.field("answer")
        texts: dict[str, str | bool] = {name: self.field(name) for name in question.fields}
        return {**texts, "show": self.field("show") == "yes"} if question.kind == "commitment" else texts
