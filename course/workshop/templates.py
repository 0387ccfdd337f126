"""The pages' words and templates: HTML from `pages/` in Jinja2, with all that people wrote escaped.

A page has elements `data-part="NAME"`; the part is the template `PAGE_NAME.html`, which the page itself includes, and
which is rendered again for the events. Each template gets `view` (a type of `wire`), `words` (PageWords:
`words["join.code"]`, `words.say("phone.step", number=1, of=9)`; in an attribute, an option or the title
`words.plain("join.code")`, with `words.declared("join.code")` on the same element), `base` (before each path that
phones ask for, such as "/rooms"), `static(name)`, `style(name)`, `json(value)`, `script_words`, `emblem(size)` and
`icon`. No inline script or style: the Content-Security-Policy refuses both.
"""

from __future__ import annotations

import functools
import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NotRequired, TypedDict

from tornado import web

from course import content
from course.content.language import Language
from course.content.texts import Texts
from course.core.pages.design_tokens import stylesheet
from course.core.pages.emblem import emblem, icon_address
from course.core.pages.html import Markup
from course.core.pages.templates import template_environment

if TYPE_CHECKING:
    from jinja2 import Environment

PAGE_WORDS: Final = "workshop-pages.toml"
PAGES: Final = Path(__file__).parent / "pages"
STATIC: Final = Path(__file__).parent / "static"
PARTS: Final = {
    "phone": ("main",),
    "console": ("alert", "next", "steps", "step", "lines", "parked", "session"),
    "co_host": ("lines",),
    "screen": ("main",),
}
"""The parts of each page that follow the session."""


class ScriptText(TypedDict):
    """A text for JavaScript; where it is not in the page's language, with the `lang` and `dir` to declare."""

    text: str
    lang: NotRequired[str]
    dir: NotRequired[str]


class PageText(str):
    """A text of a page. Between tags, one in another language than its page is declared with its own."""

    language: Language | None = None
    """The text's own language, where it is not the page's."""

    def __html__(self) -> str:
        text = html.escape(self)
        return f"<span {self.language.attributes}>{text}</span>" if self.language else text


@dataclass(frozen=True)
class PageWords:
    """The texts of a session's pages: the facilitator's own, else the course's."""

    course: Texts
    own: Texts
    tag: str
    """The language that the pages declare."""

    def __contains__(self, key: object) -> bool:
        return key in self.own.by_key or key in self.course.by_key

    def __getitem__(self, key: str) -> PageText:
        return self.say(key)

    def say(self, key: str, **blanks: object) -> PageText:
        """Return a text with its blanks filled, to stand between tags; BadContent where there is none."""
        texts = self.own if key in self.own.by_key else self.course
        return self._page_text(texts.say(key, **blanks), self._language(key))

    def plain(self, key: str, **blanks: object) -> str:
        """Return the same without markup, for an element that can hold no other: see `declared`."""
        return str(self.say(key, **blanks))

    def declared(self, key: str) -> Markup:
        """Return the attributes `lang` and `dir` for an element with `plain(key)`; none in the page's language."""
        language = self._language(key)
        return Markup(f" {language.attributes}" if language else "")

    def for_script(self, key: str) -> ScriptText:
        """Return a text for the page's JavaScript to show."""
        language = self._language(key)
        text = self.plain(key)
        return {"text": text, "lang": language.tag, "dir": language.direction} if language else {"text": text}

    def of_edition(self, text: str) -> PageText:
        """Return a text that the course has said itself, such as an error, to stand between tags."""
        return self._page_text(text, self._unless_of_page(content.edition_language()))

    @property
    def direction(self) -> str:
        """What a page declares as its `dir`; `auto` for a language without rules."""
        language = self.own.language
        return "auto" if self._unless_of_page(language) else language.direction

    def _language(self, key: str) -> Language | None:
        """Return the language of a text where it is not the page's."""
        return None if key in self.own.by_key else self._unless_of_page(self.course.language)

    def _unless_of_page(self, language: Language) -> Language | None:
        return language if _main_language(language.tag) != _main_language(self.tag) else None

    def _page_text(self, text: str, language: Language | None) -> PageText:
        page_text = PageText(text)
        page_text.language = language
        return page_text


def page_words() -> Texts:
    """Return the course's texts by page and name, for example `phone.skip`.

    >>> page_words().say("phone.skip")
    'Skip'
    """
    return content.read_texts(PAGE_WORDS)


def words_in(tag: str) -> PageWords:
    """Return the course's texts for pages in a language, where there is no script with words of its own."""
    course = page_words()
    return PageWords(course, Texts(PAGE_WORDS, course.language, {}), tag)


def _main_language(tag: str) -> str:
    """Return a language without its kind: `en` is declared for words in `en-GB` too."""
    return tag.partition("-")[0].lower()


class PageTemplates:
    """The templates of `pages/`."""

    def __init__(self, base: str = "") -> None:
        """Take where the pages begin: their templates get it as `base`."""
        self._environment = _environment(PAGES, base)

    def render(self, template: str, words: PageWords, view: Mapping[str, object]) -> str:
        """Return a page or a part of one as HTML."""
        return self._environment.get_template(template).render(words=words, view=view)

    def parts(self, page: str, words: PageWords, view: Mapping[str, object]) -> dict[str, str]:
        """Return the parts of a page that follow the session, by name."""
        return {part: self.render(f"{page}_{part}.html", words, view) for part in PARTS[page]}


@functools.cache
def _environment(pages: Path, base: str) -> Environment:
    """Return what makes the pages that begin there: templates are compiled once, however many servers there are."""

    def static(name: str) -> str:
        return base + static_address(name)

    functions = {
        "base": base,
        "static": static,
        "style": page_style,
        "json": json.dumps,
        "script_words": script_words,
    }
    pictures = {"emblem": emblem, "icon": icon_address()}
    return template_environment(pages, values={**functions, **pictures})


def script_words(words: PageWords, *keys: str) -> dict[str, ScriptText]:
    """Return the texts that a page's JavaScript shows, by their keys without what stands before the dot.

    >>> from dataclasses import replace
    >>> course = page_words()
    >>> script_words(PageWords(course, replace(course, by_key={}), "en-GB"), "phone.send")
    {'send': {'text': 'Send'}}
    """
    return {key.partition(".")[2]: words.for_script(key) for key in keys}


def page_style(name: str) -> Markup:
    """Return the design tokens and a style sheet of `pages/`, for a page that needs no other file."""
    return Markup(stylesheet(PAGES / name))


def static_address(name: str) -> str:
    """Return the address of a file of the pages, which changes with the file."""
    return web.StaticFileHandler.make_static_url({"static_path": str(STATIC), "static_url_prefix": "/static/"}, name)
