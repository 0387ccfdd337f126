"""R3: what the owner of a round may see of what raters answered about them.

The owner asks people to rate them, by a link to a server or on printed forms that a third person counts. The attacker
to guard against is the owner: they know these rules, whom they asked, and the answers of everybody who tells them;
they may have filled in forms themselves. Raters who pool what they know are no stronger than that.

1. Threshold: of fewer than five raters nothing is released, and a statement is only where five or more judged it. A
   form that judges nothing has no rater.
2. Of a statement that five to seven judged, the average alone, rounded to a half: with five, quartiles would be two
   people's own answers. From eight on, the middle half as well.
3. Top and bottom coding: an average is never below 2 or above 6 where five to seven judged, and never below 1.5 or
   above 6.5 from eight on. It stands for all beyond it, so that an average alone excludes no answer of anybody, also
   where all answered alike.
4. The middle half is rounded outwards to whole points: at least half of the answers lie in it.
5. Of the number of raters, whether it is five to seven or more, and no more: the exact one would tell who had not
   answered, and the exact sum where nearly all is known. How many judged a statement is not released either.
6. No differencing within a round: it is released once, for good; whoever keeps the answers destroys them then.
   The counter says “fewer than five” or “five or more”, as the last day ended, and nothing else. How many forms a
   round takes is drawn for each and told to nobody: who fills it until it takes no more learns of no number in it.

What is not promised; people are told so of four forms out of five, of two rounds, and of who counts forms: an owner who
fills in all forms but one comes close to the answer on that one, and for some answers learns it exactly; so do raters
who tell the owner what they said. Who fills in half of eight forms can at times tell that all others answered alike.
From eight on the average and the middle half together say more than each: of the 3003 ways in which eight can answer,
208 exclude some answer, and 16 are told exactly, such as seven “Now and then” and one “Never”. They never say whose an
answer is, nor that all answered alike. Two rounds that the same people answer can be compared. With printed forms
whoever counts them sees them.

Source of the method: Hundepool and others, *Statistical Disclosure Control* (2012), on thresholds, rounding, and top
and bottom coding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, TypeAlias

from course.privacy.cells import MIN_CELL, SUPPRESSED, Suppressed

MIN_RATERS: Final = MIN_CELL
"""The fewest raters of whom anything is released, and the fewest who judged a statement that is."""
MIN_FOR_MIDDLE_HALF: Final = 8
"""The fewest people who judged a statement of which the middle half is released."""
POINTS: Final = 7
"""How many points raters choose from; the first counts 1."""

RaterForm: TypeAlias = "Mapping[str, int | None]"
"""What one rater answered by statement: a point from 1 to 7; None, or nothing at all, where they cannot judge."""
PointCounts: TypeAlias = "Mapping[str, Sequence[int]]"
"""How many raters chose each of the seven points, by statement."""


class RaterCounter(Enum):
    """All that anybody is told of how many raters have answered while a round is open."""

    FEWER_THAN_FIVE = "fewer-than-five"
    FIVE_OR_MORE = "five-or-more"


class RaterCount(Enum):
    """As much as a result says of how many raters there are."""

    FIVE_TO_SEVEN = "five-to-seven"
    EIGHT_OR_MORE = "eight-or-more"


@dataclass(frozen=True)
class RatedStatement:
    """What is released of one statement."""

    average: float
    """Rounded to a half; one that is `lowest` or `highest` stands for all beyond it as well."""
    middle_half: tuple[int, int] | None
    """Two points between which at least half of the answers lie, or None where fewer than eight people judged."""

    @property
    def lowest(self) -> float:
        """The lowest average that is told from those below it."""
        return _limits(is_many=self.middle_half is not None)[0]

    @property
    def highest(self) -> float:
        """The highest average that is told from those above it."""
        return _limits(is_many=self.middle_half is not None)[1]

    @property
    def stands_for(self) -> tuple[float, float]:
        """The lowest and the highest average, rounded to a half, that may be behind this one.

        >>> RatedStatement(5.5, None).stands_for, RatedStatement(6.0, None).stands_for
        ((5.5, 5.5), (6.0, 7.0))
        """
        low = 1.0 if self.average <= self.lowest else self.average
        return low, float(POINTS) if self.average >= self.highest else self.average


@dataclass(frozen=True)
class RaterRelease:
    """All that is released of one round."""

    raters: RaterCount
    statements: Mapping[str, RatedStatement] = field(repr=False)
    """By code, in the order in which they were asked for; those that fewer than five judged are absent."""


def count_raters(forms: Iterable[RaterForm]) -> int:
    """Return how many forms judge anything. It is for the rules alone: nobody is told the number.

    >>> count_raters([{"COMP7": 5}, {"COMP7": None}, {}])
    1
    """
    return sum(any(point is not None for point in form.values()) for form in forms)


def read_counter(raters: int) -> RaterCounter:
    """Return what the counter of an open round says of a number of raters.

    >>> read_counter(4), read_counter(5)
    (<RaterCounter.FEWER_THAN_FIVE: 'fewer-than-five'>, <RaterCounter.FIVE_OR_MORE: 'five-or-more'>)
    """
    return RaterCounter.FIVE_OR_MORE if raters >= MIN_RATERS else RaterCounter.FEWER_THAN_FIVE


def release_forms(forms: Sequence[RaterForm], codes: Sequence[str]) -> RaterRelease | Suppressed:
    """Return what is released of raters' forms on the statements with these codes, or SUPPRESSED for too few raters.

    Other statements on a form do not count. Raises ValueError for a point that is not from 1 to 7.

    >>> release_forms([{"COMP7": point} for point in (3, 4, 5, 5)], ["COMP7"])
    Suppressed()
    >>> release_forms([{"COMP7": point} for point in (3, 4, 5, 5, 6)], ["COMP7"]).statements
    {'COMP7': RatedStatement(average=4.5, middle_half=None)}
    """
    asked = [{code: form.get(code) for code in codes} for form in forms]
    counts = {code: [0] * POINTS for code in codes}
    for form in asked:
        for code, point in form.items():
            if point is not None:
                counts[code][_checked_point(point) - 1] += 1
    return release_counts(counts, count_raters(asked))


def release_counts(counts: PointCounts, raters: int) -> RaterRelease | Suppressed:
    """Return what is released of the counts of each statement and the number of raters; as `release_forms`.

    Raises ValueError where a statement has not one count for each point, a negative one, or more answers than raters.

    >>> release_counts({"CARE7": [0, 0, 1, 2, 3, 2, 0]}, 8).statements
    {'CARE7': RatedStatement(average=5.0, middle_half=(4, 6))}
    """
    for chosen in counts.values():
        if len(chosen) != POINTS or min(chosen) < 0 or sum(chosen) > raters:
            raise ValueError("the counts of a statement do not fit its points or the number of raters")
    if raters < MIN_RATERS:
        return SUPPRESSED
    statements = {code: _released(chosen) for code, chosen in counts.items() if sum(chosen) >= MIN_RATERS}
    many = raters >= MIN_FOR_MIDDLE_HALF
    return RaterRelease(RaterCount.EIGHT_OR_MORE if many else RaterCount.FIVE_TO_SEVEN, statements)


def _checked_point(point: object) -> int:
    if type(point) is not int or not 1 <= point <= POINTS:
        raise ValueError(f"a point is a whole number from 1 to {POINTS}")
    return point


def _released(chosen: Sequence[int]) -> RatedStatement:
    """Return what is released of the counts of one statement that enough people judged."""
    answers = [point for point, people in enumerate(chosen, start=1) for _ in range(people)]
    is_many = len(answers) >= MIN_FOR_MIDDLE_HALF
    lowest, highest = _limits(is_many=is_many)
    average = min(max(_rounded_to_half(sum(answers), len(answers)), lowest), highest)
    return RatedStatement(average, _middle_half(answers) if is_many else None)


def _limits(*, is_many: bool) -> tuple[float, float]:
    """Return the lowest and the highest average that are released, by whether eight or more people judged.

    The largest range in which an average excludes nothing: of five answers with an average of 5.75 one can still be
    “Never”, the least; of eight, with an average of 6.25.
    """
    return (1.5, POINTS - 0.5) if is_many else (2.0, POINTS - 1.0)


def _rounded_to_half(total: int, people: int) -> float:
    """Return an average rounded to a half, a quarter towards the nearer end of the scale: both ends are alike.

    >>> _rounded_to_half(21, 5), _rounded_to_half(22, 5), _rounded_to_half(50, 8), _rounded_to_half(14, 8)
    (4.0, 4.5, 6.5, 1.5)
    """
    if 2 * total >= (POINTS + 1) * people:
        return (4 * total + people) // (2 * people) / 2
    return -((people - 4 * total) // (2 * people)) / 2


def _middle_half(answers: Sequence[int]) -> tuple[int, int]:
    """Return the quartiles of answers in order, rounded outwards to whole points.

    Each lies between two answers, so that neither is anybody's own.

    >>> _middle_half([1, 3, 4, 5, 5, 6, 7, 7])
    (3, 7)
    """
    quarter, people = len(answers) // 4, len(answers)
    low = answers[quarter - 1] + answers[quarter]
    high = answers[people - quarter - 1] + answers[people - quarter]
    return low // 2, -(-high // 2)
