"""Whether pictures of one group may both be seen, or what differs between them points at someone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Any, Final, TypeAlias

from course.groups.parts import FEW

Answer: TypeAlias = int | str
Answers: TypeAlias = Mapping[str, Answer]
"""Who said what. Who has no answer is not in it."""

STEP: Final = 2 * FEW
"""By how many people at least a picture grows, and how many must have acted before another may follow it."""
ODD: Final = 1
"""If no more than so many are of another mind, that one can tell what the rest said."""


def changed(before: Answers, after: Answers) -> int:
    """Return how many people's answers differ, with those who came and those who left.

    A second report about the same people may be given out if it is 0, or five or more.

    >>> changed({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 7, "d": 3})
    3
    """
    return sum(before.get(person) != after.get(person) for person in before.keys() | after.keys())


def is_close(bands: Mapping[Any, int]) -> bool:
    """Say whether all, or all but one, are in one band: the odd one out then knows what the rest said.

    >>> is_close({"low": 1, "high": 4}), is_close({"low": 2, "high": 4}), is_close({})
    (True, False, True)
    """
    return sum(bands.values()) - max(bands.values(), default=0) <= ODD


class Earlier:
    """What is on the wire of a question and of those that ask the same again, and whether another may follow.

    >>> earlier, ten = Earlier(), "abcdefghij"
    >>> earlier.put("first", dict.fromkeys(ten, 1))
    >>> for person in ten:
    ...     earlier.act(person)
    >>> earlier.allow(dict.fromkeys(ten, 1) | dict.fromkeys("abcd", 2))
    False
    >>> earlier.allow(dict.fromkeys(ten, 1) | dict.fromkeys("abcde", 2))
    True
    """

    def __init__(self) -> None:
        self._pictures: dict[Hashable, tuple[int, Answers]] = {}
        self._acts = 0
        self._latest: dict[str, int] = {}

    def act(self, person: str) -> None:
        """Note that someone answered, changed or withdrew, whether or not their answer is another one now."""
        self._acts += 1
        self._latest[person] = self._acts

    def put(self, question: Hashable, answers: Answers) -> None:
        """Note the latest picture of a question. A picture only grows, so that it stands for all before it."""
        self._pictures[question] = (self._acts, answers)

    def is_only(self, question: Hashable) -> bool:
        """Say whether there is no picture of any other question."""
        return self._pictures.keys() <= {question}

    def allow(self, now: Answers) -> bool:
        """Say whether a picture of `now` may be seen by those who saw all the others.

        Since each of them ten or more people must have acted or left, and the two pictures must differ by five
        answers or more. Both are told by what the wire shows and by who touched a phone, never by who changed from
        what to what: else that a picture is kept back would tell what those few said who came or left between.
        """
        return all(self._may_follow(acts, before, now) for acts, before in self._pictures.values())

    def _may_follow(self, acts: int, before: Answers, now: Answers) -> bool:
        acted = {person for person, latest in self._latest.items() if latest > acts} | (before.keys() - now.keys())
        moved = Counter(now.values()) - Counter(before.values())
        return len(acted) >= STEP and moved.total() >= FEW
