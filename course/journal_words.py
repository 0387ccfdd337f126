"""A learner's journal as its owner reads it: what was asked, and what was answered, in words."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator

from course.answers import Answers
from course.ask import Ask
from course.ask.card import SKIPPED, Card
from course.errors import CourseError
from course.journal import Journal
from course.journal_export import lines
from course.notebooks import ask_calls, material, read_notebook


class _Reader(Ask):
    """An `Ask` that collects its cards and shows none."""

    def __init__(self, answers: Answers) -> None:
        super().__init__(answers)
        self.cards: list[Card] = []

    def _show(self, card: Card) -> None:
        self.cards.append(card)


def in_words(journal: Journal, slug: str) -> Iterator[tuple[str, str]]:
    """Yield question and answer for all that was answered on a page; None of it is on a card that was skipped.

    An answer to something that the lesson asks no more is given as it is kept.
    """
    page = journal.page(slug)
    cards = {card.key: card for card in _cards(slug, page)}
    for key, card in cards.items():
        if page.get(key) is not None and card.state != SKIPPED:
            yield from ((question, answer) for question, answer in card.answer_lines() if answer.strip())
    for line in lines(journal, slug):
        if line.question not in cards:
            yield f"{line.question} {line.part}".strip(), line.answer


def _cards(slug: str, page: Answers) -> list[Card]:
    """Return the exercises of a lesson, made from its words without running the notebook."""
    path = material() / "notebooks" / f"{slug}.ipynb"
    reader = _Reader(page)
    with contextlib.suppress(OSError, CourseError):  # a page of another edition has no notebook here
        for call in ask_calls(read_notebook(path)):
            with contextlib.suppress(ValueError, TypeError, CourseError):  # what was kept is then shown as it is
                _make(reader, call)
    return reader.cards


def _make(reader: _Reader, call: ast.Call) -> None:
    assert isinstance(call.func, ast.Attribute)
    given = [ast.literal_eval(argument) for argument in call.args]
    named = {str(argument.arg): ast.literal_eval(argument.value) for argument in call.keywords}
    kind = None if call.func.attr.startswith("_") else getattr(reader, call.func.attr, None)
    if callable(kind):
        kind(*given, **named)
