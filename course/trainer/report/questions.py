"""The marked questions of the course, as `source/` has them: what is best, what could be chosen, how many marks."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from course.activities.syntax import read_words
from course.content.lessons import lessons
from course.content.rubric import Rubric, read_rubric
from course.core.notebooks import Notebook, ask_calls, calls, first_text, read_notebook, source

REFLECTION: Final = "reflection"
"""The key of the question that a person marks."""
_KINDS: Final = ("choice", "ticks", "matching", "number")
_MARK: Final = "-mark"
_TASK: Final = "reflection-marks"


@dataclass(frozen=True)
class MarkedQuestion:
    """One marked question of one exercise."""

    exercise: str
    key: str
    kind: str
    """`choice`, `ticks`, `matching` or `number`, or `reflection`, which a person marks."""
    most: float
    """The most marks it gives."""
    best: str = ""
    """The right letter or letters; nothing for a number and for the reflection."""
    options: str = ""
    """The letters that could be chosen."""
    words: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    """What each option says; for a matching by card's number and group's letter, as `choices` has them."""
    rubric: Rubric = field(default=Rubric(), compare=False, repr=False)
    """The levels of a reflection."""

    @property
    def cell(self) -> str:
        """The name of its cell in the gradebook."""
        return _TASK if self.key == REFLECTION else f"{self.key}{_MARK}"


def all_questions(root: Path) -> tuple[MarkedQuestion, ...]:
    """Return every marked question of the exercises in `root/source`, in the order in which they are asked."""
    return tuple(question for lesson in lessons() for question in questions(root, lesson.key))


@functools.cache
def questions(root: Path, slug: str) -> tuple[MarkedQuestion, ...]:
    """Return the marked questions of one exercise, or none where its source is not there."""
    path = root / "source" / slug / f"{slug}.ipynb"
    return tuple(_read(read_notebook(path), slug)) if path.is_file() else ()


def _read(notebook: Notebook, slug: str) -> Iterator[MarkedQuestion]:
    asked = {key: _option_words(call) for call in ask_calls(notebook) if (key := first_text(call))}
    for cell in notebook["cells"]:
        points = cell["metadata"].get("nbgrader", {}).get("points")
        if cell["id"] == _TASK:
            yield MarkedQuestion(slug, REFLECTION, REFLECTION, float(points or 0), rubric=read_rubric(source(cell)))
        elif str(cell["id"]).endswith(_MARK):
            for call in calls(source(cell), "mark"):
                if isinstance(call.func, ast.Attribute) and call.func.attr in _KINDS:
                    key = first_text(call) or ""
                    best = _text(call.args[1]) if len(call.args) > 1 else ""
                    options = _text(_keywords(call).get("of"))
                    yield MarkedQuestion(
                        slug, key, call.func.attr, float(points or 0), best, options, asked.get(key, {})
                    )


def _option_words(call: ast.Call) -> dict[str, str]:
    """Return what the options of a question say, by their letter."""
    text = _text(call.args[1]) if len(call.args) > 1 else ""
    options = read_words(text, "").options if text else []
    groups = _keywords(call).get("groups")
    if isinstance(groups, ast.Dict):
        named = [(_text(letter), _text(name)) for letter, name in zip(groups.keys, groups.values, strict=True)]
        return {
            f"{place}{code}": f"{option.text} → {name}"
            for place, option in enumerate(options, 1)
            for code, name in named
        }
    return {option.code: option.text for option in options}


def _keywords(call: ast.Call) -> dict[str, ast.expr]:
    return {word.arg: word.value for word in call.keywords if word.arg}


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def choices(question: MarkedQuestion, answer: object) -> list[str]:
    """Return which options an untrusted answer chose: for a matching, each card's number and group.

    >>> question = MarkedQuestion("", "q", "choice", 1, "A", "AB")
    >>> choices(question, "B"), choices(question, "Z")
    (['B'], [])
    >>> choices(MarkedQuestion("", "q", "matching", 2, "CK", "CK"), ["C", None])
    ['1C']
    """
    if question.kind == "choice":
        return [str(answer)] if _fits(answer, question) else []
    if not isinstance(answer, list):
        return []
    if question.kind == "ticks":
        return sorted({letter for letter in answer if _fits(letter, question)})
    if question.kind == "matching" and len(answer) == len(question.best):
        return [f"{place}{group}" for place, group in enumerate(answer, 1) if _fits(group, question)]
    return []


def right_choices(question: MarkedQuestion) -> list[str]:
    """Return the options that are right.

    >>> right_choices(MarkedQuestion("", "q", "matching", 2, "CK", "CK"))
    ['1C', '2K']
    """
    if question.kind == "matching":
        return [f"{place}{group}" for place, group in enumerate(question.best, 1)]
    return list(question.best)


def _fits(letter: object, question: MarkedQuestion) -> bool:
    return isinstance(letter, str) and len(letter) == 1 and letter in question.options
