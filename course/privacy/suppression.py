"""R2: frequency tables in a report that people keep or pass on.

The attacker to guard against has every number of the report, knows these rules, and is one of the people counted.

1. Threshold on the population: under ten people (or as many as the trainer sets) nothing is published, not even how
   many they are.
2. Primary suppression: a cell under five people is suppressed, an empty one too.
3. Complementary suppression: with it goes the smallest cell of five or more, with those of its size, and so on until
   more than five people are suppressed; else the total less what is published would give the small cell back. It is
   not said which of the suppressed cells was the small one.
4. A subtotal that takes in a suppressed cell is suppressed as well, unless published cells give it anyway.
5. No differencing within a report: every table is about the same people (`Group`), since two tables whose populations
   differ by one person would disclose that person. People without an answer are a cell like the others, so that their
   number is not disclosed.
6. No differencing between reports: `course.trainer.report.release_log` compares a report with all that were given out.

A test inverts the rules: for every published table it lists all counts that lead to it, and each suppressed cell could
be at least two different numbers, one of them five or more, also for an attacker who knows their own answer. With two
people who tell each other theirs, and with more, this is no longer so in the smallest groups.

Source of the method: Hundepool and others, *Statistical Disclosure Control* (2012), on tabular frequency data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from course.core.percentages import with_one_decimal
from course.privacy.cells import MIN_CELL, SUPPRESSED, Cell, PublishedCount, Suppressed

MIN_GROUP: Final = 10
"""The smallest population of which a report publishes anything."""

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class SuppressedTable(Generic[Key]):
    """The cells of one frequency table after suppression, and its total."""

    people: Cell
    cells: Mapping[Key, Cell]

    @property
    def is_hidden(self) -> bool:
        """Whether every cell is suppressed, so that there is nothing to draw."""
        return all(isinstance(cell, Suppressed) for cell in self.cells.values())

    def subtotal(self, *keys: Key) -> Cell:
        """Return the sum of some cells, if what is published gives it.

        >>> table = suppress_counts({"1 to 3": 3, "4": 6, "5 to 7": 15})
        >>> table.subtotal("1 to 3", "4"), table.subtotal("4", "5 to 7")
        (PublishedCount(count=9, of=24), Suppressed())
        """
        if isinstance(self.people, Suppressed):
            return SUPPRESSED
        inside, outside = self._sum(set(keys)), self._sum(self.cells.keys() - set(keys))
        if inside is not None:
            return PublishedCount(inside, self.people.of)
        return SUPPRESSED if outside is None else PublishedCount(self.people.of - outside, self.people.of)

    def _sum(self, keys: Collection[Key]) -> int | None:
        counts = [cell.count for cell in map(self.cells.__getitem__, keys) if isinstance(cell, PublishedCount)]
        return sum(counts) if len(counts) == len(keys) else None


def suppress_counts(counts: Mapping[Key, int], min_group: int = MIN_GROUP) -> SuppressedTable[Key]:
    """Return the frequency table after primary and complementary suppression. Everyone is in exactly one cell.

    Raises ValueError for a threshold under `MIN_GROUP`.

    >>> suppress_counts({"up": 12, "same": 8, "down": 5}).cells["down"]
    PublishedCount(count=5, of=25)
    >>> suppress_counts({"up": 12, "same": 8, "down": 4}).cells
    {'up': PublishedCount(count=12, of=24), 'same': Suppressed(), 'down': Suppressed()}
    >>> suppress_counts({"up": 5, "same": 4, "down": 0}).people
    Suppressed()
    """
    people = sum(counts.values())
    if not _meets_threshold(people, min_group):
        return SuppressedTable(SUPPRESSED, dict.fromkeys(counts, SUPPRESSED))
    smallest = _smallest_published(list(counts.values()))
    cells = {key: SUPPRESSED if count < smallest else PublishedCount(count, people) for key, count in counts.items()}
    return SuppressedTable(PublishedCount(people, people), cells)


class Group:
    """The population of every table in one report: for paired change, the people with both ratings."""

    def __init__(self, people: Iterable[str], min_group: int = MIN_GROUP) -> None:
        self._people = frozenset(people)
        self._min_group = min_group
        self.meets_threshold = _meets_threshold(len(self._people), min_group)
        """Whether there are enough people to publish anything."""

    @property
    def people(self) -> Cell:
        """How many they are, if they are enough."""
        return PublishedCount(len(self._people), len(self._people)) if self.meets_threshold else SUPPRESSED

    def counts(self, answers: Mapping[str, Key], categories: Sequence[Key], missing: Key) -> SuppressedTable[Key]:
        """Return how many are in each category; who has no answer, or one outside them, is in `missing`.

        That cell is left out if everyone has an answer.

        >>> group, yes = Group("abcdefghijkl"), dict.fromkeys("abcdef", "yes")
        >>> group.counts(yes | dict.fromkeys("ghijkl", "no"), ["yes", "no"], "missing").cells
        {'yes': PublishedCount(count=6, of=12), 'no': PublishedCount(count=6, of=12)}
        >>> group.counts(yes | dict.fromkeys("ghijk", "no"), ["yes", "no"], "missing").cells
        {'yes': PublishedCount(count=6, of=12), 'no': Suppressed(), 'missing': Suppressed()}
        """
        return suppress_counts(self._counted(answers, categories, missing), self._min_group)

    def statistic(self, values: Mapping[str, float], measure: Callable[[list[float]], float]) -> float | Suppressed:
        """Return one number that sums up everyone's values, such as the median, to one decimal.

        It is suppressed unless every person of the group has a value: that of a few fewer would differ by those few.

        >>> import statistics
        >>> Group("0123456789").statistic({person: int(person) / 4 for person in "0123456789"}, statistics.median)
        1.1
        """
        if not self.meets_threshold or not self._people <= values.keys():
            return SUPPRESSED
        return float(with_one_decimal(measure([values[person] for person in sorted(self._people)])))

    def _counted(self, answers: Mapping[str, Key], categories: Sequence[Key], missing: Key) -> dict[Key, int]:
        tally = Counter(answers.get(person, missing) for person in self._people)
        counts = {category: tally[category] for category in categories}
        without = len(self._people) - sum(counts.values())
        return {**counts, missing: without} if without else counts


def _smallest_published(counts: Sequence[int]) -> int:
    """Return the count from which cells are published, so that those below it cannot be told apart.

    Without a small cell that is `MIN_CELL`. Else cells are suppressed from the smallest up until they hold more than
    `MIN_CELL` people: an attacker then cannot bound the small one.

    >>> _smallest_published([12, 8, 5]), _smallest_published([12, 8, 4])
    (5, 9)
    >>> _smallest_published([12, 5, 0]), _smallest_published([20, 4])
    (13, 21)
    """
    if min(counts, default=MIN_CELL) >= MIN_CELL:
        return MIN_CELL
    suppressed = sum(count for count in counts if count < MIN_CELL)
    for size in sorted({count for count in counts if count >= MIN_CELL}):
        suppressed += size * counts.count(size)
        if suppressed > MIN_CELL:
            return size + 1
    return max(counts) + 1


def _meets_threshold(people: int, min_group: int) -> bool:
    if min_group < MIN_GROUP:
        raise ValueError(f"A report needs {MIN_GROUP} people or more, not {min_group}.")
    return people >= min_group
