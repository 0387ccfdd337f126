"""Give a number, or several."""

from __future__ import annotations

from string import ascii_uppercase

from course.activities import controls
from course.activities.card import Card
from course.activities.controls import Control
from course.activities.syntax import read_words
from course.content import words as say
from course.records.answers.answers import Answers
from course.records.answers.units import Layout


class Number(Card):
    """Ask for a number in a box, with a slider if wanted. Nothing is set beforehand.

    The answer is a number; with one line “- …” for each of several, a list of numbers with None where not given.
    """

    kind = "number"

    def __init__(
        self, key: str, answers: Answers, words: str, low: float, high: float, step: float = 1, slider: bool = False
    ) -> None:
        super().__init__(key, answers)
        self.words = read_words(words, key, keys=False)
        self.low, self.high, self.step, self.slider = low, high, step, slider

    @property
    def numbers(self) -> list[float | None]:
        """The numbers given that lie on the scale, None where there is none."""
        if not self.words.options:
            return [self._fit(self.value)]
        units = self.units
        return [self._fit(units.get(option.code)) for option in self.words.options]

    @property
    def layout(self) -> Layout:
        """One unit for each of several numbers, by the letter of its line."""
        codes = [option.code for option in self.words.options]
        return Layout("list", ascii_uppercase, dict.fromkeys(codes), is_exact=True)

    def _fit(self, value: object) -> float | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return value if self.low <= value <= self.high else None

    def body(self) -> list[Control]:
        """Return a box for each number."""
        if not self.words.options:
            return [*controls.lead(self.words.lead), self._box("number-0", self.words.question, self.numbers[0])]
        boxes = [
            self._box(f"number-{place}", option.text, number)
            for place, (option, number) in enumerate(zip(self.words.options, self.numbers, strict=True))
        ]
        return [*controls.lead(self.words.lead), controls.group("numbers", self.words.question, boxes)]

    def _box(self, id: str, label: str, value: float | None) -> Control:
        unset = say("card.not-set")
        return controls.number(id, label, value, self.low, self.high, self.step, slider=self.slider, unset=unset)

    def change(self, control: str, value: object) -> None:
        """Take one number, or None to take it away."""
        numbers = self.numbers
        place = controls.place(control, "number", len(numbers))
        if place is None:
            return
        number = self._fit(value)
        if value is not None and number is None:
            self.notice = say("card.not-a-number", low=f"{self.low:g}", high=f"{self.high:g}")
        elif self.words.options:
            self.save_units({self.words.options[place].code: number})
        else:
            self.save(number)

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
