"""Choose one: feedback with Check, under the chosen option; all of it only after one try."""

from __future__ import annotations

from typing import Any

import pytest

from course.activities.choose import Choose
from course.core.errors import BadWords

WORDS = """
You chair. The story is out.

What do you do first?
-> Think of who is in the room.

A. Email everyone.
-> No one answers.
B. Bring everyone together.
C. Wait.
"""


def notes(card: Choose) -> list[str]:
    (radios,) = (control for control in card.controls() if control["kind"] == "radios")
    return [option["note"] for option in radios["options"]]


def test_nothing_is_chosen_beforehand(open_page: Any, control: Any) -> None:
    card = Choose("q", open_page(), WORDS)
    assert control(card, "pick")["value"] is None
    assert control(card, "pick")["legend"] == "What do you do first?"
    assert control(card, "lead-0")["text"] == "You chair. The story is out."
    assert card.answer_lines() == [("What do you do first?", "")]


def test_feedback_waits_for_check_and_stands_under_the_chosen_option_alone(open_page: Any) -> None:
    card = Choose("q", open_page(), WORDS)
    card.set("pick", "B")
    assert card.value == "B"
    assert notes(card) == ["", "", ""]
    card.press("check")
    assert notes(card) == ["", "Think of who is in the room.", ""]


def test_all_feedback_is_offered_only_after_one_try(open_page: Any, ids: Any) -> None:
    card = Choose("q", open_page(), WORDS)
    card.set("pick", "A")
    assert "all" not in ids(card)
    card.press("all")
    assert notes(card) == ["", "", ""]
    card.press("check")
    assert "all" in ids(card)
    card.press("all")
    assert notes(card) == ["No one answers.", *["Think of who is in the room."] * 2]


def test_another_choice_takes_the_feedback_away_until_the_next_check(open_page: Any) -> None:
    card = Choose("q", open_page(), WORDS)
    card.set("pick", "A")
    card.press("check")
    card.set("pick", "C")
    assert notes(card) == ["", "", ""]
    card.press("check")
    assert notes(card)[2]


def test_all_feedback_stays_when_the_choice_changes(open_page: Any) -> None:
    card = Choose("q", open_page(), WORDS)
    card.set("pick", "A")
    card.press("check")
    card.press("all")
    card.set("pick", "C")
    assert all(notes(card))


def test_check_without_a_choice_says_what_to_do_first(open_page: Any, control: Any, ids: Any) -> None:
    card = Choose("q", open_page(), WORDS)
    card.press("check")
    assert control(card, "notice")["live"]
    assert card.state == ""
    card.set("pick", "A")
    assert "notice" not in ids(card)


def test_next_week_choice_and_feedback_are_there(open_page: Any, control: Any) -> None:
    card = Choose("q", open_page(), WORDS)
    card.set("pick", "A")
    card.press("check")
    again = Choose("q", open_page(), WORDS)
    assert control(again, "pick")["value"] == "A"
    assert notes(again) == notes(card) == ["No one answers.", "", ""]


def test_without_feedback_there_is_nothing_to_check(open_page: Any, ids: Any) -> None:
    assert "check" not in ids(Choose("q", open_page(), "New?\n\nA. Yes\nB. No"))


@pytest.mark.parametrize("value", ["D", "a", "", None, ["A"], 0, {"A": 1}])
def test_what_is_no_option_is_no_answer(open_page: Any, value: Any) -> None:
    card = Choose("q", open_page(), WORDS)
    card.set("pick", value)
    assert card.value is None
    card.save(value)
    assert card.picked is None
    card.controls()


def test_the_answer_is_read_with_its_letter(open_page: Any) -> None:
    card = Choose("q", open_page(), WORDS)
    card.set("pick", "B")
    assert card.answer_lines() == [("What do you do first?", "B. Bring everyone together.")]


def test_brackets_in_an_option_stay_where_they_are(open_page: Any) -> None:
    card = Choose("q", open_page(), "Which?\n\nA. Ask them [first]\nB. Wait")
    assert card.words.options[0].text == "Ask them [first]"


def test_one_option_is_no_choice(open_page: Any) -> None:
    with pytest.raises(BadWords, match="2 or more options"):
        Choose("q", open_page(), "Which?\n\nA. This")
