"""Days for a learner's calendar: what each says, and when it is.

A calendar at work is often seen by others. Nothing that a person wrote is in a day, unless they ask for it.
"""

from __future__ import annotations

import contextlib
import datetime
import secrets
from collections.abc import Sequence

from course.content import read_day, words
from course.content.lessons import Lesson, find_lesson, follow_up, lessons
from course.content.reminders import Reminder, later_reminders, lesson_reminder
from course.core import moments
from course.core.calendar_file import CalendarEvent
from course.core.errors import BadNotebook
from course.core.notebooks import material, read_notebook, text_under
from course.records.answers.answers import Answers
from course.records.answers.draft_place import draft_place
from course.records.journal import Journal

PLAN_DAY = ("trust-plan", "plan-day")
"""The page and key of the day on which a learner wants to come back to their plan."""


def calendar_id(page: Answers) -> str:
    """Return what makes the days of one journal its own: the same until the journal is erased.

    Where nothing can be kept, each call returns another.
    """
    place = draft_place(page)
    return place["journal"] if place else secrets.token_hex(8)


def lesson_event(key: str, day: datetime.date, journal_id: str, own: str = "") -> CalendarEvent:
    """Return a lesson's one thing to try as a day, with `own` words of the learner where they asked for it.

    Raises UnknownLesson for a key that is of no lesson.
    """
    lesson = find_lesson(key)
    reminder = lesson_reminder(lesson.key)
    place, what = words("past.lesson", number=lesson.number, title=lesson.title), thing_to_try(lesson.key)
    about = words("reminder.about", lesson=place, what=what) if what else words("reminder.about-other", lesson=place)
    paragraphs = [about, *_own(own), words("reminder.tried"), *_closing(reminder)]
    title = words("reminder.title", number=lesson.number)
    return CalendarEvent(_uid(lesson.key, journal_id), day, title, "\n\n".join(paragraphs))


def later_events(first_day: datetime.date, journal_id: str, own: str = "") -> list[tuple[Reminder, CalendarEvent]]:
    """Return the days after the course, counted from the day on which the plan was made; those gone by are left out."""
    events = []
    for reminder in later_reminders():
        day = _later(first_day, reminder.days)
        if day and day >= moments.today():
            paragraphs = [reminder.about, *_own(own), *_closing(reminder)]
            uid = _uid(reminder.name, journal_id)
            events.append((reminder, CalendarEvent(uid, day, reminder.title, "\n\n".join(paragraphs))))
    return events


def first_day(come_back: datetime.date | None) -> datetime.date:
    """Return the day on which the plan was made, by the day that was chosen to come back; today where none was."""
    if come_back is None:
        return moments.today()
    days = next((reminder.days for reminder in later_reminders() if reminder.opens == follow_up().key), 0)
    return _later(come_back, -days) or moments.today()


def days_to_come(journal: Journal) -> list[tuple[Reminder, CalendarEvent]]:
    """Return the days after the course that are still to come; none while no day to come back is kept."""
    day = come_back_day(journal)
    return later_events(first_day(day), calendar_id(journal.page(PLAN_DAY[0]))) if day else []


def come_back_day(journal: Journal) -> datetime.date | None:
    """Return the day to come back that is kept in the journal, or None."""
    page, key = PLAN_DAY
    return read_day(journal.page(page).get(key))


def thing_to_try(key: str) -> str:
    """Return what a lesson says under “One thing to try at work”, or an empty text."""
    with contextlib.suppress(OSError, BadNotebook):
        notebook = read_notebook(material() / "notebooks" / f"{key}.ipynb")
        return text_under(notebook, words("lesson.try-at-work"))
    return ""


def _closing(reminder: Reminder | None) -> Sequence[str]:
    """Return the question, and where to compare."""
    if reminder is None:
        return []
    title = _title(next(lesson for lesson in (*lessons(), follow_up()) if lesson.key == reminder.opens))
    return (
        words("reminder.question", question=reminder.question),
        words("reminder.compare", title=title),
        words("reminder.open", title=title),
    )


def _later(day: datetime.date, days: int) -> datetime.date | None:
    """Return the day so many days later, or None where the calendar ends before it."""
    try:
        later = day + datetime.timedelta(days=days)
        return later if later < datetime.date.max else None
    except OverflowError:
        return None


def _title(lesson: Lesson) -> str:
    """Return a lesson's title as the start page has it."""
    return words("start.title", number=lesson.number, title=lesson.title) if lesson.number >= 0 else lesson.title


def _own(own: str) -> list[str]:
    return [words("reminder.own", words=own)] if own.strip() else []


def _uid(name: str, journal_id: str) -> str:
    return f"{name}.{journal_id}@building-trust"
