"""Arrange cards: put them in order, or sort them into groups."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from string import ascii_uppercase

from course.activities import controls
from course.activities.card import CHECKED, Card
from course.activities.controls import Button, Control
from course.activities.syntax import ActivityOption, read_words
from course.content import words as say
from course.core.errors import BadWords
from course.records.answer_units import Layout
from course.records.answers import Answers


class Rank(Card):
    """Ask for an order, made with Move up and Move down; the authors' order is the one in which the cards are written.

    The answer is the list of the cards' keys or letters in the learner's order.
    There is no right order unless the words say so.
    """

    kind = "rank"

    def __init__(self, key: str, answers: Answers, words: str) -> None:
        super().__init__(key, answers)
        self.words = read_words(words, key, least=2)

    @property
    def ordered(self) -> list[str]:
        """What the cards are saved as in the learner's order, or in the shuffled order of the first showing."""
        return self._order(self.value) or _shuffled([*self._texts], self.key)

    @property
    def is_asked_again(self) -> bool:
        """Whether what is saved is no order of today's cards, in a question whose cards have keys."""
        is_other = self.words.has_keys and self.value is not None and not self._order(self.value)
        return is_other or super().is_asked_again

    @property
    def _texts(self) -> dict[str, str]:
        return {option.code: option.text for option in self.words.options}

    def _order(self, value: object) -> list[str]:
        """Return a value that holds every card once, or nothing for any other."""
        codes = [code for code in value if isinstance(code, str)] if isinstance(value, list) else []
        is_order = isinstance(value, list) and len(codes) == len(value) and sorted(codes) == sorted(self._texts)
        return codes if is_order else []

    def body(self) -> list[Control]:
        """Return the cards in the learner's order, and the authors' order once it was asked for."""
        texts = self._texts
        items = [controls.choice(code, texts[code]) for code in self.ordered]
        order = controls.order("order", self.words.question, items, say("button.up"), say("button.down"))
        expected: list[Control] = []
        if self.is_checked:
            listed = "\n".join(f"{place}. {text}" for place, text in enumerate(texts.values(), start=1))
            expected = [
                controls.text("ours", f"**{say('card.our-order')}:**\n{listed}", "feedback", live=True),
                *([controls.text("why", self.words.otherwise, "feedback", live=True)] if self.words.otherwise else []),
            ]
        return [*controls.lead(self.words.lead), order, *expected]

    def change(self, control: str, value: object) -> None:
        """Take a new order; where it says which cards were moved, only those are moved in the order as it is now."""
        moved = value.get("moved") if isinstance(value, dict) else None
        order = self._order(value.get("order") if isinstance(value, dict) else value)
        if control == "order" and order:
            self.save(_with_moved(self.ordered, order, moved) if isinstance(moved, list) else order)

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


def _with_moved(newest: list[str], order: list[str], moved: list[object]) -> list[str]:
    """Return the newest order with each moved card behind the one that it stands behind in another order.

    >>> _with_moved(["B", "A", "C"], ["A", "C", "B"], ["C"])
    ['B', 'A', 'C']
    >>> _with_moved(["B", "A", "C"], ["C", "A", "B"], ["C"])
    ['C', 'B', 'A']
    """
    kept = [code for code in newest if code not in moved]
    for place, code in enumerate(order):
        if code in moved:
            kept.insert(kept.index(order[place - 1]) + 1 if place else 0, code)
    return kept


_GROUP = re.compile(r"(.*\S) +\[([^\[\]]+)\]")
_KEY_TOO_EARLY = re.compile(r".*\{[^{}]*\}")


