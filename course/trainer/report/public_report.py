"""The report that may be passed on: no names, no one's marks, nothing of a small group (rule R2 of `course.privacy`).

It is made in units. A unit is one thing about one group of people: how many handed in an exercise, how its questions
went. Each names the people behind its numbers, so that `release_log` lets it change only when enough people have
changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from course.content import trainer_words
from course.content.lessons import Lesson, lessons
from course.privacy import Cell, Group, PublishedCount
from course.records.answers.text import question_name
from course.records.answers.units import Json
from course.trainer.marked_questions import REFLECTION, MarkedQuestion
from course.trainer.report.cohort_data import CohortData
from course.trainer.report.release_log import ReleaseUnit, ReleaseUnits, UnitContent
from course.trainer.report.sections import ReportSection, section_table
from course.trainer.report.trainer_report import (
    chosen_by,
    exercise_name,
    levels_of,
    own_levels,
    wrong_options,
)

_SHOWN_LEVELS: Final = (4, 3, 2, 1)
"""A blank reflection counts with level 1."""
_Option: TypeAlias = tuple[str, PublishedCount]
"""An option and how many chose it."""


def completion(data: CohortData, min_group: int, release: ReleaseUnits) -> ReportSection:
    """Return the share of people who handed in each exercise."""
    rows = _released_rows([_completion_unit(data, lesson, min_group) for lesson in lessons()], release)
    return _section("completion", "public-completion", _columns("exercise", "handed-in-percent"), rows, min_group)


def _completion_unit(data: CohortData, lesson: Lesson, min_group: int) -> ReleaseUnit:
    handed_in = data.handed_in(lesson.key)
    states = {learner: "in" if learner in handed_in else "not" for learner in data.learners}
    table = Group(data.learners, min_group).counts(states, ["in", "not"], "unknown")
    content = UnitContent(((_percent(table.cells["in"]),),))
    return ReleaseUnit(f"handed in {lesson.key}", content, {} if table.is_hidden else {"stands": states})


def questions(data: CohortData, min_group: int, release: ReleaseUnits) -> ReportSection:
    """Return the share of right answers to each question, and the wrong option that most people chose."""
    rows = _released_rows([_question_unit(data, lesson, min_group) for lesson in lessons()], release)
    columns = _columns("exercise", "question", "full-marks-percent", "wrong-option", "chosen-percent")
    return _section("questions", "questions", columns, rows, min_group)


def _question_unit(data: CohortData, lesson: Lesson, min_group: int) -> ReleaseUnit:
    """Return one exercise's questions: all are about the same people, those whose submission was marked."""
    questions = [
        question for question in data.questions if question.exercise == lesson.key and question.key != REFLECTION
    ]
    group = Group([row.learner for row in data.marks_of(lesson.key)], min_group)
    rows: list[tuple[str, ...]] = []
    shares: dict[str, dict[str, Json]] = {}
    for question in questions:
        marks = data.marks_of(lesson.key, question.key)
        right = {row.learner: "right" if row.marks >= row.most else "not" for row in marks}
        chosen = chosen_by(data, question)
        cells, is_shown = _question_cells(group, question, right, chosen)
        rows.append((question_name(question.key), *cells))
        if is_shown:
            shares[question.key] = {learner: [mark, sorted(chosen.get(learner, []))] for learner, mark in right.items()}
    return ReleaseUnit(f"questions {lesson.key}", UnitContent(tuple(rows)), shares)


def _question_cells(
    group: Group, question: MarkedQuestion, right: Mapping[str, str], chosen: Mapping[str, list[str]]
) -> tuple[tuple[str, str, str], bool]:
    """Return the cells of one question, and whether any of them says something.

    Where people choose one option, right and wrong ones are cells of one table: the wrong one that most chose is
    shown only where neither it nor the rest is small.
    """
    share = group.counts(right, ["right", "not"], "none").cells["right"]
    if question.kind == "choice":
        wrong = _wrong_choices(group, question, right, chosen)
    else:
        wrong = _most_ticked(_wrong_ticks(group, question, chosen))
    hidden = trainer_words("report.not-shown")
    options = wrong_options(question, [option for option, _ in wrong]) if wrong else hidden
    cells = (_percent(share), options, _percent(wrong[0][1]) if wrong else hidden)
    return cells, isinstance(share, PublishedCount) or bool(wrong)


