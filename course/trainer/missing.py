"""Who has not handed in what is due, with addresses and a text to send."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace

import click

from course.content import say_moment, trainer_words
from course.content.lessons import find_lesson, lesson_key
from course.core import moments, names
from course.core.text_files import printable
from course.trainer.collecting.exchange_folders import count_uncollected
from course.trainer.collecting.inbox import IdentifiedSubmission, identify_submissions
from course.trainer.collecting.roster import Roster
from course.trainer.course_directory import Coursework
from course.trainer.due_moments import DueMoments, read_due_moments
from course.trainer.summary import SetAside
from course.trainer.terminal_tables import SummaryTable, print_tables


@dataclass(frozen=True)
class MissingPerson:
    """Someone on the roster who has not handed in an exercise that is due."""

    learner: str
    name: str
    email: str = field(repr=False)


@dataclass(frozen=True)
class MissingHandIns:
    """Who has not handed in one exercise, and the text to send them."""

    exercise: str
    due: str
    """The moment at which it was due for these people, in UTC."""
    due_words: str
    """The same by the cohort's clocks, as people read it."""
    people: tuple[MissingPerson, ...] = field(repr=False)
    text: str = field(repr=False)
    unsettled: int = 0
    """How many hand-ins in the inbox and the exchange were not collected, and could be somebody's of these."""

    @property
    def table(self) -> SummaryTable:
        """Who they are, with their addresses."""
        columns = tuple(trainer_words(f"missing.{key}") for key in ("learner", "name", "address"))
        rows = tuple((person.learner, person.name, person.email) for person in self.people)
        return SummaryTable(trainer_words("missing.title", exercise=self.exercise, due=self.due_words), columns, rows)

    @property
    def caution(self) -> str:
        """What to look at before anybody is written to; an empty text where there is nothing."""
        return say_caution(self.unsettled)

    @property
    def addresses(self) -> str:
        """The addresses that are known, with commas between them."""
        return ", ".join(person.email for person in self.people if person.email)


def missing_hand_ins(coursework: Coursework, slugs: Sequence[str], now: datetime.datetime) -> list[MissingHandIns]:
    """Return who has not handed in which of these exercises that are due by now; nothing where all have."""
    if not coursework.has_gradebook:
        return []
    with coursework.read_gradebook() as gradebook:
        roster = Roster.read(gradebook)
        due = read_due_moments(coursework, gradebook)
        people = [
            MissingPerson(
                student.id, f"{student.first_name or ''} {student.last_name or ''}".strip(), student.email or ""
            )
            for student in gradebook.students
        ]
    found = list(_of_exercises(coursework, slugs, due, people, now))
    unsettled = unsettled_hand_ins(coursework, roster, {one.exercise for one in found})
    return [replace(one, unsettled=sum(slug in ("", one.exercise) for slug in unsettled)) for one in found]


def say_caution(unsettled: int) -> str:
    """Return what to look at first, with so many hand-ins that were not collected; an empty text where there is none.

    Whoever is called missing may have handed in all the same.
    """
    return trainer_words("missing.unsettled", n=unsettled) if unsettled else ""


def unsettled_hand_ins(coursework: Coursework, roster: Roster, slugs: Collection[str]) -> list[str]:
    """Return the exercise of each hand-in that was not collected and may be for one of these; "" where none is known.

    It is refused or set aside, waits for a decision, or came since. What a trainer called nobody's is left out.
    """
    in_inbox = _in_inbox(coursework, roster) if slugs else []
    in_exchange = [slug for slug in slugs for _ in range(count_uncollected(coursework, slug))]
    return [slug for slug in in_inbox if slug in ("", *slugs)] + in_exchange


def _in_inbox(coursework: Coursework, roster: Roster) -> list[str]:
    """Return the exercise, if known, of each file in the inbox that was not collected."""
    if not coursework.inbox.is_dir():
        return []
    unsettled = []
    for item in identify_submissions(coursework, roster):
        if isinstance(item, IdentifiedSubmission):
            if not coursework.folder(names.SUBMITTED, item.learner, item.assignment).is_dir():
                unsettled.append(item.assignment)
        elif not isinstance(item, SetAside):
            unsettled.append(item.exercise)
    return unsettled


def _of_exercises(
    coursework: Coursework,
    slugs: Sequence[str],
    due: DueMoments,
    people: Sequence[MissingPerson],
    now: datetime.datetime,
) -> Iterator[MissingHandIns]:
    for slug in slugs:
        handed_in = set(coursework.learners_at(names.SUBMITTED, slug)) if due.for_everybody(slug) else set()
        without: dict[datetime.datetime, list[MissingPerson]] = {}
        for person in sorted(people, key=lambda one: one.learner):
            moment = due.for_learner(person.learner, slug)
            if moment and moment < now and person.learner not in handed_in:
                without.setdefault(moment, []).append(person)
        for moment, together in sorted(without.items()):
            yield _missing(coursework, slug, moment, together)


def _missing(
    coursework: Coursework, slug: str, due: datetime.datetime, people: Sequence[MissingPerson]
) -> MissingHandIns:
    """Return those for whom an exercise was due at one moment, whoever had more time apart from the others."""
    zone, lesson = coursework.cohort.zone, find_lesson(lesson_key(slug))
    said = f"{say_moment(due, zone)} ({zone})"
    text = trainer_words("missing.text", number=lesson.number, title=lesson.title, due=said)
    return MissingHandIns(slug, due.isoformat(timespec="seconds"), said, tuple(people), text)


def run(exercises: Sequence[str], *, as_json: bool) -> int:
    """Show who is missing in the course directory; return the command's exit code: 1 where somebody is."""
    coursework = Coursework.here()
    missing = missing_hand_ins(coursework, coursework.chosen(exercises), moments.now())
    if as_json:
        fields = {"command": "missing", "missing": [asdict(one) for one in missing]}
        sys.stdout.write(json.dumps(fields, indent=1) + "\n")
    else:
        _print(missing)
        if missing:
            click.echo(trainer_words("next-steps.more-time"))
        elif not has_people(coursework):
            click.echo(trainer_words("missing.no-roster"))
        else:
            click.echo(trainer_words("missing.nobody"))
            if not _has_day(coursework):
                click.echo(trainer_words("next-steps.set-day"))
    return int(bool(missing))


def has_people(coursework: Coursework) -> bool:
    """Say whether anybody could be missing: there is somebody in the gradebook."""
    if not coursework.has_gradebook:
        return False
    with coursework.read_gradebook() as gradebook:
        return bool(gradebook.students)


def _has_day(coursework: Coursework) -> bool:
    with coursework.read_gradebook() as gradebook:
        return bool(read_due_moments(coursework, gradebook).everybody)


def _print(missing: Sequence[MissingHandIns]) -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    for one in missing:
        print_tables(console, [one.table])
        if one.caution:
            console.print(one.caution)
        console.print(escape(printable(trainer_words("missing.addresses", addresses=one.addresses or "–"))))
        console.print(trainer_words("missing.to-send"))
        for line in one.text.split("\n"):
            console.print(escape(printable(line)))
