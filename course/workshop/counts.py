"""The counts of a session: of each part that can be counted, phones and paper cards together.

`course.privacy` decides what of them may be on the wire. Whose answers are behind each picture is stored with the
session until it closes, so that after a restart no later picture differs from an earlier one by fewer people than the
rules allow.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from course.content import words
from course.content.scales import NO_CHANCE, find_scale
from course.privacy.live_release import LiveQuestion
from course.privacy.release import Distribution, Release, ResponseType
from course.workshop.answers import LatestAnswers
from course.workshop.page_views import Shown
from course.workshop.script import Script, ScriptQuestion
from course.workshop.wire import Answer

if TYPE_CHECKING:
    from course.workshop.session_model import SessionState

Picture = dict[str, int | str]
"""The answers behind what was shown of one part, by pseudonym or card."""


def new_count(question: ScriptQuestion, after: LiveQuestion | None = None) -> LiveQuestion:
    """Return the count of one part of a question; `after` is that of the same part asked before."""
    if question.kind == "rate":
        return LiveQuestion(ResponseType.rating(len(find_scale(question.scale).points)), after)
    return LiveQuestion(ResponseType.vote(question.options), after)


def countable(answer: Answer | None) -> int | str | None:
    """Return an answer as it is counted; “Can't say” is not."""
    return None if isinstance(answer, dict) or answer == NO_CHANCE else answer


def shown(release: Release) -> Shown | None:
    """Return what `course.privacy` releases as the wire has it.

    >>> shown(ResponseType.rating().release([2, 3, 5, 6, 7]))
    {'counts': {'1–3': 2, '4': 0, '5–7': 3}, 'people': 5, 'in_bands': True}
    >>> shown(ResponseType.vote("AB").release("AAAA"))
    {'said': 'not-enough', 'option': ''}
    """
    if release is None:
        return None
    if isinstance(release, Distribution):
        counts = {str(answer): cell.count for answer, cell in release.counts.items()}
        return {"counts": counts, "people": release.people.count, "in_bands": release.in_bands}
    return {"said": release.key, "option": str(release.option)}


def notice_text(shown: Shown | None, options: Mapping[str, str]) -> str:
    """Return the sentence that stands for a picture, or nothing where there is a picture."""
    if shown is None or "said" not in shown:
        return ""
    return words(f"session.said-{shown['said']}", option=options.get(shown["option"], ""))


class SessionCounts:
    """The count of each part. `parts` says which parts a question has in this session."""

    def __init__(
        self,
        script: Script,
        state: SessionState,
        answers: LatestAnswers,
        parts: Callable[[ScriptQuestion], tuple[str, ...]],
    ) -> None:
        self._script, self._state, self._answers, self._parts = script, state, answers, parts
        self._counts: dict[str, LiveQuestion] = {}
        self._stored_pictures: dict[str, Picture] = {}
        self._last: dict[str, Shown] = {}
        """What is left of each part once the session is closed."""

    def count(self, part: str, question: ScriptQuestion, person: str, answer: Answer | None) -> None:
        """Count an answer in place of an earlier one."""
        self._count(part, question).take(person, countable(answer))

    def of_question(self, question: ScriptQuestion) -> list[LiveQuestion]:
        """Return the counts of a question, also of parts that the session has no more; none if its answers are text."""
        if question.is_written:
            return []
        former = [part for part in self._counts if part.partition(".")[0] == question.slug]
        return [self._count(part, question) for part in dict.fromkeys([*self._parts(question), *former])]

    def published(self, part: str, question: ScriptQuestion) -> Shown | None:
        """Return what may be sent of one part's count."""
        return self._last[part] if part in self._last else shown(self._count(part, question).published)

    # Pictures

    def new_pictures(self) -> dict[str, Picture]:
        """Return whose answers are in each picture that has grown, to be stored before the picture is sent."""
        for question in self._script.questions():
            if self._state.question(question.slug).is_shown:
                for count in self.of_question(question):
                    count.update()
        self._state.refused = sorted(part for part, count in self._counts.items() if count.is_refused)
        return {
            part: dict(count.released)
            for part, count in self._counts.items()
            if count.released and self._stored_pictures.get(part) != count.released
        }

    def pictures_saved(self, new: Mapping[str, Picture]) -> None:
        """Note that these pictures are on disk."""
        self._stored_pictures |= new

    # Paper

    def put_paper(self, question: ScriptQuestion, part: str, tally: Mapping[str, int]) -> None:
        """Count the cards of a part, in place of those counted before."""
        count = self._count(part, question)
        before = self._cards(part, question)
        self._state.paper[part] = dict(tally)
        now = self._cards(part, question)
        for card in before.keys() - now.keys():
            count.take(card, None)
        for card in now.keys() - before.keys():
            count.take(card, countable(now[card]))

    def _cards(self, part: str, question: ScriptQuestion) -> dict[str, Answer]:
        """Return each card of a part by a name of its own, which it keeps where more cards are counted later."""
        cards: dict[str, Answer] = {}
        for value, many in self._state.paper.get(part, {}).items():
            answer = int(value) if question.kind == "rate" and value.isdecimal() else value
            cards |= {_name_of_card(value, number): answer for number in range(many)}
        return cards

    # Restart and end

    def recount(self, pictures: Mapping[str, Picture]) -> None:
        """Count what the store had, going on from the pictures that were seen."""
        parts = {*self._answers.parts(), *pictures, *self._state.paper}
        for question in self._script.questions():
            if not question.is_written:
                answered = {part for part in parts if part.partition(".")[0] == question.slug}
                for part in sorted(answered.union(self._parts(question))):
                    self._resume(part, question, pictures.get(part, {}))
        for count in self._counts.values():
            count.update()
        self._stored_pictures = dict(pictures)

    def _resume(self, part: str, question: ScriptQuestion, picture: Picture) -> None:
        count, state = self._count(part, question), self._state.question(question.slug)
        count.reopen()
        answers = {person: countable(answer) for person, (_, answer) in self._answers.of(part).items()}
        for person, answer in {**answers, **self._cards(part, question)}.items():
            if answer is not None:
                count.take(person, countable(answer))
        is_open = state.phase != "closed"
        is_refused = part in self._state.refused
        count.resume(picture, is_open=is_open, is_revealed=state.is_shown, is_refused=is_refused)

    def restore_closed(self, totals: Mapping[str, Shown]) -> None:
        """Take back in what is left of a closed session."""
        self._last = dict(totals)

    def forget_people(self) -> dict[str, Shown]:
        """Forget who answered; return what is left: by part, what was shown."""
        last = {part: shown(count.published) for part, count in self._counts.items()}
        self._last |= {part: total for part, total in last.items() if total}
        self._counts.clear()
        self._stored_pictures.clear()
        return self._last

    def _count(self, part: str, question: ScriptQuestion) -> LiveQuestion:
        """Return the count of one part; of a question asked again, it goes on from the first time."""
        if part not in self._counts:
            earlier = self._script.question(question.same_as)
            before = part.replace(question.slug, question.same_as, 1) if earlier else ""
            after = self._count(before, earlier) if earlier and before in self._parts(earlier) else None
            self._counts[part] = new_count(question, after)
            if self._state.question(question.slug).phase == "closed":
                self._counts[part].close()
        return self._counts[part]


def _name_of_card(answer: str, number: int) -> str:
    """Return a name that lies among the pseudonyms of phones as if by chance."""
    return hashlib.blake2b(f"{answer} {number}".encode(), digest_size=16).hexdigest()
