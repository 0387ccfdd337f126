"""A form whose blanks begin with words: they stand in the field, and count once the form is begun."""

from __future__ import annotations

from typing import Any

from course.activities.kinds.form import Form
from course.records.answers.answers import Answers

WORDS = """
Your opening lines

- Some of us see ___ differently.
- ___{You are entitled to that view.} (their right to it)
- I will ask ___ (by role) this question: ___{What else?}
"""


def form() -> Form:
    return Form("lines", Answers(None, "lesson", "sharing-power"), WORDS)


def fields(card: Form) -> list[dict[str, Any]]:
    (group,) = (control for control in card.controls() if control["id"] == "fields")
    return [control for control in group["controls"] if control["kind"] in ("line", "area")]


def joined(card: Form) -> str:
    return " ".join(control["text"] for control in card.controls() if control["id"] == "joined")


def test_a_blank_begins_with_its_words() -> None:
    assert [field["value"] for field in fields(form())] == ["", "You are entitled to that view.", "", "What else?"]


def test_a_blank_that_begins_with_words_has_room_to_show_them() -> None:
    assert [field["kind"] for field in fields(form())] == ["line", "area", "line", "area"]


def test_lines_in_a_blank_are_read_back_as_one() -> None:
    card = form()
    card.set("blank-1", "You may\ndisagree.")
    assert joined(card).endswith("You may disagree.")


def test_the_words_are_no_part_of_the_label() -> None:
    labels = [field["label"] for field in fields(form())]
    assert labels[1] == "… (their right to it)"
    assert labels[2:] == ["I will ask … (by role)", "this question: …"]


def test_words_that_nobody_touched_are_no_answer() -> None:
    card = form()
    assert card.value is None
    assert joined(card) == ""
    card.set("blank-1", "You are entitled to that view.")
    assert card.value is None


def test_typing_anywhere_keeps_the_words_too() -> None:
    card = form()
    card.set("blank-0", "parking")
    assert card.value == ["parking", "You are entitled to that view.", "", "What else?"]
    assert "Some of us see parking differently. You are entitled to that view." in joined(card)


def test_a_sentence_that_still_lacks_something_is_not_read_back() -> None:
    card = form()
    card.set("blank-0", "parking")
    assert "this question" not in joined(card)
    card.set("blank-2", "the chair")
    assert "I will ask the chair this question: What else?" in joined(card)


def test_changed_words_are_kept() -> None:
    card = form()
    card.set("blank-1", "You may disagree.")
    assert fields(card)[1]["value"] == "You may disagree."
    assert joined(card).endswith("You may disagree.")


def test_words_that_were_taken_away_do_not_come_back() -> None:
    card = form()
    card.set("blank-1", "")
    assert fields(card)[1]["value"] == ""
    assert joined(card) == ""


def test_what_was_typed_first_may_be_taken_back() -> None:
    card = form()
    card.set("blank-0", "parking")
    card.set("blank-0", "")
    assert card.value is None
    assert fields(card)[1]["value"] == "You are entitled to that view."


def test_answers_kept_before_a_blank_was_added_still_fit() -> None:
    card = form()
    card.save(["parking"])
    assert [field["value"] for field in fields(card)] == ["parking", "You are entitled to that view.", "", "What else?"]
