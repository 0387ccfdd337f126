"""How far a learner is: read from what they answered, never from anything they wrote down for it."""

from __future__ import annotations

from course.activities.messages import Done
from course.activities.notebook_cards import lesson_cards
from course.content.lessons import Lesson, follow_up, lessons
from course.core.notebooks import material
from course.records.journal import Journal
from course.records.progress import Progress


def progress(journal: Journal) -> list[Progress]:
    """Return the progress in each lesson, in the order of the course.

    What comes a month later is the last, once the last lesson is done or it was begun.
    """
    steps = [_progress(lesson, journal) for lesson in lessons()]
    later = _progress(follow_up(), journal)
    is_begun = later.is_begun or later.problem
    return [*steps, later] if steps[-1].state == "done" or is_begun else steps


def done_by_card(journal: Journal, lesson: Lesson) -> list[Done]:
    """Return what became of each activity of a lesson that asks for an answer, as its card says it."""
    cards = lesson_cards(lesson.key, journal.page(lesson.key))
    return [card.done for card in cards if card.done is not None]


def _progress(lesson: Lesson, journal: Journal) -> Progress:
    if not (material() / "notebooks" / f"{lesson.key}.ipynb").exists():
        return Progress(lesson, 0, None)
    states = done_by_card(journal, lesson)
    finished = [state for state in states if state in ("answered", "skipped")]
    return Progress(lesson, len(finished), len(states), journal.page(lesson.key).problem, is_begun=any(states))
