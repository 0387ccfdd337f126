"""What `course tidy`, `course review` and `course new` do and say; each returns its exit code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from course.authoring import readability, skeleton
from course.authoring.notebook_page import NotebookPage, find_notebooks, name_of
from course.authoring.review import review as review_notebooks
from course.authoring.tidy import tidy as tidy_notebooks


def tidy(paths: Sequence[Path], *, check: bool) -> int:
    """Tidy notebooks, or with `check` only say which are not."""
    root = Path.cwd()
    untidy = tidy_notebooks(paths, root, write=not check)
    for path in untidy:
        click.echo(f"{'Not tidy' if check else 'Tidied'}: {name_of(path, root)}")
    if check and untidy:
        click.echo("Run make tidy, and look at what it changed.")
        return 1
    if not untidy:
        click.echo(f"{_count(len(find_notebooks(paths, root)), 'notebook')}, all tidy.")
    return 0


def review(paths: Sequence[Path], *, words: bool) -> int:
    """Say what breaks a rule, cell by cell; with `words`, also how the lessons read."""
    root = Path.cwd()
    looked_at, problems = review_notebooks(paths, root)
    for problem in problems:
        click.echo(problem)
    found = _count(len(problems), "problem") if problems else "no problems"
    click.echo(f"{_count(len(looked_at), 'notebook')}, {found}.")
    pages = [NotebookPage(path, root) for path in looked_at]
    for line in readability.report(pages) if words else readability.summary(pages):
        click.echo(line)
    return 1 if problems else 0


def new(name: str) -> int:
    """Begin a lesson: its notebook and its exercise."""
    root = Path.cwd()
    for path in skeleton.begin(name, root):
        click.echo(f"Begun: {name_of(path, root)}")
    click.echo("Write where it says TODO; course review lists what is left.")
    return 0


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
