"""What `course journal show`, `export` and `forget` do and say; each returns its exit code."""

from __future__ import annotations

from pathlib import Path

import click

from course.content.lessons import find_page, lessons
from course.learner.journal_text import in_words
from course.learner.working_copy import usual_place
from course.records.journal import Journal
from course.records.journal_export import export as export_pages


def show(slug: str | None) -> int:
    """Say where the journal is and all that is in it."""
    journal = Journal()
    names = _pages(journal, slug)
    click.echo(f"Your journal is in {journal.folder}. Only you can read it.")
    if not journal.files(slug):
        click.echo("There is nothing in it." if slug is None else "There is nothing on this page.")
        return 0
    for name in names:
        click.echo(f"\n{name}{_title(name)}")
        problem = journal.page(name).problem
        for line in str(problem).splitlines() if problem else ():
            click.echo(f"  {line}")
        for question, answer in in_words(journal, name):
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


def forget(slug: str | None, *, yes: bool) -> int:
    """Say what will be erased and what will not, ask, and erase."""
    journal = Journal()
    _pages(journal, slug)
    files = journal.files(slug)
    if not files:
        click.echo("There is nothing to erase." if slug is None else f"There is nothing to erase for {slug}.")
        _say_what_stays()
        return 0
    click.echo(f"This will be erased from {journal.folder}, for good:")
    for file in files:
        click.echo(f"  {file.name} ({_about(file)})")
    click.echo("The lock that belongs to each page goes with it.")
    _say_what_stays()
    click.echo("A lesson that is open in the browser still shows what you answered. Close it first.")
    if not yes and not click.confirm("Erase it?"):
        click.echo("Nothing was erased.")
        return 1
    for name in journal.forget(slug):
        click.echo(f"Erased: {name}")
    return 0


def _pages(journal: Journal, slug: str | None) -> list[str]:
    """Return the pages that are meant, or raise UnknownLesson."""
    if slug is None or slug in journal.written():
        return journal.written() if slug is None else [slug]
    return [find_page(slug)]


def _title(slug: str) -> str:
    return next((f": {lesson.title}" for lesson in lessons() if lesson.key == slug), "")


def _about(file: Path) -> str:
    if ".damaged-" in file.name:
        return "damaged, kept aside"
    if ".earlier-" in file.name:
        return "written earlier than this page, under a former name or by another version"
    return "left by a save that was stopped" if file.name.endswith(".tmp") else "your answers"


def _say_what_stays() -> None:
    exercises = usual_place() / "exercises"
    click.echo("Not part of the journal, and not erased: copies you made of it, and your answers to exercises.")
    kept = sorted(exercises.glob("*/answers*.json"))
    click.echo(f"  In {exercises} {'are these:' if kept else 'are none.'}")
    for file in kept:
        click.echo(f"    {file.relative_to(exercises)}")
    click.echo("  What you have handed in, your trainer has too.")
