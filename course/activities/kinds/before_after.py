"""Say where something is now, and where it could be."""

from __future__ import annotations

from typing import Final

from course.activities import controls
from course.activities.card import Card
from course.activities.controls import Control
from course.activities.syntax import read_words
from course.content import words as say
from course.records.answers.answers import Answers
from course.records.answers.units import Layout

_PLACES: Final = ("now", "could")


class BeforeAfter(Card):
    """Ask on which level something is now and on which it could be, and answer whether it moves up.

    The options are the levels from low to high. The answer is two letters, None for the one not given.
    The words above the options hold two lines of feedback: `->` if it moves up, `~>` if it stays or falls.
    """

    kind = "shift"

    def __init__(self, key: str, answers: Answers, words: str) -> None:
        super().__init__(key, answers)
        self.words = read_words(words, key, least=2, keys=False)

    @property
    def levels(self) -> list[str | None]:
        """The letters of the two levels, now and could be, None where not given."""
        letters = [self.units.get(place) for place in _PLACES]
        codes = [option.code for option in self.words.options]
        return [letter if isinstance(letter, str) and letter in codes else None for letter in letters]

    @property
    def layout(self) -> Layout:
        """One unit for each of the two levels."""
        return Layout("list", _PLACES, dict.fromkeys(_PLACES), is_exact=True)

    @property
    def rises(self) -> bool | None:
        """Whether it moves up, or None while one of the two is open."""
        now, could = self.levels
        return None if now is None or could is None else could > now

    def body(self) -> list[Control]:
        """Return the levels twice, and feedback once both are given."""
        options = [controls.choice(option.code, option.text) for option in self.words.options]
        sets = [
            controls.radios(place, say(f"shift.{place}"), options, level)
            for place, level in zip(_PLACES, self.levels, strict=True)
        ]
        return [*controls.lead(self.words.lead), controls.group("levels", self.words.question, sets), *self._feedback()]

    def _feedback(self) -> list[Control]:
        if self.rises is None:
            return []
        words = self.words.otherwise if self.rises else self.words.missed
        return [controls.text("feedback", words, "feedback", live=True)] if words else []

    def change(self, control: str, value: object) -> None:
        """Take one of the two levels."""
        if control in _PLACES and self.words.option(value):
            self.save_units({control: str(value)})

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return the two questions with their levels."""
        chosen = [self.words.option(level) for level in self.levels]
        return [
            (say(f"shift.{place}"), option.text if option else "")
            for place, option in zip(_PLACES, chosen, strict=True)
        ]
