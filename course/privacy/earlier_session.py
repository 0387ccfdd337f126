"""R1, across sessions: whether totals may be released beside those of earlier sessions.

Of an earlier session nothing is known but what was published of it: its codes are destroyed, and nobody's two answers
are paired. Other people may answer now. The attacker to guard against has both publications, and knows of all but a
few people that they answered as before: the difference of the totals is then what those few said. So totals are
released after earlier ones only where five or more answers must be in one of the two and not in the other, by what the
two publications show and nothing else. They pass the rules for a question of its own besides (`live_release`).

A session learns what was published before from the file of the one that it follows up. That has the totals of its own
ratings, also where it rated the same twice, and those that stood beside them on its screen: of the session before.
What was published before that stands in no file of it, as it was not shown there. It is held against where the files
of those sessions are given as well, and otherwise not known.

Cards and phones are together in the earlier totals: each source of the later ones is held against them, and so is the
sum of both (`two_sources`), which alone could differ by one person's answer.

What is not promised: five people who left, or came, and agree do tell what they said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence

from course.privacy.cells import MIN_CELL, PublishedCount
from course.privacy.release import Answer, Distribution, Notice, ResponseType
from course.privacy.repeat_release import PastRelease, ReleaseHistory


def published_totals(counts: Mapping[str, int], people: int, *, in_bands: bool) -> Distribution:
    """Return totals as an earlier session published them: counts by answer, or by bands of answers.

    >>> published_totals({"1–3": 2, "4": 0, "5–7": 3}, 5, in_bands=True).people.count
    5
    """
    cells: dict[Answer, PublishedCount] = {
        int(answer) if answer.isdecimal() and not in_bands else answer: PublishedCount(count, people)
        for answer, count in counts.items()
    }
    return Distribution(cells, PublishedCount(people, people), in_bands)


class EarlierSession(ReleaseHistory):
    """The history of a question of which earlier sessions published totals.

    >>> vote = ResponseType.vote("AB")
    >>> earlier = vote.release("AAAAAABBBB")
    >>> assert isinstance(earlier, Distribution)
    >>> now = {str(number): answer for number, answer in enumerate("AAAAAABBBBB")}
    >>> EarlierSession([earlier]).permits("now", vote, PastRelease(vote.release([*now.values()]), now))
    False
    """

    def __init__(self, earlier: Sequence[Distribution]) -> None:
        super().__init__()
        self._earlier = earlier

    def holds_only(self, question: Hashable) -> bool:
        """Say that something else was released before: a question is then released once, when it closes."""
        return False

    def permits(self, question: Hashable, responses: ResponseType, candidate: PastRelease) -> bool:
        """Say whether a release may be seen by those who saw all earlier totals. Ask once."""
        differs = isinstance(candidate.release, Notice) or may_follow(responses, self._earlier, candidate.release)
        return differs and super().permits(question, responses, candidate)


def may_follow(responses: ResponseType, earlier: Sequence[Distribution], later: Distribution) -> bool:
    """Say whether totals differ from each of those that earlier sessions published by five answers or more."""
    return all(differing_answers(responses, totals, later) >= MIN_CELL for totals in earlier)


def differing_answers(responses: ResponseType, earlier: Distribution, later: Distribution) -> int:
    """Return how many answers at least are in one of two totals and not in the other, in the detail that both have.

    >>> vote = ResponseType.vote("AB")
    >>> differing_answers(vote, vote.release("AAAAABBBBB"), vote.release("AAAAABBBBBBBB"))
    3
    """
    in_bands = earlier.in_bands or later.in_bands
    before, after = (_counts(responses, totals, in_bands=in_bands) for totals in (earlier, later))
    return max((after - before).total(), (before - after).total())


def _counts(responses: ResponseType, totals: Distribution, *, in_bands: bool) -> Counter[Answer]:
    counts: Counter[Answer] = Counter()
    for answer, cell in totals.counts.items():
        counts[responses.bands.get(answer, answer) if in_bands else answer] += cell.count
    return counts
