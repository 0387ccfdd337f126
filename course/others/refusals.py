"""The words of the raters' pages, and what the server of rounds refuses, in words of `others-pages.toml`."""

from __future__ import annotations

from typing import Final

from course.content.texts import read_texts
from course.core.errors import SessionRefused

PAGE_WORDS: Final = "others-pages.toml"
ROUND_OVER: Final = 410
"""The status of what is refused because nobody can answer in a round any more."""


def page_text(key: str, **blanks: object) -> str:
    """Return one text of the pages, with its {blanks} filled.

    >>> page_text("start.begin")
    'Go on to the questions'
    """
    return read_texts(PAGE_WORDS).say(key, **blanks)


def refused(key: str, status: int = 400, wait: int = 0, **blanks: object) -> SessionRefused:
    """Return a refusal with what to do next, and how many seconds to wait before."""
    message, hint = (page_text(f"refused.{name}", **blanks) for name in (key, f"{key}-hint"))
    return SessionRefused(message, hint, status, wait)
