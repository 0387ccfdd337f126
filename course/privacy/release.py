"""R1, one release: what may be published of answers of which nothing was published before.

Threshold, banding (global recoding: a scale of seven in three bands while there are few answers) and protection of a
homogeneous group (group attribute disclosure). Where a distribution may not be published, a notice takes its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from course.privacy.cells import MIN_CELL, PublishedCount

Answer: TypeAlias = int | str
Answers: TypeAlias = Mapping[str, Answer]
"""Answers by pseudonym. Who has no answer is not in it."""

FULL_DETAIL: Final = 10
"""From so many answers the full scale is published; below, bands."""
MAX_DISSENTERS: Final = 1
"""If no more than so many answered otherwise than the rest, that one can tell what the rest answered."""
NOT_YET, NOT_ENOUGH, CLOSE, SPREAD = "not-yet", "not-enough", "close-together", "spread"
NOT_BESIDE, FIVE_OR_MORE = "not-beside", "five-or-more"
"""The keys of notices; `NOT_BESIDE`: not to be released beside the first time."""


@dataclass(frozen=True)
class Notice:
    """What is published in place of a distribution, by its key."""

    key: str
    option: Answer = ""
    """What five or more chose, if that is the notice."""


@dataclass(frozen=True)
class Distribution:
    """How many gave each answer, or an answer in each band."""

    counts: Mapping[Answer, PublishedCount]
    people: PublishedCount
    in_bands: bool


Release: TypeAlias = Distribution | Notice | None
"""What may be sent to anyone; nothing before a reveal."""


@dataclass(frozen=True)
class ResponseType:
    """What can be answered, and in which bands few answers are published."""

    bands: Mapping[Answer, str]
    """The band of each answer; an option of a vote is its own."""
    is_vote: bool

    @classmethod
    def rating(cls, points: int = 7) -> ResponseType:
        """Return a scale with a middle, in three bands.

        >>> ResponseType.rating().bands
        {1: '1–3', 2: '1–3', 3: '1–3', 4: '4', 5: '5–7', 6: '5–7', 7: '5–7'}
        """
        middle = (points + 1) // 2
        low, high = f"1–{middle - 1}", f"{middle + 1}–{points}"
        bands: dict[Answer, str] = {point: low if point < middle else high for point in range(1, points + 1)}
        return cls(bands | {middle: str(middle)}, is_vote=False)

    @classmethod
    def vote(cls, options: Iterable[str]) -> ResponseType:
        """Return a choice of one option."""
        return cls({option: option for option in options}, is_vote=True)

    def release(self, answers: Sequence[Answer]) -> Distribution | Notice:
        """Return what may be published of answers of which nothing was published before.

        >>> ResponseType.rating().release([2, 3, 5, 6, 7]).counts["5–7"]
        PublishedCount(count=3, of=5)
        >>> ResponseType.rating().release([2, 7, 7, 7, 7])
        Notice(key='close-together', option='')
        >>> ResponseType.vote("ABC").release("AACCCCC")
        Notice(key='five-or-more', option='C')
        """
        if len(answers) < MIN_CELL:
            return Notice(NOT_ENOUGH)
        banded: Counter[Answer] = Counter(self.bands[answer] for answer in answers)
        if is_homogeneous(banded):
            return Notice(CLOSE)
        if len(answers) >= FULL_DETAIL:
            return self._distribution(Counter(answers), self.bands, in_bands=False)
        if not self.is_vote:
            return self._distribution(banded, self.bands.values(), in_bands=True)
        leading, votes = banded.most_common(1)[0]
        return Notice(FIVE_OR_MORE, leading) if votes >= MIN_CELL else Notice(SPREAD)

    @staticmethod
    def _distribution(counts: Mapping[Answer, int], keys: Iterable[Answer], *, in_bands: bool) -> Distribution:
        people = sum(counts.values())
        cells = {key: PublishedCount(counts.get(key, 0), people) for key in keys}
        return Distribution(cells, PublishedCount(people, people), in_bands)


def is_homogeneous(bands: Mapping[Answer, int]) -> bool:
    """Say whether all, or all but one, are in one band: the one outside it then knows what the rest answered.

    >>> is_homogeneous({"low": 1, "high": 4}), is_homogeneous({"low": 2, "high": 4}), is_homogeneous({})
    (True, False, True)
    """
    return sum(bands.values()) - max(bands.values(), default=0) <= MAX_DISSENTERS
