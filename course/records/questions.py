"""How a question of an exercise is named to people, and whether its answer is there."""

from __future__ import annotations

import re

from course.content import words
from course.records.answer_units import Json


def question_name(key: str) -> str:
    """Return how a sentence begins with a question.

    >>> question_name("q1a"), question_name("reflection")
    ('Question 1a', 'The reflection')
    """
    number = re.fullmatch(r"q(\d+[a-z]?)", key)
    if number:
        return words("mark.question", number=number[1])
    return words("mark.reflection" if key == "reflection" else "mark.other")


def is_missing(answer: Json) -> bool:
    """Say whether nothing was answered.

    >>> is_missing(None), is_missing(" "), is_missing([None, None]), is_missing([None, "A"]), is_missing(0)
    (True, True, True, False, False)
    """
    if isinstance(answer, str):
        return not answer.strip()
    return answer is None or (isinstance(answer, list) and all(part is None for part in answer))


def is_unfinished(answer: Json) -> bool:
    """Say whether a part of an answer is still open.

    >>> is_unfinished(["A", None]), is_unfinished(["A", "B"])
    (True, False)
    """
    return is_missing(answer) or (isinstance(answer, list) and None in answer)
