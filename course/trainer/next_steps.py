"""What comes next after a command, as sentences that name the next one: the last that a trainer reads in a terminal.

The desk says none of them, since its buttons stand in this order.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from course.content import trainer_words
from course.core import moments, names, storage
from course.trainer.course_directory import Coursework


def after_releasing() -> list[str]:
    """Return what comes after exercises were given out."""
    return _in_order(["collect"])


def after_roster(coursework: Coursework, *, is_anybody_new: bool) -> list[str]:
    """Return what comes after the roster was written: another try with what was handed in, or the first exercises."""
    if any(_has_something(folder) for folder in (coursework.inbox, coursework.root / names.SUBMITTED)):
        return _in_order(["collect-again"]) if is_anybody_new else []
    return _in_order(["due", "release"])


def after_collecting(
    coursework: Coursework, slugs: Sequence[str], *, undecided: int, waiting: int, refused: int
) -> list[str]:
    """Return what comes after collecting: decisions on whose a hand-in is, then marking, else reading.

    `undecided` is how many hand-ins wait for a decision, `waiting` how many reflections wait to be read, and `refused`
    how many hand-ins were refused.
    """
    unmarked = number_unmarked(coursework, slugs)
    steps = [("decide", undecided), ("mark", unmarked), ("read", 0 if unmarked else waiting)]
    if any(number for _, number in steps):
        return _in_order([key for key, number in steps if number], dict(steps))
    handed_in = any(coursework.learners_at(names.SUBMITTED, slug) for slug in slugs)
    return [] if handed_in else [trainer_words(f"next-steps.{'all-refused' if refused else 'nothing-in'}")]


def after_deciding() -> list[str]:
    """Return what comes after the last decision on whose a hand-in is."""
    return _in_order(["collect-again"])


def after_marking(*, waiting: int, marked: int) -> list[str]:
    """Return what comes after marking: reading what waits, or feedback where a person has read all there is."""
    if waiting:
        return _in_order(["read"], {"read": waiting})
    return _in_order(["feedback"]) if marked else []


def after_feedback(*, has_marks: bool) -> list[str]:
    """Return what comes after all feedback is made, in a cohort with marks or without."""
    return _in_order(["marks", "report"] if has_marks else ["report"])


def after_erasing() -> list[str]:
    """Return what comes after somebody was removed of whom a report told."""
    return _in_order(["report-again"])


def number_unmarked(coursework: Coursework, slugs: Sequence[str]) -> int:
    """Return how many hand-ins of these exercises are new since they were marked, or were never marked."""
    return sum(
        _stamp(coursework.folder(names.SUBMITTED, learner, slug))
        != _stamp(coursework.folder(names.AUTOGRADED, learner, slug))
        for slug in slugs
        for learner in coursework.learners_at(names.SUBMITTED, slug)
    )


def _stamp(folder: Path) -> bytes | None:
    """Return when what lies in a folder was handed in, as its file has it; None for what is not there."""
    if not folder.is_dir():
        return None
    try:
        return storage.read_whole(folder / names.TIMESTAMP, largest=moments.LARGEST_STAMP)
    except (OSError, storage.Unusable):
        return b""


def _has_something(folder: Path) -> bool:
    return folder.is_dir() and any(not path.name.startswith(".") for path in folder.iterdir())


def _in_order(keys: Sequence[str], numbers: dict[str, int] | None = None) -> list[str]:
    """Return a sentence for each step, the first called the next."""
    steps = [trainer_words(f"next-steps.{key}", **({"n": numbers[key]} if numbers else {})) for key in keys]
    return [trainer_words(f"next-steps.{'then' if place else 'next'}", step=step) for place, step in enumerate(steps)]
