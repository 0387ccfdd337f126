"""nbgrader's formgrader as the course serves it: names are escaped, and nothing from elsewhere is asked or run.

A server extension in the place of `nbgrader.server_extensions.formgrader`, made from it by subclasses. It is the
second line of defence: what learners write is cleaned before (`sanitise.py`), and should something get through, the
browser itself refuses what these headers do not name.
"""

from __future__ import annotations

from typing import Any, Final

from nbgrader.server_extensions.formgrader import handlers
from nbgrader.server_extensions.formgrader.base import BaseApiHandler, BaseHandler
from nbgrader.server_extensions.formgrader.formgrader import FormgradeExtension

from course.trainer.pages import reflection_pages

PAGE: Final = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline'",  # nbgrader's lists write their scripts into the page
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ]
)
NO_PAGE: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""For what is data or a learner's file: nbgrader sends its data as if it were a page."""


class Formgrader(FormgradeExtension):
    """The formgrader with names escaped in every list, and with headers that say what a page may do."""

    def init_tornado_settings(self, webapp: Any) -> None:
        """Set what nbgrader sets; its templates leave it to their environment whether names are escaped."""
        super().init_tornado_settings(webapp)
        webapp.settings["nbgrader_jinja2_env"].autoescape = True

    def init_handlers(self, webapp: Any) -> None:
        """Add the course's handlers and nbgrader's, each with its headers; the first that knows an address has it."""
        guarding = _Guarding(webapp)
        base = webapp.settings["base_url"].rstrip("/")
        guarding.add_handlers(".*$", [(base + path, handler) for path, handler in reflection_pages.HANDLERS])
        super().init_handlers(guarding)


class _Guarding:
    """A web application that gives each handler its headers on the way in."""

    def __init__(self, webapp: Any) -> None:
        self.settings = webapp.settings
        self._webapp = webapp

    def add_handlers(self, host: str, rules: list[Any]) -> None:
        """Add handlers to the application behind this one."""
        self._webapp.add_handlers(host, [(path, _guarded(handler), *rest) for path, handler, *rest in rules])


def _guarded(handler: type) -> type:
    if not issubclass(handler, BaseHandler):
        return handler
    no_page = issubclass(handler, BaseApiHandler | handlers.SubmissionFilesHandler)
    policy = property(lambda _: NO_PAGE if no_page else PAGE)
    return type(handler.__name__, (handler,), {"content_security_policy": policy})


def _load_jupyter_server_extension(server: Any) -> None:
    """Add the formgrader to a Jupyter server, as nbgrader's own extension does."""
    formgrader = Formgrader(parent=server)
    formgrader.root_dir = server.root_dir
    formgrader.log = server.log
    formgrader.initialize([])
    formgrader.init_tornado_settings(server.web_app)
    formgrader.init_handlers(server.web_app)
