"""Choosing one option and ticking several: feedback where it belongs, and only after a try."""

from __future__ import annotations

from typing import Any

import pytest

from course.activities.kinds.choose import Choose, Tick
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


TICK_WORDS = """
Tick all the sound reasons.

A. People help those they trust. -> Yes.
~> This one is sound too.
B. It makes a good target.
-> A target stops being honest.
C. Neither here nor there.
"""


def tick_notes(card: Tick) -> list[str]:
    (boxes,) = (control for control in card.controls() if control["kind"] == "checks")
    return [option["note"] for option in boxes["options"]]


def test_ticks_are_kept_in_the_order_of_the_options(open_page: Any) -> None:
    card = Tick("q", open_page(), TICK_WORDS)
    card.set("ticks", {"C": True, "A": True})
    assert card.value == ["A", "C"]


def test_each_tick_and_each_one_left_blank_has_its_feedback_after_check(open_page: Any) -> None:
    card = Tick("q", open_page(), TICK_WORDS)
    card.set("ticks", {"B": True})
    assert tick_notes(card) == ["", "", ""]
    card.press("check")
    assert tick_notes(card) == ["This one is sound too.", "A target stops being honest.", ""]


def test_a_changed_tick_takes_the_feedback_away_until_the_next_check(open_page: Any) -> None:
    card = Tick("q", open_page(), TICK_WORDS)
    card.press("check")
    card.set("ticks", {"A": True})
    assert tick_notes(card) == ["", "", ""]
    card.press("check")
    assert tick_notes(card) == ["Yes.", "", ""]


def test_no_tick_at_all_is_an_answer_too(open_page: Any) -> None:
    card = Tick("q", open_page(), TICK_WORDS)
    assert card.value is None
    card.press("check")
    assert (card.value, card.is_checked) == ([], True)


def test_next_week_ticks_and_feedback_are_there(open_page: Any, control: Any) -> None:
    card = Tick("q", open_page(), TICK_WORDS)
    card.set("ticks", {"A": True, "B": True})
    card.press("check")
    again = Tick("q", open_page(), TICK_WORDS)
    assert control(again, "ticks")["value"] == ["A", "B"]
    assert tick_notes(again) == tick_notes(card)
    assert control(again, "told")["live"]


@pytest.mark.parametrize("value", ["A", None, ["B"], {"B": 1}, {"B": None}, {}, 5])
def test_what_is_no_tick_changes_nothing(open_page: Any, value: Any) -> None:
    card = Tick("q", open_page(), TICK_WORDS)
    card.set("ticks", {"A": True})
    card.set("ticks", value)
    assert card.value == ["A"]


def test_letters_that_are_no_option_are_left_out(open_page: Any) -> None:
    card = Tick("q", open_page(), TICK_WORDS)
    card.set("ticks", {"A": True, "Z": True, "": True})
    assert card.value == ["A"]
    assert card.answer_lines() == [("Tick all the sound reasons.", "A. People help those they trust.")]


def test_with_a_scale_its_statements_are_the_options_and_their_codes_are_kept(open_page: Any, control: Any) -> None:
    card = Tick("q", open_page(), "Which will you work on?", "habits")
    assert len(control(card, "ticks")["options"]) == 12
    card.set("ticks", {"CARE7": True, "COMP7": True, "Z": True})
    assert card.value == ["COMP7", "CARE7"]
    assert card.answer_lines()[0][1].splitlines()[0] == "I did what I had said I would do."
    assert "check" not in [button["id"] for button in control(card, "buttons")["buttons"]]


def test_statements_of_an_earlier_version_that_were_ticked_can_be_unticked(open_page: Any, control: Any) -> None:
    answers = open_page()
    answers.save("q", ["COMP1", "CARE2"])
    card = Tick("q", answers, "Which will you work on?", "habits")
    ticks = control(card, "ticks")
    assert [option["value"] for option in ticks["options"]][12:] == ["COMP1", "CARE2"]
    assert "earlier version" in ticks["options"][-1]["label"]
    card.set("ticks", {"COMP7": True, "COMP1": False})
    assert card.value == ["COMP7", "CARE2"]
    assert len(control(Tick("q", open_page(), "Which will you work on?", "habits"), "ticks")["options"]) == 13


def test_options_and_a_scale_together_are_refused(open_page: Any) -> None:
    with pytest.raises(BadWords, match="a scale too"):
        Tick("q", open_page(), TICK_WORDS, "habits")
