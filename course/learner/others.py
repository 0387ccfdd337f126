"""“How others see me” without a server: `course others form` and `course others add`.

Each command returns its exit code.
"""

from __future__ import annotations

from pathlib import Path

import click

from course.activities.raters.form import rater_form_page
from course.activities.raters.result import about_result, printed_result, result_name
from course.content import words
from course.core import storage
from course.core.errors import BadTally, FolderUnusable
from course.records.journal import Journal
from course.records.raters.others import save_result
from course.records.raters.tally import LARGEST, empty_tally


def form(folder: Path) -> int:
    """Write the page with the forms and an empty table into a folder, and say where.

    Raises FolderUnusable where that cannot be done. A file that is there already stays, and nothing is written then.
    """
    files = {words("others-form.file"): rater_form_page().encode(), words("others-tally.file"): empty_tally()}
    paths = {folder / name: data for name, data in files.items()}
    for path in paths:
        if path.exists():
            raise FolderUnusable(words("others-command.exists", name=path), words("others-command.exists-hint"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, data in paths.items():
            storage.write_whole(path, data)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FolderUnusable(
            words("others-command.not-written", folder=folder, reason=reason), words("others-command.exists-hint")
        ) from error
    click.echo(words("others-command.written", folder=folder.absolute()))
    for path in paths:
        click.echo(f"  {path.name}")
    click.echo(words("others-command.print"))
    return 0


def add(table: Path, *, yes: bool) -> int:
    """Add what may be kept of a table of counted forms to the journal, after asking; say what it is, and no number.

    Raises BadTally where the table cannot be used, and AnswersNotKept where the journal cannot be written.
    """
    result = printed_result(_content(table))
    for line in about_result(result):
        click.echo(line)
    click.echo(words("others-result.what-is-kept"))
    if not yes and not click.confirm(words("others-command.keep-question")):
        click.echo(words("others-command.nothing-kept"))
        return 1
    save_result(Journal(), result)
    click.echo(words("others-command.kept", name=result_name(result)))
    click.echo(words("others-form.before"))
    click.echo(words("others-result.destroy"))
    return 0


def _content(table: Path) -> bytes:
    """Return what is in a file, and no more of it than shows that it is too large."""
    try:
        with table.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadTally(
            words("others-command.not-read", name=table, reason=reason), words("others-command.not-read-hint")
        ) from error
