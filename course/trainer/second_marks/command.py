"""`course second-marks`: make what a second marker reads and fills in, and read back what they filled in."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import click

from course.content import trainer_words
from course.content.lessons import lesson_key
from course.content.rubric import Rubric
from course.core import storage
from course.core.errors import CannotMark
from course.core.text_files import printable
from course.trainer.command_support import REFUSED, no_such_file, single_instance
from course.trainer.course_directory import Coursework
from course.trainer.marked_questions import REFLECTION, MarkedQuestion, all_questions
from course.trainer.second_marks.booklet import booklet_page, booklet_sheet
from course.trainer.second_marks.filled import check, read_filled
from course.trainer.second_marks.sample import WrittenReflection, choose_sample, plain_number, read_reflections
from course.trainer.second_marks.store import (
    FOLDER,
    PAGE,
    SHEET,
    SecondMark,
    read_second_marks,
    write_second_marks,
)
from course.trainer.summary import Refusal
from course.trainer.terminal_tables import SummaryTable, print_tables

BUSY: Final = "Second marks of this course are being written already."
_LARGEST: Final = 20_000_000
_LONGEST_INITIALS: Final = 20


@dataclass(frozen=True)
class SampledReflection:
    """A reflection that was chosen, and whether it has its second mark."""

    exercise: str
    number: str
    learner: str
    marked: bool


@dataclass
class SecondMarksSummary:
    """What was chosen in each exercise, and what became of a file that was read."""

    sample: list[SampledReflection] = field(default_factory=list)
    written: dict[str, int] = field(default_factory=dict)
    """How many reflections have words, by exercise."""
    files: list[str] = field(default_factory=list)
    """What was made, by its way from the course directory."""
    refused: list[Refusal] = field(default_factory=list)
    """The lines for which nothing of a file was kept."""
    notes: list[str] = field(default_factory=list)

    @property
    def tables(self) -> list[SummaryTable]:
        """What was refused, and how many were chosen and are marked, as tables."""
        return [*_refused_table(self.refused), *self._sample_table()]

    def _sample_table(self) -> Iterator[SummaryTable]:
        rows = []
        for exercise, written in self.written.items():
            chosen = [one for one in self.sample if one.exercise == exercise]
            marked = sum(one.marked for one in chosen)
            rows.append((exercise, str(written), str(len(chosen)), str(marked)))
        if rows:
            title = trainer_words("second-marks.sample")
            yield SummaryTable(title, _columns("exercise", "written", "chosen", "marked"), tuple(rows))

    def show(self, *, as_json: bool) -> int:
        """Print it for a person, or as JSON; return the command's exit code."""
        if as_json:
            sys.stdout.write(json.dumps({"command": "second-marks", **asdict(self)}, indent=1) + "\n")
        else:
            from rich.console import Console

            print_tables(Console(highlight=False), self.tables)
            for note in self.notes:
                click.echo(printable(note))
        return REFUSED if self.refused else 0


def _refused_table(refused: Sequence[Refusal]) -> Iterator[SummaryTable]:
    if refused:
        title = trainer_words("summary.refused")
        columns = (title, *(trainer_words(f"summary.{key}") for key in ("exercise", "why")))
        yield SummaryTable(title, columns, tuple((one.name, one.exercise, one.why) for one in refused))


def run(slugs: Sequence[str] = (), *, filled: Path | None = None, by: str = "") -> SecondMarksSummary:
    """Make the page and the table for a second marker in the course directory, or read a filled file."""
    coursework = Coursework.here()
    if filled is None:
        return make_booklet(coursework, slugs)
    return take_filled(coursework, _read(filled), by)


def make_booklet(coursework: Coursework, slugs: Sequence[str] = ()) -> SecondMarksSummary:
    """Write the page and the table with those chosen that have no second mark yet, of these exercises or of all.

    Raises CannotMark where nothing is marked yet, and where the table that is there was filled in and not read.
    """
    chosen = {lesson_key(slug) for slug in coursework.chosen(slugs)}
    with single_instance("second-marks", coursework.root, BUSY):
        everything, second_marks = _read_written(coursework), read_second_marks(coursework.root)
        written = [one for one in everything if one.exercise in chosen]
        if not written:
            raise CannotMark(trainer_words("second-marks.nothing"), trainer_words("second-marks.nothing-hint"))
        summary = _summary(written, second_marks)
        marked = _marked(written, second_marks)
        waiting = [one for one in choose_sample(written) if one.number not in marked]
        if not waiting:
            summary.notes.append(trainer_words("second-marks.all-marked"))
            return summary
        folder = coursework.root / FOLDER
        _check_sheet_was_read(folder / SHEET, everything, second_marks)
        storage.make_private(folder)
        page = booklet_page(waiting, reflection_questions(coursework.root))
        storage.write_whole(folder / PAGE, page.encode("utf-8", "replace"))
        storage.write_whole(folder / SHEET, booklet_sheet(waiting))
    summary.files = [f"{FOLDER}/{name}" for name in (PAGE, SHEET)]
    summary.notes.append(
        trainer_words("second-marks.made", n=len(waiting), page=summary.files[0], sheet=summary.files[1])
    )
    summary.notes.append(trainer_words("second-marks.made-how"))
    return summary


