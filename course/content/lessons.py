"""The list of lessons and of the moments at which people rate themselves."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

from course import content
from course.core.errors import BadContent, UnknownLesson


@dataclass(frozen=True)
class Lesson:
    """One lesson: `slug` names its notebook, its journal page and its exercise."""

    slug: str
    title: str
    minutes: int
    story: str
    former: tuple[str, ...] = ()
    """The names it had in earlier versions, which are accepted for ever."""
    number: int = -1
    """Its place in the list, from 0, as people read it; -1 for what comes after the lessons.

    >>> find_lesson("two-questions").number
    1
    """


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
        number = next((lesson.number for lesson in lessons() if lesson.slug == self.lesson), None)
        return self.label if number is None else str(number)


def lessons(folder: Path | None = None) -> tuple[Lesson, ...]:
    """Return the lessons in the order in which they are taught."""
    return _lessons(folder or content.edition())


@functools.cache
def _lessons(folder: Path) -> tuple[Lesson, ...]:
    found = []
    entries = content.need(content.read("lessons.toml", folder), "lesson", list, "lessons.toml")
    for number, entry in enumerate(entries):
        found.append(_lesson(entry, f"lessons.toml, lesson {number}", number))
    return tuple(found)


def _lesson(entry: object, where: str, number: int = -1) -> Lesson:
    return Lesson(
        content.need(entry, "slug", str, where),
        content.need(entry, "title", str, where),
        content.need(entry, "minutes", int, where),
        content.need(entry, "story", str, where),
        tuple(entry.get("former", ())) if isinstance(entry, dict) else (),
        number,
    )


def follow_up(folder: Path | None = None) -> Lesson:
    """Return what comes about a month after the last lesson: it has a notebook and no number.

    >>> follow_up().slug
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
    found = []
    for number, entry in enumerate(
        content.need(content.read("lessons.toml", folder), "occasion", list, "lessons.toml")
    ):
        where = f"lessons.toml, occasion {number + 1}"
        name, lesson, key, label = (
            content.need(entry, part, str, where) for part in ("name", "lesson", "key", "label")
        )
        if not isinstance(entry.get("full"), bool):
            raise BadContent(f"{where}: “full” is missing.", "Write full = true or full = false there.")
        found.append(Occasion(name, lesson, key, label, entry["full"]))
    return tuple(found)


def find_lesson(slug: str) -> Lesson:
    """Return the lesson of that name, or raise UnknownLesson."""
    for lesson in lessons():
        if slug in (lesson.slug, *lesson.former):
            return lesson
    raise UnknownLesson(f"There is no lesson “{slug}”.", "The lessons are: " + ", ".join(e.slug for e in lessons()))


def find_page(slug: str) -> str:
    """Return the name of a journal page: a lesson's, or that of a later rating such as day 30. Or raise UnknownLesson.

    >>> find_page("day-30")
    'day-30'
    """
    if any(occasion.lesson == slug for occasion in occasions()):
        return slug
    return find_lesson(slug).slug
