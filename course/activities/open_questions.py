"""Which questions of an exercise have no whole answer yet, and what a learner is told who asks what is missing.

Nothing of the notebook is run: its text says what it asks, and the file of answers beside it what was answered.
Nothing here knows which answers are right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from course.content import words as say
from course.content.lessons import find_lesson
from course.core import names
from course.core.errors import AnswersNotKept, BadNotebook, UnknownLesson
from course.core.notebooks import Notebook, ask_calls, exercise_version, first_text, read_notebook, source
from course.records.answers.answers import Answers
from course.records.answers.text import is_missing, is_unfinished, question_name

_NO_QUESTIONS: Final = ("hand_in", "self_check", "share")
"""The kinds of activity that need no answer."""
Reply: TypeAlias = Mapping[str, object]
"""What nbgrader's validate handler replies: `success`, and under `value` a table of `failed`, `changed` and
`type_changed` cells, or a text where it went wrong."""


@dataclass(frozen=True)
class OpenQuestion:
    """A question without a whole answer."""

    key: str
    is_begun: bool
    """Whether a part of it was answered."""

    @property
    def title(self) -> str:
        """How people call it, such as “Question 2”."""
        return question_name(self.key)

    @property
    def sentence(self) -> str:
        """What is said of it."""
        return say("mark.not-finished" if self.is_begun else "mark.no-answer-yet", question=self.title)


def open_questions(notebook: Notebook, answers: Answers) -> list[OpenQuestion]:
    """Return the questions of an exercise's notebook that have no whole answer, in reading order."""
    keys = [first_text(call) for call in ask_calls(notebook) if getattr(call.func, "attr", "") not in _NO_QUESTIONS]
    return [
        OpenQuestion(key, is_begun=not is_missing(answers.get(key)))
        for key in keys
        if key and is_unfinished(answers.get(key))
    ]


def unanswered(folder: Path) -> list[str]:
    """Return what the questions without a whole answer are called, in reading order.

    `folder` is an exercise's own in the working copy, with its notebook and, once something was answered, its answers.
    Raises AnswersNotKept where the answers cannot be read, BadNotebook, OSError or UnknownLesson where there is no
    such exercise.
    """
    return [question.title for question in _read(folder)]


def missing_sentences(folder: Path, reply: Reply | None = None) -> list[str]:
    """Return in sentences what has no answer yet in the exercise in a folder, and never that an answer is right.

    `reply` is what nbgrader's validate handler replied; without it, only the files are looked at.
    """
    if reply is not None and _is_other_page(reply):
        return [say("missing.other-page")]
    try:
        sentences = [question.sentence for question in _read(folder)]
    except AnswersNotKept as error:
        return [f"{error.message} {error.hint}".strip()]
    except (BadNotebook, OSError, UnknownLesson):
        return [say("missing.not-checked")]
    if not sentences and reply is not None and not _has_passed(reply):
        return [say("missing.not-checked")]
    return sentences or [say("missing.none")]


def _read(folder: Path) -> list[OpenQuestion]:
    key = find_lesson(folder.name).key
    notebook = read_notebook(folder / names.notebook_name(folder.name))
    version = exercise_version(source(cell) for cell in notebook["cells"] if cell["cell_type"] == "code")
    answers = Answers.read_only(folder / names.ANSWERS, "exercise", key, version=version)
    if answers.problem:
        raise answers.problem
    return open_questions(notebook, answers)


def _is_other_page(reply: Reply) -> bool:
    """Say whether nbgrader found that cells are not as the exercise has them."""
    value = reply.get("value")
    return isinstance(value, Mapping) and bool(value.get("changed") or value.get("type_changed"))


def _has_passed(reply: Reply) -> bool:
    value = reply.get("value")
    return reply.get("success") is True and isinstance(value, Mapping) and not value.get("failed")
