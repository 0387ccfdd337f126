"""What a trainer keeps of a cohort: with names and marks, and every number as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from course.content.lessons import Lesson, lessons
from course.records.questions import is_missing, question_name
from course.trainer.report.data import CohortData
from course.trainer.report.questions import REFLECTION, Question, choices, right_choices
from course.trainer.report.section import NOTHING_YET, Section, percent, table
from course.trainer.report.statistics import discrimination, most_chosen_wrong, share_right
from course.trainer.summary import Standing

LEVELS: Final = (4, 3, 2, 1, 0)
"""The levels of a reflection; 0 is a blank one."""
_NAMES: Final = 30
"""How many names a line of the page holds; the CSV file has all."""
_LEVEL: Final = 3
"""The marks between one level and the next; a trainer may go one mark either way."""


def standings(data: CohortData) -> list[Standing]:
    """Return how each exercise stands, of those on the roster; none where nobody is on it."""
    return [Standing(lesson.key, *_numbers(data, lesson)) for lesson in lessons()] if len(data.people) else []


def completion(data: CohortData) -> Section:
    """Return how many handed in each exercise, how many were late, are marked, and wait for a person."""
    columns = ("Exercise", "Handed in", "Handed in, %", "Late", "Marked", "Waiting for a person", "Not handed in")
    people = len(data.people)
    said = [f"There {'is 1 person' if people == 1 else f'are {people} people'} on the roster."] if people else []
    if data.strangers:
        said.append(f"Handed in by someone who is not on the roster, and not counted: {', '.join(data.strangers)}.")
    rows = (_completion_row(data, lesson) for lesson in lessons()) if people else ()
    return Section(
        "completion", "Who gets how far", tuple(said) or (_no_roster(),), table("By exercise", columns, rows)
    )


def _completion_row(data: CohortData, lesson: Lesson) -> tuple[object, ...]:
    handed_in, *others = _numbers(data, lesson)
    people = len(data.people)
    return exercise_name(lesson), handed_in, percent(handed_in, people), *others, people - handed_in


def _numbers(data: CohortData, lesson: Lesson) -> tuple[int, int, int, int]:
    """Return how many handed in an exercise, and how many of them are late, marked, and wait for a person."""
    own = data.hand_ins[data.hand_ins["exercise"] == lesson.key]
    late, marked, waiting = (int(own[column].astype(bool).sum()) for column in ("late", "marked", "waiting"))
    return len(own), late, marked, waiting


def missing(data: CohortData) -> Section:
    """Return who has not handed in, by exercise."""
    names = dict(people_names(data))
    rows = []
    for lesson in lessons():
        left = [names[learner] for learner in data.learners if learner not in data.handed_in(lesson.key)]
        if left:
            rows.append((exercise_name(lesson), len(left), "; ".join(left)))
    said = () if rows else ("Everyone has handed in everything." if names else _no_roster(),)
    return Section("missing", "Who has not handed in", said, table("Names", ("Exercise", "People", "Who"), rows))


def short_names(section: Section) -> Section:
    """Return the section of who has not handed in with no more names than a page has room for."""
    rows = []
    for one in section.tables:
        for exercise, count, who in one.rows:
            named = who.split("; ")
            more = len(named) - _NAMES
            kept = "; ".join(named[:_NAMES]) + (f"; and {more} more, in missing.csv" if more > 0 else "")
            rows.append((exercise, count, kept))
    tables = tuple(table(one.caption, one.columns, rows)[0] for one in section.tables)
    return Section(section.name, section.title, section.said, tables)


def people(data: CohortData, *, marks: bool) -> Section:
    """Return every person with how each exercise stands, and with the marks where the course has marks."""
    stands = dict(_stands(data, marks=marks))
    columns = ["Person", "Id", *(str(lesson.number) for lesson in lessons()), *(["All"] if marks else [])]
    totals = _totals(data) if marks else {}
    rows = []
    for learner, name in people_names(data):
        by_exercise = [stands.get((learner, lesson.key), "–") for lesson in lessons()]
        rows.append((name, learner, *by_exercise, *([f"{totals.get(learner, 0):g}"] if marks else [])))
    said = (
        "Columns have the numbers of the lessons. A dash: not handed in. “Waits”: a person has not read it yet. "
        "“New”: not marked yet."
    )
    tables = table("How each exercise stands", columns, rows)
    return Section("people", "Person by person", (said,) if rows else (_no_roster(),), tables)


def _stands(data: CohortData, *, marks: bool) -> Iterator[tuple[tuple[str, str], str]]:
    totals = data.marks.groupby(["learner", "exercise"])["mark"].sum().to_dict()
    for one in data.hand_ins.itertuples():
        place = (one.learner, one.exercise)
        done = f"{totals.get(place, 0):g}" if marks else "read"
        word = "waits" if one.waiting else done if one.marked else "new"
        yield place, f"{word}, late" if one.late else word


def _totals(data: CohortData) -> dict[str, float]:
    return {str(learner): float(mark) for learner, mark in data.marks.groupby("learner")["mark"].sum().items()}


def questions(data: CohortData) -> Section:
    """Return how each marked question did: share right, the wrong option that most chose, discrimination."""
    columns = (
        "Exercise",
        "Question",
        "Marked",
        "Right, %",
        "Most chosen wrong option",
        "Chosen by, %",
        "Discrimination",
    )
    said = (
        "Right: full marks. Discrimination: how far those who do well on the exercise’s other questions do well on "
        "this one, from -1 to 1; near 0 or below, look at the question. Shares need ten people.",
    )
    rows = [row for lesson in lessons() for row in _question_rows(data, lesson)]
    return Section(
        "questions", "Question by question", said if rows else (NOTHING_YET,), table("Questions", columns, rows)
    )


def _question_rows(data: CohortData, lesson: Lesson) -> Iterator[tuple[object, ...]]:
    own = data.marks[(data.marks["exercise"] == lesson.key) & (data.marks["question"] != REFLECTION)]
    if own.empty:
        return
    asked = [one for one in data.questions if one.exercise == lesson.key and one.key != REFLECTION]
    by_person = own.pivot_table(index="learner", columns="question", values="mark").reindex(
        columns=[q.key for q in asked]
    )
    rows = by_person.to_numpy().tolist()
    for place, question in enumerate(asked):
        marks = [mark for mark in by_person[question.key].tolist() if mark == mark]
        right = share_right(marks, question.most)
        option, share = wrong_option(data, question) or (None, None)
        how = discrimination(rows, place)
        yield (
            exercise_name(lesson),
            question_name(question.key),
            len(marks),
            None if right is None else percent(round(right * len(marks)), len(marks)),
            option,
            None if share is None else int(100 * share + 0.5),
            None if how is None else f"{how:.2f}",
        )


def wrong_option(data: CohortData, question: Question) -> tuple[str, float] | None:
    """Return what the wrong option that most people chose says, with their share of all who answered."""
    chosen = list(chosen_by(data, question).values())
    found = most_chosen_wrong(chosen, right_choices(question))
    return (question.words.get(found[0], found[0]), found[1]) if found else None


def chosen_by(data: CohortData, question: Question) -> dict[str, list[str]]:
    """Return what each person chose who answered a question."""
    own = data.answers[(data.answers["exercise"] == question.exercise) & (data.answers["question"] == question.key)]
    given = zip(own["learner"], own["answer"], strict=True)
    return {str(learner): choices(question, answer) for learner, answer in given if not is_missing(answer)}


def levels(data: CohortData) -> Section:
    """Return how many reflections reached each level of the rubric."""
    columns = ("Exercise", *(f"Level {level}" if level else "Blank" for level in LEVELS), "Waiting for a person")
    rows = []
    for lesson in lessons():
        own = data.marks[(data.marks["exercise"] == lesson.key) & (data.marks["question"] == REFLECTION)]
        if not own.empty:
            found = list(levels_of(data, lesson.key).values())
            waiting = int(own["waiting"].astype(bool).sum())
            rows.append((exercise_name(lesson), *(found.count(level) for level in LEVELS), waiting))
    return Section(
        "levels",
        "Reflections by level",
        () if rows else (NOTHING_YET,),
        table("Reflections at each level", columns, rows),
    )


def levels_of(data: CohortData, slug: str) -> dict[str, int]:
    """Return the level of each reflection that a person has marked."""
    own = data.marks[(data.marks["exercise"] == slug) & (data.marks["question"] == REFLECTION)]
    own = own[~own["waiting"].astype(bool)]
    return {str(learner): level(mark) for learner, mark in zip(own["learner"], own["mark"], strict=True)}


def level(mark: Any) -> int:
    """Return the level that a reflection's marks stand for: 12, 9, 6 or 3, or one mark either way.

    >>> [level(mark) for mark in (0, 2, 3, 4, 5, 8, 11, 13)]
    [0, 1, 1, 1, 2, 3, 4, 4]
    """
    return max(0, min(4, int(float(mark) / _LEVEL + 0.5)))


def exercise_name(lesson: Lesson) -> str:
    """Return how an exercise is named in a report."""
    return f"{lesson.number}. {lesson.title}"


def people_names(data: CohortData) -> Iterator[tuple[str, str]]:
    """Return everyone on the roster with the name that a trainer knows them by."""
    for one in data.people.itertuples():
        yield str(one.learner), f"{one.first} {one.last}".strip() or str(one.learner)


def _no_roster() -> str:
    return "Nobody is on the roster yet. Add people with: nbgrader db student import FILE.csv"
