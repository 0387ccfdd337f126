"""What every answer of the server shares: safe headers, its own names only, one shape of error, and its worker.

Where several workers share their sessions, a cookie names the worker, and the proxy in front passes each request on by
it. A worker that is asked for another one's session has the browser ask again, at the same address and with the owner's
cookie.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Mapping
from typing import Any, Final

from tornado import httputil, web
from tornado.iostream import IOStream
from tornado.util import ObjectDict

from course.content import words
from course.core.errors import CourseError, SessionRefused
from course.core.pages.design_tokens import BUTTON, stylesheet
from course.workshop.access.networks import is_own_address
from course.workshop.errors import log_error, refused
from course.workshop.sessions.session import Session
from course.workshop.sessions.shared_sessions import SharedSessions
from course.workshop.views.page_views import ProblemPage
from course.workshop.web.broadcast import Channel
from course.workshop.web.context import Context
from course.workshop.web.listeners import Endpoint
from course.workshop.wire import ErrorMessage, ProblemView

WORKER_COOKIE: Final = "worker"
ASKED_WORKERS: Final = "asked"
"""What the address calls the workers that were asked in vain."""
MOST_WORKERS_ASKED: Final = 20
WORKER_NAME: Final = re.compile(r"[a-z0-9]{1,30}")
"""What a worker's name may be."""
_SESSION: Final = re.compile(r"[0-9a-f]{8}")
_LINK: Final = re.compile(r"[0-9a-f]{32}")
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
    "Server": "session",
}
DEEPEST: Final = 4


class RoutedHandler(web.RequestHandler):
    """A request that may be led to another worker."""

    context: Context
    endpoint: Endpoint

    async def lead_to_owner(self, shared: SharedSessions, name: str) -> None:
        """Have this worker serve a session, by its name or its link, or lead the browser to the one that owns it.

        Raises SessionRefused, with the seconds to wait, where the owner was asked for already and does not answer.
        """
        asked = httputil.parse_cookie(self.request.headers.get("Cookie", "")).get(WORKER_COOKIE, "")
        if _LINK.fullmatch(name):
            name = await shared.session_of_link(name)
        if not _SESSION.fullmatch(name):
            return
        owner = await shared.owner(name, asked)
        if not owner:
            self._name_worker(self.context.worker, asked)
        elif owner == asked:
            raise refused("owner-away", 503, 1)
        else:
            self._name_worker(owner, asked)
            self.redirect(self._same_address(), status=307)

    async def lead_to_next(self, shared: SharedSessions) -> bool:
        """Lead the browser to a worker that it has not asked yet, and say whether there is one.

        For what is known to one worker alone, and nobody can say to which. The address says who was asked.
        """
        asked = [name for name in self.get_query_argument(ASKED_WORKERS, "").split(",") if WORKER_NAME.fullmatch(name)][
            :MOST_WORKERS_ASKED
        ]
        worker = await shared.next_worker(asked) if len(asked) < MOST_WORKERS_ASKED else ""
        if worker:
            self._name_worker(worker, "")
            self.redirect(f"{self._same_path()}?{ASKED_WORKERS}={','.join([*asked, self.context.worker])}", status=307)
        return bool(worker)

    def _name_worker(self, worker: str, asked: str) -> None:
        """Have the proxy pass on what this browser asks to that worker. No secret: a link from elsewhere brings it."""
        if worker != asked:
            path, is_secure = f"{self.context.base}/", self.endpoint.is_secure
            self.set_cookie(WORKER_COOKIE, worker, path=path, httponly=True, samesite="Lax", secure=is_secure)

    def _same_address(self) -> str:
        """Return the path that was asked for, on this host alone, also where the proxy took its beginning off."""
        return self._same_path() + (f"?{self.request.query}" if self.request.query else "")

    def _same_path(self) -> str:
        base, path = self.context.base, self.request.path
        return path if path.startswith(f"{base}/") else base + path


