"""What phones ask for: the way in, the page, the events that follow the session, and where their answers come in."""

from __future__ import annotations

import json
from asyncio import Future
from collections.abc import Sequence
from typing import Any, Final

from tornado.escape import utf8

from course.core.errors import SessionRefused
from course.workshop.errors import refused
from course.workshop.rules.answers import MOST_REVISIONS
from course.workshop.sessions.session import Session
from course.workshop.views.page_parts import first_privacy_words, privacy_words
from course.workshop.views.page_views import Ending, GonePage, JoinPage, PhonePage, ReachPage, WelcomePage
from course.workshop.views.phone_view import next_part, open_parts, phone_view
from course.workshop.web.base_handler import SAFE, BaseHandler, problem_of
from course.workshop.wire import AnswerMessage, AnswerSaved, OwnAnswers, ProblemView, fields_of

FOR_SCRIPTS: Final = ("Content-Security-Policy", "X-Content-Type-Options", "Cache-Control", "Server")
"""The headers of an answer that only a script reads."""
PHONE_COOKIE_SECONDS: Final = 7 * 24 * 3600
"""For how long a browser keeps a phone's cookie after it opened a page: a session may go on for days, while somebody
answers each day, and a phone that came back without its cookie would count as one more person."""
JUST_JOINED: Final = "joined"
"""What the address says where a phone comes from joining: without its cookie, its browser keeps none."""
OUT: Final = "out"
"""What the address of the first page says where a phone has no cookie of the room whose page it opened."""
PADDING: Final = 512
"""What phones get of their own answers comes in whole steps of so many bytes; `outbox.js` sends answers so too."""
NO_TEXTS: Final = ("part", "show", "skip")
"""The fields of a form that hold no text of a person's own."""


class PhoneCookieHandler(BaseHandler):
    """Has a phone's browser keep what it is known by, until the session is closed."""

    def keep_cookie(self, session: Session, token: str) -> None:
        """Have the browser keep a phone's token from now on."""
        self.set_secret_cookie(f"phone-{session.id}", token, f"{self.context.base}/", PHONE_COOKIE_SECONDS)

    def drop_cookie(self, session: Session) -> None:
        """Have the browser forget it: nobody is known by it any more."""
        if self.cookie(f"phone-{session.id}"):
            self.clear_cookie(f"phone-{session.id}", path=f"{self.context.base}/")


class PhoneHandler(PhoneCookieHandler):
    """What the pages of a phone in a session share."""

    def show_phone(
        self,
        session: Session,
        person: str,
        saved: str = "",
        problem: ProblemView | None = None,
        unsent: Sequence[str] = (),
    ) -> None:
        """Send a phone's page, with its own answers; after a refusal with the problem and what was not sent."""
        view, mine = phone_view(session), session.model.answers.of_phone(person)
        page: PhonePage = {
            **view,
            "mine": mine,
            "saved": saved,
            "problem": problem,
            "unsent": list(unsent),
            "next_part": next_part(view, mine),
        }
        pages = [self.context.render("phone.html", session, each) for each in (page, without_answers(page))]
        self.finish(padded(*(text.encode() for text in pages)))

    def show_gone(self, became: Ending, session: Session | None, unsent: Sequence[str] = ()) -> None:
        """Say that the session is over, with the status by which a page that follows it knows that too."""
        self.set_status(404 if became == "unknown" else 410)
        if session and became == "closed":
            self.drop_cookie(session)
        link = f"/j/{session.access.link}" if session and became == "removed" else ""
        page: GonePage = {**self.context.page(session), "became": became, "unsent": list(unsent), "link": link}
        self.show("gone.html", page)


def without_answers(page: PhonePage) -> PhonePage:
    """Return a phone's page as it is where each answer that was given was to skip."""
    return {**page, "mine": {part: {"revision": 1, "answer": None} for part in page["mine"]}}


