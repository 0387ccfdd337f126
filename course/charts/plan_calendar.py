"""The day to come back as a calendar file, with nothing private in it."""

from __future__ import annotations

import datetime
from typing import Final

from course.content import words

REMINDED: Final = datetime.timedelta(hours=9)
"""How long after the day begins the calendar reminds."""


def plan_calendar(day: datetime.date, name: str) -> str:
    """Return a calendar with one event that lasts all day and reminds; `name` tells it from any other event."""
    from icalendar import Alarm, Calendar, Event

    event = Event()
    event.add("uid", name)
    event.add("dtstamp", datetime.datetime.now(datetime.UTC))
    event.add("dtstart", day)
    event.add("dtend", day + datetime.timedelta(days=1))
    event.add("summary", words("plan.event"))
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words("plan.event"))
    alarm.add("trigger", REMINDED)
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//Building Trust//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")
