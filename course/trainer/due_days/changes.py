"""What a trainer's wish changes of the days in `cohort.toml`, and the change itself: in one step, or not at all.

The file is one that people edit: its comments, its order and whatever else stands in it stay as they are.
"""

from __future__ import annotations

import datetime
import re
import zoneinfo
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from course.content import say_moment, trainer_words
from course.content.lessons import lesson_key, lessons
from course.core import moments, storage
from course.core.errors import BadContent
from course.core.text_files import parse_toml, read_settings
from course.records.cohort_file import NAME, CohortFile, cohort_from
from course.trainer.collecting.roster import ADDED
from course.trainer.course_directory import Coursework
from course.trainer.due_moments import DueMoments, read_due_moments, write_due_moments
from course.trainer.gradebook_reader import StudentRow

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import AbstractTable

EVERYBODY: Final = ""
"""In the place of a learner's id: the day is for all who have not more time."""
UNFINISHED: Final = "?"
"""What a page says of a day of which only a part was filled in."""
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?)?", re.ASCII)
_LATER: Final = re.compile(r"\+\d{1,3}", re.ASCII)
_OTHER_FORMS: Final = re.compile(r"^\s*[\"']?(due|extensions)[\"']?\s*[=.]", re.MULTILINE)
_YEARS: Final = range(2020, 2100)
Whose: TypeAlias = tuple[str, str]
"""A learner's id or EVERYBODY, and the key of an exercise."""


@dataclass(frozen=True)
class DueWish:
    """What a trainer wants to have changed; what is not in it stays."""

    days: Mapping[Whose, str] = field(default_factory=dict, repr=False)
    """A day as it was typed, such as “2026-12-01”, “2026-12-01 17:00” or “+7”; an empty text takes a day away."""
    zone: str = ""
    """Another time zone for the cohort, such as Europe/London."""


@dataclass(frozen=True)
class DueChange:
    """One day that changes, in words; an empty text stands for none."""

    learner: str = field(repr=False)
    """EVERYBODY, or the id of the learner whose time it is."""
    exercise: str
    before: str
    after: str


@dataclass(frozen=True)
class DuePlan:
    """What would change; nothing is written yet."""

    changes: tuple[DueChange, ...] = ()
    notes: tuple[str, ...] = ()
    """Sentences for the trainer, such as that a day is over already."""
    zone: str = "UTC"
    """The time zone that the cohort would have."""
    before: str = field(default="", repr=False)
    """The file that this was worked out for."""
    after: str = field(default="", repr=False)

    @property
    def writes(self) -> bool:
        """Whether there is anything to write."""
        return self.before != self.after


class DueDaysChanged(Exception):
    """The file is no longer the one that a plan was worked out for; nothing was written."""


def plan_due_days(coursework: Coursework, wish: DueWish) -> DuePlan:
    """Return what a wish changes; raises BadContent for what is no day, no zone or no more time. Nothing is written."""
    from tomlkit import dumps, parse

    before, is_there = _read(coursework)
    due, people = read_days(coursework)
    present = coursework.cohort if is_there else CohortFile()
    document = parse(before)
    if forms := {match[1] for match in _OTHER_FORMS.finditer(before)}:
        _put_into_tables(document, parse_toml(before, NAME), forms)
    if not is_there:
        _write_present(document, due)
    if wish.zone and wish.zone != str(present.zone):
        document["timezone"] = _known_zone(wish.zone)
    for (learner, exercise), text in wish.days.items():
        _set(document, learner, exercise, _read_day(text, exercise, _raw(document, EVERYBODY, exercise)))
    after = dumps(document)
    cohort = cohort_from(parse_toml(after, NAME))
    planned = DueMoments(cohort.due, cohort.extensions)
    for learner, exercise in wish.days:
        _check_more_time(planned, learner, exercise)
    changes = tuple(_changes(due, present.zone, planned, cohort.zone))
    if not (is_there or changes or str(cohort.zone) != str(present.zone)):
        after = before  # no file is begun for nothing
    notes = tuple([*_past(planned, wish), *day_notes(planned, people)])
    return DuePlan(changes, notes, str(cohort.zone), before, after)


