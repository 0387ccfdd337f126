"""The counts of a room: of each part that can be counted, phones and paper cards together.

`course.privacy` decides what of them may be on the wire. Whose answers are behind each picture is kept with the room
until it closes, so that after a restart no later picture differs from an earlier one by fewer people than the rules
allow.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from course.privacy.live_release import LiveQuestion
from course.workshop.answer_rules import Answer
from course.workshop.answers import KeptAnswers
from course.workshop.counts import counted, new_count, plain
from course.workshop.script import Question, Script
from course.workshop.session_state import State


class Tallies:
    """The count of each part. `parts` says which parts a question has in this room."""

    def __init__(
        self, script: Script, state: State, answers: KeptAnswers, parts: Callable[[Question], tuple[str, ...]]
    ) -> None:
        self._script, self._state, self._answers, self._parts = script, state, answers, parts
        self._counts: dict[str, LiveQuestion] = {}
        self._pictured: dict[str, dict[str, Any]] = {}
        self._last: dict[str, dict[str, Any]] = {}
        """What is left of each part once the room is closed."""

    def take(self, part: str, question: Question, person: str, answer: Answer | None) -> None:
        """Count an answer in place of an earlier one."""
        self._count(part, question).take(person, counted(answer))

    def each(self, question: Question) -> list[LiveQuestion]:
        """Return the counts of a question, also of parts that the room has no more; none if its answers are text."""
        if question.is_written:
            return []
        gone = [part for part in self._counts if part.partition(".")[0] == question.slug]
        return [self._count(part, question) for part in dict.fromkeys([*self._parts(question), *gone])]

    def published(self, part: str, question: Question) -> dict[str, Any] | None:
        """Return what may be sent of one part's count, as plain data."""
        return self._last[part] if part in self._last else plain(self._count(part, question).published)

    # Pictures

    def new_pictures(self) -> dict[str, dict[str, Any]]:
        """Return whose answers are in each picture that has grown, to be kept before the picture is sent."""
        for question in self._script.questions():
            if self._state.standing(question.slug).is_shown:
                for count in self.each(question):
                    count.update()
        self._state.refused = sorted(part for part, count in self._counts.items() if count.is_refused)
        return {
            part: dict(count.released)
            for part, count in self._counts.items()
            if count.released and self._pictured.get(part) != count.released
        }

    def pictures_kept(self, new: Mapping[str, dict[str, Any]]) -> None:
        """Note that these pictures are on disk."""
        self._pictured |= new

    # Paper

    def put_paper(self, question: Question, part: str, tally: Mapping[str, int]) -> None:
        """Count the cards of a part, in place of those counted before."""
        count = self._count(part, question)
        before = self._cards(part, question)
        self._state.paper[part] = dict(tally)
        now = self._cards(part, question)
        for card in before.keys() - now.keys():
            count.take(card, None)
        for card in now.keys() - before.keys():
            count.take(card, counted(now[card]))

    def _cards(self, part: str, question: Question) -> dict[str, Answer]:
        """Return each card of a part by a name of its own, which it keeps where more cards are counted later."""
        cards: dict[str, Answer] = {}
        for given, many in self._state.paper.get(part, {}).items():
            answer = int(given) if question.kind == "rate" and given.isdecimal() else given
            cards |= {_name_of_card(given, number): answer for number in range(many)}
        return cards

    # Restart and end

    def count_again(self, pictures: Mapping[str, dict[str, Any]]) -> None:
        """Count what the store had, going on from the pictures that were seen."""
        known = {*self._answers.parts(), *pictures, *self._state.paper}
        for question in self._script.questions():
            if not question.is_written:
                had = {part for part in known if part.partition(".")[0] == question.slug}
                for part in sorted(had.union(self._parts(question))):
                    self._resume(part, question, pictures.get(part, {}))
        for count in self._counts.values():
            count.update()
        self._pictured = dict(pictures)

    def _resume(self, part: str, question: Question, picture: Mapping[str, Any]) -> None:
        count, standing = self._count(part, question), self._state.standing(question.slug)
        count.reopen()
        given = {person: counted(answer) for person, (_, answer) in self._answers.of(part).items()}
        for person, answer in {**given, **self._cards(part, question)}.items():
            if answer is not None:
                count.take(person, counted(answer))
        is_open = standing.taking != "closed"
        is_refused = part in self._state.refused
        count.resume(picture, is_open=is_open, is_revealed=standing.is_shown, is_refused=is_refused)

    def recall_end(self, left: Mapping[str, dict[str, Any]]) -> None:
        """Take back in what is left of a closed room."""
        self._last = dict(left)

    def forget_people(self) -> dict[str, dict[str, Any]]:
        """Forget who answered; return what is left: by part, what was shown."""
        wires = {part: plain(count.published) for part, count in self._counts.items()}
        self._last |= {part: wire for part, wire in wires.items() if wire}
        self._counts.clear()
        self._pictured.clear()
        return self._last

    def _count(self, part: str, question: Question) -> LiveQuestion:
        """Return the count of one part; of a question asked again, it goes on from the first time."""
        if part not in self._counts:
            earlier = self._script.question(question.same_as)
            before = part.replace(question.slug, question.same_as, 1) if earlier else ""
            after = self._count(before, earlier) if earlier and before in self._parts(earlier) else None
            self._counts[part] = new_count(question, after)
            if self._state.standing(question.slug).taking == "closed":
                self._counts[part].close()
        return self._counts[part]


def _name_of_card(answer: str, number: int) -> str:
    """Return a name that lies among the pseudonyms of phones as if by chance."""
    return hashlib.blake2b(f"{answer} {number}".encode(), digest_size=16).hexdigest()
