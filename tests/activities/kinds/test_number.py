"""Give a number: not set at first, within its bounds, one or several."""

from __future__ import annotations

from typing import Any

import pytest

from course.activities.kinds.number import Number

ONE = "How many of ten promises did you keep?"
TWO = "Your guesses\n\n- You: competence\n- You: caring"


def test_nothing_is_set_at_first(open_page: Any, control: Any) -> None:
    box = control(Number("q", open_page(), ONE, 0, 10, slider=True), "number-0")
    assert (box["value"], box["unset"], box["slider"]) == (None, "Not set", True)
    assert (box["low"], box["high"], box["step"], box["label"]) == (0, 10, 1, ONE)


def test_a_number_is_kept_and_there_next_week(open_page: Any, control: Any) -> None:
    Number("q", open_page(), ONE, 0, 10).set("number-0", 7)
    again = Number("q", open_page(), ONE, 0, 10)
    assert (again.value, control(again, "number-0")["value"]) == (7, 7)
    assert again.answer_lines() == [(ONE, "7")]


def test_several_are_a_list_with_none_for_what_is_not_given(open_page: Any) -> None:
    card = Number("q", open_page(), TWO, 1, 7, 0.5)
    card.set("number-1", 4.5)
    assert card.value == [None, 4.5]
    assert card.answer_lines() == [("You: competence", ""), ("You: caring", "4.5")]
    card.set("number-1", None)
    assert card.value is None


def test_a_number_can_be_taken_away(open_page: Any) -> None:
    card = Number("q", open_page(), ONE, 0, 10)
    card.set("number-0", 0)
    assert card.value == 0
    card.set("number-0", None)
    assert card.value is None


@pytest.mark.parametrize("value", [-0.1, 10.1, 10**400, float("nan"), float("inf"), "7", True, [7], {}])
def test_outside_the_bounds_it_is_not_taken_and_the_card_says_what_fits(
    open_page: Any, control: Any, value: Any
) -> None:
    card = Number("q", open_page(), ONE, 0, 10)
    card.set("number-0", 3)
    card.set("number-0", value)
    assert card.value == 3
    assert control(card, "notice")["text"] == "Please give a number from 0 to 10."


@pytest.mark.parametrize("value", [0, 10])
def test_the_bounds_themselves_fit(open_page: Any, value: float) -> None:
    card = Number("q", open_page(), ONE, 0, 10)
    card.set("number-0", value)
    assert card.value == value


@pytest.mark.parametrize("kept", ["7", [7], True, 11, 10**400, {"a": 7}])
def test_a_kept_answer_that_does_not_fit_counts_as_not_set(open_page: Any, control: Any, kept: Any) -> None:
    answers = open_page()
    answers.save("q", kept)
    assert control(Number("q", answers, ONE, 0, 10), "number-0")["value"] is None


@pytest.mark.parametrize("id", ["number-2", "number--1", "number-x", "number", "", "number-" + "1" * 5000])
def test_a_box_that_is_not_there_takes_nothing(open_page: Any, id: str) -> None:
    card = Number("q", open_page(), TWO, 1, 7)
    card.set(id, 4)
    assert card.value is None