def padded(content: bytes, least: bytes = b"") -> bytes:
    """Return bytes with spaces after them: as many as `least` and whole steps more, so that the length tells nothing.

    >>> len(padded(b"keep")) == len(padded(b"change")) == PADDING
    True
    """
    steps = max(1, -((len(least) - len(content)) // PADDING))
    return content.ljust(len(least) + PADDING * steps)


class JoinHandler(BaseHandler):
    """The page where a session's six letters are typed: one page for all sessions."""

    def get(self) -> None:
        """Show the page, to a phone that is not in its room with a word of that."""
        self._show(problem_of(refused("not-in-session")) if self.get_query_argument(OUT, "") else None)

    async def post(self) -> None:
        """Lead to the session that the letters belong to."""
        try:
            access = await self.context.sessions.find_code(self.field("code"), self.context.clock)
        except SessionRefused as error:
            self.set_refusal(error)
            self._show(problem_of(error))
            return
        self.redirect_to(f"{self.context.base}/j/{access.link}")

    def _show(self, problem: ProblemView | None) -> None:
        page: JoinPage = {**self.context.page(None), "problem": problem}
        self.show("join.html", page)


class ReachHandler(BaseHandler):
    """The page that the facilitator's own phone opens, to see whether it can."""

    async def get(self) -> None:
        """Show the page, and tell the console, unless it was opened on this computer itself."""
        is_same_computer = self.is_from_this_computer
        if not is_same_computer:
            await self.context.note_reached(self.endpoint.address)
        page: ReachPage = {**self.context.page(None), "is_same_computer": is_same_computer}
        self.show("reach.html", page)


class WelcomeHandler(PhoneCookieHandler):
    """The page with the privacy words, and the button to join."""

    async def get(self, link: str) -> None:
        """Show the page; a phone that has joined already goes on to its own."""
        session = self._find(link)
        if self._has_joined(session):
            self.redirect_to(f"{self.context.base}/r/{session.id}/")
            return
        if not self.is_from_this_computer:
            await self.context.note_reached(self.endpoint.address)
        self._refuse_where_shut(session)
        page: WelcomePage = {
            **self.context.page(session),
            "first": first_privacy_words(session.model),
            "privacy": privacy_words(session.model),
            "secure": self.context.listeners.is_secure,
            "problem": None,
        }
        self.show("welcome.html", page)

    async def post(self, link: str) -> None:
        """Give a phone its cookie, and lead it on to where it shows the cookie; then it has joined.

        One that was removed keeps its own, and is the same as before.
        """
        session = self._find(link)
        if not self._has_joined(session):
            self._refuse_where_shut(session)
            self.context.limit_joining("" if self.is_from_this_computer else self.request.remote_ip or "")
            if self.is_removed(session):
                token = self.cookie(f"phone-{session.id}")
                await session.admit_again(token)
            else:
                token = session.join()
            self.keep_cookie(session, token)
        self.redirect_to(f"{self.context.base}/r/{session.id}/?{JUST_JOINED}=yes")

    def _find(self, link: str) -> Session:
        self.page_session = self.context.sessions.find_link(link)
        return self.page_session

    def _refuse_where_shut(self, session: Session) -> None:
        """Refuse a phone that has not joined while the facilitator lets no more in."""
        if session.model.state.is_shut:
            raise refused("shut", 403)

    def _has_joined(self, session: Session) -> bool:
        token = self.cookie(f"phone-{session.id}")
        return bool(session.phone_tokens and session.phone_tokens.person(token)) and not session.is_removed(token)


class PhonePageHandler(PhoneHandler):
    """The page of a phone in the session."""

    async def get(self, name: str) -> None:
        """Show the step, with this phone's own answers."""
        try:
            session = self.find_session(name)
        except SessionRefused:
            self.show_gone("unknown", None)
            return
        if session.model.state.is_closed:
            self.show_gone("closed", session)
            return
        if self.is_removed(session):
            self.show_gone("removed", session)
            return
        try:
            person = await self.person(session)
        except SessionRefused as error:
            if error.status != 401:
                raise
            if self.get_query_argument(JUST_JOINED, ""):
                raise refused("no-cookies", 403) from None
            self.redirect_to(f"{self.context.base}/?{OUT}=yes")
            return
        await session.saved()
        self.keep_cookie(session, self.cookie(f"phone-{session.id}"))
        saved = self.get_query_argument("saved", "")
        self.show_phone(session, person, saved if session.model.find(saved) else "")


class OwnAnswersHandler(BaseHandler):
    """What a phone's script asks for: its own answers, and what is open now."""

    async def get(self, name: str) -> None:
        """Send the answers and the open parts as JSON."""
        session = self.find_session(name)
        person = await self.person(session)
        await session.saved()
        mine = session.model.answers.of_phone(person)
        own_answers: OwnAnswers = {"mine": mine, "open": open_parts(session.model)}
        self.finish({**own_answers})


class PhoneEventsHandler(BaseHandler):
    """The stream that a phone follows, and the same for a phone that asks."""

    async def get(self, name: str, how: str) -> None:
        """Begin the stream with what phones show now, or send that alone."""
        session = self.find_session(name)
        person = await self.person(session)
        self.send_events(await self.context.broadcast.channel(session, "phone"), person, how)


class AnswerHandler(PhoneHandler):
    """Where answers come in: from a script as JSON, from a phone without JavaScript as a form."""

    def set_default_headers(self) -> None:
        """Send few headers with what only a script reads: no other address is asked for as often."""
        for name in FOR_SCRIPTS if self.is_json else SAFE:
            self.set_header(name, SAFE[name])

    def finish(self, chunk: str | bytes | dict[str, Any] | None = None) -> Future[None]:
        """Send what a script reads in one length, whatever was answered and whatever became of it."""
        if self.is_json and chunk:
            self.set_header("Content-Type", "application/json; charset=utf-8")
            chunk = padded(json.dumps(chunk).encode() if isinstance(chunk, dict) else utf8(chunk))
        return super().finish(chunk)

    async def post(self, name: str) -> None:
        """Save one answer; acknowledge it when it is on disk."""
        if not self.is_json:
            await self._post_form(name)
            return
        session = self.find_session(name)
        person = await self.person(session)
        values = self.message()
        self.check_fields(values, *fields_of(AnswerMessage))
        message: AnswerMessage = {
            "part": values["part"], "revision": values["revision"], "answer": values["answer"]
        }  # fmt: skip
        self.finish({**await self._answer(session, person, message)})

    async def _answer(self, session: Session, person: str, message: AnswerMessage) -> AnswerSaved:
        """Return what counts once it is on disk; how long that took is noted."""
        came = self.context.clock()
        saved = await session.answer(person, message, came)
        self.context.metrics.note_answer(self.context.clock() - came)
        return saved

    async def _post_form(self, name: str) -> None:
        """Save the answer of a phone without JavaScript, and show its page again; what is refused is there to copy."""
        try:
            session = self.find_session(name)
        except SessionRefused:
            self.show_gone("unknown", None, self._form_texts())
            return
        if not session.is_open:
            self.show_gone("closed", session, self._form_texts())
            return
        if self.is_removed(session):
            self.show_gone("removed", session, self._form_texts())
            return
        person = await self.person(session)
        part = self.field("part")
        try:
            await self._answer_latest(session, person, part)
        except SessionRefused as error:
            self.set_refusal(error)
            await session.saved()
            self.show_phone(session, person, problem=problem_of(error), unsent=self._form_texts())
            return
        self.redirect_to(f"{self.context.base}/r/{session.id}/?saved={part}")

    async def _answer_latest(self, session: Session, person: str, part: str) -> None:
        """Save what a form sends after all that its phone has sent, also where something else comes at the same time.

        A phone that does so without end is refused as too fast.
        """
        answer, is_saved = self._form_answer(session, part), False
        while not is_saved:
            revision = min(session.model.answers.revision(part, person) + 1, MOST_REVISIONS - 1)
            saved = await self._answer(session, person, {"part": part, "revision": revision, "answer": answer})
            is_saved = saved["saved"]

    def _form_texts(self) -> list[str]:
        """Return the texts that a form sent, whatever its fields are called; none where it was passed."""
        names = [] if self.field("skip").strip() == "yes" else sorted(self.request.body_arguments)
        return [text for name in names if name not in NO_TEXTS and (text := self.field(name).strip())]

    def _form_answer(self, session: Session, part: str) -> object:
        """Return the answer that a form sends: a text, or texts by field; None for Skip."""
        if self.field("skip").strip() == "yes":
            return None
        question = session.model.find(part)
        if not question or not question.fields:
            return self.field("answer").strip()  # the values of buttons are padded to one length
        texts: dict[str, str | bool] = {name: self.field(name) for name in question.fields}
        return {**texts, "show": self.field("show") == "yes"} if question.kind == "commitment" else texts
