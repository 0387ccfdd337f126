"""Addresses of pages in the web edition: all lessons are in one folder there, and all exercises in another."""

from __future__ import annotations

import re
from typing import Final

from course.core.pages.web_edition import is_web_edition

_EXERCISE: Final = re.compile(r"(?:\.\./)+exercises/([\w-]+)/\1\.ipynb")
_LESSON: Final = re.compile(r"(?:\.\./)+notebooks/([\w-]+)\.ipynb")
_BESIDE: Final = re.compile(r"(?:\.\./([\w-]+)/(?=\1\.))?([\w-]+)\.ipynb")
_HREF: Final = re.compile(r'(?<=\bhref=")[^"]*\.ipynb(?=["#?])')


def web_address(address: str) -> str:
    """Return where the web edition has the page that a link between notebooks leads to; other addresses stay.

    >>> web_address("repair.ipynb"), web_address("../exercises/repair/repair.ipynb")
    ('repair.html', '../exercises/repair.html')
    >>> web_address("../../notebooks/start.ipynb"), web_address("../thanks/thanks.ipynb")
    ('../notebooks/start.html', 'thanks.html')
    """
    for pattern, page in (
        (_EXERCISE, r"../exercises/\1.html"),
        (_LESSON, r"../notebooks/\1.html"),
        (_BESIDE, r"\2.html"),
    ):
        if match := pattern.fullmatch(address):
            return match.expand(page)
    return address


def page_address(address: str) -> str:
    """Return where the page is that a link between notebooks leads to, in the edition that this Python runs in."""
    return web_address(address) if is_web_edition() else address


def with_web_addresses(html: str) -> str:
    """Return HTML whose links between notebooks lead to the pages of the web edition.

    >>> with_web_addresses('<a href="repair.ipynb#the-idea">Repair</a>')
    '<a href="repair.html#the-idea">Repair</a>'
    """
    return _HREF.sub(lambda match: web_address(match[0]), html)
