"""Fragments of HTML, built so that no text can become markup: for charts, static views, the plan and the start page.

    element("section", {"class": "course-wall", "aria-label": title}, element("h2", title), body)

Text and attributes are always escaped. Only what this module returns is `Markup`, which is not escaped again.
Whole pages with templates are made by `course.core.pages.templates`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Final, TypeAlias

Attributes: TypeAlias = Mapping[str, str | int | float | bool | None]
"""Attributes by name. None and False leave one out; True gives its name alone, as for `hidden` or `open`."""
Content: TypeAlias = str | Iterable[str] | None
"""What stands in an element: text, markup, several of them, or nothing."""

VOID: Final = frozenset("area base br col embed hr img input link meta source track wbr".split())
"""The elements that have no content and no closing tag."""
_TAG: Final = re.compile(r"[a-z][a-z0-9-]*", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"(?!on)[a-z][a-z0-9:._-]*", re.IGNORECASE)
"""What begins with `on` would run a script."""
_ADDRESSES: Final = ("action", "formaction", "href", "src")
_SCRIPT_ADDRESS: Final = re.compile(r"[\x00-\x20]*" + r"[\t\n\r]*".join("javascript:"), re.IGNORECASE)
"""Browsers pass over control characters in front of an address, and over tabs and breaks within it."""


class Markup(str):
    """HTML that is not escaped again, neither here nor by a template.

    What `str` itself makes of it (a slice, a join, an f-string) is plain text again; `fragment` joins markup.
    """

    __slots__ = ()

    def __html__(self) -> str:
        """Tell Jinja2 that it need not escape this."""
        return str(self)


DOCTYPE: Final = Markup("<!doctype html>\n")


def element(tag: str, /, *inside: Attributes | Content) -> Markup:
    """Return an element. Its attributes, if it has any, are a mapping in front of its content.

    Raises ValueError for a name that is none, for a script in an attribute, and for content where there can be none.

    >>> element("p", {"class": "note", "hidden": False}, "2 < 3, ", element("em", "always"))
    '<p class="note">2 &lt; 3, <em>always</em></p>'
    >>> element("img", {"src": "chart.svg", "alt": 'A "bar"'})
    '<img src="chart.svg" alt="A &quot;bar&quot;">'
    """
    if not _TAG.fullmatch(tag):
        raise ValueError(f"{tag!r} is not the name of an element")
    attributes, content = _split(inside)
    opening = f"<{tag}{''.join(_attribute(name, value) for name, value in attributes.items())}>"
    inner = fragment(*content)
    name = tag.lower()
    if name in VOID:
        if inner:
            raise ValueError(f"<{tag}> cannot have content")
        return Markup(opening)
    if name in ("script", "style") and inner:
        raise ValueError(f"the content of <{tag}> is not HTML: use style_element for a style; scripts have files")
    return Markup(f"{opening}{inner}</{tag}>")


def fragment(*content: Content) -> Markup:
    """Return pieces one after the other, without an element around them; text among them is escaped.

    >>> fragment("Read ", element("a", {"href": "#end"}, "the end"), " & ask.")
    'Read <a href="#end">the end</a> &amp; ask.'
    """
    return Markup("".join(_pieces(content)))


def style_element(css: str) -> Markup:
    """Return a style element with a stylesheet of the course's own; ValueError where it would end the element."""
    if "</" in css:
        raise ValueError("a stylesheet cannot hold </")
    return Markup(f"<style>{css}</style>")


def single_file_page(language: Attributes, title: str, css: str, policy: str, body: Markup) -> Markup:
    """Return a whole page with its stylesheet in it, which asks nobody for anything.

    `language` has the attributes of the root element, and `policy` says what the browser may load for the page.
    """
    head = element(
        "head",
        element("meta", {"charset": "utf-8"}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": policy}),
        element("title", title),
        style_element(css),
    )
    return fragment(DOCTYPE, element("html", language, head, body))


def _split(inside: tuple[Attributes | Content, ...]) -> tuple[Attributes, tuple[Content, ...]]:
    """Tell the attributes from the content."""
    attributes: Attributes = {}
    if inside and isinstance(inside[0], Mapping):
        attributes, *rest = inside[0], *inside[1:]
    else:
        rest = list(inside)
    content: list[Content] = []
    for piece in rest:
        if isinstance(piece, Mapping):
            raise TypeError("attributes stand in front of the content, once")
        content.append(piece)
    return attributes, tuple(content)


def _pieces(content: Iterable[Content]) -> Iterable[str]:
    for piece in content:
        if isinstance(piece, Markup):
            yield piece
        elif isinstance(piece, str):
            yield escape(piece)
        elif piece is not None:
            yield from _pieces(piece)


def _attribute(name: str, value: str | int | float | bool | None) -> str:
    if not _ATTRIBUTE.fullmatch(name):
        raise ValueError(f"{name!r} cannot be an attribute here")
    if value is None or value is False:
        return ""
    if value is True:
        return f" {name}"
    text = str(value)
    if name.lower() in _ADDRESSES and _SCRIPT_ADDRESS.match(text):
        raise ValueError(f"the attribute {name!r} would run a script")
    return f' {name}="{escape(text)}"'
