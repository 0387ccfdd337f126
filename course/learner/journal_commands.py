"""A learner's journal as they see it and take it with them: `course journal show`, `export` and `forget`.

Each command returns its exit code. An export has every page as it is kept, and one table of all answers.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click

from course.activities.card import SKIPPED, Card
from course.activities.notebook_cards import make_card
from course.content.lessons import find_page, lessons
from course.core.errors import AnswersNotKept, CourseError
from course.core.notebooks import ask_calls, material, read_notebook
from course.core.storage import write_whole
from course.core.tables import csv_bytes
from course.learner.working_copy import usual_place
from course.records.answer_units import Json
from course.records.answers import Answers
from course.records.journal import Journal

TABLE = "journal.csv"


class AnswerRow(NamedTuple):
    """One answer, or one piece of an answer that has several."""

    lesson: str
    question: str
    part: str
    answer: str

    def __repr__(self) -> str:
        """Name the place and nothing that was answered."""
        return f"<AnswerRow of {self.lesson}, {self.question}>"


def answer_rows(journal: Journal, page_name: str | None = None) -> Iterator[AnswerRow]:
    """Yield the answers of one page, or of all: a row for each piece of an answer."""
    for name in journal.written() if page_name is None else [page_name]:
        page = journal.page(name)
        for key in page.keys():
            for part, answer in _pieces(page.get(key)):
                yield AnswerRow(name, key, part, answer)


def export_pages(journal: Journal, folder: Path) -> list[str]:
    """Copy the pages to a folder, with all answers in one table beside them; return the names of the files.

    Raises AnswersNotKept, before anything is written, if a file is there already or the folder cannot be used.
    """
    try:
        pages = {path.name: path.read_bytes() for path in journal.files() if path.is_file() and not path.is_symlink()}
        files = {**pages, TABLE: _table(journal)}
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in files:
            if (folder / name).exists():
                raise AnswersNotKept(f"{folder / name} exists already.", "Choose an empty folder. Nothing was changed.")
        for name, data in files.items():
            write_whole(folder / name, data)
    except AnswersNotKept:
        raise
    except OSError as error:
        raise AnswersNotKept(
            f"The journal could not be copied to {folder}: {error.strerror}.", "Choose a folder that you can write to."
        ) from error
    return list(files)


def _table(journal: Journal) -> bytes:
    return csv_bytes([AnswerRow._fields, *answer_rows(journal)])


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


def show(page_name: str | None) -> int:
    """Say where the journal is and all that is in it."""
    journal = Journal()
    names = _pages(journal, page_name)
    click.echo(f"Your journal is in {journal.folder}. Only your own account can open it.")
    click.echo("On a work computer, your IT department may be able to read or back up files.")
    if not journal.files(page_name):
        click.echo("There is nothing in it." if page_name is None else "There is nothing on this page.")
        return 0
    for name in names:
        click.echo(f"\n{name}{_title(name)}")
        problem = journal.page(name).problem
        for line in str(problem).splitlines() if problem else ():
            click.echo(f"  {line}")
        for question, answer in answers_in_words(journal, name):
            click.echo(f"  {question} – {answer}".replace("\n", "\n      "))
        for file in journal.files(name):
            if file.name != f"{name}.json":
                click.echo(f"  Also there: {file.name} ({_about(file)})")
    return 0


def export(folder: Path) -> int:
    """Copy the journal to a folder and say what was written."""
    written = export_pages(Journal(), folder)
    click.echo(f"Copied to {folder.absolute()}:")
    for name in written:
        click.echo(f"  {name}")
    click.echo("These copies are yours to keep safe: course journal forget does not erase them.")
    return 0


def forget(page_name: str | None, *, yes: bool) -> int:
    """Say what will be erased and what will not, ask, and erase."""
    journal = Journal()
    _pages(journal, page_name)
    files = journal.files(page_name)
    if not files:
        click.echo("There is nothing to erase." if page_name is None else f"There is nothing to erase for {page_name}.")
        _say_what_stays()
        return 0
    click.echo(f"This will be erased from {journal.folder}, for good:")
    for file in files:
        click.echo(f"  {file.name} ({_about(file)})")
    _say_what_stays()
    click.echo("A lesson that is open in the browser still shows what you answered. Close it first.")
    if not yes and not click.confirm("Erase it?"):
        click.echo("Nothing was erased.")
        return 1
    for name in journal.forget(page_name):
        click.echo(f"Erased: {name}")
    return 0


def _pages(journal: Journal, page_name: str | None) -> list[str]:
    """Return the pages that are meant, or raise UnknownLesson."""
    if page_name is None or page_name in journal.written():
        return journal.written() if page_name is None else [page_name]
    return [find_page(page_name)]


def _title(page_name: str) -> str:
    return next((f": {lesson.title}" for lesson in lessons() if lesson.key == page_name), "")


def _about(file: Path) -> str:
    if ".damaged-" in file.name:
        return "damaged, kept aside"
    if ".earlier-" in file.name:
        return "written earlier than this page, under a former name or by another version"
    return "left behind by an interrupted save" if file.name.endswith(".tmp") else "your answers"


def _say_what_stays() -> None:
    exercises = usual_place() / "exercises"
    click.echo("Not part of the journal, and not erased: copies you made of it, and your answers to exercises.")
    answer_files = sorted(exercises.glob("*/answers*.json"))
    click.echo(f"  In {exercises} {'are these:' if answer_files else 'are none.'}")
    for file in answer_files:
        click.echo(f"    {file.relative_to(exercises)}")
    click.echo("  What you have handed in, your trainer has too.")


def answers_in_words(journal: Journal, page_name: str) -> Iterator[tuple[str, str]]:
    """Yield question and answer for all that was answered on a page, without what is on skipped cards.

    An answer to a question that is no longer in the lesson is given as it is saved.
    """
    page = journal.page(page_name)
    cards = {card.key: card for card in _cards(page_name, page)}
    for key, card in cards.items():
        if page.get(key) is not None and card.state != SKIPPED:
            yield from ((question, answer) for question, answer in card.answer_lines() if answer.strip())
    for row in answer_rows(journal, page_name):
        if row.question not in cards:
            yield f"{row.question} {row.part}".strip(), row.answer


def _cards(page_name: str, page: Answers) -> list[Card]:
    """Return the exercises of a lesson, made from its words without running the notebook."""
    cards = []
    with contextlib.suppress(OSError, CourseError):  # a page of another edition has no notebook here
        for call in ask_calls(read_notebook(material() / "notebooks" / f"{page_name}.ipynb")):
            with contextlib.suppress(CourseError):  # what was saved is then shown as it is
                cards.append(make_card(call, page))
    return cards
