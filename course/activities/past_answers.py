"""What the learner wrote in the lessons, read from the journal in the words of the lessons' own notebooks."""

from __future__ import annotations

from pathlib import Path

from course.activities.card import Card
from course.activities.choose import Choose
from course.activities.from_source import make_card
from course.activities.past_words import Reference
from course.core.errors import CourseError
from course.core.notebooks import ask_calls, first_text, material, read_notebook
from course.records.answer_units import Json
from course.records.answers import Answers
from course.records.journal import Journal


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
        notebook = read_notebook(notebooks / f"{reference.page}.ipynb")
        calls = [call for call in ask_calls(notebook) if first_text(call) == reference.card]
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
