"""What a learner writes back to their trainer about the feedback on an exercise.

It is kept with the answers of the exercise and handed in with them, and it is no answer: nothing marks it, and a
hand-in that has nothing else new counts as the one before.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from course.core import names
from course.core.errors import AnswersNotKept
from course.records.answers.page import AnswerPage, parse_page
from course.records.answers.units import Json

REPLY: Final = "reply"
"""Its key among the answers of an exercise; no question has it."""


def reply_in(page: AnswerPage) -> str:
    """Return what a learner wrote back, or an empty text."""
    text = page.values().get(REPLY)
    return text.strip() if isinstance(text, str) else ""


def answers_alone(page: AnswerPage) -> dict[str, Json]:
    """Return the answers by key, without what the learner wrote back."""
    return {key: answer for key, answer in page.values().items() if key != REPLY}


def differs_in_reply_alone(first: bytes | None, second: bytes | None, exercise: str) -> bool:
    """Say whether two files of answers to an exercise have the same answers, and another reply."""
    pages = []
    for data in (first, second):
        try:
            pages.append(parse_page(data or b"", Path(names.ANSWERS), "exercise", exercise))
        except AnswersNotKept:
            return False
    one, other = pages
    return answers_alone(one) == answers_alone(other) and reply_in(one) != reply_in(other)
