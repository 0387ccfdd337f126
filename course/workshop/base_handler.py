"""What every answer of the server shares: safe headers, our own names only, one shape of error."""

from __future__ import annotations

import json
from typing import Any, Final

from tornado import httputil, web

from course.content import words
from course.core.design_tokens import stylesheet
from course.core.errors import CourseError, RoomRefused
from course.workshop.answer_rules import refused
from course.workshop.context import Host
from course.workshop.error_log import log_fault
from course.workshop.session import OpenRoom

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
DEEPEST: Final = 4


class Handler(web.RequestHandler):
    """What all pages share: safe headers, our own host only, one shape of error."""

    host: Host
    _room: OpenRoom | None = None
    """Whose page this is, as soon as that is known."""

    def initialize(self, host: Host) -> None:
        """Learn which server this is."""
        self.host = host

    def set_default_headers(self) -> None:
        """Send nothing that helps a stranger."""
        for name, value in SAFE.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        """Refuse other names of this machine, and what another site's page sends."""
        if self.request.host.lower() not in self.host.listening.names:
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
        """Send a page, in the words of its session."""
        self.finish(self.host.render(template, self._room, **given))

    def redirect_to(self, path: str) -> None:
        """Lead the browser on with a fresh GET."""
        self.redirect(path, status=303)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer every error in one shape: for scripts as JSON, for people as a page."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        problem = _problem(status_code, error)
        self.set_status(problem["status"])
        if isinstance(error, RoomRefused):
            self.say_refused(error)
        if self.is_json or "text/html" not in self.request.headers.get("Accept", "text/html"):
            self.set_header("Content-Type", "application/json; charset=utf-8")
            self.finish(json.dumps(problem))
        else:
            self.show("problem.html", view={**self.host.top(self._room), **problem})

    def say_refused(self, error: RoomRefused) -> None:
        """Set the status of a refusal, and how long to wait."""
        self.set_status(error.status)
        if error.wait:
            self.set_header("Retry-After", str(error.wait))

    def log_exception(self, *info: Any) -> None:
        """Log what is a fault of ours, by its type and place: never what people sent, nor from where."""
        if not isinstance(info[1], CourseError | web.HTTPError):
            log_fault(info[1])

    # The phone's own cookie

    def room(self, name: str) -> OpenRoom:
        """Return the room of that name, or raise RoomRefused."""
        self._room = self.host.house.find(name)
        return self._room

    def person(self, room: OpenRoom) -> str:
        """Return the pseudonym of this phone, or raise RoomRefused."""
        return room.person(self.cookie(f"phone-{room.room}"))

    def cookie(self, name: str) -> str:
        """Return what the browser keeps under a name, or nothing."""
        return httputil.parse_cookie(self.request.headers.get("Cookie", "")).get(name, "")

    def keep_cookie(self, name: str, value: str, path: str, seconds: int) -> None:
        """Have the browser keep a secret that no script and no other site can use."""
        secure = self.host.listening.is_secure
        self.set_cookie(name, value, path=path, max_age=seconds, httponly=True, samesite="Strict", secure=secure)


class Nowhere(Handler):
    """Any other address."""

    def prepare(self) -> None:
        """Say that it is not here."""
        super().prepare()
        raise refused("not-here", 404)


class Static(web.StaticFileHandler):
    """Files of the pages, with the same safe headers."""

    def initialize(self, path: str, host: Host) -> None:  # type: ignore[override]
        """Learn where they are."""
        super().initialize(path)
        self._host = host

    def set_extra_headers(self, path: str) -> None:
        """Let browsers keep them for a while, and be strict as everywhere."""
        for name, value in SAFE.items():
            if name != "Cache-Control":
                self.set_header(name, value)

    def prepare(self) -> None:
        """Answer our own names only."""
        if self.request.host.lower() not in self._host.listening.names:
            raise web.HTTPError(421)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say nothing of files."""
        self.finish(b"")

    def log_exception(self, *info: Any) -> None:
        """Log nothing that was sent."""


class DesignTokens(Handler):
    """The design tokens, which the style sheets of all pages use."""

    def get(self) -> None:
        """Send them as a style sheet."""
        self.set_header("Content-Type", "text/css; charset=utf-8")
        self.finish(stylesheet())


def _problem(status: int, error: BaseException | None) -> dict[str, Any]:
    if isinstance(error, RoomRefused):
        return {**words_of(error), "status": error.status}
    key = "too-big" if status == 413 else "not-here" if status in (404, 405) else "not-a-message"
    if status >= 500:
        key = "went-wrong"
    return {"error": words(f"room.{key}"), "hint": words(f"room.{key}-hint"), "status": status}


def words_of(error: CourseError) -> dict[str, str]:
    """Return what happened and what to do next."""
    return {"error": error.message, "hint": error.hint}


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _is_shallow(given: object, depth: int = DEEPEST) -> bool:
    if depth < 0:
        return False
    inside = given.values() if isinstance(given, dict) else given if isinstance(given, list) else ()
    return all(_is_shallow(one, depth - 1) for one in inside)
