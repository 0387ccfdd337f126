"""Show again what the learner wrote on cards of lessons, so that a later question can ask about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from course.activities import controls
from course.activities.card import Card
from course.activities.controls import Control
from course.activities.past_words import PastWords, Reference, read_reference
from course.content import words as say
from course.core.errors import BadWords
from course.records.answers.answers import Answers


class Reread(Card):
    """Show the learner's own words from lessons, each under a heading; nothing is asked.

    `cards` maps each card, as `lesson/card`, to its heading. What was not written is said kindly.
    """

    kind = "reread"
    asks = False

    def __init__(self, key: str, answers: Answers, cards: Mapping[str, str], past: PastWords | None = None) -> None:
        super().__init__(key, answers)
        if not cards:
            raise BadWords("ask.reread is given no card.", 'Write a card and a heading: {"repair/note": "My plan"}.')
        self._cards = [(read_reference(name, "ask.reread"), heading) for name, heading in cards.items()]
        self._past = past

    @property
    def references(self) -> Sequence[Reference]:
        """The cards whose words are shown."""
        return [reference for reference, _ in self._cards]

    def controls(self) -> list[Control]:
        """Return everything on the card; it has no Skip, because no answer is asked for."""
        return self.body()

    def body(self) -> list[Control]:
        """Return each heading with the words below it."""
        return [
            controls.group(f"card-{place}", heading, [self._words(place, reference)])
            for place, (reference, heading) in enumerate(self._cards)
        ]

    def _words(self, place: int, reference: Reference) -> Control:
        written = self._past.in_words(reference).strip() if self._past else ""
        if written:
            return controls.text(f"words-{place}", written, "quote")
        return controls.text(f"words-{place}", say("reread.nothing", place=reference.place), "help")

    def change(self, control: str, value: object) -> None:
        """Change nothing: this card has nothing to change."""

    def press(self, button: str) -> None:
        """Do nothing: this card has no buttons."""

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return nothing: this card asks no question."""
        return []
