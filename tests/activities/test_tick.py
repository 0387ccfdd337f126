"""Tick many: feedback for each tick and for each one left blank, after Check."""

from __future__ import annotations

from typing import Any

import pytest

from course.activities.tick import Tick
from course.core.errors import BadWords

WORDS = """
Tick all the sound reasons.

A. People help those they trust. -> Yes.
~> This one is sound too.
B. It makes a good target.
-> A target stops being honest.
C. Neither here nor there.
"""


def notes(card: Tick) -> list[str]:
    (boxes,) = (control for control in card.controls() if control["kind"] == "checks")
    return [option["note"] for option in boxes["options"]]


def test_ticks_are_kept_in_the_order_of_the_options(open_page: Any) -> None:
    card = Tick("q", open_page(), WORDS)
    card.set("ticks", {"C": True, "A": True})
    assert card.value == ["A", "C"]


def test_each_tick_and_each_one_left_blank_has_its_feedback_after_check(open_page: Any) -> None:
    card = Tick("q", open_page(), WORDS)
    card.set("ticks", {"B": True})
    assert notes(card) == ["", "", ""]
    card.press("check")
    assert notes(card) == ["This one is sound too.", "A target stops being honest.", ""]


def test_a_changed_tick_takes_the_feedback_away_until_the_next_check(open_page: Any) -> None:
    card = Tick("q", open_page(), WORDS)
    card.press("check")
    card.set("ticks", {"A": True})
    assert notes(card) == ["", "", ""]
    card.press("check")
    assert notes(card) == ["Yes.", "", ""]


def test_no_tick_at_all_is_an_answer_too(open_page: Any) -> None:
    card = Tick("q", open_page(), WORDS)
    assert card.value is None
    card.press("check")
    assert (card.value, card.is_checked) == ([], True)


def test_next_week_ticks_and_feedback_are_there(open_page: Any, control: Any) -> None:
    card = Tick("q", open_page(), WORDS)
    card.set("ticks", {"A": True, "B": True})
    card.press("check")
    again = Tick("q", open_page(), WORDS)
    assert control(again, "ticks")["value"] == ["A", "B"]
    assert notes(again) == notes(card)
    assert control(again, "told")["live"]


@pytest.mark.parametrize("value", ["A", None, ["B"], {"B": 1}, {"B": None}, {}, 5])
def test_what_is_no_tick_changes_nothing(open_page: Any, value: Any) -> None:
    card = Tick("q", open_page(), WORDS)
    card.set("ticks", {"A": True})
    card.set("ticks", value)
    assert card.value == ["A"]


def test_letters_that_are_no_option_are_left_out(open_page: Any) -> None:
    card = Tick("q", open_page(), WORDS)
    card.set("ticks", {"A": True, "Z": True, "": True})
    assert card.value == ["A"]
    assert card.answer_lines() == [("Tick all the sound reasons.", "A. People help those they trust.")]


def test_with_a_scale_its_statements_are_the_options_and_their_codes_are_kept(open_page: Any, control: Any) -> None:
    card = Tick("q", open_page(), "Which will you work on?", "habits")
    assert len(control(card, "ticks")["options"]) == 12
    card.set("ticks", {"CARE1": True, "COMP1": True, "Z": True})
    assert card.value == ["COMP1", "CARE1"]
    assert card.answer_lines()[0][1].splitlines()[0] == "I kept my commitments to this group, on time."
    assert "check" not in [button["id"] for button in control(card, "buttons")["buttons"]]


def test_options_and_a_scale_together_are_refused(open_page: Any) -> None:
    with pytest.raises(BadWords, match="a scale too"):
        Tick("q", open_page(), WORDS, "habits")
