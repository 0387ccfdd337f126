"""R2: what a report that is kept, or leaves the room, may say of a group.

The reader to guard against has every number of the report, knows these rules, and is one of the people counted.

1. Under ten people (or as many as the trainer sets) nothing is shown, not even how many they are.
2. A part under five people is hidden, an empty one too. With it goes the smallest part that is five or more, with
   those of its size, and so on until more than five people are hidden: else the whole less what is shown would tell.
   It is not said which of the hidden parts was the small one.
3. A sum that takes in a hidden part is not shown either, unless what is shown gives it anyway.
4. Every table of a report is about the same people (`Group`): two tables whose people differ by one would show that
   person. People without an answer are a part like the others, so that their number does not slip out.
5. Two reports of a group that has changed by fewer than five people must not both be given out: see
   `course.privacy.changed`.

A test turns the rules round: for every picture it lists all counts that give it, and each hidden part could be
at least two different numbers, one of them five or more, also for a reader who knows their own answer. With two
people who tell each other theirs, and with more, this is no longer so in the smallest groups.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from course.privacy.cells import MIN_CELL, SUPPRESSED, Cell, PublishedCount, Suppressed

MIN_GROUP: Final = 10
"""The smallest group of which anything is kept."""

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class SuppressedTable(Generic[Key]):
    """A group's counts as they may be kept."""

    people: Cell
    parts: Mapping[Key, Cell]

    @property
    def is_hidden(self) -> bool:
        """Whether no part is shown, so that there is nothing to draw."""
        return all(isinstance(part, Suppressed) for part in self.parts.values())

    def together(self, *keys: Key) -> Cell:
        """Return the sum of some parts, where what is shown gives it.

        >>> kept = suppress_counts({"1 to 3": 3, "4": 6, "5 to 7": 15})
        >>> kept.together("1 to 3", "4"), kept.together("4", "5 to 7")
        (PublishedCount(count=9, of=24), Suppressed())
        """
        if isinstance(self.people, Suppressed):
            return SUPPRESSED
        inside, outside = self._sum(set(keys)), self._sum(self.parts.keys() - set(keys))
        if inside is not None:
            return PublishedCount(inside, self.people.of)
        return SUPPRESSED if outside is None else PublishedCount(self.people.of - outside, self.people.of)

    def _sum(self, keys: Collection[Key]) -> int | None:
        shown = [part.count for part in map(self.parts.__getitem__, keys) if isinstance(part, PublishedCount)]
        return sum(shown) if len(shown) == len(keys) else None


def suppress_counts(counts: Mapping[Key, int], fewest: int = MIN_GROUP) -> SuppressedTable[Key]:
    """Return the parts of one group, small ones hidden. Everyone is in one part and no more than one.

    >>> suppress_counts({"up": 12, "same": 8, "down": 5}).parts["down"]
    PublishedCount(count=5, of=25)
    >>> suppress_counts({"up": 12, "same": 8, "down": 4}).parts
    {'up': PublishedCount(count=12, of=24), 'same': Suppressed(), 'down': Suppressed()}
    >>> suppress_counts({"up": 5, "same": 4, "down": 0}).people
    Suppressed()
    """
    people = sum(counts.values())
    if not _enough(people, fewest):
        return SuppressedTable(SUPPRESSED, dict.fromkeys(counts, SUPPRESSED))
    return SuppressedTable(PublishedCount(people, people), _parts(counts, people))


class Group(Generic[Key]):
    """The people of whom every table of one report speaks: for paired change, those with both ratings."""

    def __init__(self, people: Iterable[Hashable], fewest: int = MIN_GROUP) -> None:
        self._people = frozenset(people)
        self._fewest = fewest
        self.is_enough = _enough(len(self._people), fewest)
        """Whether there are enough people to say anything."""

    @property
    def people(self) -> Cell:
        """How many they are, if they are enough."""
        return PublishedCount(len(self._people), len(self._people)) if self.is_enough else SUPPRESSED

    def counts(self, answers: Mapping[Any, Key], parts: Sequence[Key], missing: Key) -> SuppressedTable[Key]:
        """Return how many are in each part; who has no answer, or one that is no part, is in `missing`.

        That part is left out if everyone has an answer.

        >>> group, yes = Group(range(12)), dict.fromkeys(range(6), "yes")
        >>> group.counts(yes | dict.fromkeys(range(6, 12), "no"), ["yes", "no"], "missing").parts
        {'yes': PublishedCount(count=6, of=12), 'no': PublishedCount(count=6, of=12)}
        >>> group.counts(yes | dict.fromkeys(range(6, 11), "no"), ["yes", "no"], "missing").parts
        {'yes': PublishedCount(count=6, of=12), 'no': Suppressed(), 'missing': Suppressed()}
        """
        return suppress_counts(self._counted(answers, parts, missing), self._fewest)

    def number(self, values: Mapping[Any, float], measure: Callable[[list[float]], float]) -> float | Suppressed:
        """Return one number that sums up everyone's values, such as the median, to one decimal.

        It is hidden unless every one of the group has a value: the number of a few fewer would differ by those few.

        >>> import statistics
        >>> Group(range(10)).number({person: person / 4 for person in range(10)}, statistics.median)
        1.1
        """
        if not self.is_enough or not self._people <= values.keys():
            return SUPPRESSED
        return round(measure([values[person] for person in sorted(self._people, key=str)]), 1)

    def _counted(self, answers: Mapping[Any, Key], parts: Sequence[Key], missing: Key) -> dict[Key, int]:
        given = Counter(answers.get(person, missing) for person in self._people)
        counts = {part: given[part] for part in parts}
        without = len(self._people) - sum(counts.values())
        return {**counts, missing: without} if without else counts


def _parts(counts: Mapping[Key, int], of: int) -> dict[Key, Cell]:
    least = _least_shown(list(counts.values()))
    return {key: SUPPRESSED if count < least else PublishedCount(count, of) for key, count in counts.items()}


def _least_shown(counts: Sequence[int]) -> int:
    """Return the size from which parts are shown, so that those below it cannot be told apart.

    >>> _least_shown([12, 8, 5]), _least_shown([12, 8, 4]), _least_shown([12, 5, 0]), _least_shown([20, 4])
    (5, 9, 13, 21)
    """
    if min(counts, default=MIN_CELL) >= MIN_CELL:
        return MIN_CELL
    hidden = sum(count for count in counts if count < MIN_CELL)
    for size in sorted({count for count in counts if count >= MIN_CELL}):
        hidden += size * counts.count(size)
        if hidden > MIN_CELL:
            return size + 1
    return max(counts) + 1


def _enough(people: int, fewest: int) -> bool:
    if fewest < MIN_GROUP:
        raise ValueError(f"A report needs {MIN_GROUP} people or more, not {fewest}.")
    return people >= fewest
