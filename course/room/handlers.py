"""What phones ask for: the way in, the page, answers, and the events that follow the room."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Final

from tornado import web

from course.content import words
from course.errors import CourseError, RoomRefused
from course.room import views
from course.room.answering import MOST_REVISIONS, refused
from course.room.house import OpenRoom

if TYPE_CHECKING:
    from course.room.server import Server

SAFE: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",  # with none at all, browsers do not say where a form comes from
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
    "Server": "room",
}
FOR_SCRIPTS: Final = ("Content-Security-Policy", "X-Content-Type-Options", "Cache-Control", "Server")
DEEPEST: Final = 4


class Handler(web.RequestHandler):
    """What all pages share: safe headers, our own host only, one shape of error."""

    host: Server

    def initialize(self, host: Server) -> None:
        """Learn which server this is."""
        self.host = host

    def set_default_headers(self) -> None:
        """Send nothing that helps a stranger."""
        for name, value in SAFE.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        """Refuse other names of this machine, and what another site's page sends."""
        if self.request.host.lower() not in self.host.names:
            raise refused("not-here", 421)
        if self.request.method not in ("GET", "HEAD") and not self._is_own():
            raise refused("elsewhere", 403)

    def _is_own(self) -> bool:
        """Say whether a page of ours sends this; browsers always say where a form comes from."""
        headers = self.request.headers
        origin = headers.get("Origin")
        if origin is not None:
            return origin == f"{self.request.protocol}://{self.request.host}"
        return headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")

    def body(self) -> dict[str, Any]:
        """Return the JSON object that was sent, or raise RoomRefused."""
        try:
            given = json.loads(self.request.body, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise refused("not-a-message") from None
        if not isinstance(given, dict) or not _is_shallow(given):
            raise refused("not-a-message")
        return given

    def only(self, given: dict[str, Any], *names: str) -> dict[str, Any]:
        """Return what was sent if it has these names and no others."""
        if set(given) != set(names):
            raise refused("not-a-message")
        return given

    @property
    def is_json(self) -> bool:
        """Whether a script sends this, not a form."""
        return self.request.headers.get("Content-Type", "").partition(";")[0].strip().lower() == "application/json"

    def field(self, name: str) -> str:
        """Return what a form sends under a name, as it was typed."""
        try:
            return self.get_body_argument(name, "", strip=False)
        except web.HTTPError:
            raise refused("not-a-message") from None

    def show(self, template: str, **given: Any) -> None:
        """Send a page."""
        self.finish(self.host.render(template, **given))

    def redirect_to(self, path: str) -> None:
        """Lead the browser on with a fresh GET."""
        self.redirect(path, status=303)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer every error in one shape: for scripts as JSON, for people as a page."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        problem = _problem(status_code, error)
        self.set_status(problem["status"])
        if isinstance(error, RoomRefused) and error.wait:
            self.set_header("Retry-After", str(error.wait))
        if self.is_json or "text/html" not in self.request.headers.get("Accept", "text/html"):
            self.set_header("Content-Type", "application/json; charset=utf-8")
            self.finish(json.dumps(problem))
        else:
            self.show("problem.html", view={**self.host.top(), **problem})

    def log_exception(self, *info: Any) -> None:
        """Log what is a fault of ours, by its type and place: never what people sent, nor from where."""
        if not isinstance(info[1], CourseError | web.HTTPError):
            self.host.log_fault(info[1])

    # The phone's own cookie

    def room(self, name: str) -> OpenRoom:
        """Return the room of that name, or raise RoomRefused."""
        return self.host.house.find(name)

    def person(self, room: OpenRoom) -> str:
        """Return the pseudonym of this phone, or raise RoomRefused."""
        return room.person(self.get_cookie(f"phone-{room.room}") or "")

    def keep_cookie(self, name: str, value: str, path: str, seconds: int) -> None:
        """Have the browser keep a secret that no script and no other site can use."""
        self.set_cookie(
            name, value, path=path, max_age=seconds, httponly=True, samesite="Strict", secure=self.host.is_secure
        )


class Door(Handler):
    """The page where the six letters are typed."""

    def get(self) -> None:
        """Show it."""
        self.show("join.html", view={**self.host.top(), "problem": None})

    def post(self) -> None:
        """Lead to the room of the letters."""
        try:
            room = self.host.house.find_code(self.field("code"), time.monotonic())
        except RoomRefused as error:
            self.set_status(error.status)
            if error.wait:
                self.set_header("Retry-After", str(error.wait))
            self.show("join.html", view={**self.host.top(), "problem": _words_of(error)})
            return
        self.redirect_to(f"/j/{room.doors.link}")


class Welcome(Handler):
    """The privacy words, and the button to come in."""

    def get(self, link: str) -> None:
        """Show them; a phone that is in already goes on to its page."""
        room = self.host.house.find_link(link)
        if room.people and room.people.person(self.get_cookie(f"phone-{room.room}") or ""):
            self.redirect_to(f"/r/{room.room}/")
            return
        script = room.live.script
        view = {"privacy": list(script.privacy), "secure": self.host.is_secure, "problem": None}
        self.show("welcome.html", view={**self.host.top(room), **view})

    async def post(self, link: str) -> None:
        """Let a phone in, once; its cookie lasts a day."""
        room = self.host.house.find_link(link)
        if not (room.people and room.people.person(self.get_cookie(f"phone-{room.room}") or "")):
            self.host.pace_joining()
            token = await room.join()
            self.keep_cookie(f"phone-{room.room}", token, "/", 86400)
        self.redirect_to(f"/r/{room.room}/")


class Phone(Handler):
    """The page of a phone in the room."""

    def get(self, name: str) -> None:
        """Show the step, with this phone's own answers."""
        room = self.room(name)
        if room.live.state.is_closed:
            self.show("gone.html", view={**self.host.top(room), "deleted": False})
            return
        try:
            person = self.person(room)
        except RoomRefused:
            self.redirect_to("/")
            return
        saved = self.get_query_argument("saved", "")
        own = {"mine": room.live.mine(person), "saved": saved if room.live.find(saved) else "", "problem": None}
        self.show("phone.html", view={**views.phone(room), **own})


class Mine(Handler):
    """This phone's own answers, and what is open now."""

    def get(self, name: str) -> None:
        """Return them by part."""
        room = self.room(name)
        self.finish({"mine": room.live.mine(self.person(room)), "open": views.open_parts(room.live)})


class Reply(Handler):
    """Where answers come in."""

    def set_default_headers(self) -> None:
        """Send few headers with what only a script reads; this is asked for more often than all else."""
        for name in FOR_SCRIPTS if self.is_json else SAFE:
            self.set_header(name, SAFE[name])

    async def post(self, name: str) -> None:
        """Take one answer; say so when it is on disk."""
        room = self.room(name)
        person = self.person(room)
        if not self.is_json:
            await self._post_form(room, person)
            return
        given = self.only(self.body(), "part", "revision", "answer")
        number = await room.answer(person, given, time.monotonic())
        self.finish({"part": given["part"], "revision": number, "saved": True})

    async def _post_form(self, room: OpenRoom, person: str) -> None:
        """Take the answer of a phone without JavaScript, and show its page again."""
        part = self.field("part")
        question = room.live.find(part)
        number = min(room.live.revision(part, person) + 1, MOST_REVISIONS - 1)
        answer: Any = self.field("answer")
        if question and question.fields:
            answer = {name: self.field(name) for name in question.fields}
            if question.kind == "commitment":
                answer["show"] = self.field("show") == "yes"
        if self.field("skip") == "yes":
            answer = None
        try:
            await room.answer(person, {"part": part, "revision": number, "answer": answer}, time.monotonic())
        except RoomRefused as error:
            self.set_status(error.status)
            own = {"mine": room.live.mine(person), "saved": "", "problem": _words_of(error)}
            self.show("phone.html", view={**views.phone(room), **own})
            return
        self.redirect_to(f"/r/{room.room}/?saved={part}")


class PhoneEvents(Handler):
    """The stream that a phone follows."""

    def get(self, name: str) -> None:
        """Begin it with what is shown now."""
        room = self.room(name)
        person = self.person(room)
        self.host.channel(room, "phone").open(self, person)


class Nowhere(Handler):
    """Any other address."""

    def prepare(self) -> None:
        """Say that it is not here."""
        super().prepare()
        raise refused("not-here", 404)


def _problem(status: int, error: BaseException | None) -> dict[str, Any]:
    if isinstance(error, RoomRefused):
        return {**_words_of(error), "status": error.status}
    key = "too-big" if status == 413 else "not-here" if status in (404, 405) else "not-a-message"
    if status >= 500:
        key = "went-wrong"
    return {"error": words(f"room.{key}"), "hint": words(f"room.{key}-hint"), "status": status}


def _words_of(error: CourseError) -> dict[str, str]:
    return {"error": error.message, "hint": error.hint}


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _is_shallow(given: object, depth: int = DEEPEST) -> bool:
    if depth < 0:
        return False
    inside = given.values() if isinstance(given, dict) else given if isinstance(given, list) else ()
    return all(_is_shallow(one, depth - 1) for one in inside)
