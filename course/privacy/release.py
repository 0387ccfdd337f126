"""What may be seen of some answers that were never shown before: a picture, or a sentence in its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from course.privacy.cells import FEW, Shown
from course.privacy.differencing import Answer, is_close

MANY: Final = 10
"""From so many answers all of a scale is shown."""
NOT_YET, NOT_ENOUGH, CLOSE, SPREAD = "not-yet", "not-enough", "close-together", "spread"
NOT_BESIDE, FIVE_OR_MORE = "not-beside", "five-or-more"
"""The keys of sentences; `NOT_BESIDE`: not to be shown beside the first time."""


@dataclass(frozen=True)
class Sentence:
    """What is said in place of a picture, by its key."""

    key: str
    option: Answer = ""
    """What five or more chose, if that is the sentence."""


@dataclass(frozen=True)
class Picture:
    """How many gave each answer, or an answer in each band."""

    counts: Mapping[Answer, Shown]
    people: Shown
    in_bands: bool


Wire: TypeAlias = Picture | Sentence | None
"""What may be sent; nothing before a reveal."""


@dataclass(frozen=True)
class Kind:
    """What can be answered, and in which bands few answers are shown."""

    bands: Mapping[Answer, str]
    is_vote: bool

    @classmethod
    def rating(cls, points: int = 7) -> Kind:
        """Return a scale with a middle, in three bands.

        >>> Kind.rating().bands
        {1: '1–3', 2: '1–3', 3: '1–3', 4: '4', 5: '5–7', 6: '5–7', 7: '5–7'}
        """
        middle = (points + 1) // 2
        low, high = f"1–{middle - 1}", f"{middle + 1}–{points}"
        bands: dict[Answer, str] = {point: low if point < middle else high for point in range(1, points + 1)}
        return cls(bands | {middle: str(middle)}, is_vote=False)

    @classmethod
    def vote(cls, options: Iterable[str]) -> Kind:
        """Return a choice of one option."""
        return cls({option: option for option in options}, is_vote=True)

    def picture(self, answers: Sequence[Answer]) -> Picture | Sentence:
        """Return what may be shown of some answers that were never shown before.

        >>> Kind.rating().picture([2, 3, 5, 6, 7]).counts["5–7"]
        Shown(count=3, of=5)
        >>> Kind.rating().picture([2, 7, 7, 7, 7])
        Sentence(key='close-together', option='')
        >>> Kind.vote("ABC").picture("AACCCCC")
        Sentence(key='five-or-more', option='C')
        """
        if len(answers) < FEW:
            return Sentence(NOT_ENOUGH)
        banded = Counter(self.bands[answer] for answer in answers)
        if is_close(banded):
            return Sentence(CLOSE)
        if len(answers) >= MANY:
            return self._drawn(Counter(answers), self.bands, in_bands=False)
        if not self.is_vote:
            return self._drawn(banded, self.bands.values(), in_bands=True)
        leading, votes = banded.most_common(1)[0]
        return Sentence(FIVE_OR_MORE, leading) if votes >= FEW else Sentence(SPREAD)

    def _drawn(self, counts: Mapping[Any, int], keys: Iterable[Answer], *, in_bands: bool) -> Picture:
        people = sum(counts.values())
        shown = {key: Shown(counts.get(key, 0), people) for key in keys}
        return Picture(shown, Shown(people, people), in_bands)
