"""The report for the trainer alone, as a page and as cells of a notebook: with names, and no number suppressed.

`cohort().completion()` and the other methods each show a section.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from course.content import say_day, trainer_words
from course.content.lessons import Lesson, lessons
from course.content.rubric import LEVEL_NUMBERS
from course.core import moments
from course.core.percentages import percent_of_share, whole_percent
from course.records.answer_text import is_missing, question_name
from course.trainer.course_directory import Coursework
from course.trainer.report.cohort_data import CohortData, MarkRow, read_cohort
from course.trainer.report.questions import REFLECTION, MarkedQuestion, choices
from course.trainer.report.ratings import rating_sections, rating_units
from course.trainer.report.release_log import release_all
from course.trainer.report.sections import (
    UNKNOWN,
    ReportSection,
    labelled_section,
    limits_section,
    section_html,
    section_table,
)
from course.trainer.report.statistics import discrimination, most_chosen_wrong, share_right
from course.trainer.report.synthetic_cohort import synthetic_cohort
from course.trainer.summary import Standing

if TYPE_CHECKING:
    from pandas import DataFrame


_MOST_NAMES: Final = 30
"""How many names a line of the page holds; the CSV file has all."""
_BETWEEN_NAMES: Final = "; "


def standings(data: CohortData) -> list[Standing]:
    """Return the progress of each exercise, of those on the roster; none where nobody is on it."""
    return [_standing(data, lesson) for lesson in lessons()] if data.people else []


def _standing(data: CohortData, lesson: Lesson) -> Standing:
    submissions = [submission for submission in data.submissions if submission.exercise == lesson.key]
    return Standing(
        lesson.key,
        handed_in=len(submissions),
        late=sum(submission.is_late for submission in submissions),
        marked=sum(submission.is_marked for submission in submissions),
        waiting=sum(submission.is_waiting for submission in submissions),
    )


def completion(data: CohortData) -> ReportSection:
    """Return how many handed in each exercise, how many were late, are marked, and wait for a person."""
    sentences = [trainer_words("report.roster", n=len(data.people))] if data.people else []
    if data.strangers:
        sentences.append(trainer_words("report.strangers", learners=", ".join(data.strangers)))
    columns = _columns("exercise", "handed-in", "handed-in-percent", "late", "marked", "waiting", "not-handed-in")
    rows = [_completion_row(data, lesson) for lesson in lessons()] if data.people else []
    return ReportSection(
        "completion",
        trainer_words("report.completion"),
        tuple(sentences) or (trainer_words("report.no-roster"),),
        section_table(trainer_words("report.completion-caption"), columns, rows),
    )


def _completion_row(data: CohortData, lesson: Lesson) -> tuple[object, ...]:
    standing, people = _standing(data, lesson), len(data.people)
    return (
        exercise_name(lesson),
        standing.handed_in,
        whole_percent(standing.handed_in, people),
        standing.late,
        standing.marked,
        standing.waiting,
        people - standing.handed_in,
    )


def missing(data: CohortData) -> ReportSection:
    """Return who has not handed in, by exercise; nobody for one whose day has not come."""
    names = dict(people_names(data))
    rows = []
    for lesson in lessons():
        if lesson.key in data.not_due:
            continue
        handed_in = data.handed_in(lesson.key)
        without = [name for learner, name in names.items() if learner not in handed_in]
        if without:
            rows.append((exercise_name(lesson), len(without), _BETWEEN_NAMES.join(without)))
    sentences = []
    if not names:
        sentences.append(trainer_words("report.no-roster"))
    elif not rows:
        sentences.append(trainer_words("report.all-due-handed-in" if data.not_due else "report.all-handed-in"))
    if names and data.not_due:
        sentences.append(trainer_words("report.not-due"))
    return ReportSection(
        "missing",
        trainer_words("report.missing"),
        tuple(sentences),
        section_table(trainer_words("report.missing-caption"), _columns("exercise", "people", "who"), rows),
    )


def with_fewer_names(section: ReportSection) -> ReportSection:
    """Return the section of who has not handed in with no more names than a page has room for."""
    tables = tuple(
        replace(table, rows=tuple((*row[:-1], _first_names(row[-1])) for row in table.rows)) for table in section.tables
    )
    return replace(section, tables=tables)


def _first_names(cell: str) -> str:
    names = cell.split(_BETWEEN_NAMES)
    if len(names) <= _MOST_NAMES:
        return cell
    first = _BETWEEN_NAMES.join(names[:_MOST_NAMES])
    return trainer_words("report.more-names", names=first, n=len(names) - _MOST_NAMES)


def people(data: CohortData, *, marks: bool) -> ReportSection:
    """Return every person with the progress of each exercise, and with the marks where the course has marks."""
    totals = data.totals()
    states = dict(_states(data, totals, marks=marks))
    numbers = [str(lesson.number) for lesson in lessons()]
    columns = [*_columns("person", "id"), *numbers, *(_columns("all-marks") if marks else [])]
    rows = []
    for learner, name in people_names(data):
        by_exercise = [states.get((learner, lesson.key), UNKNOWN) for lesson in lessons()]
        total = sum(total for (owner, _), total in totals.items() if owner == learner)
        rows.append((name, learner, *by_exercise, *([f"{total:g}"] if marks else [])))
    return ReportSection(
        "people",
        trainer_words("report.people-title"),
        (trainer_words("report.people-note" if rows else "report.no-roster"),),
        section_table(trainer_words("report.people-caption"), columns, rows),
    )


def _states(
    data: CohortData, totals: dict[tuple[str, str], float], *, marks: bool
) -> Iterator[tuple[tuple[str, str], str]]:
    for submission in data.submissions:
        key = (submission.learner, submission.exercise)
        if submission.is_waiting:
            state = trainer_words("report.waits")
        elif not submission.is_marked:
            state = trainer_words("report.new")
        else:
            state = f"{totals.get(key, 0):g}" if marks else trainer_words("report.read")
        yield key, trainer_words("report.and-late", state=state) if submission.is_late else state


def questions(data: CohortData) -> ReportSection:
    """Return how each marked question did: share right, the wrong option that most chose, discrimination."""
    columns = _columns(
        "exercise", "question", "marked", "right-percent", "wrong-option", "chosen-percent", "discrimination"
    )
    rows = [row for lesson in lessons() for row in _question_rows(data, lesson)]
    return ReportSection(
        "questions",
        trainer_words("report.questions"),
        (trainer_words("report.questions-note" if rows else "report.nothing-yet"),),
        section_table(trainer_words("report.questions-caption"), columns, rows),
    )


def _question_rows(data: CohortData, lesson: Lesson) -> Iterator[tuple[object, ...]]:
    marks = {(row.learner, row.question): row.marks for row in data.marks_of(lesson.key) if row.question != REFLECTION}
    if not marks:
        return
    questions = [
        question for question in data.questions if question.exercise == lesson.key and question.key != REFLECTION
    ]
    learners = sorted({learner for learner, _ in marks})
    by_person = [[marks.get((learner, question.key)) for question in questions] for learner in learners]
    for column, question in enumerate(questions):
        question_marks = [row[column] for row in by_person if row[column] is not None]
        right = share_right(question_marks, question.most)
        option, share = wrong_option(data, question) or (None, None)
        correlation = discrimination(by_person, column)
        yield (
            exercise_name(lesson),
            question_name(question.key),
            len(question_marks),
            None if right is None else percent_of_share(right),
            option,
            None if share is None else percent_of_share(share),
            None if correlation is None else f"{correlation:.2f}",
        )


def wrong_option(data: CohortData, question: MarkedQuestion) -> tuple[str, float] | None:
    """Return what the wrong option that most people chose says, with their share of all who answered."""
    chosen = most_chosen_wrong(list(chosen_by(data, question).values()), question.best)
    return (question.words.get(chosen[0], chosen[0]), chosen[1]) if chosen else None


def chosen_by(data: CohortData, question: MarkedQuestion) -> dict[str, list[str]]:
    """Return what each person chose who answered a question."""
    return {
        row.learner: choices(question, row.answer)
        for row in data.answers
        if (row.exercise, row.question) == (question.exercise, question.key) and not is_missing(row.answer)
    }


def levels(data: CohortData) -> ReportSection:
    """Return how many reflections reached each level of the rubric."""
    names = [trainer_words("report.level", number=number) for number in LEVEL_NUMBERS if number]
    columns = [*_columns("exercise"), *names, *_columns("blank", "waiting")]
    rows = []
    for lesson in lessons():
        marks = data.marks_of(lesson.key, REFLECTION)
        if marks:
            reached = list(levels_of(data, lesson.key).values())
            counts = (reached.count(number) for number in LEVEL_NUMBERS)
            rows.append((exercise_name(lesson), *counts, sum(row.is_waiting for row in marks)))
    return ReportSection(
        "levels",
        trainer_words("report.levels"),
        () if rows else (trainer_words("report.nothing-yet"),),
        section_table(trainer_words("report.levels-caption"), columns, rows),
    )


def levels_of(data: CohortData, exercise: str) -> dict[str, int]:
    """Return the number of the rubric's level of each reflection that a person has marked, by learner."""
    rubrics = [
        question.rubric for question in data.questions if (question.exercise, question.key) == (exercise, REFLECTION)
    ]
    return {
        row.learner: level.number
        for rubric in rubrics
        for row in data.marks_of(exercise, REFLECTION)
        if not row.is_waiting and (level := rubric.level_for(row.marks))
    }


