"""R1: what the wire may carry of one question of a live room.

The person to guard against reads all that the wire carries at every moment, knows these rules, sees who is tapping
on a phone, and knows one answer: their own.

- Nothing is shown of fewer than five answers. Of five to nine, a rating shows three bands, and a vote at most that
  five or more chose one option, else that answers were spread. From ten, everything.
- Where all, or all but one, are of one mind, only that answers were close together.
- The first picture comes when the question closes. While it is open there is one from twenty answers, which grows by
  ten or more new ones and always keeps ten back; they go by pseudonym, not by time.
- Who is in a picture stays in it as they were: a change or a withdrawal counts if it comes before. So a picture that
  is undone comes back as it was, and a question opened again grows by ten or more new people or not at all.
- When to show depends on how many have answered and never on what: else that nothing is shown would tell.
- A question asked again is shown when it closes, once, and if ten or more people acted since the first time and five
  or more answers must have moved, by what the two pictures show (`earlier`). Where that is refused, it stays so: if it
  were shown after one more person has touched a phone, it would tell what that one said.
- Let how many have joined and answered be said in steps of five (`rounded_down`), and never go down.

So any two pictures differ by nobody, or by five people or more, and nobody's answer can be worked out, unless those
of five or more others are, all the same: ten new people who agree do tell what they said. The tests look for more by
trying every answer in small rooms; they find none, and cannot try every room.

What is not promised: people who put their answers together, or one person with several phones, count as one person
who knows all of them, and four of them may be left with a fifth one's answer. Who sees the room may see a phone.
In a room of six to nine, talking is safer.
"""

from __future__ import annotations

from course.privacy.cells import MIN_CELL
from course.privacy.differencing import MIN_CHANGE, Answer, Answers
from course.privacy.release import NOT_BESIDE, NOT_ENOUGH, NOT_YET, Distribution, Notice, Release, ResponseType
from course.privacy.repeat_release import PastRelease, ReleaseHistory


class LiveQuestion:
    """One question, or one part of it: takes answers, and says what may be on the wire.

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

    def __init__(self, kind: ResponseType, after: LiveQuestion | None = None) -> None:
        self.kind = kind
        self.is_open, self.is_revealed = True, False
        self.is_refused = False
        """Whether it may not be shown beside the first time; to be kept as well."""
        self._answers: dict[str, Answer] = {}
        self._shown: dict[str, Answer] = {}
        """The answers in the latest picture, as they were when they came into it."""
        self._wire: Distribution | Notice | None = None
        self._earlier: ReleaseHistory = after._earlier if after else ReleaseHistory()

    @property
    def published(self) -> Release:
        """What may be sent now, to anyone."""
        if not self.is_revealed:
            return None
        return self._wire or Notice(NOT_YET if self.is_open else NOT_ENOUGH)

    def take(self, person: str, answer: Answer | None) -> None:
        """Take someone's answer in place of an earlier one; None takes it back, as does leaving the room."""
        if not self.is_open:
            raise ValueError("This question is closed.")
        if answer is not None and answer not in self.kind.bands:
            raise ValueError("This is not one of the answers.")
        self._earlier.act(self, person)
        if answer is None:
            self._answers.pop(person, None)
        else:
            self._answers[person] = answer

    @property
    def shown(self) -> Answers:
        """Who is in the picture, with which answer: to be kept before it is sent, so that a restart changes nothing."""
        return self._shown

    def resume(self, shown: Answers, *, is_open: bool, is_revealed: bool, is_refused: bool = False) -> None:
        """Go on after a restart, once all answers were taken again; `update` once all questions have resumed."""
        self.is_open, self.is_revealed, self.is_refused = is_open, is_revealed, is_refused
        self._wire = Notice(NOT_BESIDE) if is_refused else None
        self._show(shown)
        self._earlier.begin_again()

    def reveal(self) -> None:
        """Show what may be shown; what was shown before comes back as it was."""
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
        """Take answers again, of people who are not in the picture yet."""
        self.is_open = True

    def update(self) -> None:
        """Show what may be shown by now. While a revealed question is open, call it a few times a second."""
        if not self.is_revealed:
            return
        if self._shown:
            self._show(self._step() if self._may_grow() else {})
        elif self._earlier.is_only(self):
            self._show(self._step())
        elif not self.is_open:
            self._show_again()

    def _step(self) -> dict[str, Answer]:
        """Return the new answers to show now: with ten left while more may come, and none if they are too few."""
        new = sorted(self._answers.keys() - self._shown.keys())
        fewest = MIN_CHANGE if self.is_open or self._shown else MIN_CELL
        step = new[:-MIN_CHANGE] if self.is_open else new
        return {person: self._answers[person] for person in step} if len(step) >= fewest else {}

    def _may_grow(self) -> bool:
        """Whether all earlier pictures are of this question, and hold more than five: one may be the odd one out."""
        return self._earlier.is_only(self) and len(self._shown) > MIN_CELL

    def _show_again(self) -> None:
        if len(self._answers) < MIN_CELL or self.is_refused:
            return
        if self._earlier.allow(self, self.kind, self._seen(self._answers)):
            self._show(self._answers)
        else:
            self.is_refused = True
            self._wire = Notice(NOT_BESIDE)

    def _show(self, step: Answers) -> None:
        if step:
            self._shown |= step
            seen = self._seen(self._shown)
            self._wire = seen.wire
            self._earlier.put(self, seen)

    def _seen(self, answers: Answers) -> PastRelease:
        return PastRelease(self.kind.picture([*answers.values()]), frozenset(answers))


def rounded_down(people: int) -> int:
    """Return a number of people as it may be said while they come and go: in steps of five.

    >>> rounded_down(4), rounded_down(5), rounded_down(13)
    (0, 5, 10)
    """
    return people // MIN_CELL * MIN_CELL
