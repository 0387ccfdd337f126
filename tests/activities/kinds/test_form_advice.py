"""The advice of a form, the labels of its blanks, and how its sentences are read back."""

from __future__ import annotations

from typing import Any

import pytest

from course.activities.kinds.form import Form
from course.activities.syntax import read_steps
from course.records.answers.answers import Answers

GAP = "Is there really nothing you would have to pass on?"
LONG = "Could someone say this aloud?"
WORDS = f"""
! over 12 words -> {LONG}

Our boundaries

- This group is for ___.
- What is said here ___, except ___.
! empty -> {GAP}
- What I would ask of you
"""


@pytest.fixture
def form() -> Form:
    return Form("boundaries", Answers(None, "lesson", "keeping-your-word"), WORDS)


def every(card: Form, kind: str) -> list[dict[str, Any]]:
    controls = [inner for control in card.body() for inner in control.get("controls", [control])]
    return [control for control in controls if control["kind"] == kind]


def said(card: Form) -> list[str]:
    return [control["text"] for control in every(card, "text")]


def test_a_label_begins_with_a_word(form: Form) -> None:
    labels = [control["label"] for control in every(form, "line")]
    assert labels == ["This group is for …", "What is said here …", "except …"]


def test_a_field_without_a_blank_has_room_for_several_lines(form: Form) -> None:
    assert [control["label"] for control in every(form, "area")] == ["What I would ask of you"]


def test_one_empty_blank_of_a_sentence_is_enough_for_advice(form: Form) -> None:
    form.set("blank-1", "stays here")
    assert GAP in said(form)


def test_a_filled_sentence_gets_no_advice_on_gaps(form: Form) -> None:
    form.set("blank-1", "stays here")
    form.set("blank-2", "where someone is at risk")
    assert GAP not in said(form)


def test_an_untouched_form_gets_no_advice(form: Form) -> None:
    assert said(form) == []


def test_advice_above_the_fields_is_about_the_whole(form: Form) -> None:
    form.set("blank-0", "sharing figures between seven teams")
    assert LONG not in said(form)
    form.set("blank-3", "Tell me what I have missed")
    assert LONG in said(form)


@pytest.mark.parametrize(
    ("typed", "read_back"),
    [("pay.", "This group is for pay."), ("pay?", "This group is for pay?"), (" pay ", "This group is for pay.")],
)
def test_a_sentence_ends_with_one_mark(form: Form, typed: str, read_back: str) -> None:
    form.set("blank-0", typed)
    assert form.joined() == read_back


def test_fields_without_a_blank_are_read_back_as_sentences(form: Form) -> None:
    form.set("blank-0", "pay")
    form.set("blank-3", "Tell me what I missed")
    assert form.joined() == "This group is for pay. Tell me what I missed."


def test_closing_words_keep_their_paragraphs() -> None:
    steps = "## One\n\nWhat now?\n\nA. Go on. -> Fine.\n\n## Two\n\nAnd now?\n\nA. Stop. -> Fine."
    words = f"{steps}\n---\nFirst\nline.\n\nSecond."
    assert read_steps(words, "story")[1] == "First line.\n\nSecond."
