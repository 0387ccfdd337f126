"""What was done of the course: for each lesson how many activities were answered, and the minutes of those."""

from __future__ import annotations

import re
from dataclasses import dataclass

from course.activities.card import in_one_line
from course.activities.lesson_progress import done_by_card
from course.content.lessons import Lesson, follow_up, lessons
from course.core.percentages import with_one_decimal
from course.records.journal import Journal

_HOURS = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{0,2})?")


@dataclass(frozen=True)
class LessonWork:
    """How much of a lesson was answered.

    An activity that was skipped or answered in part, and one whose answer was taken out again, do not count.
    """

    lesson: Lesson
    answered: int
    total: int
    problem: str = ""
    """Why the lesson's page of the journal cannot be read; then nothing of it counts."""

    @property
    def minutes(self) -> int:
        """The lesson's planned minutes, shared out over its activities and counted for those that were answered.

        Half a minute counts as one.

        >>> from course.content.lessons import find_lesson
        >>> LessonWork(find_lesson("repair"), 6, 12).minutes, LessonWork(find_lesson("repair"), 12, 12).minutes
        (25, 50)
        >>> LessonWork(find_lesson("repair"), 3, 20).minutes, LessonWork(find_lesson("repair"), 0, 0).minutes
        (8, 0)
        """
        return (2 * self.lesson.minutes * self.answered + self.total) // (2 * self.total) if self.total else 0


@dataclass(frozen=True)
class Completion:
    """What was done in all."""

    works: tuple[LessonWork, ...]
    """The lessons of which something was answered or whose page cannot be read, in the order of the course."""

    @property
    def minutes(self) -> int:
        """The minutes of all answered activities."""
        return sum(work.minutes for work in self.works)

    @property
    def hours(self) -> str:
        """The same in hours, to one decimal place."""
        return with_one_decimal(self.minutes / 60)

    @property
    def answered(self) -> int:
        """How many activities were answered."""
        return sum(work.answered for work in self.works)


def completion(journal: Journal) -> Completion:
    """Return what was answered in the lessons of this edition, and in what comes a month later."""
    works = [_work(lesson, journal) for lesson in (*lessons(), follow_up())]
    return Completion(tuple(work for work in works if work.answered or work.problem))


def read_hours(text: str) -> float | None:
    """Return a number of hours as people write it, or None for anything else.

    >>> read_hours("3.5"), read_hours(" 3,25 "), read_hours("0")
    (3.5, 3.25, 0.0)
    >>> read_hours("nan"), read_hours("-1"), read_hours("1e3"), read_hours("")
    (None, None, None, None)
    """
    return float(text.strip().replace(",", ".")) if _HOURS.fullmatch(text.strip()) else None


def _work(lesson: Lesson, journal: Journal) -> LessonWork:
    states, problem = done_by_card(journal, lesson), journal.page(lesson.key).problem
    return LessonWork(lesson, states.count("answered"), len(states), in_one_line(problem) if problem else "")
