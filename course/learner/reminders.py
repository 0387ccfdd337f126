"""`course reminders`: days for a learner's calendar, written to a folder as files."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from course.activities.notebook_cards import PastAnswers
from course.activities.past_words import Reference, first_in_words
from course.charts.plan import plans_in_words
from course.content import say_day, words
from course.content.lessons import Lesson, find_lesson
from course.content.reminders import USUAL_DAYS, lesson_reminder
from course.core.calendar_file import CalendarEvent, calendar_bytes
from course.core.errors import FolderUnusable
from course.core.moments import today
from course.core.storage import write_whole
from course.records.journal import Journal
from course.records.reminders import PLAN_DAY, calendar_id, come_back_day, first_day, later_events, lesson_event


def run(folder: Path, name: str | None, days: int | None, *, own_words: bool) -> int:
    """Write the files, say which day each is, and return the exit code.

    A file of the same name is replaced. Raises UnknownLesson, or FolderUnusable where nothing can be written.
    """
    if name is None and days is not None:
        raise click.UsageError("--days needs --lesson: days 7, 30 and 90 count from your plan.")
    files = _later(own_words) if name is None else _after(find_lesson(name), days, own_words)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file_name, event in files.items():
            write_whole(folder / file_name, calendar_bytes(event))
    except OSError as error:
        raise FolderUnusable(
            f"The files could not be put into {folder}: {error.strerror}.", "Choose a folder that you can write to."
        ) from error
    for file_name, event in files.items():
        click.echo(f"{folder / file_name}: {say_day(event.day)}")
    click.echo(
        "Open a file, and your calendar offers to keep the day."
        if files
        else "Days 7, 30 and 90 after your plan have gone by, so there is nothing to put into your calendar."
    )
    if files:
        click.echo("Your own words are in it." if own_words else "Nothing that you wrote is in it.")
    return 0


def _after(lesson: Lesson, days: int | None, own_words: bool) -> dict[str, CalendarEvent]:
    journal, reminder = Journal(), lesson_reminder(lesson.key)
    day = today() + datetime.timedelta(days=days or (reminder.days if reminder else USUAL_DAYS))
    plans = [Reference(lesson.key, card) for card in lesson.plans]
    own = first_in_words(PastAnswers(journal.folder), plans) if own_words else ""
    event = lesson_event(lesson.key, day, calendar_id(journal.page(lesson.key)), own)
    return {words("reminder.lesson-file", number=lesson.number): event}


def _later(own_words: bool) -> dict[str, CalendarEvent]:
    journal = Journal()
    page = journal.page(PLAN_DAY[0])
    own = plans_in_words(page.get) if own_words else ""
    events = later_events(first_day(come_back_day(journal)), calendar_id(page), own)
    return {words("reminder.later-file", days=reminder.days): event for reminder, event in events}