class BaseHandler(RoutedHandler):
    """What all pages share: safe headers, the server's own names only, one shape of error."""

    page_session: Session | None = None
    """Whose page this is, as soon as that is known."""

    def initialize(self, context: Context, endpoint: Endpoint) -> None:
        """Learn which server this is, and where the request came in."""
        self.context, self.endpoint = context, endpoint

    def set_default_headers(self) -> None:
        """Send nothing that helps a stranger."""
        for name, value in SAFE.items():
            self.set_header(name, value)

    def prepare(self) -> Awaitable[None] | None:
        """Refuse other names of this machine, and what another site's page sends; lead on to another worker."""
        self.check_request()
        return self.lead_on()

    def check_request(self) -> None:
        """Refuse other names of this machine, and what another site's page sends."""
        if self.request.host.lower() not in self.endpoint.names:
            raise refused("not-here", 421)
        if self.request.method not in ("GET", "HEAD") and not self._is_same_site():
            raise refused("elsewhere", 403)

    def lead_on(self) -> Awaitable[None] | None:
        """Lead the browser on to the worker that owns the session that is asked for, where that is another one."""
        shared = self.context.shared
        if shared is None or not self.path_args:
            return None
        is_here = shared.is_here(self.path_args[0]) and self.cookie(WORKER_COOKIE) == self.context.worker
        return None if is_here else self.lead_to_owner(shared, self.path_args[0])

    @property
    def is_from_this_computer(self) -> bool:
        """Whether this request never left this computer. Of one that comes through a proxy, that is not known."""
        return not self.endpoint.is_proxied and is_own_address(self.request.remote_ip or "")

    def _is_same_site(self) -> bool:
        """Say whether one of this server's pages sends this; browsers always say where a form comes from."""
        headers = self.request.headers
        origin = headers.get("Origin")
        if origin is not None:
            return origin.lower() in self.endpoint.origins
        return headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")

    def head(self, *args: str) -> Awaitable[None] | None:
        """Answer as to GET; the server leaves the body out."""
        return self.get(*args)

    def message(self) -> dict[str, object]:
        """Return the JSON object that was sent, or raise SessionRefused."""
        try:
            message = json.loads(self.request.body, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise refused("not-a-message") from None
        if not isinstance(message, dict) or not _is_shallow(message):
            raise refused("not-a-message")
        return message

    def check_fields(self, message: Mapping[str, object], *names: str) -> None:
        """Refuse a message that has not these fields and no others."""
        if set(message) != set(names):
            raise refused("not-a-message")

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

    def show(self, template: str, view: Mapping[str, object]) -> None:
        """Send a page, in the words of its session."""
        self.finish(self.context.render(template, self.page_session, view))

    def send_events(self, channel: Channel, person: str, how: str) -> None:
        """Begin a stream where `how` is “events”; else send what its latest event says, for a page that asks."""
        if how == "events" and self.request.method != "HEAD":
            channel.open(self, person)
            return
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(channel.latest)

    def detach(self) -> IOStream:
        """Give the connection away. The handler and its request then take no memory until garbage is collected."""
        stream = super().detach()
        self.ui = ObjectDict()  # it refers back to this handler, and tornado cuts that only where an answer is finished
        return stream

    def redirect_to(self, path: str) -> None:
        """Lead the browser on with a fresh GET."""
        self.redirect(path, status=303)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer every error in one shape: for scripts as JSON, for people as a page."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        problem = _error_message(status_code, error)
        self.set_status(problem["status"])
        if isinstance(error, SessionRefused):
            self.set_refusal(error)
        if self.is_json or "text/html" not in self.request.headers.get("Accept", "text/html"):
            self.set_header("Content-Type", "application/json; charset=utf-8")
            self.finish(json.dumps(problem))
        else:
            page: ProblemPage = {**self.context.page(self.page_session), **problem}
            self.show("problem.html", page)

    def set_refusal(self, error: SessionRefused) -> None:
        """Set the status of a refusal, and how long to wait."""
        self.set_status(error.status)
        if error.wait:
            self.set_header("Retry-After", str(error.wait))

    def log_exception(self, *info: Any) -> None:
        """Log an unexpected error by its type and place: never what people sent, nor from where."""
        if not isinstance(info[1], CourseError | web.HTTPError):
            log_error(info[1])

    # The phone's own cookie

    def find_session(self, name: str) -> Session:
        """Return the session of that name, whose page this then is, or raise SessionRefused."""
        self.page_session = self.context.sessions.find(name)
        return self.page_session

    async def person(self, session: Session) -> str:
        """Return the pseudonym of this phone, which counts from now on, or raise SessionRefused."""
        person = session.person(self.cookie(f"phone-{session.id}"))
        await session.arrive(person)
        return person

    def is_removed(self, session: Session) -> bool:
        """Say whether this phone was removed from a session."""
        return session.is_removed(self.cookie(f"phone-{session.id}"))

    def cookie(self, name: str) -> str:
        """Return what the browser keeps under a name, or nothing."""
        return httputil.parse_cookie(self.request.headers.get("Cookie", "")).get(name, "")

    def set_secret_cookie(self, name: str, value: str, path: str, seconds: int) -> None:
        """Have the browser keep a secret that no script and no other site can use."""
        secure = self.endpoint.is_secure
        self.set_cookie(name, value, path=path, max_age=seconds, httponly=True, samesite="Strict", secure=secure)


class NotFoundHandler(BaseHandler):
    """Any other address."""

    def prepare(self) -> Awaitable[None] | None:
        """Say that it is not here."""
        super().prepare()
        raise refused("not-here", 404)


class StaticHandler(web.StaticFileHandler):
    """Files of the pages, with the same safe headers."""

    def initialize(self, path: str, context: Context, endpoint: Endpoint) -> None:  # type: ignore[override]
        """Learn where they are, and where the request came in."""
        super().initialize(path)
        self._endpoint = endpoint

    def set_extra_headers(self, path: str) -> None:
        """Let browsers keep them for a while, and be strict as everywhere."""
        for name, value in SAFE.items():
            if name != "Cache-Control":
                self.set_header(name, value)

    def prepare(self) -> None:
        """Answer the server's own names only."""
        if self.request.host.lower() not in self._endpoint.names:
            raise web.HTTPError(421)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say nothing of files."""
        self.finish(b"")

    def log_exception(self, *info: Any) -> None:
        """Log nothing that was sent."""


class CompressedFiles(web.GZipContentEncoding):
    """Compresses style sheets and scripts. Pages stay as they are: their length would tell what is in them."""

    def __init__(self, request: httputil.HTTPServerRequest) -> None:
        super().__init__(request)
        self._is_file = request.path.endswith((".css", ".js"))

    def transform_first_chunk(
        self, status_code: int, headers: httputil.HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, httputil.HTTPHeaders, bytes]:
        """Return the beginning of a file compressed, and of anything else as it is."""
        if not self._is_file:
            return status_code, headers, chunk
        return super().transform_first_chunk(status_code, headers, chunk, finishing)

    def transform_chunk(self, chunk: bytes, finishing: bool) -> bytes:
        """Return the rest in the same way."""
        return super().transform_chunk(chunk, finishing) if self._is_file else chunk


class DesignTokensHandler(BaseHandler):
    """The design tokens, which the style sheets of all pages use, and the look of their buttons."""

    def get(self) -> None:
        """Send them as a style sheet."""
        self.set_header("Content-Type", "text/css; charset=utf-8")
        self.finish(stylesheet(BUTTON))


def _error_message(status: int, error: BaseException | None) -> ErrorMessage:
    if isinstance(error, SessionRefused):
        message: ErrorMessage = {"error": error.message, "hint": error.hint, "status": error.status}
        if error.fields:
            message["fields"] = error.fields
        return message
    key = "too-big" if status == 413 else "not-here" if status in (404, 405) else "not-a-message"
    if status >= 500:
        key = "went-wrong"
    return {"error": words(f"session.{key}"), "hint": words(f"session.{key}-hint"), "status": status}


def problem_of(error: CourseError) -> ProblemView:
    """Return what happened and what to do next."""
    return {"error": error.message, "hint": error.hint}


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _is_shallow(value: object, depth: int = DEEPEST) -> bool:
    if depth < 0:
        return False
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return all(_is_shallow(item, depth - 1) for item in inside)