def exercise_name(lesson: Lesson) -> str:
    """Return how an exercise is named in a report."""
    return f"{lesson.number}. {lesson.title}"


def people_names(data: CohortData) -> Iterator[tuple[str, str]]:
    """Yield the id of everyone on the roster with the name that a trainer knows them by."""
    for person in data.people:
        yield person.id, f"{person.first} {person.last}".strip() or person.id


def _columns(*keys: str) -> list[str]:
    return [trainer_words(f"report-columns.{key}") for key in keys]


MARK_COLUMNS: Final = [column.name for column in dataclasses.fields(MarkRow)]


class CohortCells:
    """The sections of one cohort's report, for the trainer's eyes; the limits stand under each."""

    def __init__(self, data: CohortData, *, min_group: int, marks: bool) -> None:
        self._data, self._min_group, self._marks = data, min_group, marks
        self._rating_sections: list[ReportSection] = []

    def __repr__(self) -> str:
        """Name nobody."""
        return f"<Cohort of {len(self._data.people)} people>"

    def completion(self) -> None:
        """Show how many handed in each exercise, how many were late, are marked and wait for a person."""
        self._show(completion(self._data))

    def missing(self) -> None:
        """Show who has not handed in, by exercise."""
        self._show(with_fewer_names(missing(self._data)))

    def questions(self) -> None:
        """Show how each marked question did, and which wrong option most people chose."""
        self._show(questions(self._data))

    def levels(self) -> None:
        """Show how many reflections reached each level; a course without marks has none."""
        without_marks = ReportSection("levels", trainer_words("report.levels"), (trainer_words("report.no-levels"),))
        self._show(levels(self._data) if self._marks else without_marks)

    def bars(self) -> None:
        """Show what people who shared their ratings report most and least often."""
        self._show(self._rating_section("bars"))

    def map(self) -> None:
        """Show where people who shared their ratings cluster."""
        self._show(self._rating_section("map"))

    def change(self) -> None:
        """Show whether ratings changed, and for how many of those who shared them at the start and at the end."""
        self._show(self._rating_section("change"))

    def limits(self) -> None:
        """Show what such numbers cannot say."""
        self._show(limits_section())

    def marks_table(self) -> DataFrame:
        """Return the marks as a pandas table, a row for each learner and question, for a trainer's own cells.

        Columns: learner, exercise, question, marks, most, is_waiting. Names are in it: it is not for passing on.
        """
        import pandas

        return pandas.DataFrame(map(dataclasses.asdict, self._data.marks), columns=MARK_COLUMNS)

    def _rating_section(self, name: str) -> ReportSection:
        if not self._rating_sections:
            units = rating_units(self._data, self._min_group)
            self._rating_sections = rating_sections(units, release_all(say_day(moments.today())))
        return next(section for section in self._rating_sections if section.name == name)

    def _show(self, section: ReportSection) -> None:
        from IPython.display import HTML, display

        display(HTML(section_html(labelled_section(section, self._data.label), self._data.label)))


def open_cohort(synthetic: str = "", root: Path | None = None) -> CohortCells:
    """Return the cohort of the course directory, or a made-up one by the name of its set: A, B, C or D."""
    coursework = Coursework(root) if root else Coursework.here()
    data = synthetic_cohort(synthetic, coursework.root) if synthetic else read_cohort(coursework)
    return CohortCells(data, min_group=coursework.cohort.fewest, marks=coursework.cohort.marks)
