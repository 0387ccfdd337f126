"""How much room texts take on the screen, rather too much than too little: the server cannot measure them.

Lengths are in sizes of the screen's smallest type, on the narrowest screen that pages are made for, which is 4 to 3.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Final, TypeVar

Item = TypeVar("Item")
SHEET_WIDTH: Final = 50.0
SHEET_HEIGHT: Final = 31.0
"""How much room a page has between the screen's top and its foot."""
LEADING: Final = 1.4
"""How high a line of text is."""
_SPACE: Final = 0.36
_NARROW: Final = frozenset("iljtfrI.,:;'’‘!|()[] ")
_WIDE: Final = frozenset("mwMW@%—…")


def text_width(text: str) -> float:
    """Return the width of a text on one line.

    >>> text_width("ill") < text_width("now") < text_width("NOW") < text_width("今日は")
    True
    """
    return sum(map(_letter_width, text))


@cache
def _letter_width(letter: str) -> float:
    if letter in _NARROW:
        return _SPACE
    if letter in _WIDE or unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    return 0.6 if letter.islower() or letter.isdecimal() else 0.75


def line_count(text: str, width: float) -> int:
    """Return how many lines a text needs; a word that is wider than a line is broken.

    >>> line_count("one two three", 6), line_count("x" * 100, 31)
    (2, 2)
    """
    return _line_count(word_widths(text), width)


def word_widths(text: str) -> list[float]:
    """Return the width of each word of a text."""
    return [text_width(word) for word in text.split()]


def _line_count(words: Sequence[float], width: float) -> int:
    lines, used = 1, 0.0
    for needed in words:
        if used and used + _SPACE + needed <= width:
            used += _SPACE + needed
        else:
            lines += 1 if used else 0
            used = needed
            while used > width:
                lines += 1
                used -= width - 1.0
    return lines


def heights_in(text: str, widths: Sequence[float]) -> tuple[float, ...]:
    """Return the height of a text in columns of several widths; its words are measured once for all."""
    words = word_widths(text)
    return tuple(LEADING * _line_count(words, width) for width in widths)


def text_height(text: str, width: float, size: float = 1.0) -> float:
    """Return the height of a text in type of a size."""
    return LEADING * size * line_count(text, width / size)


def in_even_parts(items: Sequence[Item], most: int) -> list[list[Item]]:
    """Return items in as few parts as they need with so many in one at most, as evenly as that is possible.

    >>> in_even_parts("ABCDEFG", 3), in_even_parts("", 3)
    ([['A', 'B', 'C'], ['D', 'E', 'F'], ['G']], [])
    """
    if not items:
        return []
    size = -(-len(items) // -(-len(items) // most))
    return [list(items[first : first + size]) for first in range(0, len(items), size)]
