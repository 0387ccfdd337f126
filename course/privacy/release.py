"""What may be seen of some answers that were never shown before: a picture, or a sentence in its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from course.privacy.cells import MIN_CELL, PublishedCount
from course.privacy.differencing import Answer, is_homogeneous

FULL_DETAIL: Final = 10
"""From so many answers all of a scale is shown."""
NOT_YET, NOT_ENOUGH, CLOSE, SPREAD = "not-yet", "not-enough", "close-together", "spread"
NOT_BESIDE, FIVE_OR_MORE = "not-beside", "five-or-more"
"""The keys of sentences; `NOT_BESIDE`: not to be shown beside the first time."""


@dataclass(frozen=True)
class Notice:
    """What is said in place of a picture, by its key."""

    key: str
    option: Answer = ""
    """What five or more chose, if that is the sentence."""


@dataclass(frozen=True)
class Distribution:
    """How many gave each answer, or an answer in each band."""

    counts: Mapping[Answer, PublishedCount]
    people: PublishedCount
    in_bands: bool


Release: TypeAlias = Distribution | Notice | None
"""What may be sent; nothing before a reveal."""


@dataclass(frozen=True)
class ResponseType:
    """What can be answered, and in which bands few answers are shown."""

    bands: Mapping[Answer, str]
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

    def picture(self, answers: Sequence[Answer]) -> Distribution | Notice:
        """Return what may be shown of some answers that were never shown before.

        >>> ResponseType.rating().picture([2, 3, 5, 6, 7]).counts["5–7"]
        PublishedCount(count=3, of=5)
        >>> ResponseType.rating().picture([2, 7, 7, 7, 7])
        Notice(key='close-together', option='')
        >>> ResponseType.vote("ABC").picture("AACCCCC")
        Notice(key='five-or-more', option='C')
        """
        if len(answers) < MIN_CELL:
            return Notice(NOT_ENOUGH)
        banded = Counter(self.bands[answer] for answer in answers)
        if is_homogeneous(banded):
            return Notice(CLOSE)
        if len(answers) >= FULL_DETAIL:
            return self._drawn(Counter(answers), self.bands, in_bands=False)
        if not self.is_vote:
            return self._drawn(banded, self.bands.values(), in_bands=True)
        leading, votes = banded.most_common(1)[0]
        return Notice(FIVE_OR_MORE, leading) if votes >= MIN_CELL else Notice(SPREAD)

    def _drawn(self, counts: Mapping[Any, int], keys: Iterable[Answer], *, in_bands: bool) -> Distribution:
        people = sum(counts.values())
        shown = {key: PublishedCount(counts.get(key, 0), people) for key in keys}
        return Distribution(shown, PublishedCount(people, people), in_bands)
