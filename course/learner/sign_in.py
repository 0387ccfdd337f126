"""How a browser is let in: by a code that is good once, after which Jupyter's own login cookie counts.

It is a server extension: `course learn` and `course teach` name it in `jpserver_extensions`, and name the page for
whoever has no cookie as Jupyter's login page. Who a cookie belongs to, and how long it holds, stays with Jupyter.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Callable
from typing import Any, Final

from jupyter_server.auth.decorator import allow_unauthenticated, authorized
from jupyter_server.auth.login import LoginFormHandler
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.utils import url_path_join
from tornado import web

from course.content import edition_language, words
from course.core.pages.html import DOCTYPE, Content, Markup, element, fragment
from course.frame.layout import page_style

SECONDS: Final = 120
"""How long a code is good: long enough for a browser that has to be started first."""
OPEN: Final = "open-once"
_CODES: Final = "course_one_time_codes"
PURPOSE: Final = "course_purpose"
"""The setting that says which starter opens this server: `learn` or `teach`."""
PRIVATE_PAGE: Final = "course_private_page"
"""The setting that names the file with the newest code, which is taken away as soon as a code was used."""
CONTENT_SECURITY_POLICY: Final = "; ".join(
    ["default-src 'none'", "style-src 'unsafe-inline'", "img-src data:", "base-uri 'none'", "form-action 'none'",
     "frame-ancestors 'none'"]
)  # fmt: skip


class OneTimeCodes:
    """Codes that let one browser in each, to one page: once, and within SECONDS."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._pages: dict[str, tuple[float, str]] = {}

    def make(self, page: str) -> str:
        """Return a new code for a page, given as its address on this server. Codes whose time is over go."""
        now = self._clock()
        self._pages = {digest: page for digest, page in self._pages.items() if page[0] > now}
        code = secrets.token_urlsafe(32)
        self._pages[_digest(code)] = (now + SECONDS, page)
        return code

    def use(self, code: str) -> str | None:
        """Return the page of a code, which is worth nothing from now on; None for one that is not good, or no longer.

        Codes are looked up by their digest, so that how long it takes says nothing of them.
        """
        until, page = self._pages.pop(_digest(code), (0.0, ""))
        return page if page and self._clock() < until else None


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode(errors="replace")).hexdigest()


def one_time_codes(web_app: web.Application) -> OneTimeCodes:
    """Return the codes of a server that has this extension."""
    codes: OneTimeCodes = web_app.settings[_CODES]
    return codes


def is_own_page(page: object) -> bool:
    r"""Say whether an address is a page of the server itself, and not of another host.

    >>> is_own_page("/read/notebooks/start.ipynb"), is_own_page("//evil.example"), is_own_page("/\\evil.example")
    (True, False, False)
    """
    return isinstance(page, str) and re.fullmatch(r"/(?!/)[^\\\x00-\x20]*", page) is not None  # browsers drop tabs


class _PlainPageHandler(JupyterHandler):
    """A page of words, without scripts."""

    @property
    def content_security_policy(self) -> str:
        """What the page may load and ask for."""
        return CONTENT_SECURITY_POLICY

    def finish_page(self, title: str, *paragraphs: Content, goes_to: str = "") -> None:
        """Write the page; with `goes_to`, it leads there by itself."""
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "no-referrer")
        self.finish(_page(title, *paragraphs, goes_to=goes_to))


class OpenOnceHandler(_PlainPageHandler):
    """Take a code, and let the browser that sent it in."""

    def check_xsrf_cookie(self) -> None:
        """Ask for nothing more than the code, which no other page can know."""

    @allow_unauthenticated
    def post(self) -> None:
        """Set the cookie and lead on to the page of the code.

        The page leads on by itself and is no redirect: after one, browsers would count the file that sent the code
        as where the request comes from, and hold a cookie of this site alone back.
        """
        page = one_time_codes(self.application).use(self.get_body_argument("code", ""))
        if page is None:
            self.set_status(403)
            self.finish_page(words("sign-in.used"), _steps(self.settings[PURPOSE]))
            return
        if PRIVATE_PAGE in self.settings:
            self.settings[PRIVATE_PAGE].unlink(missing_ok=True)
        self.identity_provider.set_login_cookie(self, self.identity_provider.generate_anonymous_user(self))
        self.finish_page(
            words("sign-in.opening"),
            element("p", element("a", {"href": page}, words("sign-in.go-on"))),
            goes_to=page,
        )


class NewCodeHandler(APIHandler):
    """Make a code for whoever is let in already, such as a starter that found this server running."""

    auth_resource = "server"

    @web.authenticated
    @authorized
    def post(self) -> None:
        """Write a code for the page that was asked for."""
        content = self.get_json_body()
        page = content.get("page") if isinstance(content, dict) else None
        if not is_own_page(page):
            raise web.HTTPError(400)
        self.finish({"code": one_time_codes(self.application).make(str(page))})


class NotSignedInHandler(_PlainPageHandler, LoginFormHandler):
    """The page for a browser that was not let in, in place of Jupyter's “Password or token”.

    One that was let in meanwhile goes on to the page that it asked for.
    """

    def _render(self, message: object = None) -> None:
        self.set_status(401)
        self.finish_page(words("sign-in.title"), element("p", words("sign-in.why")), _steps(self.settings[PURPOSE]))


def _steps(purpose: str) -> Markup:
    steps = [words(f"sign-in.starter-{purpose}", name=words(f"starter.{purpose}")), words("sign-in.else")]
    return fragment(element("ul", [element("li", step) for step in steps]), element("p", words("sign-in.again")))


def _page(title: str, *paragraphs: Content, goes_to: str) -> Markup:
    refresh = element("meta", {"http-equiv": "refresh", "content": f"0;url={goes_to}"}) if goes_to else None
    head = element(
        "head",
        element("meta", {"charset": "utf-8"}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("meta", {"name": "color-scheme", "content": "light dark"}),
        refresh,
        element("title", f"{title} – {words('frame.course')}"),
        element("link", {"rel": "icon", "href": "data:,"}),
        Markup(f"<style>{page_style()}</style>"),
    )
    main = element("main", {"id": "main"}, element("h1", title), element("div", {"class": "frame-words"}, *paragraphs))
    body = element(
        "body",
        element("header", {"class": "frame-bar"}, element("p", {"class": "frame-course"}, words("frame.course"))),
        element("div", {"class": "frame-columns"}, main),
    )
    return fragment(DOCTYPE, element("html", {**edition_language().declared, "class": "frame"}, head, body))


def _load_jupyter_server_extension(server: Any) -> None:
    """Let browsers in by codes."""
    server.web_app.settings.update({_CODES: OneTimeCodes(), PURPOSE: "learn"})
    base = server.web_app.settings["base_url"]
    handlers = [(OPEN, OpenOnceHandler), (f"{OPEN}/code", NewCodeHandler)]
    server.web_app.add_handlers(".*$", [(url_path_join(base, path), handler) for path, handler in handlers])
