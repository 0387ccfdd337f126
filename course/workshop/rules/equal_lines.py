"""Which lines say the same: equal but for capitals, spaces, punctuation and the form that Unicode gives a letter."""

from __future__ import annotations

import unicodedata
from typing import Final

from course.workshop.wire import Answer

LineKey = tuple[str, ...]
"""What is left of a line's words, by field: the same for lines that say the same."""
APOSTROPHES: Final = "'\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}"
MEANT: Final = "%&#@"
"""Punctuation by Unicode, and words by their meaning."""


def line_key(words: Answer) -> LineKey:
    """Return what is the same for lines that say the same.

    >>> line_key("Don’t  RUSH us!") == line_key("don't rush us")
    True
    >>> line_key("👍") == line_key("👎")
    False
    """
    if isinstance(words, dict):
        return tuple(_text_key(text) for _, text in sorted(words.items()) if isinstance(text, str))
    return (_text_key(str(words)),)


def _text_key(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    plain = "".join(_plain(letter) for letter in folded if letter not in APOSTROPHES)
    return " ".join(plain.split()) or folded


def _plain(letter: str) -> str:
    """Return a letter, a space in place of punctuation, and nothing for what cannot be seen."""
    category = unicodedata.category(letter)
    if category == "Cf":
        return ""
    return " " if (category[0] in "PZ" or category == "Cc") and letter not in MEANT else letter
