"""A day as a calendar file: read back by icalendar, on the same day in every time zone, and one file for one event."""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from course.core.calendar_file import CalendarEvent, calendar_bytes
from course.core.moments import clock_at
from tests.cases import every

ZONES = ("Pacific/Auckland", "Europe/London", "America/Los_Angeles")
CLOCKS_CHANGE = (
    ("Pacific/Auckland", datetime.date(2026, 9, 27), 10),
    ("Pacific/Auckland", datetime.date(2027, 4, 4), 8),
    ("Europe/London", datetime.date(2027, 3, 28), 10),
    ("Europe/London", datetime.date(2026, 10, 25), 8),
    ("America/Los_Angeles", datetime.date(2027, 3, 14), 10),
    ("America/Los_Angeles", datetime.date(2026, 11, 1), 8),
)
ORDINARY = tuple((zone, datetime.date(2026, 12, 1), 9) for zone in ZONES)
DAY = datetime.date(2026, 12, 1)
MADE = datetime.datetime(2026, 11, 28, 22, 5, tzinfo=datetime.UTC)


def read(data: bytes) -> Any:
    (event,) = Calendar.from_ical(data).walk("VEVENT")
    return event


def event(title: str = "A title", text: str = "Some words.", day: datetime.date = DAY) -> CalendarEvent:
    return CalendarEvent("one@building-trust", day, title, text)


def test_the_event_is_one_whole_day_private_and_leaves_the_day_free() -> None:
    with clock_at(MADE):
        found = read(calendar_bytes(event()))
    assert (found["DTSTART"].dt, found["DTEND"].dt) == (DAY, datetime.date(2026, 12, 2))
    assert found["DTSTAMP"].dt == MADE
    assert (found["CLASS"], found["TRANSP"], found["UID"]) == ("PRIVATE", "TRANSPARENT", "one@building-trust")


@every("zone, day, hour", [*ORDINARY, *CLOCKS_CHANGE])
def test_it_is_on_its_day_and_reminds_that_morning_in_every_zone_also_when_the_clocks_change(
    zone: str, day: datetime.date, hour: int
) -> None:
    found = read(calendar_bytes(event(day=day)))
    begins = found["DTSTART"].dt
    assert type(begins) is datetime.date  # with a time, another zone could move it to another day
    (alarm,) = found.walk("VALARM")
    midnight = datetime.datetime.combine(begins, datetime.time(), ZoneInfo(zone))
    rings = (midnight.astimezone(datetime.UTC) + alarm["TRIGGER"].dt).astimezone(ZoneInfo(zone))
    assert (rings.date(), rings.hour) == (day, hour)


def test_a_file_made_later_replaces_the_same_event_and_no_other() -> None:
    with clock_at(MADE):
        first = read(calendar_bytes(event()))
    with clock_at(MADE + datetime.timedelta(minutes=1)):
        second = read(calendar_bytes(event(day=datetime.date(2026, 12, 5))))
    assert first["UID"] == second["UID"]
    assert int(first["SEQUENCE"]) < int(second["SEQUENCE"])
    assert int(second["SEQUENCE"]) < 2**31


@given(st.text(), st.text())
def test_whatever_the_words_are_they_are_read_back_and_no_line_is_too_long(title: str, text: str) -> None:
    data = calendar_bytes(event(title, text))
    lines = data.split(b"\r\n")
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    assert b"\r" not in b"".join(lines)
    found = read(data)
    assert str(found["SUMMARY"]) == clean(title)
    assert str(found["DESCRIPTION"]) == clean(text)


def clean(text: str) -> str:
    """Return a text without what no calendar file can hold."""
    one_kind = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        letter
        for letter in one_kind
        if letter in "\n\t" or not (ord(letter) < 32 or ord(letter) == 127 or 0xD800 <= ord(letter) <= 0xDFFF)
    )


def test_words_cannot_add_lines_of_their_own_to_the_file() -> None:
    found = read(calendar_bytes(event("one\r\nATTENDEE:mailto:a@b", "x;y,z\\n\nEND:VEVENT")))
    assert "ATTENDEE" not in found
    assert str(found["DESCRIPTION"]) == "x;y,z\\n\nEND:VEVENT"
