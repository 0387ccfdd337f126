"""How far a learner is in each lesson, and what to do next."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from course.content.lessons import Lesson, follow_up
from course.core.errors import AnswersNotKept

STEP = 5
"""Minutes left are given to the next five: they are a guess."""


@dataclass(frozen=True)
class Progress:
    """How many activities of a lesson were answered whole or skipped, of how many; None while it is not written."""

    lesson: Lesson
    finished: int
    total: int | None
    problem: AnswersNotKept | None = None
    """Why the lesson's page of the journal cannot be read; then nothing is known of its progress."""
    is_begun: bool = False
    """Whether anything of it was answered or skipped, if only in part."""

    @property
    def state(self) -> str:
        """One of `in-preparation`, `unknown`, `not-started`, `started` and `done`."""
        if not self.total:
            return "in-preparation"
        if self.problem:
            return "unknown"
        if not (self.finished or self.is_begun):
            return "not-started"
        return "done" if self.finished == self.total else "started"

    @property
    def minutes_left(self) -> int:
        """The lesson's minutes, shared out over its activities and counted for those that are left."""
        if not self.total:
            return self.lesson.minutes
        left = self.lesson.minutes * (self.total - self.finished) / self.total
        return min(self.lesson.minutes, STEP * math.ceil(left / STEP))


def next_step(steps: Sequence[Progress]) -> Progress | None:
    """Return what to do next, or None when all is done or nothing is known of what is not.

    That is the furthest lesson that was begun or the next one after it; then whatever was left out on the way.
    A lesson whose page cannot be read counts as begun: there is a page.
    """
    open_ones = [step for step in steps if step.state in ("not-started", "started")]
    begun = [place for place, step in enumerate(steps) if step.state in ("started", "done", "unknown")]
    furthest = max(begun, default=0)
    onward = [step for step in steps[furthest:] if step in open_ones and step.lesson != follow_up()]
    return next(iter([*onward, *open_ones]), None)
