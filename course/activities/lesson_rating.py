"""Two taps at the end of a lesson."""

from __future__ import annotations

from course.activities import controls
from course.activities.card import Card
from course.activities.controls import Control
from course.content import words as say
from course.records.answer_units import Layout

QUESTIONS = ("useful", "clear")
ANSWERS = ("yes", "partly", "no")


class LessonRating(Card):
    """Ask whether the lesson was useful and clear. The answer maps each question to yes, partly or no."""

    kind = "taps"

    @property
    def taps(self) -> dict[str, str]:
        """The taps that were given."""
        units = self.units
        return {question: str(units[question]) for question in QUESTIONS if units.get(question) in ANSWERS}

    @property
    def layout(self) -> Layout:
        """One unit for each question."""
        return Layout("table")

    def body(self) -> list[Control]:
        """Return the two questions."""
        options = [controls.choice(answer, say(f"taps.{answer}")) for answer in ANSWERS]
        rows = [
            controls.radios(question, say(f"taps.{question}"), options, self.taps.get(question), row=True)
            for question in QUESTIONS
        ]
        return [controls.group("taps", say("taps.legend"), rows)]

    def change(self, control: str, value: object) -> None:
        """Take one tap."""
        if control in QUESTIONS and value in ANSWERS:
            self.save_units({control: str(value)})

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return the two questions and their answers."""
        return [
            (say(f"taps.{question}"), say(f"taps.{self.taps[question]}") if question in self.taps else "")
            for question in QUESTIONS
        ]
