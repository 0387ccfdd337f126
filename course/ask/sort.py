"""Sort cards into groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from course.answers import Answers
from course.ask import parts
from course.ask.card import CHECKED, Card
from course.ask.parts import Part
from course.ask.words import Option, read_words
from course.content import words as say
from course.errors import BadWords


class Sort(Card):
    """Ask for a group for each card and show where we would put it, and why.

    The answer is a list with one group's code for each card, None for a card not placed.
    Groups given as a list are coded A, B, C; given as a mapping, by their own codes.
    """

    kind = "sort"

    def __init__(self, key: str, answers: Answers, words: str, groups: Sequence[str] | Mapping[str, str]) -> None:
        super().__init__(key, answers)
        self.words = read_words(words, key)
        named = groups if isinstance(groups, Mapping) else dict(zip("ABCDEFGH", groups, strict=False))
        self.groups = dict(named)
        for card in self.words.options:
            if card.best and card.best not in self.groups.values():
                raise BadWords(
                    f"{key}: the card “{card.text[:40]}” belongs to “{card.best}”, which is no group.",
                    "The groups are: " + ", ".join(self.groups.values()) + ".",
                )

    @property
    def placed(self) -> list[str | None]:
        """The group's code for each card, None where it is not placed."""
        kept = self.value if isinstance(self.value, list) else []
        kept = [*kept, *[None] * len(self.words.options)]
        return [
            code if isinstance(code, str) and code in self.groups else None
            for code in kept[: len(self.words.options)]
        ]

    def body(self) -> list[Part]:
        """Return the cards, each with its groups, and our view once it was asked for."""
        options = [parts.choice(code, label) for code, label in self.groups.items()]
        cards: list[Part] = []
        for number, (card, group) in enumerate(zip(self.words.options, self.placed, strict=True)):
            cards.append(parts.radios(f"card-{number}", card.text, options, group, row=True))
            if self.is_checked and card.best:
                cards.append(parts.text(f"view-{number}", self._view(card, group), "feedback"))
        told = [parts.text("told", say("card.feedback-below"), "help", live=True)] if self.is_checked else []
        return [*parts.lead(self.words.lead), parts.group("cards", self.words.question, cards), *told]

    def _view(self, card: Option, group: str | None) -> str:
        feedback = self.words.feedback(card)
        if group is None:
            return say("card.not-placed", group=card.best, feedback=feedback)
        chosen = self.groups[group]
        if chosen == card.best:
            return say("card.best", group=card.best, feedback=feedback)
        return say("card.other", chosen=chosen, group=card.best, feedback=feedback)

    def change(self, part: str, value: Any) -> None:
        """Take the group of one card."""
        number = part.removeprefix("card-")
        if number.isdecimal() and int(number) < len(self.words.options) and value in self.groups:
            placed = self.placed
            placed[int(number)] = value
            self.save(placed)

    def actions(self) -> list[Part]:
        """Offer Check where we have a view."""
        has_view = any(card.best for card in self.words.options)
        return [parts.button("check", say("button.check"), main=True)] if has_view and not self.is_checked else []

    def act(self, button: str) -> None:
        """Show our view under each card."""
        if button == "check" and any(self.placed):
            self.save_state(CHECKED)
        else:
            self.notice = say("card.place-first")

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return each card with the group it was given."""
        return [
            (card.text, self.groups[group] if group else "")
            for card, group in zip(self.words.options, self.placed, strict=True)
        ]
