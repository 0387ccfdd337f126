"""The list of lessons and of the moments at which people rate themselves."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from course import content
from course.core.errors import BadContent, UnknownLesson

_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Lesson:
    """One lesson: `key` names its notebook, its journal page and its exercise, wherever in the list it stands."""

    key: str
    title: str
    minutes: int
    story: str
    former: tuple[str, ...] = ()
    """The names it had in earlier versions, which are accepted too."""
    version: int = 1
    """That of its exercise. It goes up when a marked question changes, so that no answer is marked by another's key."""
    number: int = -1
    """Its place in the list, from 0, as people read it; -1 for what comes after the lessons.

    >>> find_lesson("two-questions").number
    1
    """
    plans: tuple[str, ...] = ()
    """The cards on which people write what they will try, the best one first. The next lessons ask about it."""
    learned: tuple[str, ...] = ()
    """The cards with what people learned: they can put their own words from there into their record of completion."""
    changed: tuple[str, ...] = ()
    """The cards with what people changed or mean to change, for the same."""

    @property
    def names(self) -> tuple[str, ...]:
        """The key, and then the names it had in earlier versions.

        >>> find_lesson("repair").names
        ('repair', '04-repair')
        """
        return (self.key, *self.former)


@dataclass(frozen=True)
class Occasion:
    """A moment at which people rate themselves: under `key` on the page of `lesson`."""

    name: str
    lesson: str
    key: str
    label: str
    full: bool
    """True for the twelve habits and the pulse, False for a pulse alone."""

    @property
    def number(self) -> str:
        """The number of its lesson as charts write it, or its label where the lesson has none.

        >>> [occasion.number for occasion in occasions()][-2:]
        ['7', 'Day 30']
        """
        number = next((lesson.number for lesson in lessons() if lesson.key == self.lesson), None)
        return self.label if number is None else str(number)


def lessons(folder: Path | None = None) -> tuple[Lesson, ...]:
    """Return the lessons in the order in which they are taught."""
    return _lessons(folder or content.edition())


@functools.cache
def _lessons(folder: Path) -> tuple[Lesson, ...]:
    entries = content.need(content.read("lessons.toml", folder), "lesson", list, "lessons.toml")
    listed = tuple(_lesson(entry, f"lessons.toml, lesson {number}", number) for number, entry in enumerate(entries))
    names = [name for lesson in listed for name in lesson.names]
    for lesson in listed:
        for name in lesson.names:
            if names.count(name) > 1:
                raise BadContent(
                    f"lessons.toml, lesson {lesson.number}: the name “{name}” is there twice.",
                    "Give each lesson a key of its own, and each former name to one lesson.",
                )
    return listed


def _lesson(entry: object, where: str, number: int = -1) -> Lesson:
    key = content.need(entry, "key", str, where)
    former, *cards = (_names(entry, part, where) for part in ("former", "plan", "learned", "changed"))
    for name in (key, *former):
        if not is_name(name):
            raise BadContent(f"{where}: “{name}” is no name of a lesson.", "Use small letters, digits and dashes.")
    return Lesson(
        key,
        content.need(entry, "title", str, where),
        content.need(entry, "minutes", int, where),
        content.need(entry, "story", str, where),
        former,
        _exercise_version(entry, where),
        number,
        *cards,
    )


def _names(entry: object, part: str, where: str) -> tuple[str, ...]:
    """Return a list of names that an entry may have, or none."""
    names = entry.get(part, []) if isinstance(entry, dict) else []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise BadContent(f"{where}: “{part}” is not a list of names.", f'Write {part} = ["a-name"] there.')
    return tuple(names)


def _exercise_version(entry: object, where: str) -> int:
    version = entry.get("version", 1) if isinstance(entry, dict) else 1
    if type(version) is not int or version < 1:
        raise BadContent(f"{where}: “version” is no whole number from 1.", "Write version = 2 there.")
    return version


def is_name(name: str) -> bool:
    """Say whether a lesson could have this name: it becomes the name of files and folders.

    >>> [is_name(name) for name in ("two-questions", "04-repair", "../repair", "Repair", "")]
    [True, True, False, False, False]
    """
    return bool(_NAME.fullmatch(name))


