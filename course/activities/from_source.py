"""Make the cards that a notebook asks for from its text alone: nothing in it is run, and nothing is shown."""

from __future__ import annotations

import ast

from course.activities import Ask
from course.activities.card import Card
from course.core.errors import BadNotebook
from course.records.answers import Answers


class _CardCollector(Ask):
    """An `Ask` that holds the card it is asked for and shows none."""

    _card: Card

    def _show(self, card: Card) -> None:
        self._card = card


def make_card(call: ast.Call, answers: Answers) -> Card:
    """Return the card that a call of `ask.something(…)` asks for, or raise a CourseError that says what is wrong."""
    assert isinstance(call.func, ast.Attribute)
    ask, kind = _CardCollector(answers), call.func.attr
    method = None if kind.startswith("_") else getattr(ask, kind, None)
    if method is None:
        raise BadNotebook(f"there is no exercise ask.{kind}.", "AUTHORING.md lists the kinds of exercise.")
    try:
        arguments = [ast.literal_eval(argument) for argument in call.args]
        keywords = {str(argument.arg): ast.literal_eval(argument.value) for argument in call.keywords}
    except ValueError as error:
        raise BadNotebook(
            f"ask.{kind} is given something other than plain words and numbers.",
            "Write its words in quotation marks, right there.",
        ) from error
    try:
        method(*arguments, **keywords)
    except TypeError as error:
        raise BadNotebook(f"ask.{kind} is given too little or too much: {error}.", "AUTHORING.md shows how.") from error
    return ask._card