class Sort(Card):
    """Ask for a group for each card and show where we would put it, and why.

    The answer is a list with one group's code for each card, None for a card not placed; where the cards
    have keys, it is a table of the groups' codes by the cards' keys.
    Groups given as a list are coded A, B, C; given as a mapping, by their own codes. A card's group
    stands in square brackets at its end; without one there is no view to show.
    """

    kind = "sort"

    def __init__(self, key: str, answers: Answers, words: str, groups: Sequence[str] | Mapping[str, str]) -> None:
        super().__init__(key, answers)
        self.words = read_words(words, key, least=1)
        self.groups = dict(groups if isinstance(groups, Mapping) else zip(ascii_uppercase, groups, strict=False))
        self.best = [self._take_group(card) for card in self.words.options]

    def _take_group(self, card: ActivityOption) -> str:
        """Take the group in square brackets off the end of a card and return it, or an empty text."""
        named = _GROUP.fullmatch(card.text)
        if not named:
            return ""
        if named[2] not in self.groups.values():
            raise BadWords(
                f"{self.key}: the card “{named[1][:40]}” belongs to “{named[2]}”, which is not one of the groups.",
                "The groups are: " + ", ".join(self.groups.values()) + ".",
            )
        if _KEY_TOO_EARLY.fullmatch(named[1]):
            raise BadWords(f"{self.key}: a key stands before [{named[2]}].", "Write the key last: “… [Group] {key}”.")
        card.text = named[1]
        return named[2]

    @property
    def placed(self) -> list[str | None]:
        """The group's code for each card, None where it is not placed."""
        units = self.units
        codes = [units.get(card.code) for card in self.words.options]
        return [code if isinstance(code, str) and code in self.groups else None for code in codes]

    @property
    def layout(self) -> Layout:
        """One unit for each card, by its key or letter."""
        codes = [card.code for card in self.words.options]
        if self.words.has_keys:
            return Layout("cards", empty=dict.fromkeys(codes), is_exact=True)
        return Layout("list", ascii_uppercase, dict.fromkeys(codes), is_exact=True)

    @property
    def is_asked_again(self) -> bool:
        """Whether what is saved places none of today's cards, in a question whose cards have keys."""
        is_other = self.words.has_keys and self.value is not None and not any(self.placed)
        return is_other or super().is_asked_again

    def body(self) -> list[Control]:
        """Return the cards, each with its groups, and our view once it was asked for."""
        options = [controls.choice(code, label) for code, label in self.groups.items()]
        cards: list[Control] = []
        for number, (card, group) in enumerate(zip(self.words.options, self.placed, strict=True)):
            cards.append(controls.radios(f"card-{number}", card.text, options, group, row=True))
            if self.is_checked and self.best[number]:
                cards.append(controls.text(f"view-{number}", self._view(card, self.best[number], group), "feedback"))
        pointer = [controls.text("told", say("card.feedback-below"), "help", live=True)] if self.is_checked else []
        return [*controls.lead(self.words.lead), controls.group("cards", self.words.question, cards), *pointer]

    def _view(self, card: ActivityOption, best: str, group: str | None) -> str:
        feedback = self.words.feedback(card)
        if group is None:
            return say("card.not-placed", group=best, feedback=feedback).strip()
        chosen = self.groups[group]
        if chosen == best:
            return say("card.best", group=best, feedback=feedback).strip()
        return say("card.other", chosen=chosen, group=best, feedback=feedback).strip()

    def change(self, control: str, value: object) -> None:
        """Take the group of one card."""
        number = controls.place(control, "card", len(self.words.options))
        if number is not None and isinstance(value, str) and value in self.groups:
            self.save_units({self.words.options[number].code: value})

    def actions(self) -> list[Button]:
        """Offer Check where we have a view."""
        return (
            [controls.button("check", say("button.check"), main=True)] if any(self.best) and not self.is_checked else []
        )

    def act(self, button: str) -> None:
        """Show our view under each card."""
        if button != "check" or not any(self.best):
            return
        if any(self.placed):
            self.save_state(CHECKED)
        else:
            self.notice = say("card.place-first")

    @property
    def heading(self) -> str:
        """The question above the cards."""
        return self.words.question

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return each card with the group it was given."""
        return [
            (card.text, self.groups[group] if group else "")
            for card, group in zip(self.words.options, self.placed, strict=True)
        ]