def apply_due_days(coursework: Coursework, plan: DuePlan) -> None:
    """Write a plan into `cohort.toml`, then into nbgrader's gradebook; raises DueDaysChanged and OSError."""
    if _read(coursework)[0] != plan.before:
        raise DueDaysChanged
    _put(coursework, plan.after)
    write_due_moments(Coursework(coursework.root))


def text_without_learner(coursework: Coursework, learner: str) -> str:
    """Return the text of `cohort.toml` without the more time that a learner has."""
    from tomlkit import dumps, parse

    document = parse(_read(coursework)[0])
    if learner in coursework.cohort.extensions:
        del document["extensions"][learner]
    return dumps(document)


def forget_learner(coursework: Coursework, learner: str) -> None:
    """Take all more time of a learner out of `cohort.toml`; raises OSError."""
    _put(coursework, text_without_learner(coursework, learner))


def read_days(coursework: Coursework) -> tuple[DueMoments, list[StudentRow]]:
    """Return when exercises are due now, and who is in the gradebook."""
    if not coursework.has_gradebook:
        return DueMoments(coursework.cohort.due, coursework.cohort.extensions), []
    with coursework.read_gradebook() as gradebook:
        return read_due_moments(coursework, gradebook), gradebook.students


def day_notes(due: DueMoments, people: list[StudentRow]) -> Iterator[str]:
    """Yield what is odd: more time for somebody who is not on the roster, or that is no more than others have."""
    ids = {person.id for person in people}
    is_closed = any(person.lms_user_id != ADDED for person in people)
    for learner, own in sorted(due.more_time.items()):
        if own and is_closed and learner not in ids:
            yield trainer_words("due.unknown", learner=learner)
        for exercise in own:
            if due.for_everybody(exercise) is None:
                yield trainer_words("due.never-due", learner=learner, exercise=exercise)
            elif due.extension(learner, exercise) is None:
                yield trainer_words("due.no-more", learner=learner, exercise=exercise)


def _read(coursework: Coursework) -> tuple[str, bool]:
    """Return the text of the file, and whether there is one."""
    try:
        return read_settings(coursework.root / NAME), True
    except FileNotFoundError:
        return "", False


def _put(coursework: Coursework, text: str) -> None:
    path = (coursework.root / NAME).resolve()  # a link stays one
    is_from_windows = path.is_file() and b"\r" in path.read_bytes()
    storage.put(path, (text.replace("\n", "\r\n") if is_from_windows else text).encode())


def _write_present(document: TOMLDocument, due: DueMoments) -> None:
    """Begin a file with what the gradebook says: once there is a file, it alone decides."""
    for exercise, moment in due.everybody.items():
        _set(document, EVERYBODY, exercise, moment.replace(microsecond=0))
    for learner, own in due.more_time.items():
        for exercise, moment in own.items():
            _set(document, learner, exercise, moment.replace(microsecond=0))


def _put_into_tables(document: TOMLDocument, settings: Mapping[str, object], forms: Collection[str]) -> None:
    """Have what stands in one line or has dots in its names in tables of its own, to which more can be added.

    `forms` names what is written so; the comments of a table that is one already stay.
    """
    from tomlkit import table

    for name in sorted(forms):
        if isinstance(days := settings.get(name), dict):
            del document[name]
            document[name] = table(is_super_table=name == "extensions")
            document[name].update(days)


def _set(document: TOMLDocument, learner: str, exercise: str, day: datetime.date | None) -> None:
    """Set a day, or take it away; a line under a former name of the exercise stays that line."""
    from tomlkit import table

    if _table(document, learner) is None:
        if day is None:
            return
        if learner == EVERYBODY:
            document["due"] = table()
        else:
            if "extensions" not in document:
                document["extensions"] = table(is_super_table=True)
            document["extensions"][learner] = table()
    days = _table(document, learner)
    assert days is not None
    name = _name(days, exercise)
    if day is not None:
        days[name] = day
    elif name in days:
        del days[name]
        if learner != EVERYBODY and not days:
            del document["extensions"][learner]


