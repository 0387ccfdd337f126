"""Two taps at the end of a lesson."""

from __future__ import annotations

from typing import Any

import pytest

from course.activities.lesson_rating import Taps


def test_two_taps_are_kept_and_there_next_week(desk: Any, part: Any) -> None:
    card = Taps("taps", desk())
    assert part(card, "useful")["value"] is None
    card.set("useful", "yes")
    card.set("clear", "no")
    card.set("clear", "partly")
    again = Taps("taps", desk())
    assert again.value == {"useful": "yes", "clear": "partly"}
    assert part(again, "clear")["value"] == "partly"
    assert again.answer_lines() == [("Useful for my work?", "Yes"), ("Clear?", "Partly")]


@pytest.mark.parametrize("part_id,value", [("useful", "maybe"), ("useful", ["yes"]), ("other", "yes"), ("", None)])
def test_what_is_no_tap_is_not_taken(desk: Any, part_id: str, value: Any) -> None:
    card = Taps("taps", desk())
    card.set(part_id, value)
    assert card.value is None


def test_a_kept_tap_that_is_none_counts_as_not_given(desk: Any) -> None:
    answers = desk()
    answers.save("taps", {"useful": "very", "clear": "yes"})
    assert Taps("taps", answers).taps == {"clear": "yes"}
