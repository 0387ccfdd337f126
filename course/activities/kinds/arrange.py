"""Arrange cards: put them in order, or sort them into groups."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from string import ascii_uppercase

from course.activities import controls
from course.activities.card import ALL, CHECKED, Card
from course.activities.controls import Button, Choice, Control
from course.activities.kinds.right_wrong import Note, answers_button, judged, retry_button, told
from course.activities.syntax import ActivityOption, read_words
from course.content import words as say
from course.core.errors import BadWords
from course.records.answers.answers import Answers
from course.records.answers.units import Layout

_GROUP = re.compile(r"(.*\S) +\[([^\[\]]+)\]")
"""A card with its group in square brackets at its end."""
_RIGHT_GROUP = re.compile(r"x +")
"""What stands before a group that is the right one."""
_KEY_TOO_EARLY = re.compile(r".*\{[^{}]*\}")


class Rank(Card):
    """Ask for an order, made with Move up and Move down; the authors' order is the one in which the cards are written.

    The answer is the list of the cards' keys or letters in the learner's order.
    There is no right order unless the words number the cards: then Check says which of them are in their place.
    """

    kind = "rank"

    def __init__(self, key: str, answers: Answers, words: str) -> None:
        super().__init__(key, answers)
        self.words = read_words(words, key, least=2, right="numbered")

    @property
    def is_knowledge(self) -> bool:
        """Whether the order of the cards is the right one, as the words say."""
        return bool(self.words.right)

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
        order = controls.order("order", self.words.question, self._items(), say("button.up"), say("button.down"))
        shown = self._result() if self.is_checked and self.is_knowledge else []
        expected = self._expected() if self._shows_order else []
        return [*controls.lead(self.words.lead), order, *shown, *expected]

    def _items(self) -> list[Choice]:
        texts, judges = self._texts, self.is_knowledge and self.is_checked
        items = []
        for code, right in zip(self.ordered, texts, strict=True):
            note = _placed(code == right) if judges else Note()
            items.append(controls.choice(code, texts[code], note.words, note.tone))
        return items

    @property
    def _right_places(self) -> int:
        return sum(code == right for code, right in zip(self.ordered, self._texts, strict=True))

    @property
    def _is_right(self) -> bool:
        return self._right_places == len(self._texts)

    def _result(self) -> list[Control]:
        """Return how many cards are in their place, and what can be done about the others until the answer is shown."""
        key = "right-wrong.order-all" if self._is_right else "right-wrong.order"
        rest = say("right-wrong.order-not-all") if self.state == CHECKED and not self._is_right else ""
        return [told(f"{say(key, right=self._right_places, total=len(self._texts))} {rest}".strip())]

    @property
    def _shows_order(self) -> bool:
        """Whether the authors' order is shown; a right one only when it was asked for or found."""
        if not self.is_knowledge:
            return self.is_checked
        return self.state == ALL or (self.is_checked and self._is_right)

    def _expected(self) -> list[Control]:
        listed = "\n".join(f"{place}. {text}" for place, text in enumerate(self._texts.values(), start=1))
        title = say("right-wrong.our-answer" if self.is_knowledge else "card.our-order")
        return [
            controls.text("ours", f"**{title}:**\n{listed}", "feedback", live=True),
            *([controls.text("why", self.words.otherwise, "feedback", live=True)] if self.words.otherwise else []),
        ]

    def change(self, control: str, value: object) -> None:
        """Take a new order; where it says which cards were moved, only those are moved in the order as it is now."""
        moved = value.get("moved") if isinstance(value, dict) else None
        order = self._order(value.get("order") if isinstance(value, dict) else value)
        if control == "order" and order:
            newest = _with_moved(self.ordered, order, moved) if isinstance(moved, list) else order
            self.save(newest, state="" if self.is_knowledge else None)

    def actions(self) -> list[Button]:
        """Offer our order; where there is a right one, Check first, and then the answer."""
        if not self.is_knowledge:
            return [] if self.is_checked else [controls.button("check", say("button.show-order"), main=True)]
        if not self.is_checked:
            return [controls.button("check", say("button.check"), main=True)]
        return [answers_button()] if self.state == CHECKED and not self._is_right else []

    def act(self, button: str) -> None:
        """Show our order, or what is right in the learner's; the order as it stands counts as the answer."""
        if button == "check":
            self.save(self.ordered, state=CHECKED)
        elif button == "all" and self.is_knowledge and self.is_checked:
            self.save_state(ALL)

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return the question and the order."""
        order = enumerate(self._order(self.value), start=1)
        listed = "\n".join(f"{place}. {self._texts[code]}" for place, code in order)
        return [(self.words.question, listed)]


def _placed(is_right: bool) -> Note:
    """Return what stands under a card of an order."""
    words = say("right-wrong.in-place" if is_right else "right-wrong.out-of-place")
    return Note(words, "right" if is_right else "wrong")


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
    merged = [code for code in newest if code not in moved]
    for place, code in enumerate(order):
        if code in moved:
            merged.insert(merged.index(order[place - 1]) + 1 if place else 0, code)
    return merged


class Sort(Card):
    """Ask for a group for each card and show where we would put it, and why.

    The answer is a list with one group's code for each card, None for a card not placed; where the cards
    have keys, it is a table of the groups' codes by the cards' keys.
    Groups given as a list are coded A, B, C; given as a mapping, by their own codes. A card's group
    stands in square brackets at its end; without one there is no view to show. Where x stands before the group,
    as in `[x Caring]`, it is the right one: Check then says which cards are right, and offers another try.
    """

    kind = "sort"

    def __init__(self, key: str, answers: Answers, words: str, groups: Sequence[str] | Mapping[str, str]) -> None:
        super().__init__(key, answers)
        self.words = read_words(words, key, least=1, right="grouped")
        self.groups = dict(groups if isinstance(groups, Mapping) else zip(ascii_uppercase, groups, strict=False))
        self.best = [self._take_group(card) for card in self.words.options]

    @property
    def is_knowledge(self) -> bool:
        """Whether cards have a right group, as the words say."""
        return bool(self.words.right)

    def _take_group(self, card: ActivityOption) -> str:
        """Take the group in square brackets off the end of a card and return it, or an empty text."""
        named = _GROUP.fullmatch(card.text)
        if not named:
            return ""
        group = named[2]
        if group not in self.groups.values():
            card.is_right, group = bool(_RIGHT_GROUP.match(group)), _RIGHT_GROUP.sub("", group)
        if group not in self.groups.values():
            raise BadWords(
                f"{self.key}: the card “{named[1][:40]}” belongs to “{named[2]}”, which is not one of the groups.",
                "The groups are: " + ", ".join(self.groups.values()) + ".",
            )
        if _KEY_TOO_EARLY.fullmatch(named[1]):
            raise BadWords(f"{self.key}: a key stands before [{named[2]}].", "Write the key last: “… [Group] {key}”.")
        card.text = named[1]
        return group

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
            note = self._note(card, self.best[number], group) if self.is_checked else Note()
            cards.append(
                controls.radios(f"card-{number}", card.text, options, group, row=True, note=note.words, tone=note.tone)
            )
        below = self._told() if self.is_checked else []
        return [*controls.lead(self.words.lead), controls.group("cards", self.words.question, cards), *below]

    def _note(self, card: ActivityOption, best: str, group: str | None) -> Note:
        """Return what stands under a card once Check was pressed."""
        if not card.is_right:
            return Note(self._view(card, best, group) if best else "")
        is_right, feedback = group is not None and self.groups[group] == best, self.words.feedback(card)
        if self.state != ALL or is_right:
            return judged(is_right, feedback if is_right else "") if group else Note()
        answer = say("right-wrong.group", group=best)
        return judged(False, f"{answer} {feedback}".strip()) if group else Note(f"{answer} {feedback}".strip())

    @property
    def _marked(self) -> list[tuple[ActivityOption, str | None, bool]]:
        """Each card that has a right group, with the group it was given and whether that is the right one."""
        cards = zip(self.words.options, self.best, self.placed, strict=True)
        return [
            (card, group, group is not None and self.groups[group] == best)
            for card, best, group in cards
            if card.is_right
        ]

    @property
    def _wrong(self) -> list[str]:
        """The marked cards that are in another group than the right one, by their keys or letters."""
        return [card.code for card, group, is_right in self._marked if group and not is_right]

    def _told(self) -> list[Control]:
        if not self.is_knowledge:
            return [controls.text("told", say("card.feedback-below"), "help", live=True)]
        right, total = sum(is_right for _, _, is_right in self._marked), len(self._marked)
        rest = say("right-wrong.not-all") if right < total and self.state == CHECKED else ""
        return [told(f"{say('right-wrong.tally', right=right, total=total)} {rest}".strip())]

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
            self.save_units({self.words.options[number].code: value}, state="" if self.is_knowledge else None)

    def actions(self) -> list[Button]:
        """Offer Check where we have a view; where cards are right or wrong, another try and the answers."""
        if not self.is_checked:
            return [controls.button("check", say("button.check"), main=True)] if any(self.best) else []
        again = [retry_button(self._first_wrong)] if self._wrong else []
        is_whole = all(is_right for _, _, is_right in self._marked)
        return [*again, *([answers_button()] if self.state == CHECKED and not is_whole else [])]

    @property
    def _first_wrong(self) -> str:
        codes = [card.code for card in self.words.options]
        return f"card-{codes.index(self._wrong[0])}"

    def act(self, button: str) -> None:
        """Show our view under each card, or the answers; or take wrong cards out of their groups for another try."""
        if button == "retry" and self.is_checked and self._wrong:
            self.save_units(dict.fromkeys(self._wrong), state="")
        elif button == "all" and self.is_knowledge and self.is_checked:
            self.save_state(ALL)
        elif button == "check" and any(self.best):
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
