"""How many answers differ between two pictures of one group, and whether one person stands out in a picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from course.privacy.cells import MIN_CELL

Answer: TypeAlias = int | str
Answers: TypeAlias = Mapping[str, Answer]
"""Who said what. Who has no answer is not in it."""

MIN_CHANGE: Final = 2 * MIN_CELL
"""By how many people at least a picture grows, and how many must have acted before another may follow it."""
MAX_DISSENTERS: Final = 1
"""If no more than so many are of another mind, that one can tell what the rest said."""


def changed(before: Answers, after: Answers) -> int:
    """Return how many people's answers differ, with those who came and those who left.

    A second report about the same people may be given out if it is 0, or five or more.

    >>> changed({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 7, "d": 3})
    3
    """
    return sum(before.get(person) != after.get(person) for person in before.keys() | after.keys())


def is_homogeneous(bands: Mapping[Any, int]) -> bool:
    """Say whether all, or all but one, are in one band: the odd one out then knows what the rest said.

    >>> is_homogeneous({"low": 1, "high": 4}), is_homogeneous({"low": 2, "high": 4}), is_homogeneous({})
    (True, False, True)
    """
    return sum(bands.values()) - max(bands.values(), default=0) <= MAX_DISSENTERS