def follow_up(folder: Path | None = None) -> Lesson:
    """Return what comes about a month after the last lesson: it has a notebook and no number.

    >>> follow_up().key
    'day-30'
    """
    return _follow_up(folder or content.edition())


@functools.cache
def _follow_up(folder: Path) -> Lesson:
    entry = content.need(content.read("lessons.toml", folder), "follow-up", dict, "lessons.toml")
    return _lesson(entry, "lessons.toml, [follow-up]")


def occasions(folder: Path | None = None) -> tuple[Occasion, ...]:
    """Return the moments of rating in order, from the start to day 30."""
    return _occasions(folder or content.edition())


@functools.cache
def _occasions(folder: Path) -> tuple[Occasion, ...]:
    listed = []
    for number, entry in enumerate(
        content.need(content.read("lessons.toml", folder), "occasion", list, "lessons.toml")
    ):
        where = f"lessons.toml, occasion {number + 1}"
        name, lesson, key, label = (
            content.need(entry, part, str, where) for part in ("name", "lesson", "key", "label")
        )
        if not isinstance(entry.get("full"), bool):
            raise BadContent(f"{where}: “full” is missing.", "Write full = true or full = false there.")
        listed.append(Occasion(name, lesson, key, label, entry["full"]))
    return tuple(listed)


def find_lesson(name: str) -> Lesson:
    """Return the lesson of that key or former name, or raise UnknownLesson."""
    for lesson in lessons():
        if name in lesson.names:
            return lesson
    raise UnknownLesson(f"There is no lesson “{name}”.", f"The lessons are: {', '.join(e.key for e in lessons())}")


def lesson_key(name: str) -> str:
    """Return the key of the lesson of that key or former name; any other name stays as it is.

    >>> lesson_key("04-repair"), lesson_key("day-30"), lesson_key("another")
    ('repair', 'day-30', 'another')
    """
    return _keys(content.edition()).get(name, name)


def exercise_version(name: str) -> int:
    """Return the version of the exercise of the lesson of that key or former name; 1 for any other name.

    >>> exercise_version("another")
    1
    """
    return next((lesson.version for lesson in lessons() if name in lesson.names), 1)


def lesson_names(name: str) -> tuple[str, ...]:
    """Return all names of the lesson of that key or former name, its key first; any other name is its only one.

    >>> lesson_names("04-repair"), lesson_names("another")
    (('repair', '04-repair'), ('another',))
    """
    key = lesson_key(name)
    return next((lesson.names for lesson in (*lessons(), follow_up()) if lesson.key == key), (key,))


def with_lesson_keys(text: str) -> str:
    """Return a text in which keys stand for former names, to compare what two versions of the course wrote.

    >>> with_lesson_keys('ask, mark = exercise("04-repair")')
    'ask, mark = exercise("repair")'
    """
    keys = _keys(content.edition())
    former = "|".join(re.escape(name) for name in keys if keys[name] != name)
    return re.sub(rf"(?<![a-z0-9-])({former})(?![a-z0-9-])", lambda name: keys[name[1]], text) if former else text


@functools.cache
def _keys(folder: Path) -> dict[str, str]:
    return {name: lesson.key for lesson in (*lessons(folder), follow_up(folder)) for name in lesson.names}


def find_page(name: str) -> str:
    """Return the key of a journal page: a lesson's, or that of a later rating such as day 30. Or raise UnknownLesson.

    >>> find_page("day-30"), find_page("04-repair")
    ('day-30', 'repair')
    """
    if any(occasion.lesson == name for occasion in occasions()):
        return name
    return find_lesson(name).key


def place_in_course(name: str) -> tuple[int, str]:
    """Return what puts names into the order of the course: lessons, then later ratings, then all others by name.

    >>> sorted(["a-lesson-of-another-edition", "day-30", "repair", "00-starting-point"], key=place_in_course)
    ['00-starting-point', 'repair', 'day-30', 'a-lesson-of-another-edition']
    """
    later = [occasion.lesson for occasion in occasions()]
    for place, names in enumerate([*(lesson.names for lesson in lessons()), later]):
        if name in names:
            return place, name
    return len(lessons()) + 1, name
