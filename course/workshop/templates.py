"""Pages and their parts, with all that people wrote escaped."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tornado import web
from tornado.template import Loader

from course.core.design_tokens import stylesheet
from course.core.html import Markup

PAGES: Final = Path(__file__).parent / "pages"
STATIC: Final = Path(__file__).parent / "static"
PARTS: Final = {
    "phone": ("main",),
    "console": ("steps", "step", "lines", "parked", "room"),
    "screen": ("main",),
}
"""The parts of each page that follow the room."""


class Templates:
    """The templates of `pages/`."""

    def __init__(self) -> None:
        self._loader = Loader(str(PAGES), autoescape="xhtml_escape")

    def render(self, template: str, words: Mapping[str, str], given: Mapping[str, Any]) -> bytes:
        """Return a page."""
        return self._loader.load(template).generate(words=words, static=static_address, style=page_style, **given)

    def parts(self, page: str, words: Mapping[str, str], view: Mapping[str, Any]) -> dict[str, str]:
        """Return the parts of a page that follow the room, by name."""
        return {part: self.render(f"{page}_{part}.html", words, {"view": view}).decode() for part in PARTS[page]}


def page_style(name: str) -> Markup:
    """Return the design tokens and a style sheet of `pages/`, for a page that needs no other file."""
    return Markup(stylesheet(PAGES / name))


def static_address(name: str) -> str:
    """Return the address of a file of the pages, which changes with the file."""
    return web.StaticFileHandler.make_static_url({"static_path": str(STATIC), "static_url_prefix": "/static/"}, name)
