"""Calendar files as RFC 5545 has them: one day, what it is about, and a reminder on it.

An event lasts all day and names no time zone, so that it is on the same day wherever the calendar is: many calendars
take a time without a zone for one in Greenwich. A file has one event, because some calendars open a file with several
as a calendar of its own.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from course.core import moments

MEDIA_TYPE: Final = "text/calendar"
_LONGEST_LINE: Final = 75
"""The most bytes in one line, without its end."""
_AT_NINE: Final = "PT9H"
"""How long after the day begins the calendar reminds."""
_NOT_IN_TEXT: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_ESCAPED: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@dataclass(frozen=True)
class CalendarEvent:
    """A day for a calendar."""

    uid: str
    """Tells the event from any other: a calendar that has it already takes the new one in its place."""
    day: datetime.date
    title: str
    text: str
    """What it is about, in paragraphs."""


def calendar_bytes(event: CalendarEvent) -> bytes:
    """Return a calendar file with this event, which is marked as private and leaves the day free.

    A file that was made later takes the place of an earlier one with the same `uid`. A character that no such file
    can hold is left out.
    """
    return b"".join(_folded(line) for line in _lines(event))


def _lines(event: CalendarEvent) -> Iterator[str]:
    now, title = moments.now(), _escaped(event.title)
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Building Trust//EN", "BEGIN:VEVENT")
    yield f"UID:{_escaped(event.uid)}"
    yield f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}"
    yield f"SEQUENCE:{int(now.timestamp()) // 60}"  # grows by itself, so that nothing has to be remembered
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.day + datetime.timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{title}"
    yield f"DESCRIPTION:{_escaped(event.text)}"
    yield from ("CLASS:PRIVATE", "TRANSP:TRANSPARENT")
    yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{title}", f"TRIGGER:{_AT_NINE}", "END:VALARM")
    yield from ("END:VEVENT", "END:VCALENDAR")


def _escaped(text: str) -> str:
    r"""Return a text as a property has it.

    >>> _escaped("Who, what;\r\nwhen?")
    'Who\\, what\\;\\nwhen?'
    """
    return _NOT_IN_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).translate(_ESCAPED)


def _folded(line: str) -> bytes:
    r"""Return a line with its end, folded between characters where it is long.

    >>> _folded("é" * 40).decode().split("\r\n ")
    ['ééééééééééééééééééééééééééééééééééééé', 'ééé\r\n']
    """
    pieces, piece = [], b""
    for letter in line:
        coded = letter.encode()
        if len(piece) + len(coded) > _LONGEST_LINE:
            pieces.append(piece)
            piece = b" "
        piece += coded
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
