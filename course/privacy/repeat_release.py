"""Whether a question that is asked again may be shown beside the pictures that were seen before.

Two things decide, and both are on the wire already: who touched a phone, and what the two pictures show. What anyone
answered decides nothing beyond that. So any two people in a picture could swap their answers and all would look the
same: no pair of pictures, and no word that one is not shown, tells more of one person than each picture does alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from course.privacy.cells import MIN_CELL
from course.privacy.differencing import MIN_CHANGE
from course.privacy.release import CLOSE, Distribution, Notice, ResponseType


@dataclass(frozen=True)
class PastRelease:
    """What is seen of one question, and of whom."""

    wire: Distribution | Notice
    people: Collection[str]


class ReleaseHistory:
    """What is on the wire of a question and of those that ask the same again, and whether another may follow.

    >>> vote, ten = ResponseType.vote("AB"), "abcdefghij"
    >>> earlier = ReleaseHistory()
    >>> earlier.put("first", PastRelease(vote.picture("AAAAAAAABB"), ten))
    >>> for person in ten:
    ...     earlier.act("second", person)
    >>> earlier.allow("second", vote, PastRelease(vote.picture("AAAABBBBBB"), ten))
    False
    >>> earlier.allow("second", vote, PastRelease(vote.picture("AAABBBBBBB"), ten))
    True
    """

    def __init__(self) -> None:
        self._seen: dict[Hashable, tuple[int, PastRelease]] = {}
        self._acts = 0
        self._latest: dict[tuple[Hashable, str], int] = {}

    def act(self, question: Hashable, person: str) -> None:
        """Note that someone answered, changed or withdrew, whether or not their answer is another one now."""
        self._acts += 1
        self._latest[question, person] = self._acts

    def begin_again(self) -> None:
        """Count from here who acts, after a restart: it is not kept who acted when."""
        self._seen = {question: (self._acts, seen) for question, (_, seen) in self._seen.items()}

    def put(self, question: Hashable, seen: PastRelease) -> None:
        """Note the latest picture of a question. A picture only grows, so that it stands for all before it."""
        self._seen[question] = (self._acts, seen)

    def is_only(self, question: Hashable) -> bool:
        """Say whether there is no picture of any other question."""
        return self._seen.keys() <= {question}

    def allow(self, question: Hashable, kind: ResponseType, now: PastRelease) -> bool:
        """Say whether a picture of a question may be seen by those who saw all the others. Ask once.

        Since each of them ten or more people must have acted or left, and five answers or more must have moved.
        """
        return all(
            self._acted_since(acts, question, before, now) >= MIN_CHANGE and moved(kind, before, now) >= MIN_CELL
            for acts, before in self._seen.values()
        )

    def _acted_since(self, acts: int, question: Hashable, before: PastRelease, now: PastRelease) -> int:
        acted = {person for (asked, person), latest in self._latest.items() if asked == question and latest > acts}
        return len(acted | ({*before.people} - {*now.people}))


def moved(kind: ResponseType, before: PastRelease, now: PastRelease) -> int:
    """Return how many answers must have moved, by nothing but what the two pictures show.

    >>> vote, ten = ResponseType.vote("AB"), "abcdefghij"
    >>> moved(vote, PastRelease(vote.picture("A" * 10), ten), PastRelease(vote.picture("AAAABBBBBB"), ten))
    3
    """
    wires = (before.wire, now.wire)
    if any(isinstance(wire, Notice) and wire.key != CLOSE for wire in wires):
        return max(0, len(now.people) - len(before.people))
    in_bands = any(isinstance(wire, Notice) or wire.in_bands for wire in wires)
    behind = (_behind(kind, seen, in_bands=in_bands) for seen in (before, now))
    return min((after - first).total() for first, after in product(*behind))


def _behind(kind: ResponseType, seen: PastRelease, *, in_bands: bool) -> Iterator[Counter[Any]]:
    """Yield all counts that could be behind a picture, or behind “close together”."""
    if isinstance(seen.wire, Notice):
        for most, other in product(dict.fromkeys(kind.bands.values()), repeat=2):
            yield Counter({most: len(seen.people) - 1}) + Counter([other])
    else:
        counts: Counter[Any] = Counter()
        for answer, part in seen.wire.counts.items():
            counts[kind.bands.get(answer, answer) if in_bands else answer] += part.count
        yield counts
