"""The steps of the trainer's desk that say when exercises are due, and who has more time: as `course due` does."""

from __future__ import annotations

import hashlib
import zoneinfo
from collections.abc import Mapping, Sequence
from typing import Final

from course.content import trainer_words
from course.content.lessons import lesson_key, lessons
from course.trainer.command_support import single_instance
from course.trainer.course_directory import Coursework
from course.trainer.desk.shown import Field, Shown, decision, moment_field, one_of, paragraph, shown_table
from course.trainer.due_days import command
from course.trainer.due_days.changes import (
    EVERYBODY,
    DueDaysChanged,
    DuePlan,
    DueWish,
    apply_due_days,
    day_notes,
    plan_due_days,
    read_days,
)
from course.trainer.gradebook_reader import StudentRow

_DAY: Final = "due-"
"""What the field of an exercise's day begins with; its key follows."""


def due_fields(names_of_exercises: Sequence[tuple[str, str]]) -> list[Field]:
    """Return the day of each exercise, as it is set, and the cohort's time zone."""
    coursework = Coursework.here()
    due, zone = read_days(coursework)[0], coursework.cohort.zone
    fields: list[Field] = [
        moment_field(f"{_DAY}{key}", name, moment.astimezone(zone) if moment else None)
        for key, name in names_of_exercises
        for moment in [due.for_everybody(key)]
    ]
    fields[0]["hint"] = trainer_words("desk.moment-hint")
    return [*fields, _zone_field(str(zone))]


def more_time_fields(names_of_exercises: Sequence[tuple[str, str]]) -> list[Field]:
    """Return who gets more time, for which exercise, and until when."""
    people = sorted(read_days(Coursework.here())[1], key=lambda person: person.id)
    choices = [(person.id, _called(person)) for person in people]
    until = moment_field("until", trainer_words("desk.until"), None)
    until["hint"] = trainer_words("desk.until-hint")
    return [
        one_of("learner", trainer_words("desk.whose-time"), choices, "" if people else trainer_words("desk.no-people")),
        one_of("exercise", trainer_words("desk.exercise"), names_of_exercises),
        until,
    ]


def _called(person: StudentRow) -> str:
    return " ".join(filter(None, [person.first_name, person.last_name, f"({person.id})"]))


def _zone_field(zone: str) -> Field:
    known = zoneinfo.available_timezones()
    places = {name for name in known if "/" in name and not name.startswith(("Etc/", "SystemV/", "posix/", "right/"))}
    choices = [(name, name.replace("_", " ")) for name in sorted(places | {"UTC", zone})]
    field = one_of("timezone", trainer_words("desk.timezone"), choices, trainer_words("desk.timezone-hint"))
    field["value"] = zone
    return field


def show_due(told: Mapping[str, object]) -> list[Shown]:
    """Show when exercises are due, and who has more time."""
    coursework = Coursework.here()
    due, people = read_days(coursework)
    notes = [paragraph(note, "attention") for note in day_notes(due, people)]
    return [*notes, *(shown_table(table) for table in command.due_tables(due, coursework.cohort.zone))]


def look_at_due(told: Mapping[str, object]) -> list[Shown]:
    """Show what a change of the days would be, and ask; nothing is written."""
    coursework = Coursework.here()
    wish = _wish(told)
    if wish is None:
        return [paragraph(trainer_words("desk.no-people"), "attention")]
    plan = plan_due_days(coursework, wish)
    if not plan.writes:
        return [paragraph(trainer_words("due.no-change"), "done"), *show_due(told)]
    return _asked(coursework, plan)


def change_due(told: Mapping[str, object]) -> list[Shown]:
    """Write what was shown, or leave it; where the file has changed since, show it anew."""
    coursework = Coursework.here()
    wish = _wish(told)
    if told.get("choice") != "write" or wish is None:
        return [paragraph(trainer_words("desk.due-left"))]
    plan = plan_due_days(coursework, wish)
    try:
        if _digest(plan) != told.get("item"):
            raise DueDaysChanged
        with single_instance("due", coursework.root, command.BUSY):
            apply_due_days(coursework, plan)
    except DueDaysChanged:
        return [paragraph(trainer_words("desk.due-stale"), "attention"), *look_at_due(told)]
    return [paragraph(trainer_words("due.written"), "done"), *show_due(told)]


def _asked(coursework: Coursework, plan: DuePlan) -> list[Shown]:
    tables = [shown_table(table) for table in command.plan_tables(plan)]
    sentences = [paragraph(sentence) for sentence in command.plan_sentences(coursework, plan)]
    choices = [(value, trainer_words(f"desk.due-{value}")) for value in ("write", "leave")]
    return [*tables, *sentences, decision(trainer_words("due.confirm"), "change-due", _digest(plan), choices)]


def _wish(told: Mapping[str, object]) -> DueWish | None:
    """Return what the trainer filled in; only what was changed comes from the page. None where nobody was chosen."""
    if "until" in told or "learner" in told:
        learner, exercise = str(told.get("learner") or ""), lesson_key(str(told.get("exercise")))
        return DueWish({(learner, exercise): str(told.get("until") or "")}) if learner else None
    keys = [lesson.key for lesson in lessons()]
    days = {(EVERYBODY, key): str(told[f"{_DAY}{key}"]) for key in keys if f"{_DAY}{key}" in told}
    return DueWish(days, str(told.get("timezone") or ""))


def _digest(plan: DuePlan) -> str:
    """Return what tells a plan from another one: what was looked at is what is written."""
    return hashlib.sha256(f"{plan.before}\0{plan.after}".encode()).hexdigest()
