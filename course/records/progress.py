"""How far a learner is: read from what they answered, never from anything they wrote down for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from course.content.lessons import Lesson, follow_up, lessons
from course.core.errors import AnswersNotKept
from course.core.notebooks import ask_keys, material, read_notebook
from course.records.journal import Journal

STEP = 5
"""Minutes left are given to the next five: they are a guess."""


@dataclass(frozen=True)
class Progress:
    """How many activities of a lesson were answered or skipped, of how many; None while the lesson is not written."""

    lesson: Lesson
    finished: int
    total: int | None
    problem: AnswersNotKept | None = None
    """Why the lesson's page of the journal cannot be read; then nothing is known of its progress."""

    @property
    def state(self) -> str:
        """One of `in-preparation`, `unknown`, `not-started`, `started` and `done`."""
        if not self.total:
            return "in-preparation"
        if self.problem:
            return "unknown"
        if not self.finished:
            return "not-started"
        return "done" if self.finished == self.total else "started"

    @property
    def minutes_left(self) -> int:
        """The lesson's minutes, shared out over its activities and counted for those that are left."""
        if not self.total:
            return self.lesson.minutes
        left = self.lesson.minutes * (self.total - self.finished) / self.total
        return min(self.lesson.minutes, STEP * math.ceil(left / STEP))


def progress(journal: Journal) -> list[Progress]:
    """Return the progress in each lesson, in the order of the course.

    What comes a month later is the last, once the last lesson is done or it was begun.
    """
    steps = [_progress(lesson, journal) for lesson in lessons()]
    later = _progress(follow_up(), journal)
    return [*steps, later] if steps[-1].state == "done" or later.finished or later.problem else steps


def next_step(steps: Sequence[Progress]) -> Progress | None:
    """Return what to do next, or None when all is done or nothing is known of what is not.

    That is the furthest lesson that was begun or the next one after it; then whatever was left out on the way.
    A lesson whose page cannot be read counts as begun: there is a page.
    """
    open_ones = [step for step in steps if step.state in ("not-started", "started")]
    furthest = max((place for place, step in enumerate(steps) if step.finished or step.problem), default=0)
    onward = [step for step in steps[furthest:] if step in open_ones and step.lesson != follow_up()]
    return next(iter([*onward, *open_ones]), None)


def _progress(lesson: Lesson, journal: Journal) -> Progress:
    path = material() / "notebooks" / f"{lesson.key}.ipynb"
    if not path.exists():
        return Progress(lesson, 0, None)
    keys = ask_keys(read_notebook(path))
    page = journal.page(lesson.key)
    finished = [key for key in keys if page.get(key) is not None or page.state(key) == "skipped"]
    return Progress(lesson, len(finished), len(keys), page.problem)
