"""How far a learner is: read from what they answered, never from anything they wrote down for it."""

from __future__ import annotations

from dataclasses import dataclass

from course.content.lessons import Lesson, lessons
from course.journal import Journal
from course.notebooks import ask_keys, material, read_notebook


@dataclass(frozen=True)
class Progress:
    """How many exercises of a lesson were answered or skipped, of how many; None while the lesson is not written."""

    lesson: Lesson
    finished: int
    total: int | None

    @property
    def state(self) -> str:
        """One of `in-preparation`, `not-started`, `started` and `done`."""
        if not self.total:
            return "in-preparation"
        if not self.finished:
            return "not-started"
        return "done" if self.finished == self.total else "started"


def progress(journal: Journal) -> list[Progress]:
    """Return the progress in each lesson, in the order of the course."""
    return [_progress(lesson, journal) for lesson in lessons()]


def _progress(lesson: Lesson, journal: Journal) -> Progress:
    path = material() / "notebooks" / f"{lesson.slug}.ipynb"
    if not path.exists():
        return Progress(lesson, 0, None)
    keys = ask_keys(read_notebook(path))
    page = journal.page(lesson.slug)
    finished = [key for key in keys if page.get(key) is not None or page.state(key) == "skipped"]
    return Progress(lesson, len(finished), len(keys))
