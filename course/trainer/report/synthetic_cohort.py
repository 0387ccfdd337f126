"""A made-up cohort, so that a trainer can see every part of a report before there is anything to report.

The ratings follow the recipe of `course/records/synthetic_people.py`; answers and marks are drawn with no recipe but
chance.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from course.content import words
from course.content.lessons import lessons
from course.content.scales import instrument_version
from course.core.errors import UnknownLesson
from course.records.answers.units import Json
from course.records.habit_check import HabitCheck, Ratings
from course.records.synthetic_people import SETS, SyntheticRater, people
from course.trainer.collecting.roster import RosterEntry
from course.trainer.marked_questions import REFLECTION, MarkedQuestion, all_questions
from course.trainer.report.cohort_data import CohortData, MarkedAnswer, MarkRow, SecondMarking, SubmissionState
from course.trainer.second_marks.sample import WrittenReflection, choose_sample
from course.trainer.second_marks.store import SecondMark

if TYPE_CHECKING:
    from numpy.random import Generator

SEED: Final = 7
_LEAVES_AFTER: Final = 4
"""How many exercises those hand in who are not there at the end."""
_LATE, _WAITING, _RIGHT = 0.1, 0.1, 0.65
_TICKED_RIGHT, _TICKED_WRONG = 0.85, 0.25
_STEPS, _STEP_SHARES = (-2, -1, 0, 1, 2), (0.05, 0.15, 0.6, 0.15, 0.05)
_SECOND_MARKER, _NO_WORDS = "KD", ""
_REFLECTION_MARKS, _REFLECTION_SHARES = (3, 6, 9, 12), (0.1, 0.35, 0.35, 0.2)


def synthetic_cohort(name: str, root: Path) -> CohortData:
    """Return the cohort of set A, B, C or D, the same each time; raises UnknownLesson for another name."""
    import numpy as np

    if name not in SETS:
        raise UnknownLesson(f"There is no synthetic set “{name}”.", f"Use one of: {', '.join(SETS)}.")
    random, questions, members = np.random.default_rng(SEED), all_questions(root), people(name, SEED)
    submissions = tuple(_submissions(members, random))
    rows = [
        row
        for submission in submissions
        if submission.is_marked or submission.is_waiting
        for row in _question_rows(submission, questions, random)
    ]
    marks = tuple(mark for mark, _ in rows)
    return CohortData(
        people=tuple(RosterEntry(member.name, last=member.name, number=member.name) for member in members),
        submissions=submissions,
        marks=marks,
        answers=tuple(answer for _, answer in rows if answer),
        ratings={
            "start": _ratings((member.name, member.start) for member in members),
            "now": _ratings((member.name, member.now) for member in members),
            "looking-back": _ratings((member.name, member.looking_back) for member in members),
        },
        questions=questions,
        second=_second_marking(marks, questions, np.random.default_rng(SEED)),
        label=words("synthetic.label"),
    )


def _ratings(by_member: Iterator[tuple[str, Ratings | None]]) -> dict[str, HabitCheck]:
    version = instrument_version()
    return {name: HabitCheck(version, ratings) for name, ratings in by_member if ratings is not None}


def _second_marking(marks: Sequence[MarkRow], questions: Sequence[MarkedQuestion], random: Generator) -> SecondMarking:
    """Return a second marker's levels, most of them the first's and some a level or two away."""
    rubrics = {question.exercise: question.rubric for question in questions if question.key == REFLECTION}
    read = {
        (row.learner, row.exercise): row.marks for row in marks if row.question == REFLECTION and not row.is_waiting
    }
    sample = choose_sample(WrittenReflection(exercise, learner, _NO_WORDS) for learner, exercise in read)
    given = []
    for one in sample:
        first = rubrics[one.exercise].level_for(read[one.learner, one.exercise])
        step = int(random.choice(_STEPS, p=_STEP_SHARES))
        numbers = [level.number for level in rubrics[one.exercise].levels if level.number]
        if first:
            level = min(max(first.number + step, min(numbers)), max(numbers))
            given.append(SecondMark(one.exercise, one.learner, level, _SECOND_MARKER, one.digest))
    return SecondMarking(frozenset((one.learner, one.exercise) for one in sample), tuple(given))


def _submissions(members: Sequence[SyntheticRater], random: Generator) -> Iterator[SubmissionState]:
    for place, lesson in enumerate(lessons()):
        for member in members:
            if member.now is not None or place < _LEAVES_AFTER:
                waiting = place == len(lessons()) - 1 and bool(random.random() < _WAITING)
                late = bool(random.random() < _LATE)
                yield SubmissionState(member.name, lesson.key, late, not waiting, waiting)


def _question_rows(
    submission: SubmissionState, questions: Collection[MarkedQuestion], random: Generator
) -> Iterator[tuple[MarkRow, MarkedAnswer | None]]:
    """Yield a mark and an answer for each question of one submission; a reflection has no answer here."""
    learner = submission.learner
    for question in (question for question in questions if question.exercise == submission.exercise):
        if question.key == REFLECTION:
            waits = submission.is_waiting
            marks = 0.0 if waits else float(random.choice(_REFLECTION_MARKS, p=_REFLECTION_SHARES))
            yield MarkRow(learner, question.exercise, question.key, marks, question.most, waits), None
        else:
            answer, share = _answer(question, random)
            marks = float(round(question.most * share))
            yield (
                MarkRow(learner, question.exercise, question.key, marks, question.most),
                MarkedAnswer(learner, question.exercise, question.key, answer),
            )


def _answer(question: MarkedQuestion, random: Generator) -> tuple[Json, float]:
    """Return an answer and the share of the marks that it earns."""
    options = list(question.words)
    if question.kind == "number":
        is_right = bool(random.random() < _RIGHT)
        return (5.0 if is_right else 4.2), float(is_right)
    if question.kind == "choice":
        (right,) = question.best
        chosen = right if random.random() < _RIGHT else str(random.choice(options))
        return chosen, float(chosen == right)
    if question.kind == "matching":
        groups = sorted({option.split()[1] for option in options})
        placed = [right.split() for right in question.best]
        cards = {card: group if random.random() < _RIGHT else str(random.choice(groups)) for card, group in placed}
        return cards, sum(cards[card] == group for card, group in placed) / len(placed)
    ticked = [
        option for option in options if random.random() < (_TICKED_RIGHT if option in question.best else _TICKED_WRONG)
    ]
    wrong = len(set(ticked) - set(question.best))
    return ticked, max(0, len(ticked) - 2 * wrong) / len(question.best)
