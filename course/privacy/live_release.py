"""R1: what may be released of one question in a live session, and when.

The attacker to guard against reads all that is released at every moment, knows these rules, sees who is tapping on a
phone, and knows one answer: their own.

- Threshold: nothing is released of fewer than five answers. Of five to nine, a rating is released in three bands, and
  of a vote at most that five or more chose one option, else that answers were spread. From ten, the full distribution.
- A homogeneous group: where all, or all but one, are of one mind, only that answers were close together.
- The first release comes when the question closes. While it is open there is one from twenty answers, which grows by
  ten or more new ones and always keeps ten back; who is in it goes by pseudonym, not by time.
- Who is in a release stays in it as they were: a change or a withdrawal counts if it comes before. So a release that
  is undone comes back as it was, and a question opened again grows by ten or more new people or not at all.
- When to release depends on how many have answered and never on what: else a refusal would disclose something.
- Differencing: a question asked again is released when it closes, once, and if ten or more people acted since the
  first time and five or more answers must have moved, by what the two releases show (`repeat_release`). Where that is
  refused, it stays so: released after one more person has touched a phone, it would tell what that one answered.
- How many have joined and answered is said in steps of five (`rounded_down`), and must never be said to go down, but
  where five or more phones are removed (`admissions`).

So any two releases differ by nobody, or by five people or more, and nobody's answer can be worked out, unless those
of five or more others are, all the same: ten new people who agree do tell what they said. The tests look for more by
trying every answer in small groups; they find none, and cannot try every group.

What is not promised: people who pool their answers, or one person with several phones, count as one person who knows
all of them, and four of them may be left with a fifth one's answer. Who sees the room may see a phone. In a group of
six to nine, talking is safer.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from course.privacy.cells import MIN_CELL, MIN_CHANGE
from course.privacy.release import (
    NOT_BESIDE,
    NOT_ENOUGH,
    NOT_YET,
    Answer,
    Answers,
    Distribution,
    Notice,
    Release,
    ResponseType,
)
from course.privacy.repeat_release import PastRelease, ReleaseHistory, Touches


class LiveQuestion:
    """One question, or one item of it: takes answers, and says what may be released.

    >>> question = LiveQuestion(ResponseType.vote("AB"))
    >>> for person in range(12):
    ...     question.take(str(person), "AB"[person % 2])
    >>> question.close()
    >>> question.published is None
    True
    >>> question.reveal()
    >>> question.published.counts["A"]
    PublishedCount(count=6, of=12)
    """

    def __init__(
        self, responses: ResponseType, after: LiveQuestion | None = None, history: ReleaseHistory | None = None
    ) -> None:
        self.responses = responses
        self.is_open, self.is_revealed = True, False
        self.is_refused = False
        """Whether it may not be released beside the first time; to be stored as well."""
        self._answers: dict[str, Answer] = {}
        self._released: dict[str, Answer] = {}
        """The answers in the latest release, as they were when they came into it."""
        self._release: Distribution | Notice | None = None
        self._history: ReleaseHistory = after._history if after else history or ReleaseHistory()

    @property
    def published(self) -> Release:
        """What may be sent now, to anyone: the distribution, a notice in its place, or None before the reveal."""
        if not self.is_revealed:
            return None
        return self._release or Notice(NOT_YET if self.is_open else NOT_ENOUGH)

    def take(self, person: str, answer: Answer | None, revision: int = 0) -> None:
        """Take someone's answer in place of an earlier one; None takes it back, as does leaving the room.

        Who comes back after a restart brings the `revision` of each answer, which grows with each; else times are
        counted.
        """
        if not self.is_open:
            raise ValueError("This question is closed.")
        if answer is not None and answer not in self.responses.bands:
            raise ValueError("This is not one of the answers.")
        self._history.record_activity(self, person, revision)
        if answer is None:
            self._answers.pop(person, None)
        else:
            self._answers[person] = answer

    def remove(self, revisions: Mapping[str, int]) -> frozenset[str]:
        """Take back the answers of people who are removed together, also of a closed question; return whose.

        `revisions` has everyone of that group, with the revision of what is then taken back. Where fewer than five of
        them gave an answer, these stay; what was released stays in any case.
        """
        group = frozenset(self._answers) & frozenset(revisions)
        if len(group) < MIN_CELL:
            return frozenset()
        for person in group:
            self._history.record_activity(self, person, revisions[person])
            del self._answers[person]
        return group

    @property
    def released(self) -> Answers:
        """Who is in the release, with which answer: to be stored before it is sent, so that a restart is not seen."""
        return self._released

    @property
    def touched_before(self) -> Mapping[LiveQuestion, Touches]:
        """Who had touched the questions that ask the same when this was released: to be stored with the release."""
        touched = self._history.touched_before(self) or {}
        return {question: touches for question, touches in touched.items() if isinstance(question, LiveQuestion)}

    def resume(
        self,
        released: Answers,
        touched_before: Mapping[LiveQuestion, Touches] | None = None,
        *,
        is_open: bool,
        is_revealed: bool,
        is_refused: bool = False,
    ) -> None:
        """Go on after a restart, once all answers were taken again; `update` once all questions have resumed."""
        self.is_open, self.is_revealed, self.is_refused = is_open, is_revealed, is_refused
        self._release = Notice(NOT_BESIDE) if is_refused else None
        if released:
            known: dict[Hashable, Touches] = dict((touched_before or {}).items())
            self._record(released, None if touched_before is None else known)

    def reveal(self) -> None:
        """Release what may be released; what was released before comes back as it was."""
        self.is_revealed = True
        self.update()

    def undo(self) -> None:
        """Take it off the screen."""
        self.is_revealed = False

    def close(self) -> None:
        """Take no more answers."""
        self.is_open = False
        self.update()

    def reopen(self) -> None:
        """Take answers again, of people who are not in the release yet."""
        self.is_open = True

    def update(self) -> None:
        """Release what may be released by now. While a revealed question is open, call it a few times a second."""
        if not self.is_revealed:
            return
        if self._released:
            self._extend(self._step() if self._may_grow() else {})
        elif self._history.holds_only(self):
            self._extend(self._step())
        elif not self.is_open:
            self._release_again()

    def _step(self) -> dict[str, Answer]:
        """Return the answers to release now: all but ten while more may come, and none if they are too few."""
        new = sorted(self._answers.keys() - self._released.keys())
        smallest = MIN_CHANGE if self.is_open or self._released else MIN_CELL
        step = new[:-MIN_CHANGE] if self.is_open else new
        return {person: self._answers[person] for person in step} if len(step) >= smallest else {}

    def _may_grow(self) -> bool:
        """Whether all earlier releases are of this question, and hold more than five: one may be the only dissenter."""
        return self._history.holds_only(self) and len(self._released) > MIN_CELL

    def _release_again(self) -> None:
        if len(self._answers) < MIN_CELL or self.is_refused:
            return
        if self._history.permits(self, self.responses, self._past_release(self._answers)):
            self._extend(self._answers)
        else:
            self.is_refused = True
            self._release = Notice(NOT_BESIDE)

    def _extend(self, step: Answers) -> None:
        if step:
            self._record(step, self._history.touches_beside(self))

    def _record(self, step: Answers, touched_before: Mapping[Hashable, Touches] | None) -> None:
        self._released |= step
        past = self._past_release(self._released)
        self._release = past.release
        self._history.record_release(self, past, touched_before)

    def _past_release(self, answers: Answers) -> PastRelease:
        return PastRelease(self.responses.release([*answers.values()]), frozenset(answers))


def rounded_down(people: int) -> int:
    """Return a number of people as it may be said while they come and go: in steps of five.

    >>> rounded_down(4), rounded_down(5), rounded_down(13)
    (0, 5, 10)
    """
    return people // MIN_CELL * MIN_CELL
