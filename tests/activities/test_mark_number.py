"""Marks for a number: a person's decimals decide, and what is no number gets none."""

from __future__ import annotations

import ast
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.activities.answer_keys import NumberKey
from course.activities.marks import Mark
from course.content import words as say
from course.records.answers.answers import Answers


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Callable[[], dict[str, str]]:
    """Return the feedback line shown since the last look, as HTML and as plain text."""
    return lambda: ast.literal_eval(capsys.readouterr().out)


def exercise(answer: Any) -> Mark:
    answers = Answers(None, "exercise", "starting-point")
    answers.save("q1", answer)
    return Mark(answers, "autograde")


THOUSANDTHS = st.decimals(-1000, 1000, places=3)
NUMBER = {"right": "Right.", "low": "Too low.", "high": "Too high."}


@pytest.mark.parametrize("answer, marks", [(5, 1), (5.0, 1), (5.04, 1), (5.06, 0), (4, 0), (-5, 0)])
def test_a_number_may_be_as_far_off_as_the_question_allows(
    answer: float, marks: int, shown: Callable[[], dict[str, str]]
) -> None:
    assert exercise(answer).number("q1", 5.0, within=0.05, marks=1, feedback=NUMBER) == marks
    assert shown()["text/plain"].endswith("Right." if marks else "Too low." if answer < 5 else "Too high.")


@pytest.mark.parametrize("answer, marks", [(4.96, 1), (5.04, 1), (4.959, 0), (5.041, 0)])
def test_a_number_on_the_edge_counts_as_it_is_written(
    answer: float, marks: int, shown: Callable[[], dict[str, str]]
) -> None:
    """In binary, 5 - 4.96 is a little more than 0.04."""
    assert exercise(answer).number("q1", 5.0, within=0.04, marks=1, feedback=NUMBER) == marks


@given(best=THOUSANDTHS, apart=THOUSANDTHS, within=THOUSANDTHS.map(abs))
def test_a_number_is_right_exactly_where_its_decimals_are(best: Decimal, apart: Decimal, within: Decimal) -> None:
    for answer in (best + apart, best + within, best - within, best + within + Decimal("0.001")):
        verdict = NumberKey(float(best), float(within), 1, NUMBER).verdict(float(answer))
        assert verdict is not None
        assert verdict.marks == (abs(answer - best) <= within)


@pytest.mark.parametrize("answer", ["5.0", "4,96", " 5", "5 %", True, [5.0], {}, -(10**4000)])
def test_only_a_number_counts_as_a_number(answer: Any, shown: Callable[[], dict[str, str]]) -> None:
    assert exercise(answer).number("q1", 5.0, marks=1, feedback=NUMBER) == 0
    assert shown()["text/plain"].endswith(say("mark.not-usable"))


def test_an_endless_number_is_no_number(tmp_path: Path, shown: Callable[[], dict[str, str]]) -> None:
    file = tmp_path / "answers.json"
    file.write_text('{"format": 1, "exercise": "starting-point", "version": 2, "answers": {"q1": 1e999}}')
    mark = Mark(Answers.read_only(file, "exercise", "starting-point"), "autograde")
    assert mark.number("q1", 5.0, marks=1, feedback=NUMBER) == 0
    assert "could not be used" in shown()["text/plain"]
