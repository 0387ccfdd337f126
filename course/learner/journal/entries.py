"""What is in a journal, in the words of the lessons: a page for each lesson, an entry for each activity answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from course.activities.card import SKIPPED, Card
from course.activities.notebook_cards import lesson_cards
from course.content import words
from course.content.lessons import follow_up, lessons
from course.core.tables import csv_bytes
from course.records.answers.units import Json
from course.records.journal import Journal
from course.records.raters.others import is_secret


@dataclass(frozen=True)
class JournalEntry:
    """What was answered in one activity."""

    key: str
    """The activity's key on its page."""
    question: str
    """What was asked, where the lines do not say it themselves; else an empty text."""
    lines: tuple[tuple[str, str], ...] = field(repr=False)
    """Pairs of what was asked and what was answered."""


@dataclass(frozen=True)
class JournalPage:
    """What was answered in one lesson."""

    key: str
    title: str
    """The lesson's title, or the key of a page that is of no lesson of this edition."""
    entries: tuple[JournalEntry, ...]
    problem: str = ""
    """What is wrong with the file, if anything is, and what to do."""


class AnswerRow(NamedTuple):
    """One answer, or one piece of an answer that has several."""

    lesson: str
    question: str
    part: str
    answer: str

    def __repr__(self) -> str:
        """Name the place and nothing that was answered."""
        return f"<AnswerRow of {self.lesson}, {self.question}>"


def journal_pages(journal: Journal) -> list[JournalPage]:
    """Return what is in the journal, in the order of the course; a page without any answer is left out."""
    pages = [journal_page(journal, name) for name in journal.written()]
    return [page for page in pages if page.entries or page.problem]


def journal_page(journal: Journal, name: str) -> JournalPage:
    """Return what was answered on one page, without what is on skipped activities.

    An answer to a question that is no longer in the lesson is given as it is saved.
    """
    page = journal.page(name)
    cards = {card.key: card for card in lesson_cards(name, page)}
    entries = [
        JournalEntry(key, card.heading, lines)
        for key, card in cards.items()
        if page.get(key) is not None and card.state != SKIPPED and (lines := _answered(card))
    ]
    for row in answer_rows(journal, name):
        if row.question not in cards:
            entries.append(JournalEntry(row.question, "", ((f"{row.question} {row.part}".strip(), row.answer),)))
    problem = f"{page.problem.message} {page.problem.hint}" if page.problem else ""
    return JournalPage(name, title_of(name), tuple(entries), problem)


def title_of(name: str) -> str:
    """Return the title of a page's lesson; the page's own key where there is no such lesson.

    >>> title_of("repair"), title_of("another")
    ('When trust is broken', 'another')
    """
    return next((lesson.title for lesson in (*lessons(), follow_up()) if lesson.key == name), name)


def answer_rows(journal: Journal, page_name: str | None = None) -> Iterator[AnswerRow]:
    """Yield the answers of one page, or of all: a row for each piece of an answer, and none for what is secret."""
    for name in journal.written() if page_name is None else [page_name]:
        page = journal.page(name)
        for key in page.keys():
            if is_secret(name, key):
                continue
            for part, answer in _pieces(page.get(key)):
                yield AnswerRow(name, key, part, answer)


def answer_table(journal: Journal) -> bytes:
    """Return all answers as a table that spreadsheets open; where they are made up, its first row says so."""
    label = [AnswerRow("", "", "", words("synthetic.label"))] if journal.is_synthetic else []
    return csv_bytes([AnswerRow._fields, *label, *answer_rows(journal)])


def _answered(card: Card) -> tuple[tuple[str, str], ...]:
    return tuple((question, answer) for question, answer in card.answer_lines() if answer.strip())


def _pieces(value: Json, part: str = "") -> Iterator[tuple[str, str]]:
    """Yield (where, text) for each piece of an answer.

    >>> list(_pieces({"COMP1": 5, "CARE1": "n"})), list(_pieces("B"))
    ([('COMP1', '5'), ('CARE1', 'n')], [('', 'B')])
    """
    if isinstance(value, dict | list):
        pieces = value if isinstance(value, dict) else {str(place): piece for place, piece in enumerate(value, start=1)}
        for name, piece in pieces.items():
            yield from _pieces(piece, f"{part}.{name}" if part else name)
    elif value is not None and value != "":
        yield part, value if isinstance(value, str) else json.dumps(value)
