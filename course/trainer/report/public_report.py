"""What may leave the room: no names, no one's marks, nothing of a small group (R2 of `course.privacy`).

It is made in units. A unit is one thing about one group of people: how many handed in an exercise, how its questions
went. What was given out once is known, so each unit says of whom it speaks, and `published.py` lets it change only
when enough people have changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from course.content.lessons import Lesson, lessons
from course.privacy import Cell, Group, PublishedCount
from course.records.questions import question_name
from course.trainer.report.data import CohortData
from course.trainer.report.questions import REFLECTION, Question, right_choices
from course.trainer.report.section import Section, table
from course.trainer.report.trainer import chosen_by, exercise_name, levels_of

NOT_SHOWN: Final = "not shown"
WHY_NOT_SHOWN: Final = (
    "“Not shown” stands where fewer than {fewest} people, or a part of fewer than five, would show through. "
    "That can be because nearly everyone is in one part. Numbers next to it are then left out too."
)
STAYS: Final = "A part with an earlier day stays as it was: too few people have changed in it since."


@dataclass(frozen=True)
class Unit:
    """One thing about one group of people, given out as a whole or not at all."""

    name: str
    content: Any
    """What is given out, as plain JSON."""
    of: Mapping[str, Mapping[str, Any]] = field(repr=False)
    """Of whom it speaks, for each number or set of parts that is shown: by learner, their own share in it."""


@dataclass(frozen=True)
class Settled:
    """A unit as it is given out now, and the day it is from."""

    content: Any
    day: str


Settle = Callable[[Unit], Settled]


def completion(data: CohortData, fewest: int, settle: Settle) -> Section:
    """Return the share of people who handed in each exercise."""
    rows: list[tuple[str, ...]] = []
    for lesson in lessons():
        settled = settle(_handed_in(data, lesson, fewest))
        rows.append((exercise_name(lesson), *settled.content, settled.day))
    return _section("completion", "How many get how far", ("Exercise", "Handed in, %"), rows, fewest)


def _handed_in(data: CohortData, lesson: Lesson, fewest: int) -> Unit:
    handed_in = data.handed_in(lesson.key)
    stands = {learner: "in" if learner in handed_in else "not" for learner in data.learners}
    group: Group = Group(data.learners, fewest)
    kept = group.counts(stands, ["in", "not"], "unknown")
    return Unit(f"handed in {lesson.key}", [_percent(kept.cells["in"])], {} if kept.is_hidden else {"stands": stands})


def questions(data: CohortData, fewest: int, settle: Settle) -> Section:
    """Return the share of right answers to each question, and the wrong option that most people chose."""
    rows: list[tuple[str, ...]] = []
    for lesson in lessons():
        settled = settle(_questions(data, lesson, fewest))
        rows += [(exercise_name(lesson), *row, settled.day) for row in settled.content]
    columns = ("Exercise", "Question", "Right (full marks), %", "Most chosen wrong option", "Chosen by, %")
    return _section("questions", "Question by question", columns, rows, fewest)


def _questions(data: CohortData, lesson: Lesson, fewest: int) -> Unit:
    """Return one exercise's questions: all are about the same people, those whose hand-in was marked."""
    asked = [one for one in data.questions if one.exercise == lesson.key and one.key != REFLECTION]
    own = data.marks[data.marks["exercise"] == lesson.key]
    group: Group = Group(own["learner"], fewest)
    content: list[list[str]] = []
    of: dict[str, dict[str, Any]] = {}
    for question in asked:
        marks = own[own["question"] == question.key]
        right = {str(one.learner): "right" if one.mark >= one.most else "not" for one in marks.itertuples()}
        chosen = chosen_by(data, question)
        row, is_shown = _question_row(group, question, right, chosen)
        content.append([question_name(question.key), *row])
        if is_shown:
            of[question.key] = {learner: [how, sorted(chosen.get(learner, []))] for learner, how in right.items()}
    return Unit(f"questions {lesson.key}", content, of)


