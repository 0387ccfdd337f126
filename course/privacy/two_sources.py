"""R1 for a question that is answered in two ways: on phones, and on paper cards that somebody counts.

The attacker to guard against here has counted the cards, or is the facilitator who types the count in, and so knows
every answer on paper. What is released of both together would give that person the answers on phones as the
difference. So each source is a live question of its own (`live_release`), and passes or stays out by itself, with its
first release and each growth. Released is the sum of what each may release alone: whoever knows one source exactly
learns of the other what could have been released without the first, and nothing more.

Where earlier sessions published totals of the same, each source is held against those, and so is the sum: in the
earlier ones both are together.

The source with more answers in its release leads: it decides on detail, and where a notice stands for its answers, the
notice is released. The other one joins in the same detail or, where it has too few answers for that, stays out. Which
of them leads depends on what was released already, and on no answer that is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from course.privacy.cells import PublishedCount
from course.privacy.earlier_session import EarlierSession, may_follow
from course.privacy.live_release import LiveQuestion
from course.privacy.release import NOT_BESIDE, Answers, Distribution, Notice, Release, ResponseType


class TwoSourceQuestion:
    """One question, or one item of it, with answers on phones and on paper cards.

    >>> question = TwoSourceQuestion(ResponseType.vote("AB"))
    >>> for card in range(12):
    ...     question.cards.take(f"card {card}", "AB"[card % 2])
    >>> for person in "abcd":
    ...     question.phones.take(person, "A")
    >>> question.close()
    >>> question.reveal()
    >>> question.published.people.count, question.leaves_out(question.phones)
    (12, True)
    """

    def __init__(
        self, responses: ResponseType, after: TwoSourceQuestion | None = None, earlier: Sequence[Distribution] = ()
    ) -> None:
        """`after` is the same question asked before; `earlier` is all that earlier sessions published of it."""
        self.responses, self._earlier = responses, earlier
        phones, cards = (EarlierSession(earlier) if earlier else None for _ in range(2))
        self.phones: LiveQuestion = LiveQuestion(responses, after.phones if after else None, phones)
        self.cards: LiveQuestion = LiveQuestion(responses, after.cards if after else None, cards)

    @property
    def _sources(self) -> tuple[LiveQuestion, LiveQuestion]:
        return self.phones, self.cards

    @property
    def is_open(self) -> bool:
        """Whether answers are taken."""
        return self.phones.is_open

    @property
    def released(self) -> Answers:
        """Whose answers are in what is released, by pseudonym or card: to be stored before it is sent."""
        return {**self.phones.released, **self.cards.released}

    @property
    def published(self) -> Release:
        """What may be sent now, to anyone: the distribution, a notice in its place, or None before the reveal."""
        lead = self._lead
        release = lead.published
        if not isinstance(release, Distribution):
            return release
        other = self.cards if lead is self.phones else self.phones
        if self.leaves_out(other):
            return release
        both = self._sum(release, other.published)
        return both if may_follow(self.responses, self._earlier, both) else Notice(NOT_BESIDE)

    def leaves_out(self, source: LiveQuestion) -> bool:
        """Say whether the answers of one source are not in what is published, as they are too few or too much alike."""
        lead, release = self._lead.published, source.published
        if not isinstance(lead, Distribution) or not isinstance(release, Distribution):
            return not (source is self._lead and source.released)
        return release.in_bands and not lead.in_bands

    @property
    def _lead(self) -> LiveQuestion:
        return self.cards if len(self.cards.released) > len(self.phones.released) else self.phones

    @staticmethod
    def _sum(lead: Distribution, other: Release) -> Distribution:
        """Return the sum of two releases in the detail of the first, which the other has too, or is left out."""
        counts = Counter({answer: cell.count for answer, cell in lead.counts.items()})
        if isinstance(other, Distribution):
            counts.update({answer: cell.count for answer, cell in other.counts.items()})
        people = sum(counts.values())
        cells = {answer: PublishedCount(counts[answer], people) for answer in lead.counts}
        return Distribution(cells, PublishedCount(people, people), lead.in_bands)

    def reveal(self) -> None:
        """Release what may be released; what was released before comes back as it was."""
        for source in self._sources:
            source.reveal()

    def undo(self) -> None:
        """Take it off the screen."""
        for source in self._sources:
            source.undo()

    def close(self) -> None:
        """Take no more answers."""
        for source in self._sources:
            source.close()

    def reopen(self) -> None:
        """Take answers again, of people who are not in the release yet."""
        for source in self._sources:
            source.reopen()

    def update(self) -> None:
        """Release what may be released by now. While a revealed question is open, call it a few times a second."""
        for source in self._sources:
            source.update()
