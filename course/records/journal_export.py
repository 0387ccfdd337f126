"""A learner's journal as they take it with them: every page as it is kept, and one table of all answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from course.core.errors import AnswersNotKept
from course.core.storage import write_whole
from course.core.tables import csv_bytes
from course.records.answer_units import Json
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


def export(journal: Journal, folder: Path) -> list[str]:
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
