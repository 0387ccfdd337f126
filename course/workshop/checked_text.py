"""Text of strangers: one plain line that is no longer than it may be, or a refusal."""

from __future__ import annotations

from course.workshop.errors import refused
from course.workshop.plain_text import plain_line


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
