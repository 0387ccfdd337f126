"""The keys of marked questions: how many marks an answer gets, and the line of feedback of each option.

An option is named by the key that a card saves it as. What was handed in is untrusted input: whatever it is,
`verdict` returns marks with lines, or None where it is no answer to the question.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, Protocol, TypeAlias

from course.content import words as say
from course.records.answers.units import Json

GroupLines: TypeAlias = str | Mapping[str, str]
"""What is said of a card that is in no or the wrong group: one line, or one for each group."""
About: TypeAlias = Literal["", "right-tick", "ticked", "not-ticked", "right-card", "card"]
RIGHT, LOW, HIGH = "right", "low", "high"
KINDS: Final = ("choice", "ticks", "matching", "number")
"""The kinds of marked questions, which are what `mark` calls its methods for them."""
NUMBER_LINES: Final = (RIGHT, LOW, HIGH)
"""What the lines for a number are called: for the right one, one that is too low and one that is too high."""


@dataclass(frozen=True)
class FeedbackLine:
    """One line of feedback."""

    text: str
    about: About = ""
    """What it is said of: an option that is ticked, rightly or not, or left out, or a card in its group or another;
    nothing for the whole answer."""
    option: str = ""
    """The key of that option or card."""
    is_right: bool | None = None
    """Whether that part of the answer is right; None for a line that does not say so."""


@dataclass(frozen=True)
class Verdict:
    """The marks of an answer, and why."""

    marks: int
    lines: tuple[FeedbackLine, ...]


class AnswerKey(Protocol):
    """The key of one question."""

    @property
    def most(self) -> int:
        """The most marks."""

    def verdict(self, answer: Json) -> Verdict | None:
        """Return the marks of an answer and why, or None for what is no answer to the question."""


@dataclass(frozen=True)
class ChoiceKey:
    """All marks for one option of several. `feedback` has the line of each option, in the order of the card."""

    best: str
    most: int
    feedback: Mapping[str, str]

    def verdict(self, answer: Json) -> Verdict | None:
        """Return all marks or none, with the line of the chosen option.

        >>> ChoiceKey("asks", 2, {"tells": "Ask first.", "asks": "Right."}).verdict("tells")
        Verdict(marks=0, lines=(FeedbackLine(text='Ask first.', about='', option='', is_right=False),))
        """
        if not isinstance(answer, str) or answer not in self.feedback:
            return None
        is_right = answer == self.best
        return Verdict(self.most if is_right else 0, (FeedbackLine(self.feedback[answer], is_right=is_right),))


@dataclass(frozen=True)
class TicksKey:
    """One mark for each right tick, less one for each wrong one, and never less than none."""

    best: Sequence[str]
    feedback: Mapping[str, str]

    @property
    def most(self) -> int:
        """The most marks."""
        return len(self.best)

    def verdict(self, answer: Json) -> Verdict | None:
        """Return the marks with a line for each tick and each right option without one.

        >>> lines = TicksKey(["a1", "b2"], {"a1": "It lasts.", "b2": "It helps."}).verdict(["a1"]).lines
        >>> [(line.about, line.option, line.text) for line in lines]
        [('right-tick', 'a1', ''), ('not-ticked', 'b2', 'It helps.')]
        """
        if not isinstance(answer, list) or not all(isinstance(key, str) and key in self.feedback for key in answer):
            return None
        ticked, right = set(answer), set(self.best)
        if len(ticked) != len(answer):
            return None
        marks = max(0, len(ticked & right) - len(ticked - right))
        whole = (FeedbackLine(say("mark.all-ticked"), is_right=True),) if ticked == right else ()
        return Verdict(marks, (*whole, *self._lines(ticked)))

    def _lines(self, ticked: set[str]) -> Iterator[FeedbackLine]:
        for key, text in self.feedback.items():
            if key in ticked and key in self.best:
                yield FeedbackLine("", "right-tick", key, is_right=True)
            elif key in ticked or key in self.best:
                yield FeedbackLine(text, "ticked" if key in ticked else "not-ticked", key, is_right=False)


@dataclass(frozen=True)
class MatchingKey:
    """One mark for each card in its group. `best` has the code of each card's group, in the order of the cards."""

    best: Mapping[str, str]
    feedback: Mapping[str, GroupLines]
    groups: Sequence[str]
    """The codes of all groups."""

    @property
    def most(self) -> int:
        """The most marks."""
        return len(self.best)

    def verdict(self, answer: Json) -> Verdict | None:
        """Return the marks with a line for each card.

        >>> key = MatchingKey({"papers": "C", "asks": "K"}, {"papers": "People can plan.", "asks": "It is care."}, "CK")
        >>> [(line.about, line.option, line.text) for line in key.verdict({"papers": "C", "asks": "C"}).lines]
        [('right-card', 'papers', ''), ('card', 'asks', 'It is care.')]
        """
        if not isinstance(answer, dict) or set(answer) != set(self.best):
            return None
        if not all(group is None or (isinstance(group, str) and group in self.groups) for group in answer.values()):
            return None
        lines = tuple(
            FeedbackLine("", "right-card", card, is_right=True)
            if answer[card] == group
            else FeedbackLine(self._line(card, answer[card]), "card", card, is_right=False)
            for card, group in self.best.items()
        )
        right = sum(line.is_right is True for line in lines)
        whole = (FeedbackLine(say("mark.all-placed"), is_right=True),) if right == self.most else ()
        return Verdict(right, (*whole, *lines))

    def _line(self, card: str, group: Json) -> str:
        lines = self.feedback.get(card, "")
        if isinstance(lines, str):
            return lines
        own = lines.get(group) if isinstance(group, str) else None
        return own or lines.get(self.best[card], "")


@dataclass(frozen=True)
class NumberKey:
    """All marks for a number no further than `within` from the best one."""

    best: float
    within: float
    most: int
    feedback: Mapping[str, str]

    def verdict(self, answer: Json) -> Verdict | None:
        """Return all marks or none, with the line for a number that is right, too low or too high.

        >>> NumberKey(5, 0.05, 1, {"right": "Right.", "low": "Too low.", "high": "Too high."}).verdict(5.04)
        Verdict(marks=1, lines=(FeedbackLine(text='Right.', about='', option='', is_right=True),))
        """
        value = _number(answer)
        if value is None:
            return None
        if abs(_decimal(value) - _decimal(self.best)) <= _decimal(self.within):
            return Verdict(self.most, (FeedbackLine(self.feedback[RIGHT], is_right=True),))
        return Verdict(0, (FeedbackLine(self.feedback[LOW if value < self.best else HIGH], is_right=False),))


def _decimal(number: float) -> Decimal:
    """Return a number as a person writes it: 5 - 4.96 is 0.04, and not a little more as in binary."""
    return Decimal(repr(number))


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None
