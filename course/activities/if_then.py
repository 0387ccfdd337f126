"""Make a plan: if this moment comes, then I will do that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from course.activities.form import Form
from course.activities.syntax import ActivityOption
from course.content import words as say
from course.core.errors import BadWords
from course.records.answer_text import plan_sentences
from course.records.answers import Answers

_FIELDS: Final = ("if", "then", "obstacle", "answer")


class IfThen(Form):
    """Ask for a moment and an act, join them and read the sentence back; with `obstacle`, also for what could stop it.

    The answer is a list: the moment, the act, and with an obstacle that one and the answer to it.
    """

    kind = "if-then"
    least = 0

    def __init__(self, key: str, answers: Answers, words: str, obstacle: bool = False) -> None:
        super().__init__(key, answers, words)
        self.names = list(_FIELDS if obstacle else _FIELDS[:2])
        if len(self.words.options) > len(self.names):
            raise BadWords(
                f"{key} has lines for more than the {len(self.names)} fields of a plan.",
                "Leave the last ones out, or write obstacle=True.",
            )

    def _unit_names(self) -> Sequence[str]:
        return _FIELDS

    @property
    def sentences(self) -> list[ActivityOption]:
        """The plan's fields, each with the checks that the words give it."""
        checks = [option.checks for option in self.words.options] + [[] for _ in self.names]
        return [
            ActivityOption(name, say(f"if-then.{name}"), checks=own)
            for name, own in zip(self.names, checks, strict=False)
        ]

    def joined(self) -> str:
        """Return the plan as one sentence, or two with an obstacle."""
        return " ".join(plan_sentences(self.filled))
