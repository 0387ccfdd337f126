"""`course record`: a record of completion on the terminal, or as a file. It returns its exit code.

Without an option, none of the learner's own words go into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from course.charts import journal_charts
from course.content import words
from course.core.errors import FolderUnusable
from course.core.storage import write_whole
from course.core.text_files import IN_WORDS, printable
from course.learner.record.completion import completion
from course.learner.record.contents import (
    CHARTS,
    RecordChoices,
    RecordPiece,
    chart_text,
    record_pieces,
    record_sections,
)
from course.learner.record.document import record_document, record_text
from course.records.journal import Journal

EVERYTHING = "all"
"""What stands for all pieces."""


def record(
    word: Path | None, text: Path | None, *, hours: str | None, with_others: str | None, added: Sequence[str]
) -> int:
    """Print a record, or write it to files, with the pieces that were added by name, and say which others there are.

    Raises FolderUnusable where a file is there already or cannot be written.
    """
    journal = Journal()
    done, pieces = completion(journal), record_pieces(journal)
    if not done.works:
        click.echo(words("record.empty"))
        return 0 if word is None and text is None else 1
    names = {piece.name for piece in pieces}
    chosen = names if EVERYTHING in added else {*added}
    if chosen - names:
        click.echo(f"There is nothing of yours under {', '.join(sorted(chosen - names))}.", err=True)
        _list_pieces(pieces)
        return 1
    texts = {"hours": done.hours if hours is None else hours, "with-others": with_others or ""}
    choices = RecordChoices(texts, pieces=frozenset(chosen))
    _, problem = choices.problem
    if problem:
        click.echo(problem, err=True)
        return 1

    def text_of(piece: RecordPiece) -> str:
        return chart_text(journal_charts(journal)) if piece.name == CHARTS else piece.text

    _check_free([path for path in (word, text) if path is not None])
    sections = record_sections(done, pieces, choices, text_of)
    label = words("synthetic.label") if journal.is_synthetic else ""
    if word is not None:
        _write(word, record_document(sections, label))
    if text is not None:
        _write(text, record_text(sections, label).encode())
    if word is None and text is None:
        click.echo(printable(record_text(sections, label), kept=IN_WORDS), nl=False)
    _list_pieces([piece for piece in pieces if piece.name not in chosen])
    return 0


def _check_free(paths: Sequence[Path]) -> None:
    """Raise FolderUnusable before anything is written, so that there are all files or none."""
    if len({path.absolute() for path in paths}) < len(paths):
        raise FolderUnusable(f"{paths[0]} is the name of both files.", "Give each its own. Nothing was changed.")
    for path in paths:
        if path.exists():
            raise FolderUnusable(f"{path} exists already.", "Choose another name. Nothing was changed.")


def _write(path: Path, data: bytes) -> None:
    try:
        write_whole(path, data)
    except OSError as error:
        raise FolderUnusable(
            f"The file {path} could not be written: {error.strerror or error}.",
            "Choose a folder that is there and that you can write to.",
        ) from error
    click.echo(f"Your record is in {path.absolute()}. It is yours to keep safe.")


def _list_pieces(pieces: Sequence[RecordPiece]) -> None:
    """Say what can be added; on standard error, so that a record that is piped into a file has none of it."""
    if not pieces:
        return
    click.echo("\nNone of these words of yours is in the record. To put one in, add --add and its name:", err=True)
    for piece in pieces:
        click.echo(f"  --add {piece.name}  {piece.label}", err=True)
    click.echo(f"  --add {EVERYTHING}  (all of them)", err=True)
