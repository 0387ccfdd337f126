"""What the calendar is to remind people of: after each lesson, and in the months after the last one."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from course import content
from course.content.lessons import find_page
from course.core.errors import BadContent, UnknownLesson

USUAL_DAYS: Final = 3
"""In how many days a reminder is offered after a lesson of which the list does not say it."""


@dataclass(frozen=True)
class Reminder:
    """One day for the calendar, which has one question from memory."""

    name: str
    """The key of the lesson that it comes after, or a name of its own."""
    days: int
    """So many days after the lesson, or after the plan was made."""
    question: str
    opens: str
    """The key of the lesson to open then, which has the answer."""
    title: str = ""
    """How the calendar calls the day; after a lesson, all are called alike."""
    about: str = ""
    """What the day is for; after a lesson, that is the lesson's one thing to try."""


def lesson_reminder(key: str, folder: Path | None = None) -> Reminder | None:
    """Return the reminder after the lesson of that key, or None where it has none."""
    return next((reminder for reminder in _lesson_reminders(folder or content.edition()) if reminder.name == key), None)


def later_reminders(folder: Path | None = None) -> tuple[Reminder, ...]:
    """Return the reminders after the course, from the first to the last.

    >>> [reminder.days for reminder in later_reminders()]
    [7, 30, 90]
    """
    return _later_reminders(folder or content.edition())


@functools.cache
def _lesson_reminders(folder: Path) -> tuple[Reminder, ...]:
    entries = content.need(content.read("lessons.toml", folder), "lesson", list, "lessons.toml")
    reminders = []
    for number, entry in enumerate(entries):
        if isinstance(entry, dict) and "reminder" in entry:
            where = f"lessons.toml, lesson {number}, reminder"
            key = content.need(entry, "key", str, where)
            reminders.append(_reminder(entry["reminder"], key, where))
    return tuple(reminders)


@functools.cache
def _later_reminders(folder: Path) -> tuple[Reminder, ...]:
    entries = content.read("lessons.toml", folder).get("reminder", [])
    if not isinstance(entries, list):
        raise BadContent("lessons.toml: “reminder” is no list.", "Write each one under [[reminder]].")
    reminders = []
    for number, entry in enumerate(entries, start=1):
        where = f"lessons.toml, reminder {number}"
        name = content.need(entry, "name", str, where)
        title, about = (content.need(entry, part, str, where) for part in ("title", "about"))
        reminders.append(_reminder(entry, name, where, title, about))
    return tuple(sorted(reminders, key=lambda reminder: reminder.days))


def _reminder(entry: object, name: str, where: str, title: str = "", about: str = "") -> Reminder:
    days = content.need(entry, "days", int, where)
    question, opens = (content.need(entry, part, str, where) for part in ("question", "opens"))
    if days < 1:
        raise BadContent(f"{where}: “days” is no whole number from 1.", "Write days = 3 there.")
    try:
        find_page(opens)
    except UnknownLesson as error:
        raise BadContent(f"{where}: {error.message}", error.hint) from error
    return Reminder(name, days, question, opens, title, about)
