"""Questions are measured: a limit that is kept passes, and one that is just passed is named with its item."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from course.authoring.notebook_page import NotebookPage
from course.authoring.rules_questions import (
    keys_are_as_long_as_the_others,
    keys_are_not_the_longest,
    measured_questions,
    summary,
    ticks_differ,
)


def choice(name: str, right: int, wrong: list[int], place: int = 0) -> list[dict[str, Any]]:
    """Return the cells of a choice whose options have these lengths; the right one stands at `place`."""
    lengths = [*wrong[:place], right, *wrong[place:]]
    return question(name, "choose", lengths, f'mark.choice("{name}", "key-{place}", marks=1, feedback={{}})')


def ticks(name: str, lengths: list[int], right: list[int]) -> list[dict[str, Any]]:
    keys = [f"key-{place}" for place in right]
    return question(name, "tick", lengths, f'mark.ticks("{name}", {json.dumps(keys)}, feedback={{}})')


def question(name: str, kind: str, lengths: list[int], marking: str) -> list[dict[str, Any]]:
    options = "\n".join(
        f"{letter}. {'x' * length} {{key-{place}}}"
        for place, (letter, length) in enumerate(zip("ABCDEF", lengths, strict=False))
    )
    words = f"Which?\n\n{options}"
    return [
        {"cell_type": "code", "id": name, "metadata": {}, "source": f"ask.{kind}({name!r}, {words!r})"},
        {"cell_type": "code", "id": f"{name}-mark", "metadata": {}, "source": marking},
    ]


def page(folder: Path, *questions: list[dict[str, Any]], slug: str = "repair") -> NotebookPage:
    """Return an exercise with these questions."""
    cells = [cell for cells in questions for cell in cells]
    path = folder / "source" / slug / f"{slug}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    return NotebookPage(path, folder)


FAIR = [40, 40, 42]


@pytest.mark.parametrize("longest, found", [(2, []), (3, ["q0-mark", "q1-mark", "q2-mark"])])
def test_the_right_option_is_the_longest_in_at_most_two_of_five(tmp_path: Path, longest: int, found: list[str]) -> None:
    questions = [choice(f"q{number}", 43 if number < longest else 41, FAIR) for number in range(5)]
    problems = list(keys_are_not_the_longest(page(tmp_path, *questions)))
    assert [problem.cell for problem in problems] == found
    assert all(f"{longest} of 5 questions" in problem.message and problem.remedy for problem in problems)


def test_an_option_that_is_as_long_as_the_longest_is_not_the_longest(tmp_path: Path) -> None:
    assert list(keys_are_not_the_longest(page(tmp_path, choice("q1", 42, FAIR)))) == []


@pytest.mark.parametrize(
    "lengths, found", [([50, 51, 49, 48, 47], 1), ([50, 51, 49, 49, 47], 1), ([50, 49, 49, 50, 47], 0)]
)
def test_ticks_count_where_the_longest_options_get_all_marks(tmp_path: Path, lengths: list[int], found: int) -> None:
    assert len(list(keys_are_not_the_longest(page(tmp_path, ticks("q1", lengths, [0, 1]))))) == found


@pytest.mark.parametrize("right, found", [(52, []), (53, ["q1-mark"])])
def test_the_right_option_is_at_most_a_third_longer_than_wrong_ones(
    tmp_path: Path, right: int, found: list[str]
) -> None:
    exercise = page(tmp_path, choice("q1", right, [30, 40, 50]), choice("q2", 40, FAIR))
    problems = list(keys_are_as_long_as_the_others(exercise))
    assert [problem.cell for problem in problems] == found
    assert all("1.32 times as many" in problem.message for problem in problems)


@pytest.mark.parametrize("other, found", [([0, 1, 2], ["q1-mark", "q2-mark"]), ([0, 1], [])])
def test_not_always_the_same_number_is_right_among_ticks(tmp_path: Path, other: list[int], found: list[str]) -> None:
    exercise = page(tmp_path, ticks("q1", [40] * 5, [1, 2, 4]), ticks("q2", [40] * 5, other))
    assert [problem.cell for problem in ticks_differ([exercise])] == found


def test_one_question_with_ticks_is_no_pattern(tmp_path: Path) -> None:
    assert list(ticks_differ([page(tmp_path, ticks("q1", [40] * 5, [1, 2, 4]))])) == []


def test_where_right_options_stand_is_said_of_several_exercises(tmp_path: Path) -> None:
    pages = [
        page(tmp_path, choice("q1", 41, FAIR, place=2), choice("q2", 50, FAIR), slug="repair"),
        page(tmp_path, choice("q1", 41, FAIR, place=2), ticks("q2", [40] * 5, [1, 2]), slug="thanks"),
    ]
    assert list(summary(pages)) == [
        "Right options of 3 single choices stand at A 1, C 2; the longest is right in 1. "
        "Average length: right 44, wrong 41.",
        "Right among ticks: 2 of 5.",
    ]
    assert list(summary(pages[:1])) == []


def test_what_cannot_be_measured_is_passed_over(tmp_path: Path) -> None:
    broken = question("q1", "choose", [5], 'mark.choice("q1", "key-0", marks=1, feedback={})')
    all_right = ticks("q2", [5, 5], [0, 1])
    nothing = choice("q3", 5, [5])
    nothing[1]["source"] = 'mark.choice("q3", KEY, marks=1, feedback={})'
    number = [
        {"cell_type": "code", "id": "q4", "metadata": {}, "source": "ask.number('q4', 'How many?', 0, 9)"},
        {"cell_type": "code", "id": "q4-mark", "metadata": {}, "source": "mark.number('q4', 5, marks=1, feedback={})"},
    ]
    assert list(measured_questions(page(tmp_path, broken, all_right, nothing, number))) == []
