"""The pages as a Jupyter server hands them out: one for each notebook of the course, and what their buttons ask for.

It is a server extension: `course learn` names it in `jpserver_extensions`.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import parse_qs, quote

from jupyter_server.auth.decorator import allow_unauthenticated, authorized
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.utils import url_path_join
from tornado import web
from tornado.httputil import HTTPServerRequest
from tornado.routing import PathMatches, Rule

from course.activities.open_questions import missing_sentences
from course.content import words
from course.content.lessons import lesson_names, lessons, with_lesson_keys
from course.core.names import RELEASE
from course.core.notebooks import read_notebook
from course.core.pages.html import Markup, element, fragment
from course.core.settings import COURSE_ID
from course.frame.layout import STATIC, Neighbours, PageAddresses, PageLink, neighbours, page_html, page_style
from course.frame.page import Page, page_of
from course.learner.installed import has_changed
from course.learner.reading import ON_A_SERVER
from course.learner.working_copy import find_exchange, is_as_shipped, put_fresh, shipped_page
from course.records.journal import Journal

PREFIX: Final = "read"
START: Final = "notebooks/start.ipynb"
_SCRIPTS: Final = (STATIC, Path(__file__).parent / "static")
_TYPES: Final = {".js": "text/javascript", ".css": "text/css"}
_TOOL_WORDS: Final = (
    "check", "checking", "not-checked", "hand-in", "handing-in", "handed-in", "not-handed-in", "not-saved",
    "not-released", "no-exchange", "feedback", "fetching", "feedback-fetched", "feedback-not-there", "released",
    "fetch", "fetched", "not-fetched",
)  # fmt: skip
CONTENT_SECURITY_POLICY: Final = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self' blob:",  # activities and charts bring their scripts through the kernel
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    ]
)
"""Nothing on a page comes from another host or goes there, and no text on it can become a script."""


class PageHandler(JupyterHandler):
    """A notebook of the course as a page to read."""

    auth_resource = "contents"

    @property
    def content_security_policy(self) -> str:
        """What the page may load and ask for."""
        return CONTENT_SECURITY_POLICY

    @web.authenticated
    @authorized
    def get(self, path: str) -> None:
        """Write the page; a folder leads to all lessons, and what is no notebook of the course is Jupyter's to show."""
        if _file(self, path).is_dir():
            self.redirect(url_path_join(self.base_url, PREFIX, START))
            return
        if not path.endswith(".ipynb"):
            self.redirect(url_path_join(self.base_url, "files", quote(path)))
            return
        shipped = shipped_page(path)
        if shipped is None:
            self._send_to_jupyter(path)
            return
        assert self.xsrf_token  # asking for it sends the cookie that the page's requests need
        is_shipped = is_as_shipped(_working_copy(self), path)
        page = page_of(read_notebook(shipped))
        self.set_header("Cache-Control", "no-store")
        is_on_a_server = bool(self.settings.get(ON_A_SERVER))
        if has_changed(self.settings):
            notice = _warning(words("frame.newer-on-a-server" if is_on_a_server else "frame.newer"))
        else:
            notice = fragment(None if is_shipped else _changed(_file(self, path).is_file()))
        if is_on_a_server:
            notice = fragment(notice, _kept_elsewhere())
        self.finish(_page(self.base_url, path, page, is_shipped=is_shipped, notice=notice))

    def _send_to_jupyter(self, path: str) -> None:
        today = with_lesson_keys(path)
        if shipped_page(today):
            self.redirect(url_path_join(self.base_url, PREFIX, quote(today)))  # a bookmark from an earlier version
            return
        if not _file(self, path).is_file():
            self.set_status(404)
            self.finish(_unknown_page(self.base_url))
            return
        self.redirect(url_path_join(self.base_url, "notebooks", quote(path)))


def _page(base: str, path: str, page: Page, *, is_shipped: bool, notice: Markup) -> Markup:
    place = PurePosixPath(path)
    is_exercise = place.parts[0] == RELEASE
    data = {
        "base": base,
        "path": path,
        "isStart": path == START,
        "isShipped": is_shipped,
        "begin": f"from course.learner.reading.kernel import begin; begin({str(place.parent)!r})",
        "courseId": COURSE_ID,
        "exercise": place.stem if is_exercise else "",
        "formerNames": lesson_names(place.stem)[1:] if is_exercise else [],
        "hasExchange": find_exchange() is not None,
        "titles": _exercise_titles() if path == START else {},
        "toolWords": {name: words(f"frame.{name}") for name in _TOOL_WORDS},
    }
    addresses = _addresses(base, code=f"{url_path_join(base, 'notebooks', quote(path))}?show=code")
    shown = page if is_shipped else Page(page.title, (), {})
    return page_html(shown, neighbours(str(place.parent), place.stem), addresses, data, notice, _label(path))


def _label(path: str) -> str:
    """Return what stands on a page whose answers are made up; the start page says it itself."""
    return words("synthetic.label") if path != START and Journal().is_synthetic else ""


def _exercise_titles() -> dict[str, str]:
    """Return what exercises are called, by their names in the exchange; "" for one that goes by another name today."""
    titles = {name: "" for lesson in lessons() for name in lesson.former}
    return titles | {lesson.key: words("start.title", number=lesson.number, title=lesson.title) for lesson in lessons()}