def _wrong_choices(
    group: Group, question: MarkedQuestion, right: Mapping[str, str], chosen: Mapping[str, list[str]]
) -> list[_Option]:
    """Return the wrong option that most chose, and all that were chosen as often; none where a cell is small."""
    tally = Counter(option for options in chosen.values() for option in options if option not in question.best)
    most_chosen = sorted(option for option, number in tally.items() if number == max(tally.values()))
    top = {
        learner: options[0] for learner, options in chosen.items() if len(options) == 1 and options[0] in most_chosen
    }
    answers = {
        learner: ("right", "") if mark == "right" else ("top", top[learner]) if learner in top else ("rest", "")
        for learner, mark in right.items()
    }
    parts = [("right", ""), *(("top", option) for option in most_chosen), ("rest", "")]
    cells = group.counts(answers, parts, ("none", "")).cells
    published = {key: cell for key, cell in cells.items() if isinstance(cell, PublishedCount)}
    return [(option, published["top", option]) for option in most_chosen] if len(published) == len(cells) else []


def _wrong_ticks(group: Group, question: MarkedQuestion, chosen: Mapping[str, list[str]]) -> Iterator[tuple[str, Cell]]:
    options, right = question.words, question.best
    for option in options:
        if option not in right:
            answers = {learner: "chosen" if option in ticked else "not" for learner, ticked in chosen.items()}
            yield option, group.counts(answers, ["chosen", "not"], "none").cells["chosen"]


def _most_ticked(options: Iterator[tuple[str, Cell]]) -> list[_Option]:
    published = [(option, cell) for option, cell in options if isinstance(cell, PublishedCount)]
    most = max((cell.count for _, cell in published), default=0)
    return [(option, cell) for option, cell in published if cell.count == most]


def levels(data: CohortData, min_group: int, release: ReleaseUnits) -> ReportSection:
    """Return the share of reflections at level 3 or 4, of those that a person has read; each level where all show."""
    shown = [lesson for lesson in lessons() if not own_levels(data, lesson.key)]
    rows = _released_rows([_level_unit(data, lesson, min_group) for lesson in shown], release, shown)
    columns = _columns("exercise", "high-percent", "level-4", "level-3", "level-2", "level-1")
    if all(cell == trainer_words("report.not-shown") for row in rows for cell in row[2:-1]):
        columns, rows = columns[:2], [(*row[:2], row[-1]) for row in rows]
    section = _section("levels", "levels", columns, rows, min_group)
    left_out = () if len(shown) == len(lessons()) else (trainer_words("report.own-levels"),)
    return replace(section, sentences=(*section.sentences, *left_out) if shown else left_out)


def _level_unit(data: CohortData, lesson: Lesson, min_group: int) -> ReleaseUnit:
    reached = {learner: max(level, 1) for learner, level in levels_of(data, lesson.key).items()}
    group = Group(reached, min_group)
    is_high = {learner: level > 2 for learner, level in reached.items()}
    high = group.counts(is_high, [True, False], missing=False).cells[True]
    by_level = group.counts(reached, _SHOWN_LEVELS, 0).cells
    is_whole = all(isinstance(cell, PublishedCount) for cell in by_level.values())
    hidden = trainer_words("report.not-shown")
    cells = (_percent(high), *(_percent(by_level[level]) if is_whole else hidden for level in _SHOWN_LEVELS))
    is_shown = isinstance(high, PublishedCount) or is_whole
    return ReleaseUnit(f"levels {lesson.key}", UnitContent((cells,)), {"levels": reached} if is_shown else {})


def _released_rows(
    units: Sequence[ReleaseUnit], release: ReleaseUnits, shown: Sequence[Lesson] | None = None
) -> list[tuple[str, ...]]:
    """Return the rows of a unit an exercise, or an exercise that is shown: its name, its cells and its day."""
    rows: list[tuple[str, ...]] = []
    for lesson, unit in zip(lessons() if shown is None else shown, units, strict=True):
        released = release(unit)
        rows += [(exercise_name(lesson), *row, released.day) for row in released.content.rows]
    return rows


def _section(
    name: str, title_key: str, columns: Sequence[str], rows: Sequence[Sequence[str]], min_group: int
) -> ReportSection:
    """Return a section of one table; each row ends with its day, which is said once where all are from one day."""
    title = trainer_words(f"report.{title_key}")
    days = {row[-1] for row in rows}
    why_hidden = trainer_words("report.why-not-shown", fewest=min_group)
    if len(days) == 1:
        as_of = trainer_words("report.as-of", day=days.pop())
        return ReportSection(
            name, title, (as_of, why_hidden), section_table(title, columns, [row[:-1] for row in rows])
        )
    tables = section_table(title, (*columns, *_columns("as-of")), rows)
    return ReportSection(name, title, (why_hidden, trainer_words("report.earlier-day")), tables)


def _columns(*keys: str) -> list[str]:
    return [trainer_words(f"report-columns.{key}") for key in keys]


def _percent(cell: Cell) -> str:
    return str(cell.percent) if isinstance(cell, PublishedCount) else trainer_words("report.not-shown")
