"""The rules of one room together: what phones may answer, and what becomes of it. No input or output, no clock.

It learns of an answer when the answer is on disk, and is asked before one is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from course.privacy.live_release import rounded_down
from course.workshop.answer_rules import Answer, check, refused, revision
from course.workshop.answers import KeptAnswers
from course.workshop.lines import Line, Lines
from course.workshop.script import Question, Script
from course.workshop.session_state import State
from course.workshop.tallies import Tallies
from course.workshop.walls import Walls


class Live:
    """One room: its people, their answers, the counts of these, and the lines and walls."""

    def __init__(self, script: Script, wall_key: bytes, state: State | None = None) -> None:
        self.script = script
        self.state = state or State(script.steps[0].slug)
        self.people: set[str] = set()
        self.answers = KeptAnswers()
        self.lines = Lines()
        self.walls = Walls(self.lines, wall_key, self.state.standing)
        self.tallies = Tallies(script, self.state, self.answers, self.parts)

    # Questions

    def find(self, part: object) -> Question | None:
        """Return the question that a part belongs to, or None where the room has no such part."""
        question = self.script.question(part.partition(".")[0]) if isinstance(part, str) else None
        return question if question and part in self.parts(question) else None

    def parts(self, question: Question) -> tuple[str, ...]:
        """Return the parts of a question, those of `sort` as the room has them."""
        return tuple(self.sorted_lines(question)) if question.kind == "sort" else question.parts()

    def sorted_lines(self, question: Question) -> dict[str, Line]:
        """Return the lines that a question sorts, by part: those chosen for it that may be on the wall."""
        source, chosen = self.script.question(question.source), self.state.chosen.get(question.slug, [])
        lines = {line.line: line for line in self.walls.shown(source)} if source else {}
        return {f"{question.slug}.{name}": lines[name] for name in chosen if name in lines}

    def wording(self, question: Question) -> dict[str, str]:
        """Return the boundaries of a question as they read now, by line."""
        reworded = self.state.boundaries.get(question.slug, {})
        return {draft.slug: reworded.get(draft.slug, draft.text) for draft in question.lines}

    def choose(self, question: Question) -> None:
        """Choose the lines that a question sorts: what most people wrote, of what the facilitator has not settled.

        Lines once chosen stay while they are on the wall, so that nobody's answer is about a line that is gone.
        """
        source = self.script.question(question.source)
        if source is None:
            return
        kept = [line.line for line in self.sorted_lines(question).values()]
        rest = [line for line in self.walls.shown(source) if not line.settled and line.line not in kept]
        rest.sort(key=lambda line: -len(self.walls.alike(line)))
        self.state.chosen[question.slug] = [*kept, *(line.line for line in rest)][: question.most]

    @property
    def joined(self) -> int:
        """How many phones have joined, in steps of five."""
        return self.state.joined or rounded_down(len(self.people))

    def answered_by(self, question: Question) -> int:
        """Return how many phones have answered or passed some part of a question, in steps of five."""
        return self.answers.people(self.parts(question))

    # Answers

    def expect(self, part: object, number: object, given: object) -> tuple[Question, str, int, Answer | None]:
        """Return what to write for a phone's answer, or raise RoomRefused."""
        question = self.find(part)
        if not isinstance(part, str) or question is None:
            raise refused("no-question", 404)
        if self.state.is_closed:
            raise refused("room-closed", 410)
        if self.state.standing(question.slug).taking != "open":
            raise refused("not-open", 409)
        return question, part, revision(number), check(question, given)

    def answered(self, part: str, person: str, number: int, answer: Answer | None) -> int:
        """Take in an answer that is on disk; return the revision that counts."""
        question = self.script.question(part.partition(".")[0])
        if question and self.answers.put(part, person, number, answer):
            self.people.add(person)
            if question.is_written:
                self._written(part, person, number, answer)
            else:
                self.tallies.take(part, question, person, answer)
        return self.answers.revision(part, person)

    def _written(self, part: str, person: str, number: int, answer: Answer | None) -> None:
        before = self.lines.by(part, person)
        if before and not before.is_seen:
            self.walls.take_down(before)
        self.lines.put(part, person, number, answer)

    def put_paper(self, tally: Mapping[str, Mapping[str, int]]) -> None:
        """Count the cards of those who took part on paper, in place of earlier tallies of the same parts."""
        if self.state.is_closed:
            raise refused("room-closed", 410)
        questions = {part: self.find(part) for part in tally}
        changed = {part for part in tally if _some(tally[part]) != _some(self.state.paper.get(part, {}))}
        for part, question in questions.items():
            if question and part in changed and self.state.standing(question.slug).taking == "closed":
                raise refused("cards-closed", 409, question=question.prompt)
        for part, question in questions.items():
            if question and part in changed:
                self.tallies.put_paper(question, part, tally[part])

    # Restart and end

    def recall(
        self,
        people: set[str],
        answers: Sequence[tuple[str, str, int, Answer | None]],
        about: Sequence[Mapping[str, Any]],
        totals: Mapping[str, dict[str, Any]],
    ) -> None:
        """Take back in what the store has of people, answers, lines, and pictures or what is left of them."""
        self.people = people
        for part, person, number, answer in answers:
            question = self.script.question(part.partition(".")[0])
            if question:
                self.answers.put(part, person, number, answer)
                if question.is_written:
                    self.lines.put(part, person, number, answer)
        for line in about:
            self.lines.recall(line, *self.answers.of(line["question"]).get(line["person"], (None, None)))
        self.walls.hang_again()
        if self.state.is_closed:
            self.tallies.recall_end(totals)
        else:
            self.tallies.count_again(totals)

    def forget_people(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Forget who answered; return what is kept: the approved lines by their names, and what was shown by part."""
        left = self.tallies.forget_people()
        self.answers.forget()
        self.state.joined = self.joined
        self.people = set()
        lines = self.lines.forget_people(self.walls.published())
        self.walls.hang_again()
        return lines, left


def _some(tally: Mapping[str, int]) -> dict[str, int]:
    """Return the answers of a tally that anyone gave."""
    return {answer: count for answer, count in tally.items() if count}
