"""Two taps at the end of a lesson."""

from __future__ import annotations

from typing import Any

from course.activities import controls
from course.activities.card import Card
from course.activities.controls import Part
from course.content import words as say

QUESTIONS = ("useful", "clear")
ANSWERS = ("yes", "partly", "no")


class Taps(Card):
    """Ask whether the lesson was useful and clear. The answer maps each question to yes, partly or no."""

    kind = "taps"

    @property
    def taps(self) -> dict[str, str]:
        """The taps that were given."""
        kept = self.value if isinstance(self.value, dict) else {}
        return {question: kept[question] for question in QUESTIONS if kept.get(question) in ANSWERS}

    def body(self) -> list[Part]:
        """Return the two questions."""
        options = [controls.choice(answer, say(f"taps.{answer}")) for answer in ANSWERS]
        rows = [
            controls.radios(question, say(f"taps.{question}"), options, self.taps.get(question), row=True)
            for question in QUESTIONS
        ]
        return [controls.group("taps", say("taps.legend"), rows)]

    def change(self, part: str, value: Any) -> None:
        """Take one tap."""
        if part in QUESTIONS and value in ANSWERS:
            self.save({**self.taps, part: value})

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return the two questions and their answers."""
        return [
            (say(f"taps.{question}"), say(f"taps.{self.taps[question]}") if question in self.taps else "")
            for question in QUESTIONS
        ]
