"""A made-up cohort, so that a trainer can see every part of a report before there is anything to report.

The ratings follow the recipe of `course/records/synthetic_people.py`;
answers and marks are drawn with no recipe but chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from course.content import words
from course.content.lessons import lessons
from course.core.errors import UnknownLesson
from course.records.synthetic_people import SETS, Person, people
from course.trainer.report.data import ANSWERS, HAND_INS, MARKS, PEOPLE, CohortData, Ratings
from course.trainer.report.questions import REFLECTION, Question, all_questions, right_choices

if TYPE_CHECKING:
    from numpy.random import Generator

SEED: Final = 7
_LEAVES_AFTER: Final = 4
"""How many exercises those hand in who are not there at the end."""
_LATE, _WAITING, _RIGHT = 0.1, 0.1, 0.65


def made_up_cohort(name: str, root: Path) -> CohortData:
    """Return the cohort of set A, B, C or D, the same each time; raises UnknownLesson for another name."""
    import numpy as np
    import pandas as pd

    if name not in SETS:
        raise UnknownLesson(f"There is no synthetic set “{name}”.", f"Use one of: {', '.join(SETS)}.")
    random, known, drawn = np.random.default_rng(SEED), all_questions(root), people(name, SEED)
    hand_ins = list(_hand_ins(drawn, random))
    marked = [(learner, slug) for learner, slug, _, is_marked, waiting in hand_ins if is_marked or waiting]
    rows = list(_answered(marked, known, {row[:2] for row in hand_ins if row[4]}, random))
    return CohortData(
        people=pd.DataFrame([(one.name, "", one.name, "", one.name) for one in drawn], columns=list(PEOPLE)),
        hand_ins=pd.DataFrame(hand_ins, columns=list(HAND_INS)),
        marks=pd.DataFrame([mark for mark, _ in rows], columns=list(MARKS)),
        answers=pd.DataFrame([answer for _, answer in rows if answer], columns=list(ANSWERS)),
        ratings=_ratings(drawn),
        questions=known,
        label=words("synthetic.label"),
    )


def _ratings(drawn: Sequence[Person]) -> dict[str, dict[str, Ratings]]:
    by_moment = {"start": "start", "now": "now", "looking-back": "looking_back"}
    return {
        moment: {one.name: ratings for one in drawn if (ratings := getattr(one, field)) is not None}
        for moment, field in by_moment.items()
    }


def _hand_ins(drawn: Sequence[Person], random: Generator) -> Iterator[tuple[Any, ...]]:
    for place, lesson in enumerate(lessons()):
        for person in drawn:
            if person.now is not None or place < _LEAVES_AFTER:
                waiting = place == len(lessons()) - 1 and random.random() < _WAITING
                yield person.name, lesson.key, bool(random.random() < _LATE), not waiting, bool(waiting)


def _answered(
    marked: Sequence[tuple[str, str]], known: Sequence[Question], waiting: set[tuple[Any, ...]], random: Generator
) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...] | None]]:
    """Return a mark and an answer for each question of each hand-in; a reflection has no answer here."""
    for learner, slug in marked:
        for question in (one for one in known if one.exercise == slug):
            if question.key == REFLECTION:
                waits = (learner, slug) in waiting
                mark = 0.0 if waits else float(random.choice([3, 6, 9, 12], p=[0.1, 0.35, 0.35, 0.2]))
                yield (learner, slug, question.key, mark, question.most, waits), None
            else:
                answer, share = _answer(question, random)
                mark = round(question.most * share)
                yield (
                    (learner, slug, question.key, float(mark), question.most, False),
                    (*(learner, slug), question.key, answer),
                )


def _answer(question: Question, random: Generator) -> tuple[Any, float]:
    """Return an answer and the share of the marks that it earns."""
    if question.kind == "number":
        right = bool(random.random() < _RIGHT)
        return (5.0 if right else 4.2), float(right)
    if question.kind == "choice":
        letter = question.best if random.random() < _RIGHT else str(random.choice(list(question.options)))
        return letter, float(letter == question.best)
    if question.kind == "matching":
        given = [
            one if random.random() < _RIGHT else str(random.choice(list(question.options))) for one in question.best
        ]
        return given, sum(a == b for a, b in zip(given, question.best, strict=True)) / len(given)
    ticked = [one for one in question.options if random.random() < (0.85 if one in question.best else 0.25)]
    wrong = len(set(ticked) - set(right_choices(question)))
    return ticked, max(0, len(ticked) - 2 * wrong) / len(question.best)