def _unknown_page(base: str) -> Markup:
    """Return a page that says that there is none, with the way to all lessons."""
    start = PageLink(url_path_join(base, PREFIX, START), words("frame.all-lessons"))
    page = Page(words("frame.not-a-page"), (), {})
    data = {"base": base, "path": "", "isStart": False, "isShipped": False}
    return page_html(page, Neighbours(start), _addresses(base), data)


def _addresses(base: str, code: str = "") -> PageAddresses:
    assets = url_path_join(base, f"{PREFIX}-assets", _assets_version())
    return PageAddresses(url_path_join(assets, "page.css"), url_path_join(assets, "jupyter.js"), code)


def _changed(is_there: bool) -> Markup:
    fresh = element("button", {"type": "button", "class": "frame-main-button"}, words("frame.fresh"))
    return _warning(words("frame.changed" if is_there else "frame.missing"), fresh)


def _warning(text: str, *more: Markup) -> Markup:
    return element("div", {"class": "frame-notice frame-warning"}, element("p", text), *more)


def _kept_elsewhere() -> Markup:
    return element("div", {"class": "frame-notice"}, element("p", words("frame.on-a-server")))


class _OpenedInNotebook(PathMatches):
    """An address at which Jupyter Notebook shows a page of the course, unless its code is asked for."""

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        """Return nothing where the page goes to Jupyter."""
        if parse_qs(request.query).get("show") == ["code"]:
            return None
        match = super().match(request)
        return match if match and _is_page(match["path_args"][0].decode(errors="replace")) else None


class OpenedInNotebookHandler(JupyterHandler):
    """Lead from Jupyter Notebook to the page to read: old bookmarks, and a click in the list of files."""

    auth_resource = "contents"

    @web.authenticated
    @authorized
    def get(self, path: str) -> None:
        """Redirect to the page."""
        self.redirect(url_path_join(self.base_url, PREFIX, quote(path)))


def _is_page(path: str) -> bool:
    return shipped_page(with_lesson_keys(path)) is not None


class AssetHandler(JupyterHandler):
    """The scripts and the style sheet of pages. Their addresses change when they do, so a browser may keep them."""

    @allow_unauthenticated
    def get(self, name: str) -> None:
        """Write one of them."""
        if name == "page.css":
            text = page_style()
        else:
            text = next((path.read_text(encoding="utf-8") for path in _scripts() if path.name == name), "")
            if not text:
                raise web.HTTPError(404)
        self.set_header("Content-Type", f"{_TYPES[Path(name).suffix]}; charset=utf-8")
        self.set_header("Cache-Control", "max-age=31536000, immutable")
        self.finish(text)


def _scripts() -> list[Path]:
    return [path for folder in _SCRIPTS for path in sorted(folder.glob("*.js"))]


@cache
def _assets_version() -> str:
    content = page_style().encode() + b"".join(path.read_bytes() for path in _scripts())
    return hashlib.sha256(content).hexdigest()[:16]


class FreshPageHandler(APIHandler):
    """Put a fresh page in the place of one that was changed or is missing."""

    auth_resource = "contents"

    @web.authenticated
    @authorized
    def post(self) -> None:
        """Do it; what was there is kept in the folder `kept`."""
        path = _path(self)
        folder = _working_copy(self)
        try:
            put_fresh(folder, path)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self.set_status(500)
            self.finish({"message": words("frame.fresh-failed", reason=reason, folder=folder)})
            return
        self.finish({})


class CheckHandler(APIHandler):
    """Say what has no answer yet in an exercise."""

    auth_resource = "contents"

    @web.authenticated
    @authorized
    def post(self) -> None:
        """Write the sentences, given what nbgrader's validate handler replied; null where it did not reply."""
        path = _path(self)
        if PurePosixPath(path).parts[0] != RELEASE:
            raise web.HTTPError(404, words("frame.not-a-page"))
        reply = _content(self).get("reply")
        folder = _file(self, path).parent
        self.finish({"sentences": missing_sentences(folder, reply if isinstance(reply, dict) else {})})


def _content(handler: APIHandler) -> dict[str, object]:
    content = handler.get_json_body()
    return content if isinstance(content, dict) else {}


def _path(handler: APIHandler) -> str:
    """Return the page that a request is about; 404 for what is no page of the course."""
    path = _content(handler).get("path")
    if not isinstance(path, str) or shipped_page(path) is None:
        raise web.HTTPError(404, words("frame.not-a-page"))
    return path


def _working_copy(handler: JupyterHandler) -> Path:
    return Path(handler.contents_manager.root_dir)


def _file(handler: JupyterHandler, path: str) -> Path:
    """Return where a page's file is; 404 for what leads out of the working copy."""
    folder = _working_copy(handler).resolve()
    file = (folder / path).resolve()
    if not file.is_relative_to(folder):
        raise web.HTTPError(404, words("frame.not-a-page"))
    return file


def _load_jupyter_server_extension(server: Any) -> None:
    """Add the pages to a Jupyter server."""
    base = server.web_app.settings["base_url"]
    handlers = [
        (rf"{PREFIX}/(.*)", PageHandler),
        (rf"{PREFIX}-assets/[0-9a-f]+/([a-z_]+\.(?:js|css))", AssetHandler),
        (rf"{PREFIX}-api/fresh", FreshPageHandler),
        (rf"{PREFIX}-api/check", CheckHandler),
    ]
    opened = Rule(_OpenedInNotebook(url_path_join(base, "notebooks/(.+)")), OpenedInNotebookHandler)
    rules = [opened, *((url_path_join(base, path), handler) for path, handler in handlers)]
    server.web_app.add_handlers(".*$", rules)
