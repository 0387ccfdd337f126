"""Cohorts of people who do not exist, as tests need them: so many people, with these answers and ratings."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from course.records.habit_check import HabitCheck
from course.trainer.collecting.roster import RosterEntry
from course.trainer.marked_questions import REFLECTION, all_questions
from course.trainer.report.cohort_data import CohortData, MarkedAnswer, MarkRow, SubmissionState
from tests.exercise_keys import TRIES
from tests.paths import ROOT

SLUG = "starting-point"
QUESTIONS = all_questions(ROOT)
BEST = {key: tries[0][0] for key, tries in TRIES[SLUG].items()}
"""The right answers of exercise 0."""


def ids(count: int, start: int = 1) -> list[str]:
    return [f"synthetic-{number:03d}" for number in range(start, start + count)]


def a_cohort(
    people: Sequence[str],
    *,
    handed_in: Sequence[str] | None = None,
    answers: Callable[[int, str], Any] = lambda place, key: BEST[key],
    level: Callable[[int], int] = lambda place: 3,
    start: Mapping[str, Sequence[int | None]] | None = None,
    now: Mapping[str, Sequence[int | None]] | None = None,
    names: Mapping[str, tuple[str, str, str, str]] | None = None,
) -> CohortData:
    """Return a cohort in which exercise 0 was handed in and marked."""
    handed_in = list(people if handed_in is None else handed_in)
    asked = [question for question in QUESTIONS if question.exercise == SLUG]
    marks, given = [], []
    for place, learner in enumerate(handed_in):
        for question in asked:
            if question.key == REFLECTION:
                marks.append(MarkRow(learner, SLUG, REFLECTION, 3.0 * level(place), question.most))
            else:
                answer = answers(place, question.key)
                mark = question.most if answer == BEST[question.key] else 0.0
                marks.append(MarkRow(learner, SLUG, question.key, mark, question.most))
                given.append(MarkedAnswer(learner, SLUG, question.key, answer))
    named = names or {}
    return CohortData(
        people=tuple(RosterEntry(learner, *named.get(learner, ("", learner, "", ""))) for learner in people),
        submissions=tuple(SubmissionState(learner, SLUG, is_marked=True) for learner in handed_in),
        marks=tuple(marks),
        answers=tuple(given),
        ratings={"start": _checks(start), "now": _checks(now), "looking-back": {}},
        questions=QUESTIONS,
    )


def _checks(ratings: Mapping[str, Sequence[int | None]] | None, version: int = 2) -> dict[str, HabitCheck]:
    return {learner: HabitCheck(version, list(one)) for learner, one in (ratings or {}).items()}


def with_ratings(data: CohortData, *, version: int = 2, **moments: Mapping[str, Sequence[int | None]]) -> CohortData:
    """Return the cohort with these ratings too, in a version of the questions, by moment and learner."""
    added = {name: {**data.ratings.get(name, {}), **_checks(one, version)} for name, one in moments.items()}
    return replace(data, ratings={**data.ratings, **added})


def read_csv(data: bytes) -> list[dict[str, str]]:
    """Return the lines of a CSV file as a program reads them that knows the mark in front."""
    assert data.startswith(b"\xef\xbb\xbf"), "Excel would not know its encoding"
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
