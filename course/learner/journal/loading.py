"""Load a journal file, as the page and the command do it: what is asked first, and what is said of each lesson."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from course.content import row_of, words
from course.learner.journal.entries import journal_page, title_of
from course.records.journal import Journal
from course.records.journal_file import AskedAbout, JournalFile, PageResult, asked_about, compare, load


@dataclass(frozen=True)
class LessonLines:
    """What is said of one lesson."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """What a learner is asked before a file is loaded that is otherwise than their journal."""

    file: JournalFile = field(repr=False)
    lessons: tuple[LessonLines, ...]
    """The questions that are answered otherwise in the file, by lesson."""
    about: AskedAbout = field(repr=False)


def question_before(journal: Journal, file: JournalFile) -> Question | None:
    """Return what to ask before a file is loaded, or None where it takes nothing's place; nothing is changed.

    Raises BadJournalFile as `course.records.journal_file.load`.
    """
    results = compare(journal, file)
    about = asked_about(journal, results)
    lessons = tuple(_differences(journal, result) for result in results if result.kept)
    return Question(file, lessons, about) if about else None


def load_and_tell(
    journal: Journal, file: JournalFile, replace: AskedAbout | None = None
) -> tuple[str, list[LessonLines]]:
    """Load a file, and return what to say of it and of each of its lessons; raises BadJournalFile as `load`."""
    results = load(journal, file, replace)
    is_changed = any(result.is_changed or result.kept or result.problem for result in results)
    sentence = words("journal-file.done" if is_changed else "journal-file.nothing-new")
    return sentence, [LessonLines(title_of(result.lesson), _lines(result)) for result in results]


def _lines(result: PageResult) -> tuple[str, ...]:
    if result.problem:
        return (result.problem.message, result.problem.hint)
    counts: Sequence[tuple[str, list[str]]] = (
        ("added", result.added), ("completed", result.completed), ("replaced", result.replaced), ("kept", result.kept),
    )  # fmt: skip
    sentences = [words(f"journal-file.{name}", n=len(keys), name=result.aside) for name, keys in counts if keys]
    return tuple(sentences or [words("journal-file.nothing")])


def _differences(journal: Journal, result: PageResult) -> LessonLines:
    entries = {entry.key: entry for entry in journal_page(journal, result.lesson).entries}
    asked = []
    for key in result.kept:
        entry = entries.get(key)
        asked.append(f"“{(entry.question or entry.lines[0][0]) if entry else key}”")
    line = words("journal-file.different", n=len(asked), questions=row_of(asked))
    return LessonLines(title_of(result.lesson), (line,))
