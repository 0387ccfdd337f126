"""Rules for the exercises in a notebook: their keys and their words."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from course import notebooks
from course.answers import Answers
from course.ask import Ask
from course.ask.card import Card
from course.authoring.page import Page, Problem, calls
from course.errors import BadNotebook, CourseError


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
                make_card(call)
            except CourseError as error:
                yield page.problem(cell, error.message, error.hint)


class _Maker(Ask):
    """An `Ask` that makes each card, in memory, and shows none."""

    def __init__(self) -> None:
        super().__init__(Answers(None, "lesson", "review"))

    def _show(self, card: Card) -> None:
        card.parts()
        card.answer_lines()


def make_card(call: ast.Call) -> None:
    """Make the exercise that a call asks for, or raise what is wrong with it."""
    assert isinstance(call.func, ast.Attribute)
    kind = call.func.attr
    method = None if kind.startswith("_") else getattr(_Maker(), kind, None)
    if method is None:
        raise BadNotebook(f"there is no exercise ask.{kind}.", "AUTHORING.md lists the kinds of exercise.")
    try:
        given = [ast.literal_eval(argument) for argument in call.args]
        named = {str(argument.arg): ast.literal_eval(argument.value) for argument in call.keywords}
    except ValueError as error:
        raise BadNotebook(
            f"ask.{kind} is given something other than plain words and numbers.",
            "Write its words in quotation marks, right there.",
        ) from error
    try:
        method(*given, **named)
    except TypeError as error:
        raise BadNotebook(f"ask.{kind} is given too little or too much: {error}.", "AUTHORING.md shows how.") from error
