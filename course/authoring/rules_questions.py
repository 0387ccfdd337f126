"""Rules for marked questions that cannot be passed by being good at tests: how long keys are, and where they stand."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from statistics import mean
from typing import Final

from course.activities.notebook_cards import make_card
from course.activities.syntax import ActivityOption, ActivityWords
from course.authoring.notebook_page import NotebookPage, Problem, calls
from course.core import notebooks
from course.core.errors import CourseError
from course.core.notebooks import Cell
from course.records.answers.answers import Answers

MOST_LONGEST: Final = 0.4
"""The largest share of an exercise's questions in which the right option is the longest."""
LONGEST_RATIO: Final = 1.3
"""How many times as long as wrong options right ones may be on average, at the most."""
_FEWEST_EXERCISES: Final = 2


@dataclass(frozen=True)
class MeasuredQuestion:
    """One question with options of which one or several are right."""

    cell: Cell
    key: str
    is_ticks: bool
    right: tuple[int, ...]
    """The lengths of the right options, in characters."""
    wrong: tuple[int, ...]
    letters: str
    """Where the right options stand, such as “ACD”."""

    @property
    def is_longest(self) -> bool:
        """Whether who takes the longest options gets all marks: each right one is longer than every wrong one."""
        return min(self.right) > max(self.wrong)

    @property
    def ratio(self) -> float:
        """The mean length of the right options over that of the wrong ones."""
        return mean(self.right) / mean(self.wrong)


def keys_are_not_the_longest(page: NotebookPage) -> Iterator[Problem]:
    """The right option is the longest in few of an exercise's questions."""
    questions = list(measured_questions(page))
    longest = [question for question in questions if question.is_longest]
    if len(longest) > MOST_LONGEST * len(questions):
        share = f"{len(longest)} of {len(questions)} questions"
        for question in longest:
            yield page.problem(
                question.cell,
                f"its right option is the longest, as in {share} of this exercise; at most 40% may be so.",
                "Make a wrong option longer with something that sounds likely, or say the right one in fewer words.",
            )


def keys_are_as_long_as_the_others(page: NotebookPage) -> Iterator[Problem]:
    """Right options are about as long as wrong ones."""
    for question in measured_questions(page):
        if question.ratio > LONGEST_RATIO:
            yield page.problem(
                question.cell,
                f"its right options have {mean(question.right):.0f} characters on average and the wrong ones "
                f"{mean(question.wrong):.0f}: {question.ratio:.2f} times as many.",
                f"Keep to {LONGEST_RATIO} times: cut the right one, or write wrong ones that say as much.",
            )


def measured_questions(page: NotebookPage) -> Iterator[MeasuredQuestion]:
    """Yield the choices and ticks that an exercise marks, as far as both cells can be read."""
    questions = {notebooks.first_text(call): call for cell in page.code() for call in calls(cell, "ask")}
    for cell in page.code():
        for call in calls(cell, "mark"):
            question = questions.get(notebooks.first_text(call))
            if question is not None and isinstance(call.func, ast.Attribute) and len(call.args) > 1:
                measured = _measure(cell, call, card_options(question))
                if measured:
                    yield measured


def _measure(cell: Cell, call: ast.Call, options: list[ActivityOption]) -> MeasuredQuestion | None:
    """Return a question's measures, or None for a matching, a number, and where nothing or all of it is right."""
    best = notebooks.literal(call.args[1])
    keys = [best] if isinstance(best, str) else best if isinstance(best, list) else []
    right = [option for option in options if option.code in keys]
    wrong = [option for option in options if option.code not in keys]
    if not right or not wrong:
        return None
    return MeasuredQuestion(
        cell,
        notebooks.first_text(call) or "",
        isinstance(best, list),
        tuple(len(option.text) for option in right),
        tuple(len(option.text) for option in wrong),
        "".join(option.letter for option in right),
    )


def card_options(question: ast.Call) -> list[ActivityOption]:
    """Return the options of a card, or none where it has none or cannot be made."""
    try:
        card = make_card(question, Answers(None, "lesson", "review"))
    except CourseError:
        return []
    words = getattr(card, "words", None)
    return words.options if isinstance(words, ActivityWords) else []


def summary(pages: Iterable[NotebookPage]) -> Iterator[str]:
    """Yield what is seen over several exercises: where right options stand, and how many are right among ticks."""
    exercises = [page for page in pages if page.is_exercise]
    questions = [question for page in exercises for question in measured_questions(page)]
    choices = [question for question in questions if not question.is_ticks]
    if len(exercises) < _FEWEST_EXERCISES or not choices:
        return
    places = Counter(question.letters for question in choices)
    counts = ", ".join(f"{letter} {places[letter]}" for letter in sorted(places))
    longest = sum(question.is_longest for question in choices)
    right = mean(mean(question.right) for question in choices)
    wrong = mean(mean(question.wrong) for question in choices)
    yield (
        f"Right options of {len(choices)} single choices stand at {counts}; the longest is right in {longest}. "
        f"Average length: right {right:.0f}, wrong {wrong:.0f}."
    )
    patterns = {
        f"{len(question.right)} of {len(question.right + question.wrong)}"
        for question in questions
        if question.is_ticks
    }
    if patterns:
        yield f"Right among ticks: {', '.join(sorted(patterns))}."


def ticks_differ(pages: Iterable[NotebookPage]) -> Iterator[Problem]:
    """Not always the same number is right among ticks: people would count."""
    ticks = [
        (page, question)
        for page in pages
        if page.is_exercise
        for question in measured_questions(page)
        if question.is_ticks
    ]
    patterns = {(len(question.right), len(question.wrong)) for _, question in ticks}
    if len(ticks) >= _FEWEST_EXERCISES and len(patterns) == 1:
        ((right, wrong),) = patterns
        for page, question in ticks:
            yield page.problem(
                question.cell,
                f"{right} of {right + wrong} options are right, as in all {len(ticks)} questions with ticks.",
                "Let another number be right in some of them.",
            )


RULES: tuple[Callable[[NotebookPage], Iterator[Problem]], ...] = (
    keys_are_not_the_longest,
    keys_are_as_long_as_the_others,
)
"""The rules for one exercise."""
