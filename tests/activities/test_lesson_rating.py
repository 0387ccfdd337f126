"""Two taps at the end of a lesson."""

from __future__ import annotations

from typing import Any

import pytest

from course.activities.lesson_rating import LessonRating


def test_two_taps_are_kept_and_there_next_week(open_page: Any, control: Any) -> None:
    card = LessonRating("taps", open_page())
    assert control(card, "useful")["value"] is None
    card.set("useful", "yes")
    card.set("clear", "no")
    card.set("clear", "partly")
    again = LessonRating("taps", open_page())
    assert again.value == {"useful": "yes", "clear": "partly"}
    assert control(again, "clear")["value"] == "partly"
    assert again.answer_lines() == [("Useful for my work?", "Yes"), ("Clear?", "Partly")]


@pytest.mark.parametrize("part_id,value", [("useful", "maybe"), ("useful", ["yes"]), ("other", "yes"), ("", None)])
def test_what_is_no_tap_is_not_taken(open_page: Any, part_id: str, value: Any) -> None:
    card = LessonRating("taps", open_page())
    card.set(part_id, value)
    assert card.value is None


def test_a_kept_tap_that_is_none_counts_as_not_given(open_page: Any) -> None:
    answers = open_page()
    answers.save("taps", {"useful": "very", "clear": "yes"})
    assert LessonRating("taps", answers).taps == {"clear": "yes"}
