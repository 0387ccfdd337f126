"""Rules for the exercises in a notebook: their keys and their words."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from course.activities.from_source import make_card
from course.authoring.page import Page, Problem, calls
from course.core import notebooks
from course.core.errors import CourseError
from course.records.answers import Answers


def keys_asked_once(page: Page) -> Iterator[Problem]:
    """Each answer has a key of its own."""
    seen: set[str] = set()
    for cell in page.code():
        for key in notebooks.ask_keys({"cells": [cell]}):
            if key in seen:
                yield page.problem(cell, f"the key “{key}” is asked twice.", "Give each exercise a key of its own.")
            seen.add(key)


def exercises_can_be_made(page: Page) -> Iterator[Problem]:
    """The words of every exercise can be read, without running the notebook."""
    for cell in page.code():
        for call in calls(cell, "ask"):
            try:
                try_card(call)
            except CourseError as error:
                yield page.problem(cell, error.message, error.hint)


def try_card(call: ast.Call) -> None:
    """Make the exercise that a call asks for, and all that is read from it, or raise what is wrong with it."""
    card = make_card(call, Answers(None, "lesson", "review"))
    card.parts()
    card.answer_lines()