def take_filled(coursework: Coursework, data: bytes, by: str) -> SecondMarksSummary:
    """Keep the marks of a filled file, all of them or, where one line cannot be taken, none.

    Raises CannotMark for a file that is none, and where it is not said who marked.
    """
    by = _initials(by)
    lines = read_filled(data)
    with single_instance("second-marks", coursework.root, BUSY):
        written, second_marks = _read_written(coursework), read_second_marks(coursework.root)
        checked = check(lines, by, written, _rubrics(coursework), second_marks)
        if checked.problems:
            notes = [trainer_words("second-marks.none-kept")]
            return SecondMarksSummary(refused=list(checked.problems), notes=notes)
        merged = {(mark.exercise, mark.learner): mark for mark in (*second_marks, *checked.marks)}
        if checked.marks:
            write_second_marks(coursework.root, merged.values())
    summary = _summary(written, list(merged.values()))
    summary.notes.append(trainer_words("second-marks.kept", n=len(checked.marks), by=by))
    if checked.empty:
        summary.notes.append(trainer_words("second-marks.empty", n=checked.empty))
    if checked.marks:
        summary.notes.append(trainer_words("second-marks.kept-how"))
    return summary


def reflection_questions(root: Path) -> dict[str, MarkedQuestion]:
    """Return what is asked for each exercise's reflection, where its guide has levels."""
    reflections = (question for question in all_questions(root) if question.key == REFLECTION)
    return {question.exercise: question for question in reflections if question.rubric.levels}


def _rubrics(coursework: Coursework) -> dict[str, Rubric]:
    return {key: question.rubric for key, question in reflection_questions(coursework.root).items()}


def _read_written(coursework: Coursework) -> list[WrittenReflection]:
    """Return the reflections of everybody in the gradebook, of exercises that have levels."""
    if not coursework.has_gradebook:
        return []
    with coursework.read_gradebook() as gradebook:
        learners = {student.id for student in gradebook.students}
    return read_reflections(coursework, learners, _rubrics(coursework))


def _summary(written: Sequence[WrittenReflection], second_marks: Sequence[SecondMark]) -> SecondMarksSummary:
    chosen, marked = choose_sample(written), _marked(written, second_marks)
    sample = [SampledReflection(one.exercise, one.number, one.learner, one.number in marked) for one in chosen]
    exercises = dict.fromkeys(one.exercise for one in sample)
    return SecondMarksSummary(
        sample, {exercise: sum(one.exercise == exercise for one in written) for exercise in exercises}
    )


def _marked(reflections: Iterable[WrittenReflection], second_marks: Sequence[SecondMark]) -> set[str]:
    """Return the numbers of those that have a second mark."""
    marks = {(mark.exercise, mark.learner): mark for mark in second_marks}
    return {one.number for one in reflections if (mark := marks.get((one.exercise, one.learner))) and mark.is_of(one)}


def _check_sheet_was_read(
    sheet: Path, written: Sequence[WrittenReflection], second_marks: Sequence[SecondMark]
) -> None:
    """Raise CannotMark where the table that would be replaced holds what is kept nowhere else."""
    try:
        lines = read_filled(storage.read_whole(sheet, largest=_LARGEST))
    except FileNotFoundError:
        return
    except (OSError, storage.Unusable, CannotMark):
        lines = None
    marked = _marked(written, second_marks)
    if lines is None or any(not line.is_empty and plain_number(line.number) not in marked for line in lines):
        raise CannotMark(
            trainer_words("second-marks.not-read", sheet=f"{FOLDER}/{SHEET}"),
            trainer_words("second-marks.not-read-hint", sheet=f"{FOLDER}/{SHEET}"),
        )


def _initials(by: str) -> str:
    initials = " ".join(by.split())
    if not initials or len(initials) > _LONGEST_INITIALS or initials != printable(initials):
        raise CannotMark(
            trainer_words("second-marks.no-initials"),
            trainer_words("second-marks.no-initials-hint", most=_LONGEST_INITIALS),
        )
    return initials


def _read(file: Path) -> bytes:
    try:
        return storage.read_whole(file, largest=_LARGEST)
    except FileNotFoundError:
        raise no_such_file(file) from None
    except (OSError, storage.Unusable):
        raise CannotMark(
            trainer_words("second-marks.unreadable", why=str(file)), trainer_words("second-marks.unreadable-hint")
        ) from None


def _columns(*keys: str) -> tuple[str, ...]:
    return tuple(trainer_words(f"second-marks.column-{key}") for key in keys)
