"""Put cards in order."""

from __future__ import annotations

import random

from course.activities import controls
from course.activities.card import CHECKED, Card
from course.activities.controls import Button, Control
from course.activities.syntax import read_words
from course.content import words as say
from course.records.answers import Answers


class Rank(Card):
    """Ask for an order, made with Move up and Move down; our order is the one in which the cards are written.

    The answer is the list of the cards' letters in the learner's order.
    There is no right order unless the words say so.
    """

    kind = "rank"

    def __init__(self, key: str, answers: Answers, words: str) -> None:
        super().__init__(key, answers)
        self.words = read_words(words, key, least=2)

    @property
    def ordered(self) -> list[str]:
        """The letters in the learner's order, or in the shuffled order of the first showing."""
        return self._order(self.value) or _shuffled([*self._texts], self.key)

    @property
    def _texts(self) -> dict[str, str]:
        return {option.code: option.text for option in self.words.options}

    def _order(self, value: object) -> list[str]:
        """Return a value that holds the letter of every card once, or nothing for any other."""
        codes = [code for code in value if isinstance(code, str)] if isinstance(value, list) else []
        is_order = isinstance(value, list) and len(codes) == len(value) and sorted(codes) == sorted(self._texts)
        return codes if is_order else []

    def body(self) -> list[Control]:
        """Return the cards in the learner's order, and ours once it was asked for."""
        texts = self._texts
        items = [controls.choice(code, texts[code]) for code in self.ordered]
        order = controls.order("order", self.words.question, items, say("button.up"), say("button.down"))
        ours: list[Control] = []
        if self.is_checked:
            listed = "\n".join(f"{place}. {text}" for place, text in enumerate(texts.values(), start=1))
            ours = [
                controls.text("ours", f"**{say('card.our-order')}:**\n{listed}", "feedback", live=True),
                *([controls.text("why", self.words.otherwise, "feedback", live=True)] if self.words.otherwise else []),
            ]
        return [*controls.lead(self.words.lead), order, *ours]

    def change(self, control: str, value: object) -> None:
        """Take a new order."""
        order = self._order(value)
        if control == "order" and order:
            self.save(order)

    def actions(self) -> list[Button]:
        """Offer our order."""
        return [] if self.is_checked else [controls.button("check", say("button.show-order"), main=True)]

    def act(self, button: str) -> None:
        """Show our order; the order as it stands counts as the answer."""
        if button == "check":
            self.save(self.ordered, state=CHECKED)

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return the question and the order."""
        order = enumerate(self._order(self.value), start=1)
        listed = "\n".join(f"{place}. {self._texts[code]}" for place, code in order)
        return [(self.words.question, listed)]


def _shuffled(codes: list[str], key: str) -> list[str]:
    """Return another order than the written one, the same each time for one exercise."""
    shuffled = list(codes)
    dice = random.Random(key)
    while shuffled == codes and len(codes) > 1:
        dice.shuffle(shuffled)
    return shuffled
