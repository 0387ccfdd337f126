"""Give a number, or several."""

from __future__ import annotations

from typing import Any

from course.activities import controls
from course.activities.card import Card
from course.activities.controls import Part
from course.activities.syntax import read_words
from course.content import words as say
from course.records.answers import Answers


class Number(Card):
    """Ask for a number in a box, with a slider if wanted. Nothing is set beforehand.

    The answer is a number; with one line “- …” for each of several, a list of numbers with None where not given.
    """

    kind = "number"

    def __init__(
        self, key: str, answers: Answers, words: str, low: float, high: float, step: float = 1, slider: bool = False
    ) -> None:
        super().__init__(key, answers)
        self.words = read_words(words, key)
        self.low, self.high, self.step, self.slider = low, high, step, slider

    @property
    def numbers(self) -> list[float | None]:
        """The numbers given that lie on the scale, None where there is none."""
        wanted = max(1, len(self.words.options))
        kept = self.value if isinstance(self.value, list) and self.words.options else [self.value]
        return [self._fit(value) for value in [*kept, *[None] * wanted][:wanted]]

    def _fit(self, value: Any) -> float | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return value if self.low <= value <= self.high else None

    def body(self) -> list[Part]:
        """Return a box for each number."""
        if not self.words.options:
            return [*controls.lead(self.words.lead), self._box("number-0", self.words.question, self.numbers[0])]
        boxes = [
            self._box(f"number-{place}", option.text, number)
            for place, (option, number) in enumerate(zip(self.words.options, self.numbers, strict=True))
        ]
        return [*controls.lead(self.words.lead), controls.group("numbers", self.words.question, boxes)]

    def _box(self, id: str, label: str, value: float | None) -> Part:
        unset = say("card.not-set")
        return controls.number(id, label, value, self.low, self.high, self.step, slider=self.slider, unset=unset)

    def change(self, part: str, value: Any) -> None:
        """Take one number, or None to take it away."""
        numbers = self.numbers
        place = controls.place(part, "number", len(numbers))
        if place is None:
            return
        if value is not None and self._fit(value) is None:
            self.notice = say("card.not-a-number", low=f"{self.low:g}", high=f"{self.high:g}")
            return
        numbers[place] = value
        if self.words.options:
            self.save(numbers if any(number is not None for number in numbers) else None)
        else:
            self.save(numbers[0])

    @property
    def heading(self) -> str:
        """The question above several boxes."""
        return self.words.question if self.words.options else ""

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return each question with its number."""
        labels = [option.text for option in self.words.options] or [self.words.question]
        return [
            (label, "" if number is None else f"{number:g}") for label, number in zip(labels, self.numbers, strict=True)
        ]
