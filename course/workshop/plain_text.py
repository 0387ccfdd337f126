r"""Text of strangers as one line of plain text: all that can be seen, and of the rest what a script needs.

Signs that cannot be seen are left out, as they would hide words or turn the text around them. Kept are the joiners of
Persian or Hindi and of emoji, the marks of direction in a line with right-to-left letters, and the tags of flags.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from course.workshop.errors import refused

ZERO_WIDTH_JOINERS: Final = "\u200c\u200d"
DIRECTION_MARKS: Final = "\u200e\u200f\u061c"
VISIBLE_SIGNS: Final = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
"""Signs that Unicode counts as formats, and that are drawn: of numbers, years and verses."""
BLANK: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0\U0001d159")
"""Letters and symbols that show nothing."""
_FLAG: Final = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{1,31}\U000e007f")
_JOINED: Final = "[\u0300-\u1fff\u2190-\U0010ffff]"
"""What joiners stand between: letters of other scripts than the Latin one, and emoji."""
_LONE_JOINER: Final = re.compile(f"(?<!{_JOINED})[{ZERO_WIDTH_JOINERS}]|[{ZERO_WIDTH_JOINERS}](?!{_JOINED})")
_NEVER_DRAWN: Final = ((0x2065, 0x2065), (0xFFF0, 0xFFF8), (0xE0000, 0xE0FFF))
"""Ranges that are not assigned, and that are never to be drawn."""


def clean_text(value: object, most: int) -> str:
    r"""Return text as one plain line, "" if it shows nothing; raise SessionRefused for more than so many letters.

    >>> clean_text("  one\u202e\ntwo ", 40)
    'one two'
    """
    if not isinstance(value, str):
        raise refused("not-text")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise refused("not-text") from None
    line = plain_line(value)
    if len(line) > most:
        raise refused("too-long", most=most)
    return line


def plain_line(text: str) -> str:
    r"""Return a text in one line, with nothing that cannot be seen but what its script needs; "" if nothing shows.

    >>> plain_line("  one\u202e\ntwo "), plain_line("\u3164\u2800")
    ('one two', '')
    """
    flags = [found.span() for found in _FLAG.finditer(text)]
    signs = (
        sign if any(start <= place < end for start, end in flags) else _shown(sign) for place, sign in enumerate(text)
    )
    line = _LONE_JOINER.sub("", _LONE_JOINER.sub("", "".join(signs)))
    if not any(map(_is_right_to_left, line)):
        line = line.translate(dict.fromkeys(map(ord, DIRECTION_MARKS)))
    line = " ".join(unicodedata.normalize("NFC", line).split())
    return line if any(map(_is_seen, line)) else ""


def _shown(sign: str) -> str:
    """Return a sign as it stands in a line: breaks as spaces, and nothing for what is never seen."""
    category = unicodedata.category(sign)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    if category == "Cf":
        return sign if sign in ZERO_WIDTH_JOINERS + DIRECTION_MARKS or sign in VISIBLE_SIGNS else ""
    if category == "Cn":  # an emoji that is newer than this Python, or never a character
        return sign if _may_be_drawn(ord(sign)) else ""
    return "" if category == "Co" else sign


def _may_be_drawn(code: int) -> bool:
    is_never_a_character = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return not is_never_a_character and not any(first <= code <= last for first, last in _NEVER_DRAWN)


def _is_right_to_left(sign: str) -> bool:
    return unicodedata.bidirectional(sign) in ("R", "AL") and sign not in DIRECTION_MARKS


def _is_seen(sign: str) -> bool:
    """Say whether a sign shows something by itself: an accent alone does not."""
    return sign not in BLANK and (
        sign in VISIBLE_SIGNS or unicodedata.category(sign)[0] in "LNPS" or unicodedata.category(sign) == "Cn"
    )
