"""`course due`: show when exercises are due and who has more time; change it after a look at what changes."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Final

import click

from course.content import say_moment, trainer_words
from course.content.lessons import lesson_key, lessons
from course.core.text_files import printable
from course.trainer.command_support import single_instance
from course.trainer.course_directory import Coursework
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
from course.trainer.due_moments import DueMoments
from course.trainer.terminal_tables import SummaryTable, print_tables

BUSY: Final = "The days are being changed already."


def run(
    exercises: Sequence[str], *, day: str | None, learner: str = EVERYBODY, zone: str = "", yes: bool, as_json: bool
) -> int:
    """Show the days in use, or set one; return the exit code: 1 where something is odd or not confirmed.

    `day` is as it was typed: None changes nothing, and an empty text takes the day away.
    """
    coursework = Coursework.here()
    keys = [lesson_key(slug) for slug in coursework.chosen(exercises)] if exercises else []
    wish = DueWish({(learner, key): day for key in keys} if day is not None else {}, zone)
    if not (wish.days or zone):
        return _show(coursework, keys, as_json=as_json)
    plan = plan_due_days(coursework, wish)
    if not as_json:
        _print(plan_tables(plan), plan_sentences(coursework, plan))
    is_written = plan.writes and (yes or _is_confirmed(as_json=as_json))
    if is_written:
        try:
            with single_instance("due", coursework.root, BUSY):
                apply_due_days(coursework, plan)
        except DueDaysChanged:
            click.echo(trainer_words("due.stale"), err=True)
            return 1
    if as_json:
        changes = [{**asdict(change), "learner": change.learner or None} for change in plan.changes]
        _print_json(Coursework(coursework.root), changes=changes, notes=list(plan.notes), written=is_written)
    elif is_written or not plan.writes:
        click.echo(trainer_words("due.written" if is_written else "due.no-change"))
    else:
        click.echo(trainer_words("due.not-confirmed"), err=True)
    return 0 if is_written or not plan.writes else 1


def plan_tables(plan: DuePlan) -> list[SummaryTable]:
    """Return what a plan changes; no table without rows."""
    columns = tuple(trainer_words(f"due.{key}") for key in ("exercise", "whose", "before", "after"))
    nobody, never = trainer_words("due.everybody"), trainer_words("due.never")
    rows = tuple(
        (change.exercise, change.learner or nobody, change.before or never, change.after or never)
        for change in plan.changes
    )
    return [SummaryTable(trainer_words("due.changes-title"), columns, rows)] if rows else []


def plan_sentences(coursework: Coursework, plan: DuePlan) -> list[str]:
    """Return what is said of a plan: by whose clocks the times are, then what is odd."""
    before = str(coursework.cohort.zone)
    if plan.zone != before:
        return [trainer_words("due.zone-changes", before=before, after=plan.zone), *plan.notes]
    return [trainer_words("due.zone", zone=plan.zone), *plan.notes]


def due_tables(due: DueMoments, zone: datetime.tzinfo, keys: Sequence[str] = ()) -> list[SummaryTable]:
    """Return when exercises are due, and who has more time; no second table where nobody has."""
    headings = {key: trainer_words(f"due.{key}", zone=zone) for key in ("exercise", "learner", "until")}
    shown = [lesson.key for lesson in lessons() if not keys or lesson.key in keys]
    days = tuple((key, _said(due.for_everybody(key), zone)) for key in shown)
    more = tuple(
        (learner, key, _said(own[key], zone))
        for learner, own in sorted(due.more_time.items())
        for key in shown
        if key in own
    )
    tables = [SummaryTable(trainer_words("due.title"), (headings["exercise"], headings["until"]), days)]
    if more:
        columns = (headings["learner"], headings["exercise"], headings["until"])
        tables.append(SummaryTable(trainer_words("due.more-time-title"), columns, more))
    return tables


def _said(moment: datetime.datetime | None, zone: datetime.tzinfo) -> str:
    return say_moment(moment, zone) if moment else trainer_words("due.never")


def _show(coursework: Coursework, keys: Sequence[str], *, as_json: bool) -> int:
    due, people = read_days(coursework)
    notes = list(day_notes(due, people))
    if as_json:
        _print_json(coursework, changes=[], notes=notes, written=False)
    else:
        _print(due_tables(due, coursework.cohort.zone, keys), notes)
        click.echo(trainer_words("next-steps.set-day"))
    return int(bool(notes))


def _print(tables: Sequence[SummaryTable], sentences: Sequence[str]) -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    print_tables(console, tables)
    for sentence in sentences:
        console.print(escape(printable(sentence)))


def _print_json(coursework: Coursework, **about: object) -> None:
    due, _ = read_days(coursework)
    fields = {
        "command": "due",
        "timezone": str(coursework.cohort.zone),
        "due": dict(_stamps(due.everybody)),
        "extensions": {learner: dict(_stamps(own)) for learner, own in sorted(due.more_time.items())},
    }
    sys.stdout.write(json.dumps({**fields, **about}, indent=1) + "\n")


def _stamps(days: Mapping[str, datetime.datetime]) -> Iterator[tuple[str, str]]:
    return ((key, moment.isoformat(timespec="seconds")) for key, moment in days.items())


def _is_confirmed(*, as_json: bool) -> bool:
    return not as_json and sys.stdin.isatty() and click.confirm(trainer_words("due.confirm"))
