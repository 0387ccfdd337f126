"""Marks and one line of feedback for the answers of an exercise.

nbgrader takes the number that a marking line returns as the marks of its cell,
and shows the feedback line in the formgrader and on the learner's feedback page.
What was handed in is untrusted input: whatever it is, it gets marks or a reason.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, TypeAlias

from course.content import edition_language
from course.content import words as say
from course.core.errors import NoAnswerYet
from course.core.html import element
from course.records.answer_text import is_missing, is_unfinished, question_name
from course.records.answer_units import Json
from course.records.answers import Answers

VALIDATE: Final = "validate"
AUTOGRADE: Final = "autograde"

Judge: TypeAlias = Callable[[Json], int | None]
"""Gives the marks for an answer, or None for what is no answer to the question."""


class Mark:
    """The marks for one exercise's answers.

    `marking` is what nbgrader is doing (its `NBGRADER_EXECUTION`), or an empty text for the learner's own view.
    """

    def __init__(self, answers: Answers, marking: str = "") -> None:
        self._answers = answers
        self._marking = marking

    def answered(self, key: str) -> int | None:
        """Raise NoAnswerYet while Validate looks for gaps, naming the question.

        While nbgrader marks, it is worth no marks by itself: without this, a cell
        that lost its marking line would get full marks.
        """
        if self._marking == VALIDATE:
            self._check_answered(key)
        return 0 if self._marking == AUTOGRADE else None

    def choice(self, key: str, best: str, *, of: str, marks: int, right: str, wrong: str) -> int:
        """Return full marks for the best letter of those in `of`, for example `of="ABCD"`."""

        def judge(answer: Json) -> int | None:
            if not _is_letter(answer, of):
                return None
            return marks if answer == best else 0

        return self._show(key, judge, marks, right, wrong)

    def ticks(self, key: str, best: str, *, of: str, right: str, wrong: str) -> int:
        """Return one mark for each right tick, less one for each wrong one, and never less than none."""

        def judge(answer: Json) -> int | None:
            if not isinstance(answer, list) or not all(_is_letter(letter, of) for letter in answer):
                return None
            ticked = set(answer)
            return max(0, len(ticked & set(best)) - len(ticked - set(best))) if len(ticked) == len(answer) else None

        return self._show(key, judge, len(best), right, wrong)

    def matching(self, key: str, best: str, *, of: str, right: str, wrong: str) -> int:
        """Return one mark for each card in its group; `best` has the group's letter for each card, in order."""

        def judge(answer: Json) -> int | None:
            if not isinstance(answer, list) or len(answer) != len(best):
                return None
            if not all(group is None or _is_letter(group, of) for group in answer):
                return None
            return sum(1 for group, wanted in zip(answer, best, strict=True) if group == wanted)

        return self._show(key, judge, len(best), right, wrong)

    def number(self, key: str, best: float, *, within: float = 0.0, marks: int, right: str, wrong: str) -> int:
        """Return full marks for a number no further than `within` from the best one."""

        def judge(answer: Json) -> int | None:
            value = _number(answer)
            return None if value is None else marks * math.isclose(value, best, rel_tol=1e-9, abs_tol=within)

        return self._show(key, judge, marks, right, wrong)

    def _check_answered(self, key: str) -> None:
        if self._answers.problem:
            raise NoAnswerYet(self._answers.problem.message, self._answers.problem.hint)
        answer = self._answers.get(key)
        if is_missing(answer):
            raise NoAnswerYet(say("mark.no-answer-yet", question=question_name(key)), say("mark.no-answer-yet-hint"))
        if is_unfinished(answer):
            raise NoAnswerYet(say("mark.not-finished", question=question_name(key)), say("mark.not-finished-hint"))

    def _show(self, key: str, judge: Judge, most: int, right: str, wrong: str) -> int:
        points, line = self._judge(key, judge, most, right, wrong)
        score = say("mark.score", question=question_name(key), marks=points, most=most)
        _display(score, line)
        return points

    def _judge(self, key: str, judge: Judge, most: int, right: str, wrong: str) -> tuple[int, str]:
        if self._answers.problem:
            return 0, say("mark.not-read", reason=self._answers.problem.message)
        answer = self._answers.get(key)
        if is_missing(answer):
            return 0, say("mark.no-answer")
        points = judge(answer)
        if points is None:
            return 0, say("mark.not-usable")
        return points, right if points == most else wrong


def _is_letter(value: object, of: str) -> bool:
    return isinstance(value, str) and len(value) == 1 and value in of


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def _display(score: str, line: str) -> None:
    """Show one line, for the page and as plain text, so that it is read wherever nbgrader shows it."""
    from IPython.display import display

    page = element("p", {"class": "course-mark", **edition_language().declared}, element("strong", score), " ", line)
    display({"text/html": str(page), "text/plain": f"{score} {line}"}, raw=True)
