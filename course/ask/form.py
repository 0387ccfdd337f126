"""Fill the blanks of a few sentences and read them back joined."""

from __future__ import annotations

from typing import Any

from course.answers import Answers
from course.ask import parts
from course.ask.card import Card
from course.ask.parts import Part
from course.ask.words import Option, Words, read_words
from course.content import words as say

BLANK = "___"
LONGEST = 600
"""The most characters in one blank."""


class Form(Card):
    """Ask for the blanks of sentences and join them into one text to copy.

    The answer is a list of texts, one a blank, in reading order. A line without a blank is one field.
    """

    kind = "form"

    def __init__(self, key: str, answers: Answers, words: str) -> None:
        super().__init__(key, answers)
        self.words: Words = read_words(words, key)

    @property
    def sentences(self) -> list[Option]:
        """The lines that are to be filled."""
        return self.words.options

    @property
    def filled(self) -> list[str]:
        """The text of each blank, empty where nothing was typed."""
        wanted = sum(_blanks(sentence.text) for sentence in self.sentences)
        kept = self.value if isinstance(self.value, list) else []
        return [text[:LONGEST] if isinstance(text, str) else "" for text in [*kept, *[""] * wanted][:wanted]]

    def body(self) -> list[Part]:
        """Return a field for each blank, advice under it, and the joined text."""
        filled = self.filled
        fields: list[Part] = []
        place = 0
        for number, sentence in enumerate(self.sentences):
            own = filled[place : place + _blanks(sentence.text)]
            fields += [
                parts.line(f"blank-{place + offset}", self._label(sentence, offset), text, most=LONGEST)
                for offset, text in enumerate(own)
            ]
            fields += self._advice(f"advice-{number}", sentence, " ".join(own))
            place += len(own)
        return [*parts.lead(self.words.lead), parts.group("fields", self.words.question, fields), *self._joined_part()]

    def _label(self, sentence: Option, offset: int) -> str:
        total = _blanks(sentence.text)
        label = sentence.text.replace(BLANK, say("card.gap"))
        return label if total == 1 else f"{label} ({say('card.blank', number=offset + 1, total=total)})"

    def _advice(self, id: str, sentence: Option, text: str) -> list[Part]:
        started = any(text.strip() for text in self.filled)
        return [
            parts.text(f"{id}-{number}", check.advice, "feedback", live=True)
            for number, check in enumerate(sentence.checks)
            if started and check.applies(text)
        ]

    def _joined_part(self) -> list[Part]:
        joined = self.joined()
        if not joined:
            return []
        whole = Option("", "", checks=self.words.checks)
        return [parts.text("joined", f"**{say('card.joined')}:** {joined}", "quote"), *self._advice("all", whole, joined)]

    def joined(self) -> str:
        """Return the sentences with their blanks filled, without those that nobody began."""
        texts, place, filled = [], 0, self.filled
        for sentence in self.sentences:
            own = filled[place : place + _blanks(sentence.text)]
            place += len(own)
            if any(text.strip() for text in own):
                texts.append(_join(sentence.text, own))
        return " ".join(texts)

    def change(self, part: str, value: Any) -> None:
        """Take the text of one blank."""
        place = part.removeprefix("blank-")
        filled = self.filled
        if place.isdecimal() and int(place) < len(filled) and isinstance(value, str):
            filled[int(place)] = value[:LONGEST]
            self.save(filled if any(text.strip() for text in filled) else None)

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return the question and the joined text."""
        return [(self.words.question, self.joined())]


def _blanks(sentence: str) -> int:
    return max(1, sentence.count(BLANK))


def _join(sentence: str, texts: list[str]) -> str:
    """Fill a sentence's blanks; a field without one is read after its label.

    >>> _join("I bring together ___ to ___.", ["nurses", ""])
    'I bring together nurses to ….'
    """
    gap = say("card.gap")
    if BLANK not in sentence:
        return texts[0].strip()
    pieces = sentence.split(BLANK)
    filled = [text.strip() or gap for text in texts]
    return "".join(piece + text for piece, text in zip(pieces, [*filled, ""], strict=True))
