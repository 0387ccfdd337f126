"""R1, differencing: whether a question that is asked again may be released beside what was released before.

Two releases of one group disclose what differs between them. Two things decide, and both are public already: who
touched a phone, and what the two releases show. What anyone answered decides nothing beyond that. So any two people in
a release could swap their answers and all would look the same: no pair of releases, and no refusal of one, tells more
of one person than each release does alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from course.privacy.cells import MIN_CELL, MIN_CHANGE
from course.privacy.release import CLOSE, Answer, Distribution, Notice, ResponseType

Touches: TypeAlias = Mapping[str, int]
"""By pseudonym, a number that grows each time this person answers, changes or withdraws."""


@dataclass(frozen=True)
class PastRelease:
    """What was released of one question, and of whom."""

    release: Distribution | Notice
    people: Collection[str]


class ReleaseHistory:
    """The releases of a question and of those that ask the same again, and whether another may follow.

    >>> vote, ten = ResponseType.vote("AB"), "abcdefghij"
    >>> history = ReleaseHistory()
    >>> history.record_release("first", PastRelease(vote.release("AAAAAAAABB"), ten), history.touches_beside("first"))
    >>> for person in ten:
    ...     history.record_activity("second", person)
    >>> history.permits("second", vote, PastRelease(vote.release("AAAABBBBBB"), ten))
    False
    >>> history.permits("second", vote, PastRelease(vote.release("AAABBBBBBB"), ten))
    True
    """

    def __init__(self) -> None:
        self._releases: dict[Hashable, tuple[Mapping[Hashable, Touches] | None, PastRelease]] = {}
        """The latest release of each question, with who had touched the other questions by then."""
        self._touches: defaultdict[Hashable, dict[str, int]] = defaultdict(dict)

    def record_activity(self, question: Hashable, person: str, revision: int = 0) -> None:
        """Note that someone answered, changed or withdrew, whether or not their answer is another one now.

        A `revision` that grows with each time is kept as it is; without one, times are counted.
        """
        touches = self._touches[question]
        touches[person] = revision or touches.get(person, 0) + 1

    def touches_beside(self, question: Hashable) -> dict[Hashable, Touches]:
        """Return who has touched the other questions until now."""
        return {other: dict(touches) for other, touches in self._touches.items() if other is not question and touches}

    def touched_before(self, question: Hashable) -> Mapping[Hashable, Touches] | None:
        """Return who had touched the other questions when the latest release of a question was made, if known."""
        return self._releases[question][0] if question in self._releases else None

    def record_release(
        self, question: Hashable, release: PastRelease, touched_before: Mapping[Hashable, Touches] | None
    ) -> None:
        """Note the latest release of a question. A release only grows, so that it stands for all before it.

        Where it is not known who had touched the other questions before it, nobody counts as having acted since.
        """
        self._releases[question] = (touched_before, release)

    def holds_only(self, question: Hashable) -> bool:
        """Say whether nothing of any other question was released."""
        return self._releases.keys() <= {question}

    def permits(self, question: Hashable, responses: ResponseType, candidate: PastRelease) -> bool:
        """Say whether a release of a question may be seen by those who saw all the others. Ask once.

        Since each of them ten or more people must have acted or left, and five answers or more must have moved.
        """
        return all(
            self._acted_since(touched_before, question, before, candidate) >= MIN_CHANGE
            and min_moved(responses, before, candidate) >= MIN_CELL
            for touched_before, before in self._releases.values()
        )

    def _acted_since(
        self,
        touched_before: Mapping[Hashable, Touches] | None,
        question: Hashable,
        before: PastRelease,
        candidate: PastRelease,
    ) -> int:
        acted = {*before.people} - {*candidate.people}
        if touched_before is not None:
            former = touched_before.get(question, {})
            acted |= {person for person, latest in self._touches[question].items() if latest > former.get(person, 0)}
        return len(acted)


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
