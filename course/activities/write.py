"""Write a text of one's own."""

from __future__ import annotations

from typing import Literal, TypeAlias

from course.activities import controls
from course.activities.card import Card
from course.activities.controls import Control, Counter
from course.activities.syntax import read_words
from course.content import read_texts
from course.core.errors import BadWords
from course.records.answers import Answers

LONGEST = 8_000
"""The most characters of one text."""
Unit: TypeAlias = Literal["words", "characters"]
_COUNTERS = {"words": "card.words", "characters": "card.characters"}


class Write(Card):
    """Ask for a text. It is counted in words or characters, and never blocks the way on.

    The answer is the text. `count` is a pair of the fewest and most words to aim for, "words" or "characters".
    """

    kind = "write"

    def __init__(self, key: str, answers: Answers, words: str, count: tuple[int, int] | Unit = "characters") -> None:
        super().__init__(key, answers)
        self.words = read_words(words, key)
        if not isinstance(count, tuple) and count not in _COUNTERS:
            raise BadWords(f"{key}: the text cannot be counted in “{count}”.", "Count in words or in characters.")
        self.count = count

    @property
    def text(self) -> str:
        """What was written so far."""
        return self.value[:LONGEST] if isinstance(self.value, str) else ""

    def body(self) -> list[Control]:
        """Return the text box with its counter, and advice where a check applies."""
        box = controls.area(
            "text", self.words.question, self.text, most=LONGEST, rows=self._rows(), count=self._counter()
        )
        advice = [
            controls.text(f"advice-{number}", check.advice, "feedback", live=True)
            for number, check in enumerate(self.words.checks)
            if self.text.strip() and check.applies(self.text)
        ]
        return [*controls.lead(self.words.lead), box, *advice]

    def _rows(self) -> int:
        return 10 if isinstance(self.count, tuple) else 4

    def _counter(self) -> Counter:
        if isinstance(self.count, tuple):
            low, high = self.count
            return {"unit": "words", "say": read_texts().forms("card.words-range", n="{n}", low=low, high=high)}
        return {"unit": self.count, "say": read_texts().forms(_COUNTERS[self.count], n="{n}")}

    def change(self, control: str, value: object) -> None:
        """Take the text; an empty one takes the answer away."""
        if control == "text" and isinstance(value, str):
            self.save(value[:LONGEST] if value.strip() else None)

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return the question and the text."""
        return [(self.words.question, self.text)]