def _table(document: TOMLDocument, learner: str) -> AbstractTable | None:
    """Return the table of a learner's days, or of everybody's."""
    return document.get("due") if learner == EVERYBODY else document.get("extensions", {}).get(learner)


def _name(days: Mapping[str, object], exercise: str) -> str:
    return next((name for name in days if lesson_key(name) == exercise), exercise)


def _raw(document: TOMLDocument, learner: str, exercise: str) -> datetime.date | None:
    """Return a day as it stands in the file."""
    days = _table(document, learner)
    value = days.get(_name(days, exercise)) if days else None
    return value if isinstance(value, datetime.date) else None


def _read_day(text: str, exercise: str, everybodys: datetime.date | None) -> datetime.date | None:
    """Return the day that was typed; “+7” is seven days after everybody's, at the same time."""
    text = text.strip()
    if not text:
        return None
    if _LATER.fullmatch(text):
        if everybodys is None:
            raise BadContent(trainer_words("due.nothing-to-add", exercise=exercise), trainer_words("due.day-hint"))
        try:
            return _plain(everybodys) + datetime.timedelta(days=int(text))
        except OverflowError:
            raise _no_day(text, exercise) from None
    if text == UNFINISHED:
        raise BadContent(trainer_words("due.unfinished", exercise=exercise), trainer_words("due.day-hint"))
    if not _DAY.fullmatch(text):
        raise _no_day(text, exercise)
    try:
        day = datetime.date.fromisoformat(text) if len(text) == 10 else datetime.datetime.fromisoformat(text)
    except ValueError:
        raise _no_day(text, exercise) from None
    if day.year not in _YEARS:
        said = trainer_words("due.odd-year", exercise=exercise, year=day.year)
        raise BadContent(said, trainer_words("due.day-hint"))
    return day


def _plain(day: datetime.date) -> datetime.date:
    """Return a day of the file as Python's own, which can be reckoned with."""
    if isinstance(day, datetime.datetime):
        return datetime.datetime.combine(day.date(), day.timetz())
    return datetime.date(day.year, day.month, day.day)


def _no_day(text: str, exercise: str) -> BadContent:
    return BadContent(trainer_words("due.no-day", exercise=exercise, text=text), trainer_words("due.day-hint"))


def _known_zone(name: str) -> str:
    try:
        return str(zoneinfo.ZoneInfo(name))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise BadContent(trainer_words("due.no-zone", zone=name), trainer_words("due.no-zone-hint")) from None


def _check_more_time(due: DueMoments, learner: str, exercise: str) -> None:
    """Raise BadContent where what was asked for as more time is none."""
    own, everybodys = due.more_time.get(learner, {}).get(exercise), due.for_everybody(exercise)
    if own is None:
        return
    if everybodys is None:
        raise BadContent(trainer_words("due.never-due", learner=learner, exercise=exercise), trainer_words("due.first"))
    if own <= everybodys:
        raise BadContent(trainer_words("due.no-more", learner=learner, exercise=exercise), trainer_words("due.later"))


def _changes(
    before: DueMoments, zone_before: datetime.tzinfo, after: DueMoments, zone_after: datetime.tzinfo
) -> Iterator[DueChange]:
    """Yield the days that change: those of everybody first, in the order of the course."""
    learners = [EVERYBODY, *sorted(before.more_time.keys() | after.more_time.keys())]
    for learner in learners:
        for lesson in lessons():
            old, new = (_moment(due, learner, lesson.key) for due in (before, after))
            if old != new:
                yield DueChange(learner, lesson.key, _said(old, zone_before), _said(new, zone_after))


def _moment(due: DueMoments, learner: str, exercise: str) -> datetime.datetime | None:
    days = due.everybody if learner == EVERYBODY else due.more_time.get(learner, {})
    moment = days.get(exercise)
    return moment.replace(microsecond=0) if moment else None


def _said(moment: datetime.datetime | None, zone: datetime.tzinfo) -> str:
    return say_moment(moment, zone) if moment else ""


def _past(due: DueMoments, wish: DueWish) -> Iterator[str]:
    for learner, exercise in wish.days:
        moment = _moment(due, learner, exercise)
        if moment and moment < moments.now():
            yield trainer_words("due.over", exercise=exercise)
