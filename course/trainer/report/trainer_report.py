"""The report for the trainer alone: with names, and no number suppressed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from course.charts.chart import Table
from course.content import all_of, trainer_words
from course.content.lessons import Lesson, lessons
from course.content.rubric import LEVEL_NUMBERS, RubricLevel
from course.core.percentages import percent_of_share, whole_percent
from course.records.answers.text import is_missing, question_name
from course.trainer.marked_questions import REFLECTION, MarkedQuestion, choices
from course.trainer.missing import say_caution
from course.trainer.report.cohort_data import CohortData
from course.trainer.report.sections import (
    UNKNOWN,
    ReportSection,
    section_table,
)
from course.trainer.report.statistics import discrimination, most_chosen_wrong, share_right
from course.trainer.summary import Standing

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
    waiting = sum(submission.is_waiting for submission in data.submissions)
    if waiting:
        sentences.append(trainer_words("report.unread", n=waiting))
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
    names = dict(distinct_names(data))
    rows, listed = [], {""}
    for lesson in lessons():
        if lesson.key in data.not_due:
            continue
        handed_in = data.handed_in(lesson.key)
        have_time = {learner for learner, exercise in data.has_time if exercise == lesson.key}
        without = [name for learner, name in names.items() if learner not in handed_in | have_time]
        if without:
            rows.append((exercise_name(lesson), len(without), _BETWEEN_NAMES.join(without)))
            listed.add(lesson.key)
    caution = data.why_not_known or say_caution(sum(exercise in listed for exercise in data.unsettled))
    sentences = [caution] if rows and caution else []
    if not names:
        sentences.append(trainer_words("report.no-roster"))
    elif not rows:
        some_have_time = data.not_due or data.has_time
        sentences.append(trainer_words("report.all-due-handed-in" if some_have_time else "report.all-handed-in"))
    if names and data.not_due:
        sentences.append(trainer_words("report.not-due"))
    if names and data.has_time:
        sentences.append(trainer_words("report.more-time"))
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
        total = sum(totals.get((learner, lesson.key), 0) for lesson in lessons())
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
        (trainer_words("report.questions-note"), trainer_words("report-limits.chance"))
        if rows
        else (trainer_words("report.nothing-yet"),),
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
    return (wrong_options(question, chosen[0]), chosen[1]) if chosen else None


def wrong_options(question: MarkedQuestion, options: Sequence[str]) -> str:
    """Return what an option says, or what several say that were chosen equally often."""
    texts = [question.words.get(option, option) for option in options]
    if len(texts) == 1:
        return texts[0]
    quoted = all_of(trainer_words("report.quoted", text=text) for text in texts)
    return trainer_words("report.equally-often", options=quoted)


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
    rows: list[tuple[str | int, ...]] = []
    own_tables: list[Table] = []
    for lesson in lessons():
        marks, own = data.marks_of(lesson.key, REFLECTION), own_levels(data, lesson.key)
        if marks:
            reached = list(levels_of(data, lesson.key).values())
            numbers = [level.number for level in own] or LEVEL_NUMBERS
            counts = (*(reached.count(number) for number in numbers), sum(row.is_waiting for row in marks))
            if own:
                own_tables += _own_level_table(exercise_name(lesson), own, counts)
            else:
                rows.append((exercise_name(lesson), *counts))
    return ReportSection(
        "levels",
        trainer_words("report.levels"),
        () if rows or own_tables else (trainer_words("report.nothing-yet"),),
        (*section_table(trainer_words("report.levels-caption"), columns, rows), *own_tables),
    )


def _own_level_table(exercise: str, own: Sequence[RubricLevel], counts: Sequence[int]) -> tuple[Table, ...]:
    """Return the table of an exercise with levels of the cohort's own, one a line."""
    names = [*(level.title for level in own), *_columns("waiting")]
    caption = trainer_words("report.own-levels-caption", exercise=exercise)
    return section_table(caption, _columns("level", "people"), zip(names, counts, strict=True))


def own_levels(data: CohortData, exercise: str) -> tuple[RubricLevel, ...]:
    """Return the levels of an exercise's reflection where the cohort set them; none where they are the course's."""
    return tuple(
        level
        for question in data.questions
        if (question.exercise, question.key) == (exercise, REFLECTION)
        for level in question.rubric.levels
        if level.is_own
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


def distinct_names(data: CohortData) -> Iterator[tuple[str, str]]:
    """Yield the same, where a name that two people have is followed by the id: for lists of nothing but names."""
    people = list(people_names(data))
    times = Counter(name for _, name in people)
    for learner, name in people:
        yield learner, name if times[name] == 1 else f"{name} ({learner})"


def _columns(*keys: str) -> list[str]:
    return [trainer_words(f"report-columns.{key}") for key in keys]