def _question_row(
    group: Group, question: Question, right: Mapping[str, str], chosen: Mapping[str, list[str]]
) -> tuple[list[str], bool]:
    """Return the cells of one question, and whether any of them says something.

    Where people choose one option, right and wrong ones are parts of one whole: the wrong one that most chose is
    shown only where neither it nor the rest is small.
    """
    share = group.counts(right, ["right", "not"], "none").cells["right"]
    is_choice = question.kind == "choice"
    top = _top_choice(group, question, right, chosen) if is_choice else _top(_ticked(group, question, chosen))
    option, by = (question.words.get(top[0], top[0]), _percent(top[1])) if top else (NOT_SHOWN, NOT_SHOWN)
    return [_percent(share), option, by], isinstance(share, PublishedCount) or top is not None


def _top_choice(
    group: Group, question: Question, right: Mapping[str, str], chosen: Mapping[str, list[str]]
) -> tuple[str, PublishedCount] | None:
    wrong = Counter(option for options in chosen.values() for option in options if option != question.best)
    if not wrong:
        return None
    option = min(wrong, key=lambda one: (-wrong[one], one))
    own = {learner for learner, options in chosen.items() if options == [option]}
    stands = {one: "right" if how == "right" else "top" if one in own else "rest" for one, how in right.items()}
    parts = group.counts(stands, ["right", "top", "rest"], "none").cells
    shown = [part for part in parts.values() if isinstance(part, PublishedCount)]
    return (option, shown[1]) if len(shown) == len(parts) else None


def _ticked(group: Group, question: Question, chosen: Mapping[str, list[str]]) -> Iterator[tuple[str, Cell]]:
    options = question.words if question.kind == "matching" else question.options
    for option in (one for one in options if one not in right_choices(question)):
        stands = {learner: "chosen" if option in options else "not" for learner, options in chosen.items()}
        yield option, group.counts(stands, ["chosen", "not"], "none").cells["chosen"]


def _top(parts: Iterator[tuple[str, Cell]]) -> tuple[str, PublishedCount] | None:
    shown = [(option, part) for option, part in parts if isinstance(part, PublishedCount)]
    return max(shown, key=lambda one: one[1].count, default=None)


def levels(data: CohortData, fewest: int, settle: Settle) -> Section:
    """Return the share of reflections at level 3 or 4, of those that a person has read; each level where all show."""
    rows: list[tuple[str, ...]] = []
    for lesson in lessons():
        settled = settle(_levels(data, lesson, fewest))
        rows.append((exercise_name(lesson), *settled.content, settled.day))
    columns: tuple[str, ...] = (
        "Exercise",
        "Level 3 or 4, %",
        "Level 4, %",
        "Level 3, %",
        "Level 2, %",
        "Level 1 or blank, %",
    )
    if all(cell == NOT_SHOWN for row in rows for cell in row[2:-1]):
        columns, rows = columns[:2], [(*row[:2], row[-1]) for row in rows]
    return _section("levels", "Reflections by level", columns, rows, fewest)


def _levels(data: CohortData, lesson: Lesson, fewest: int) -> Unit:
    found = {learner: max(level, 1) for learner, level in levels_of(data, lesson.key).items()}
    group: Group = Group(found, fewest)
    high = group.counts({learner: level > 2 for learner, level in found.items()}, [True, False], "none").cells[True]
    each = group.counts(found, (4, 3, 2, 1), 0).cells
    is_whole = all(isinstance(part, PublishedCount) for part in each.values())
    cells = [_percent(high), *(_percent(each[level]) if is_whole else NOT_SHOWN for level in (4, 3, 2, 1))]
    return Unit(
        f"levels {lesson.key}", cells, {"levels": found} if isinstance(high, PublishedCount) or is_whole else {}
    )


def _section(name: str, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], fewest: int) -> Section:
    """Return a section of one table; each row ends with its day, which is said once where all are from one day."""
    days = {row[-1] for row in rows}
    why = WHY_NOT_SHOWN.format(fewest=fewest)
    if len(days) == 1:
        return Section(name, title, (f"As of {days.pop()}.", why), table(title, columns, [row[:-1] for row in rows]))
    return Section(name, title, (why, STAYS), table(title, (*columns, "As of"), rows))


def _percent(part: Cell) -> str:
    return str(part.percent) if isinstance(part, PublishedCount) else NOT_SHOWN
