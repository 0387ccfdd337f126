"""Write a line from memory for each question, then see what the course says beside one's own words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from course.activities import controls
from course.activities.card import CHECKED, LONGEST_TEXT, Card, check_length
from course.activities.controls import Button, Control
from course.activities.past_words import PastWords, Reference, read_reference
from course.activities.syntax import ActivityOption, read_recall
from course.content import words as say
from course.records.answers.answers import Answers
from course.records.answers.units import Layout

ROOM = 300
"""For how many characters there is room in one line; people may go over."""
_REFERENCE = re.compile(r"\{([^{}]*)\}")
"""A card of a lesson, in what Check shows: the learner's own words there take its place."""


class Recall(Card):
    """Ask for a line from memory under each question; Check then shows what the course says beside it.

    The answer is a list of texts, one a question. Nothing is right or wrong here. While a line is missing, Check
    asks for it once, because trying to remember is what helps, and offers to look all the same.
    Where Check is to show `{lesson/card}`, it shows what the learner wrote there.
    """

    kind = "recall"

    def __init__(self, key: str, answers: Answers, words: str, past: PastWords | None = None) -> None:
        super().__init__(key, answers)
        self.lead, self.questions = read_recall(words, key)
        self._past = past
        self._references = {
            name: read_reference(name, key)
            for question in self.questions
            for name in _REFERENCE.findall(question.feedback)
        }
        self._offers_look = False
        """Whether Check asked for missing lines in this window, so that it can be looked at without them."""

    @property
    def references(self) -> Sequence[Reference]:
        """The cards whose words Check shows."""
        return list(self._references.values())

    @property
    def asked(self) -> Sequence[str]:
        """What stands before the questions, and the questions."""
        return [*self.lead, *(question.text for question in self.questions)]

    @property
    def lines(self) -> list[str]:
        """What was written under each question, or an empty text."""
        units = self.units
        texts = [units.get(name) for name in self.layout.empty]
        return [text[:LONGEST_TEXT] if isinstance(text, str) else "" for text in texts]

    @property
    def is_whole(self) -> bool:
        """Whether there is a line under each question, or it was looked at all the same."""
        return self.is_checked or all(line.strip() for line in self.lines)

    @property
    def layout(self) -> Layout:
        """One unit for each question, by its number."""
        numbers = Layout("list")
        return Layout("list", empty={numbers.name_at(place): "" for place, _ in enumerate(self.questions)})

    def body(self) -> list[Control]:
        """Return each question with the learner's line, and beside it what Check shows once it was pressed."""
        pairs = [
            controls.group(f"pair-{place}", question.text, self._pair(place, question, line), is_beside=True)
            for place, (question, line) in enumerate(zip(self.questions, self.lines, strict=True))
        ]
        how = [] if self.is_checked else [controls.text("how", say("recall.how"), "help")]
        return [*controls.lead(self.lead), *how, *pairs]

    def _pair(self, place: int, question: ActivityOption, line: str) -> list[Control]:
        own: Control = controls.area(f"line-{place}", say("recall.line"), line, most=ROOM, rows=2)
        if not self.is_checked:
            return [own]
        return [own, controls.text(f"shown-{place}", self._shown(question.feedback), "feedback", live=True)]

    def _shown(self, words: str) -> str:
        """Return what stands beside a line: the course's words, or the learner's own of an earlier day."""
        label = say("recall.shown-own" if _REFERENCE.search(words) else "recall.shown")
        return f"**{label}**\n\n{_REFERENCE.sub(lambda name: self._past_words(self._references[name[1]]), words)}"

    def _past_words(self, reference: Reference) -> str:
        written = self._past.in_words(reference) if self._past else ""
        return written.strip() or say("recall.nothing", place=reference.place)

    def change(self, control: str, value: object) -> None:
        """Take the line under one question."""
        place = controls.place(control, "line", len(self.questions))
        if place is not None and isinstance(value, str):
            self.save_units({self.layout.name_at(place): check_length(value)})

    def actions(self) -> list[Button]:
        """Offer Check, a look all the same where a line is missing, and to hide it all again."""
        if self.is_checked:
            return [controls.button("hide", say("recall.hide"))]
        look = [controls.button("look", say("recall.look"))] if self._offers_look else []
        return [controls.button("check", say("button.check"), main=True), *look]

    def act(self, button: str) -> None:
        """Show what belongs to the questions, or ask for the lines that are missing, or hide it all again."""
        if button == "check":
            missing = sum(1 for line in self.lines if not line.strip())
            if missing:
                self.notice, self._offers_look = say("recall.write-first", n=missing), True
            else:
                self.save_state(CHECKED)
        elif button == "look" and self._offers_look:
            self.save_state(CHECKED)
        elif button == "hide":
            self.save_state("")

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return each question with the learner's line."""
        return [(question.text, line) for question, line in zip(self.questions, self.lines, strict=True)]
