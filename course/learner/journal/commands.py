"""A learner's journal as they see it and take it with them: `course journal show`, `export`, `save`, `load`, `forget`.

Each command returns its exit code. An export has every page as it is kept, a table of all answers, and a document
with the learner's words and charts.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path

import click

from course.charts import journal_charts
from course.content import all_of, words
from course.content.lessons import find_page
from course.core import storage
from course.core.errors import AnswersNotKept, BadJournalFile
from course.core.text_files import IN_WORDS, printable
from course.learner.journal.document import journal_document
from course.learner.journal.entries import answer_table, journal_page, journal_pages, title_of
from course.learner.journal.loading import LessonLines, load_and_tell, question_before
from course.learner.working_copy import usual_place
from course.records import journal_file
from course.records.journal import Journal

TABLE = "journal.csv"
DOCUMENT = "journal.docx"


def export_pages(journal: Journal, folder: Path) -> list[str]:
    """Copy the pages to a folder, with all answers in a table and in a document; return the names of the files.

    Raises AnswersNotKept, before anything is written, if a file is there already or the folder cannot be used.
    """
    try:
        pages = {path.name: path.read_bytes() for path in journal.files() if path.is_file() and not path.is_symlink()}
        document = journal_document(journal_pages(journal), journal_charts(journal), _label(journal))
        files = {**pages, TABLE: answer_table(journal), DOCUMENT: document}
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in files:
            if (folder / name).exists():
                raise AnswersNotKept(f"{folder / name} exists already.", "Choose an empty folder. Nothing was changed.")
        for name, data in files.items():
            storage.write_whole(folder / name, data)
    except AnswersNotKept:
        raise
    except OSError as error:
        raise AnswersNotKept(
            f"The journal could not be copied to {folder}: {error.strerror}.", "Choose a folder that you can write to."
        ) from error
    return list(files)


def _label(journal: Journal) -> str:
    return words("synthetic.label") if journal.is_synthetic else ""


def show(page_name: str | None) -> int:
    """Say where the journal is and all that is in it."""
    journal = Journal()
    names = _pages(journal, page_name)
    click.echo(f"Your journal is in {journal.folder}. {_who_can_open(journal.folder)}")
    click.echo("On a work computer, your IT department may be able to read or back up files.")
    if label := _label(journal):
        click.echo(label)
    if not journal.files(page_name):
        click.echo("There is nothing in it." if page_name is None else "There is nothing on this page.")
        return 0
    for name in names:
        page = journal_page(journal, name)
        click.echo(f"\n{name}" if page.title == name else f"\n{name}: {page.title}")
        problem = journal.page(name).problem
        for line in str(problem).splitlines() if problem else ():
            click.echo(f"  {line}")
        for question, answer in (line for entry in page.entries for line in entry.lines):
            click.echo(_shown(f"  {question} – {answer}").replace("\n", "\n      "))
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


def save(file: Path) -> int:
    """Save the whole journal as one file, and say where. Raises AnswersNotKept where it cannot be written there."""
    journal = Journal()
    try:
        if file.exists():
            raise AnswersNotKept(words("journal-file.exists", name=file), words("journal-file.exists-hint"))
        storage.write_whole(file, journal_file.journal_bytes(journal))
    except AnswersNotKept:
        raise
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise AnswersNotKept(
            words("journal-file.not-written", name=file, reason=reason), words("journal-file.not-written-hint")
        ) from error
    click.echo(words("journal-file.saved", name=file.absolute()))
    if lessons := journal_file.left_out(journal):
        click.echo(words("journal.left-out", lessons=all_of(f"“{title_of(lesson)}”" for lesson in lessons)))
    click.echo(words("journal-file.safe"))
    return 0


def load(file: Path, answer: str | None) -> int:
    """Load a journal file, and say of each lesson what became of it.

    Where the file is otherwise than the journal, the learner is asked, unless `answer` is “keep” or “take”.
    Raises BadJournalFile where the file cannot be used.
    """
    journal = Journal()
    read = journal_file.read_journal_file(_content(file))
    question = question_before(journal, read)
    if question and not answer:
        click.echo(words("journal-file.ask"))
        _say_lessons(question.lessons)
        answers = {str(number): name for number, name in enumerate(("keep", "take", "cancel"), start=1)}
        for number, name in answers.items():
            click.echo(f"{number}. {words(f'journal-file.{name}')}")
        answer = answers[click.prompt("", type=click.Choice(list(answers)), show_choices=False)]
        if answer == "cancel":
            click.echo(words("journal-file.cancelled"))
            return 1
    said, lessons = load_and_tell(journal, read, question.about if question and answer == "take" else None)
    click.echo(said)
    _say_lessons(lessons)
    return 0


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(journal_file.LARGEST + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadJournalFile(
            words("journal-file.not-read", name=file, reason=reason), words("journal-file.not-read-hint")
        ) from error


def _say_lessons(lessons: Iterable[LessonLines]) -> None:
    for lesson in lessons:
        click.echo(f"\n{_shown(lesson.title)}")
        for line in lesson.lines:
            click.echo(f"  {_shown(line)}")


def forget(page_name: str | None, *, yes: bool) -> int:
    """Say what will be erased and what will not, ask, and erase."""
    journal = Journal()
    _pages(journal, page_name)
    files = journal.files(page_name)
    if not files:
        journal.forget(page_name)  # what was typed and never saved may be in the browser
        click.echo("There is nothing to erase." if page_name is None else f"There is nothing to erase for {page_name}.")
        _say_what_stays()
        return 0
    click.echo(f"This will be erased from {journal.folder}, for good:")
    for file in files:
        click.echo(f"  {file.name} ({_about(file)})")
    _say_what_stays()
    click.echo("A lesson that is open in the browser saves what you type there again. Close it first.")
    click.echo("What your browser keeps because it was not saved yet goes when you next open a lesson.")
    if not yes and not click.confirm("Erase it?"):
        click.echo("Nothing was erased.")
        return 1
    for name in journal.forget(page_name):
        click.echo(f"Erased: {name}")
    return 0


def _shown(text: str) -> str:
    """Return words as a terminal may show them: a journal that was loaded may be a stranger's."""
    return printable(text, kept=IN_WORDS)


def _pages(journal: Journal, page_name: str | None) -> list[str]:
    """Return the pages that are meant, or raise UnknownLesson."""
    if page_name is None or page_name in journal.written():
        return journal.written() if page_name is None else [page_name]
    return [find_page(page_name)]


def _who_can_open(folder: Path) -> str:
    if storage.is_private(folder):
        return "Only your own account can open it."
    keep_out = f"chmod 700 {shlex.quote(str(folder))}"
    return f"Other accounts on this computer may be able to look into it. To keep them out: {keep_out}"


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
