"""A learner's journal as its owner reads it: what was asked, and what was answered, in words."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from course.activities.card import SKIPPED, Card
from course.activities.from_source import make_card
from course.core.errors import CourseError
from course.core.notebooks import ask_calls, material, read_notebook
from course.records.answers import Answers
from course.records.journal import Journal
from course.records.journal_export import lines


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
    cards = []
    with contextlib.suppress(OSError, CourseError):  # a page of another edition has no notebook here
        for call in ask_calls(read_notebook(material() / "notebooks" / f"{slug}.ipynb")):
            with contextlib.suppress(CourseError):  # what was kept is then shown as it is
                cards.append(make_card(call, page))
    return cards
