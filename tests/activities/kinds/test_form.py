"""Fill the blanks: each beside its words, joined and read back, with advice where it fits."""

from __future__ import annotations

from typing import Any

import pytest

from course.activities.kinds.form import ROOM, Form
from course.core.errors import BadWords

WORDS = """
Say what you saw.

Build the sentence.
! over 12 words -> Try it shorter.

- When ___ (what happened), I noticed ___.
! empty -> What did you see?
! always, never -> This may sound like a verdict.
- I would like
"""


def read_back(card: Form) -> str:
    return "".join(control["text"] for control in card.controls() if control["id"] == "joined")


def advice(card: Form) -> list[str]:
    (group,) = (control for control in card.controls() if control["id"] == "fields")
    return [control["text"] for control in [*group["controls"], *card.controls()] if control.get("tone") == "feedback"]


def test_each_blank_has_its_words_beside_it(open_page: Any, control: Any) -> None:
    labels = [field["label"] for field in control(Form("q", open_page(), WORDS), "fields")["controls"]]
    assert labels == ["When … (what happened)", "I noticed …", "I would like"]


def test_what_was_typed_is_kept_joined_and_there_next_week(open_page: Any, control: Any) -> None:
    card = Form("q", open_page(), WORDS)
    assert read_back(card) == ""
    card.set("blank-0", "the date slipped")
    assert "When the date slipped, I noticed …" in read_back(card)
    card.set("blank-1", "two people left.")
    again = Form("q", open_page(), WORDS)
    assert again.value == ["the date slipped", "two people left.", ""]
    assert "When the date slipped, I noticed two people left." in read_back(again)
    assert control(again, "blank-1")["value"] == "two people left."
    assert again.answer_lines()[0][1] == "When the date slipped, I noticed two people left."


def test_emptied_again_it_is_no_answer(open_page: Any) -> None:
    card = Form("q", open_page(), WORDS)
    card.set("blank-0", "x")
    card.set("blank-0", " ")
    assert card.value is None
    assert (read_back(card), advice(card)) == ("", [])


def test_advice_on_a_blank_comes_once_something_was_typed(open_page: Any) -> None:
    card = Form("q", open_page(), WORDS)
    assert advice(card) == []
    card.set("blank-0", "you never came")
    assert advice(card) == ["What did you see?", "This may sound like a verdict."]
    card.set("blank-1", "an empty chair")
    card.set("blank-0", "the meeting began")
    assert advice(card) == []


def test_advice_on_the_whole_looks_at_what_is_read_back(open_page: Any) -> None:
    card = Form("q", open_page(), WORDS)
    card.set("blank-0", "the meeting began and three of us were still outside talking")
    card.set("blank-1", "that nobody minded")
    assert advice(card) == ["Try it shorter."]


@pytest.mark.parametrize("id", ["blank-3", "blank--1", "blank-", "x", "blank-" + "1" * 5000])
def test_a_blank_that_is_not_there_takes_nothing(open_page: Any, id: str) -> None:
    card = Form("q", open_page(), WORDS)
    card.set(id, "text")
    assert card.value is None


@pytest.mark.parametrize("value", [None, 5, ["x"], {}])
def test_what_is_no_text_is_not_taken(open_page: Any, value: Any) -> None:
    card = Form("q", open_page(), WORDS)
    card.set("blank-0", value)
    assert card.value is None


def test_more_than_there_is_room_for_is_kept(open_page: Any) -> None:
    card = Form("q", open_page(), WORDS)
    card.set("blank-0", "x" * (ROOM + 5))
    assert len(card.filled[0]) == ROOM + 5


@pytest.mark.parametrize("kept", ["text", {"a": 1}, [5, None, ["x"], "more", "than", "fits"]])
def test_kept_answers_of_another_shape_leave_the_fields_empty(open_page: Any, kept: Any) -> None:
    answers = open_page()
    answers.save("q", kept)
    assert Form("q", answers, WORDS).filled[:2] == ["", ""]


def test_a_form_needs_a_line(open_page: Any) -> None:
    with pytest.raises(BadWords, match="1 or more"):
        Form("q", open_page(), "Build the sentence.")
