"""The pages' words and templates: HTML from `pages/` in Jinja2, with all that people wrote escaped.

A page has elements `data-part="NAME"`; the part is the template `PAGE_NAME.html`, which the page itself includes, and
which is rendered again for the events. Each template gets `view` (a type of `wire`), `words` (`words["join.code"]`:
the texts of `workshop-pages.toml`, or the facilitator's own), `static(name)`, `style(name)`, `json(value)` and
`script_words`. No
inline script or style: the Content-Security-Policy refuses both.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tornado import web

from course import content
from course.core.design_tokens import stylesheet
from course.core.html import Markup
from course.core.templates import template_environment

PAGE_WORDS: Final = "workshop-pages.toml"
PAGES: Final = Path(__file__).parent / "pages"
STATIC: Final = Path(__file__).parent / "static"
PARTS: Final = {
    "phone": ("main",),
    "console": ("steps", "step", "lines", "parked", "session"),
    "screen": ("main",),
}
"""The parts of each page that follow the session."""


def page_words() -> dict[str, str]:
    """Return the course's words by page and name, for example `phone.skip`.

    >>> page_words()["phone.skip"]
    'Skip'
    """
    tables = content.read(PAGE_WORDS)
    return {
        f"{page}.{name}": content.need(texts, name, str, f"{PAGE_WORDS}, [{page}]")
        for page, texts in ((page, content.need(tables, page, dict, PAGE_WORDS)) for page in tables)
        for name in texts
    }


class PageTemplates:
    """The templates of `pages/`."""

    def __init__(self) -> None:
        functions = {"static": static_address, "style": page_style, "json": json.dumps, "script_words": script_words}
        self._environment = template_environment(PAGES, values=functions)

    def render(self, template: str, words: Mapping[str, str], view: Mapping[str, object]) -> str:
        """Return a page or a part of one as HTML."""
        return self._environment.get_template(template).render(words=words, view=view)

    def parts(self, page: str, words: Mapping[str, str], view: Mapping[str, object]) -> dict[str, str]:
        """Return the parts of a page that follow the session, by name."""
        return {part: self.render(f"{page}_{part}.html", words, view) for part in PARTS[page]}


def script_words(words: Mapping[str, str], *keys: str) -> dict[str, str]:
    """Return the words that a page's JavaScript uses, by what stands behind the dot.

    >>> script_words({"phone.saved": "Saved"}, "phone.saved")
    {'saved': 'Saved'}
    """
    return {key.partition(".")[2]: words[key] for key in keys}


def page_style(name: str) -> Markup:
    """Return the design tokens and a style sheet of `pages/`, for a page that needs no other file."""
    return Markup(stylesheet(PAGES / name))


def static_address(name: str) -> str:
    """Return the address of a file of the pages, which changes with the file."""
    return web.StaticFileHandler.make_static_url({"static_path": str(STATIC), "static_url_prefix": "/static/"}, name)
