"""Write a text of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from course.activities import controls
from course.activities.card import LONGEST_TEXT, Card, check_length
from course.activities.controls import Button, Control, Counter
from course.activities.past_words import LessonCopy, PastWords, Reference
from course.activities.syntax import read_words
from course.content import read_texts
from course.content import words as say
from course.core.errors import BadWords
from course.records.answers.answers import Answers

ROOM = 8_000
"""For how many characters there is room; people may go over."""
Unit: TypeAlias = Literal["words", "characters"]
_COUNTERS = {"words": "card.words", "characters": "card.characters"}


class Write(Card):
    """Ask for a text. It is counted in words or characters, and never blocks the way on.

    The answer is the text. `count` is a pair of the fewest and most words to aim for, "words" or "characters".
    With `copy`, what was written on those cards of lessons can be copied into it, where a journal is at hand.
    """

    kind = "write"

    def __init__(
        self,
        key: str,
        answers: Answers,
        words: str,
        count: tuple[int, int] | Unit = "characters",
        copy: str | Sequence[str] = (),
        past: PastWords | None = None,
    ) -> None:
        super().__init__(key, answers)
        self.words = read_words(words, key)
        self.copy = LessonCopy(key, copy, past)
        if not isinstance(count, tuple) and count not in _COUNTERS:
            raise BadWords(f"{key}: the text cannot be counted in “{count}”.", "Count in words or in characters.")
        self.count = count

    @property
    def references(self) -> Sequence[Reference]:
        """The cards from which words can be copied."""
        return self.copy.references

    @property
    def text(self) -> str:
        """What was written so far."""
        return self.value[:LONGEST_TEXT] if isinstance(self.value, str) else ""

    def body(self) -> list[Control]:
        """Return the text box with its counter, and advice where a check applies."""
        box = controls.area("text", self.words.question, self.text, most=ROOM, rows=self._rows(), count=self._counter())
        advice = [
            controls.text(f"advice-{number}", check.advice, "feedback", live=True)
            for number, check in enumerate(self.words.checks)
            if self.text.strip() and check.applies(self.text)
        ]
        return [*controls.lead(self.words.lead), box, *advice, *self.copy.told()]

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
            self.copy.close()
            self.save(check_length(value) if value.strip() else None)

    def actions(self) -> list[Button]:
        """Offer to copy from a lesson; where words stand here already, ask what is to become of them."""
        return self.copy.buttons(add=say("copy.add"), replace=say("copy.replace"), keep=say("copy.keep"))

    def act(self, button: str) -> None:
        """Copy from a lesson: into an empty box at once, else in the way that was asked for."""
        way, text = self.copy.way(button), self.copy.text()
        if way == "copy" and self.text.strip() and text and text not in self.text:
            self.copy.ask()
        elif way in ("copy", "replace"):
            self._copy(text, text)
        elif way == "add":
            self._copy(text, f"{self.text.rstrip()}\n\n{text}")

    def _copy(self, text: str, whole: str) -> None:
        """Let the box hold `whole`, with the text of a lesson in it, and say so; or say why not."""
        if not text:
            self.copy.tell(self.copy.nothing_yet)
        elif text in self.text:
            self.copy.tell(say("copy.already"))
        elif len(whole) > LONGEST_TEXT:
            self.copy.tell(say("copy.too-long"))
        else:
            self.save(whole)
            self.copy.tell_done(self.answers)

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return the question and the text."""
        return [(self.words.question, self.text)]
