"""What the learner wrote on a card of a lesson, as another card asks for it: to copy it, or to set it beside a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from course.activities import controls
from course.activities.controls import Button, Control
from course.content import words as say
from course.content.lessons import find_page, follow_up, lessons
from course.core.errors import BadWords, UnknownLesson
from course.records.answers.answers import Answers

_REFERENCE = re.compile(r"([a-z0-9-]+)/([a-z0-9-]+)(?:/([a-z0-9-]+))?")


@dataclass(frozen=True)
class Reference:
    """A card of a lesson, or one field of it."""

    page: str
    """The lesson's key."""
    card: str
    """The card's key."""
    field: str = ""
    """The field's number or name, such as `2` or `then`; empty for the whole card."""

    @property
    def place(self) -> str:
        """How people read where it is.

        >>> Reference("repair", "at-next-meeting").place
        'lesson 4, “When trust is broken”'
        """
        lesson = next(lesson for lesson in (*lessons(), follow_up()) if lesson.key == self.page)
        return say("past.lesson" if lesson.number >= 0 else "past.other", number=lesson.number, title=lesson.title)


class PastWords(Protocol):
    """Reads what was written in the lessons, from the learner's own journal as it is on disk now."""

    def in_words(self, reference: Reference) -> str:
        """Return what was answered there as a person reads it, or an empty text."""

    def in_fields(self, reference: Reference) -> list[str]:
        """Return the texts of the card's fields in order; an empty one where nothing was written."""


def first_in_words(past: PastWords, references: Iterable[Reference]) -> str:
    """Return what was written on the first of these cards that has anything on it, or an empty text."""
    return next(filter(None, (past.in_words(reference).strip() for reference in references)), "")


def read_reference(text: str, where: str) -> Reference:
    """Return the card that `lesson/card` or `lesson/card/field` names, or raise BadWords.

    >>> read_reference("04-repair/at-next-meeting", "q")
    Reference(page='repair', card='at-next-meeting', field='')
    """
    match = _REFERENCE.fullmatch(text)
    if not match:
        raise BadWords(
            f"{where}: “{text[:60]}” names no card of a lesson.", "Write it as lesson/card or lesson/card/2."
        )
    try:
        return Reference(find_page(match[1]), match[2], match[3] or "")
    except UnknownLesson as error:
        raise BadWords(f"{where}: {error.message}", error.hint) from error


class LessonCopy:
    """The button that copies the learner's own words from cards of lessons, and what is said of it.

    A card asks it which `way` a press goes: `copy`, or one of those it offers where it would replace words. Nothing
    is offered where there is no journal at hand: in `source/`, and while nbgrader marks.
    """

    def __init__(self, where: str, copy: str | Sequence[str], past: PastWords | None) -> None:
        names = [copy] if isinstance(copy, str) else copy
        self.references = [read_reference(name, where) for name in names if name]
        self._past = past
        self._is_asking = False
        self._said = ""

    def text(self) -> str:
        """Return what was written, one paragraph a card; empty where nothing was written yet."""
        texts = [self._past.in_words(reference) for reference in self.references] if self._past else []
        return "\n\n".join(text for text in texts if text.strip())

    def fields(self) -> list[str]:
        """Return the texts of the fields of all cards, in order."""
        past = self._past
        return [text for reference in self.references for text in past.in_fields(reference)] if past else []

    def told(self) -> list[Control]:
        """Return what was said of the last press."""
        return [controls.text("copy-told", self._said, "feedback", live=True)] if self._said else []

    def buttons(self, **ways: str) -> list[Button]:
        """Return the button to copy, or a button for each way that a card offers while it asks, by name and label."""
        if self._past is None or not self.references:
            return []
        if self._is_asking:
            return [controls.button(f"copy-{way}", label) for way, label in ways.items()]
        return [controls.button("copy", say("copy.copy"))]

    def way(self, button: str) -> str:
        """Return which way a press on a button goes, or an empty text where it was not offered; it asks no longer."""
        was_asking, self._said, self._is_asking = self._is_asking, "", False
        if self._past is None or not self.references:
            return ""
        return button.removeprefix("copy-") if (button == "copy") != was_asking else ""

    def ask(self) -> None:
        """Ask what is to become of the words that are there."""
        self._is_asking, self._said = True, say("copy.ask")

    def tell(self, words: str) -> None:
        """Say what became of it."""
        self._said = words

    def tell_done(self, answers: Answers) -> None:
        """Say that it was copied, and in an exercise who will see it."""
        self.tell(say("copy.done" if answers.kind == "lesson" else "copy.done-exercise"))

    def close(self) -> None:
        """Ask no longer, and say nothing: the person went on."""
        self._is_asking, self._said = False, ""

    @property
    def nothing_yet(self) -> str:
        """What to say where nothing was written yet."""
        return say("copy.nothing", place=self.references[0].place)
