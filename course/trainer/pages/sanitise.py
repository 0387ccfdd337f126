"""Clean the HTML that nbgrader shows in the formgrader and on feedback pages.

What learners write is shown to a trainer who is signed in, and comments are shown to learners.
nbgrader cleans neither, and nbconvert's own cleaner turns the course's figures and lists into text.
"""

from __future__ import annotations

import functools
import re
from typing import Final

import nh3
from jinja2 import pass_context

from course.core.pages.html import Markup

_TAGS: Final = """
    a abbr b blockquote br caption code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5
    h6 hr i img ins kbd li ol p pre q s samp small span strong sub summary sup table tbody td tfoot
    th thead tr u ul
"""
_ATTRIBUTES: Final = {
    "*": frozenset({"lang", "dir"}),
    "a": frozenset({"href", "title"}),
    "details": frozenset({"open"}),
    "figure": frozenset({"aria-label"}),
    "img": frozenset({"src", "alt", "width", "height"}),
    "ol": frozenset({"start"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan", "scope"}),
}
_CLASSES: Final = {
    "div": frozenset({"course-still", "highlight"}),
    "p": frozenset({"course-mark"}),
    "ul": frozenset({"course-rows"}),
    "li": frozenset({"course-right", "course-wrong"}),
}
_PICTURE: Final = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml)[;,]")
_PLAIN: Final = re.compile(r"[^\W\d_](?:[^\W_]|[ ,.;?!’“”()-])*(?:[^\W_]|[.?!)])")
"""A line without anything that Markdown could mean something by: no package is imported for one."""
_OFTEN: Final = 4_000
"""How many letters a piece may have whose cleaned form is kept for the next page."""
_UNSEEN: Final = re.compile(r"[\x00-\x20]")
"""What browsers pass over in an address: spaces, tabs, ends of lines and the like."""


def clean(page: object) -> Markup:
    """Return HTML with the tags that the course uses and nothing that runs, loads or looks like a control.

    >>> clean('<p onclick="x()">Hello<script>x()</script></p>')
    '<p>Hello</p>'
    >>> clean('<figure><img alt="A map" src="data:image/png;base64,AA=="></figure>')
    '<figure><img alt="A map" src="data:image/png;base64,AA=="></figure>'
    """
    text = page.decode("utf-8", "replace") if isinstance(page, bytes) else str(page)
    return _clean_again(text) if len(text) <= _OFTEN else _clean(text)


def _clean(text: str) -> Markup:
    return Markup(_cleaner().clean(text))


_clean_again = functools.lru_cache(maxsize=512)(_clean)
"""The same for short pieces, which many learners' pages have in common."""


@functools.cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_TAGS.split()),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        allowed_classes={tag: set(names) for tag, names in _CLASSES.items()},
        attribute_filter=_safe_value,
        url_schemes={"http", "https", "mailto", "data"},
        url_relative="deny",
    )


@pass_context
def markdown_to_html(_context: object, source: str) -> Markup:
    """Return Markdown as clean HTML; nbgrader's templates use it for cells and for comments."""
    if _PLAIN.fullmatch(source):
        return clean(f"<p>{source}</p>\n")
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    return clean(MarkdownWithMath(renderer=renderer).render(source))


def _safe_value(tag: str, attribute: str, value: str) -> str | None:
    """Allow pictures that are in the page itself, so that no other host learns who reads it, and no data in links."""
    address = _UNSEEN.sub("", value).casefold()
    if (tag, attribute) == ("img", "src"):
        return value if _PICTURE.match(address) else None
    if (tag, attribute) == ("a", "href"):
        return None if address.startswith("data:") else value
    return value
