"""Cards that a notebook asks for, made from its text alone, and what the learner wrote on those of the lessons.

Nothing of the notebook is run, and nothing is shown.
"""

from __future__ import annotations

import ast
import contextlib
import functools
from pathlib import Path

from course.activities import Ask
from course.activities.card import Card
from course.activities.kinds.choose import Choose
from course.activities.past_words import Reference
from course.core.errors import BadNotebook, CourseError
from course.core.notebooks import ask_calls, first_text, material, read_notebook
from course.records.answers.answers import Answers
from course.records.answers.units import Json
from course.records.journal import Journal


class _CardCollector(Ask):
    """An `Ask` that holds the card it is asked for and shows none."""

    _card: Card

    def _show(self, card: Card) -> None:
        self._card = card


def make_card(call: ast.Call, answers: Answers) -> Card:
    """Return the card that a call of `ask.something(…)` asks for, or raise a CourseError that says what is wrong."""
    assert isinstance(call.func, ast.Attribute)
    ask, kind = _CardCollector(answers), call.func.attr
    method = None if kind.startswith("_") else getattr(ask, kind, None)
    if method is None:
        raise BadNotebook(f"there is no exercise ask.{kind}.", "AUTHORING.md lists the kinds of exercise.")
    try:
        arguments = [ast.literal_eval(argument) for argument in call.args]
        keywords = {str(argument.arg): ast.literal_eval(argument.value) for argument in call.keywords}
    except (ValueError, TypeError, RecursionError, MemoryError) as error:
        raise BadNotebook(
            f"ask.{kind} is given something other than plain words and numbers.",
            "Write its words in quotation marks, right there.",
        ) from error
    try:
        method(*arguments, **keywords)
    except TypeError as error:
        raise BadNotebook(f"ask.{kind} is given too little or too much: {error}.", "AUTHORING.md shows how.") from error
    return ask._card


def lesson_cards(key: str, page: Answers) -> list[Card]:
    """Return the cards of a lesson in order, with the answers on its page of the journal.

    A card whose words are wrong is left out, and a lesson without a notebook has none.
    """
    cards = []
    with contextlib.suppress(OSError, CourseError):
        for call in _calls(material() / "notebooks" / f"{key}.ipynb"):
            with contextlib.suppress(CourseError):
                cards.append(make_card(call, page))
    return cards


def _calls(path: Path) -> tuple[ast.Call, ...]:
    """Return the calls of `ask.something(…)` in a notebook, which is read again only once it was changed."""
    status = path.stat()
    return _calls_as_of(path, status.st_mtime_ns, status.st_size)


@functools.lru_cache(maxsize=16)
def _calls_as_of(path: Path, _changed: int, _size: int) -> tuple[ast.Call, ...]:
    return tuple(ask_calls(read_notebook(path)))


class PastAnswers:
    """What one journal says on the cards of lessons. It is only read, and each time as it is on disk now."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def in_words(self, reference: Reference) -> str:
        """Return what was answered there as a person reads it, or an empty text.

        Blanks are read back in their sentences, as the lesson's notebook has them; without it, one below the other.
        """
        page = self._page(reference)
        card = self._card(reference, page)
        if card is None or reference.field:
            return "\n".join(filter(None, self._texts(reference, page, card)))
        if isinstance(card, Choose):
            option = card.words.option(card.picked)
            return option.text if option else ""
        return "\n".join(answer for _, answer in card.answer_lines() if answer.strip())

    def in_fields(self, reference: Reference) -> list[str]:
        """Return the texts of the card's fields in order; an empty one where nothing was written."""
        page = self._page(reference)
        return self._texts(reference, page, self._card(reference, page))

    def _page(self, reference: Reference) -> Answers:
        return Journal(self.folder).page(reference.page)

    def _card(self, reference: Reference, page: Answers) -> Card | None:
        return find_card(reference, page, material() / "notebooks")

    def _texts(self, reference: Reference, page: Answers, card: Card | None) -> list[str]:
        if reference.field:
            value = field_of(card, reference.field) if card else None
            return [_text(value)]
        value = page.get(reference.card)
        return [_text(piece) for piece in value] if isinstance(value, list) else [_text(value)]


def find_card(reference: Reference, page: Answers, notebooks: Path) -> Card | None:
    """Return the card that a reference names, as its lesson's notebook in that folder asks for it, or None."""
    try:
        page_calls = _calls(notebooks / f"{reference.page}.ipynb")
        calls = [call for call in page_calls if first_text(call) == reference.card]
        return make_card(calls[0], page) if calls else None
    except (CourseError, OSError):
        return None


def field_of(card: Card, name: str) -> Json:
    """Return the answer in one field of a card, by its number or name, or None."""
    try:
        return card.units.get(name)
    except NotImplementedError:  # an answer of one piece has no fields
        return None


def _text(value: Json) -> str:
    return value.strip() if isinstance(value, str) else ""
