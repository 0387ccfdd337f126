"""R1, differencing: whether a question that is asked again may be released beside what was released before.

Two releases of one group disclose what differs between them. Two things decide, and both are public already: who
touched a phone, and what the two releases show. What anyone answered decides nothing beyond that. So any two people in
a release could swap their answers and all would look the same: no pair of releases, and no refusal of one, tells more
of one person than each release does alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterator
from dataclasses import dataclass
from itertools import product

from course.privacy.cells import MIN_CELL, MIN_CHANGE
from course.privacy.release import CLOSE, Answer, Distribution, Notice, ResponseType


@dataclass(frozen=True)
class PastRelease:
    """What was released of one question, and of whom."""

    release: Distribution | Notice
    people: Collection[str]


class ReleaseHistory:
    """The releases of a question and of those that ask the same again, and whether another may follow.

    >>> vote, ten = ResponseType.vote("AB"), "abcdefghij"
    >>> history = ReleaseHistory()
    >>> history.record_release("first", PastRelease(vote.release("AAAAAAAABB"), ten))
    >>> for person in ten:
    ...     history.record_activity("second", person)
    >>> history.permits("second", vote, PastRelease(vote.release("AAAABBBBBB"), ten))
    False
    >>> history.permits("second", vote, PastRelease(vote.release("AAABBBBBBB"), ten))
    True
    """

    def __init__(self) -> None:
        self._releases: dict[Hashable, tuple[int, PastRelease]] = {}
        """The latest release of each question, with how much had happened by then."""
        self._events = 0
        self._latest: dict[tuple[Hashable, str], int] = {}
        """When each person last touched each question, counted in events."""

    def record_activity(self, question: Hashable, person: str) -> None:
        """Note that someone answered, changed or withdrew, whether or not their answer is another one now."""
        self._events += 1
        self._latest[question, person] = self._events

    def restart(self) -> None:
        """Count activity from here, after a restart: who acted when is not stored."""
        self._releases = {question: (self._events, release) for question, (_, release) in self._releases.items()}

    def record_release(self, question: Hashable, release: PastRelease) -> None:
        """Note the latest release of a question. A release only grows, so that it stands for all before it."""
        self._releases[question] = (self._events, release)

    def holds_only(self, question: Hashable) -> bool:
        """Say whether nothing of any other question was released."""
        return self._releases.keys() <= {question}

    def permits(self, question: Hashable, responses: ResponseType, candidate: PastRelease) -> bool:
        """Say whether a release of a question may be seen by those who saw all the others. Ask once.

        Since each of them ten or more people must have acted or left, and five answers or more must have moved.
        """
        return all(
            self._acted_since(events, question, before, candidate) >= MIN_CHANGE
            and min_moved(responses, before, candidate) >= MIN_CELL
            for events, before in self._releases.values()
        )

    def _acted_since(self, events: int, question: Hashable, before: PastRelease, candidate: PastRelease) -> int:
        acted = {person for (asked, person), latest in self._latest.items() if asked == question and latest > events}
        return len(acted | ({*before.people} - {*candidate.people}))


def min_moved(responses: ResponseType, before: PastRelease, after: PastRelease) -> int:
    """Return how many answers must have moved at least, by nothing but what the two releases show.

    >>> vote, ten = ResponseType.vote("AB"), "abcdefghij"
    >>> min_moved(vote, PastRelease(vote.release("A" * 10), ten), PastRelease(vote.release("AAAABBBBBB"), ten))
    3
    """
    releases = (before.release, after.release)
    if any(isinstance(release, Notice) and release.key != CLOSE for release in releases):
        return max(0, len(after.people) - len(before.people))
    in_bands = any(isinstance(release, Notice) or release.in_bands for release in releases)
    possible = (_possible_counts(responses, past, in_bands=in_bands) for past in (before, after))
    return min((second - first).total() for first, second in product(*possible))


def _possible_counts(responses: ResponseType, past: PastRelease, *, in_bands: bool) -> Iterator[Counter[Answer]]:
    """Yield all counts that could be behind a distribution, or behind the notice “close together”."""
    if isinstance(past.release, Notice):
        bands: list[Answer] = [*dict.fromkeys(responses.bands.values())]
        for most, other in product(bands, repeat=2):
            yield Counter({most: len(past.people) - 1}) + Counter([other])
    else:
        counts: Counter[Answer] = Counter()
        for answer, cell in past.release.counts.items():
            counts[responses.bands.get(answer, answer) if in_bands else answer] += cell.count
        yield counts
