"""The marked questions of the course, as `source/` has them: what is best, what could be chosen, how many marks."""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from course.activities.answer_keys import KINDS
from course.activities.syntax import read_words
from course.content.lessons import lessons
from course.content.rubric import Rubric, rubric_of
from course.core.notebooks import Notebook, ask_calls, calls, first_text, literal, read_notebook, source
from course.records.cohort_file import CohortFile, read_cohort_file

REFLECTION: Final = "reflection"
"""The key of the question that a person marks."""
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
    best: tuple[str, ...] = ()
    """The right options, as `choices` has them; none for a number and for the reflection."""
    words: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    """What each option says, by its key, in their order; for a matching, by card and group as `choices` has them."""
    rubric: Rubric = field(default=Rubric(), compare=False, repr=False)
    """The levels of a reflection."""
    asked: str = field(default="", compare=False, repr=False)
    """What a reflection asks, as Markdown."""
    guide: str = field(default="", compare=False, repr=False)
    """The marking guide of a reflection, as Markdown."""

    @property
    def cell(self) -> str:
        """The name of its cell in the gradebook."""
        return _TASK if self.key == REFLECTION else f"{self.key}{_MARK}"


def all_questions(root: Path) -> tuple[MarkedQuestion, ...]:
    """Return every marked question of the exercises in `root/source`, in the order in which they are asked."""
    cohort = read_cohort_file(root)
    return tuple(question for lesson in lessons() for question in _in_cohort(root, lesson.key, cohort))


def questions(root: Path, slug: str) -> tuple[MarkedQuestion, ...]:
    """Return the marked questions of one exercise, or none where its source is not there.

    The levels are those of the cohort, where `root/cohort.toml` sets any; raises BadContent for a mistake in that.
    """
    return _in_cohort(root, slug, read_cohort_file(root))


def _in_cohort(root: Path, slug: str, cohort: CohortFile) -> tuple[MarkedQuestion, ...]:
    own = cohort.reflection(slug).levels
    found = _questions(root, slug)
    if not own:
        return found
    return tuple(
        replace(one, rubric=rubric_of(one.guide, one.most, own)) if one.key == REFLECTION else one for one in found
    )


@functools.cache
def _questions(root: Path, slug: str) -> tuple[MarkedQuestion, ...]:
    path = root / "source" / slug / f"{slug}.ipynb"
    return tuple(_read(read_notebook(path), slug)) if path.is_file() else ()


def _read(notebook: Notebook, slug: str) -> Iterator[MarkedQuestion]:
    asked = {key: call for call in ask_calls(notebook) if (key := first_text(call))}
    options = {key: _option_words(call) for key, call in asked.items()}
    for cell in notebook["cells"]:
        points = cell["metadata"].get("nbgrader", {}).get("points")
        if cell["id"] == _TASK:
            guide, most = source(cell), float(points or 0)
            words = _asked(asked.get(REFLECTION))
            yield MarkedQuestion(
                slug, REFLECTION, REFLECTION, most, rubric=rubric_of(guide, most), asked=words, guide=guide
            )
        elif str(cell["id"]).endswith(_MARK):
            for call in calls(source(cell), "mark"):
                if isinstance(call.func, ast.Attribute) and call.func.attr in KINDS:
                    key = first_text(call) or ""
                    named = options.get(key, {})
                    yield MarkedQuestion(slug, key, call.func.attr, float(points or 0), _best(call, named), named)


def _best(call: ast.Call, options: Mapping[str, str]) -> tuple[str, ...]:
    """Return the right options of a marking line, in the order of the options; none for a number."""
    right = literal(call.args[1]) if len(call.args) > 1 else None
    if isinstance(right, dict):
        return tuple(_placed(str(card), str(group)) for card, group in right.items())
    keys = [right] if isinstance(right, str) else right if isinstance(right, list | tuple) else []
    return tuple(key for key in options if key in keys)


def _placed(card: str, group: str) -> str:
    """Return how a card in a group is called among the options of a matching."""
    return f"{card} {group}"


def _option_words(call: ast.Call) -> dict[str, str]:
    """Return what the options of a question say, by their key."""
    text = _text(call.args[1]) if len(call.args) > 1 else ""
    options = read_words(text, "").options if text else []
    groups = _keywords(call).get("groups")
    if isinstance(groups, ast.Dict):
        named = [(_text(letter), _text(name)) for letter, name in zip(groups.keys, groups.values, strict=True)]
        return {_placed(option.code, code): f"{option.text} → {name}" for option in options for code, name in named}
    return {option.code: option.text for option in options}


def _asked(call: ast.Call | None) -> str:
    """Return the words of a question as its card has them."""
    return inspect.cleandoc(_text(call.args[1])) if call and len(call.args) > 1 else ""


def _keywords(call: ast.Call) -> dict[str, ast.expr]:
    return {word.arg: word.value for word in call.keywords if word.arg}


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def choices(question: MarkedQuestion, answer: object) -> list[str]:
    """Return which options an untrusted answer chose, in their order: for a matching, each card with its group.

    >>> question = MarkedQuestion("", "q", "choice", 1, ("asks",), {"asks": "Ask.", "tells": "Tell."})
    >>> choices(question, "tells"), choices(question, "B")
    (['tells'], [])
    >>> words = {"papers C": "Papers → Ability", "papers K": "Papers → Care"}
    >>> choices(MarkedQuestion("", "q", "matching", 1, ("papers C",), words), {"papers": "K", "other": None})
    ['papers K']
    """
    chosen: list[object] = []
    if question.kind == "choice":
        chosen = [answer]
    elif question.kind == "ticks" and isinstance(answer, list):
        chosen = answer
    elif question.kind == "matching" and isinstance(answer, dict):
        chosen = [_placed(card, group) for card, group in answer.items() if isinstance(group, str)]
    return [option for option in question.words if option in chosen]
