"""The version of an exercise that a learner answered, and what a trainer reads where it is not today's.

A hand-in of another version, earlier or newer, is set aside by name: the keys of these questions say nothing about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from course.content import trainer_words
from course.content.lessons import exercise_version, lesson_key
from course.core import names
from course.core.errors import AnswersNotKept
from course.records.answers.page import parse_page


def why_set_aside(slug: str, answered: int | None, learner: str) -> str:
    """Return what happened and what to do next where a hand-in is of another version; an empty text otherwise.

    `answered` is None where nothing was answered: there is nothing to mark by wrong keys.
    """
    today = exercise_version(slug)
    if answered is None or answered == today:
        return ""
    text = "version.earlier" if answered < today else "version.newer"
    return trainer_words(text, exercise=lesson_key(slug), learner=learner, answered=answered, today=today)


def answered_version(files: Mapping[str, bytes], slug: str) -> int | None:
    """Return the version of the exercise that the files of a hand-in answer; None where they say none."""
    data = files.get(names.ANSWERS)
    if data is None:
        return None
    try:
        return parse_page(data, Path(names.ANSWERS), "exercise", slug).version
    except AnswersNotKept:  # marking says what is wrong with them
        return None
