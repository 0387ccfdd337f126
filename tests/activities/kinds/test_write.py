"""Write a text: counted, advised, and never in the way."""

from __future__ import annotations

from typing import Any

import pytest

from course.activities.card import LONGEST_TEXT
from course.activities.kinds.write import ROOM, Write
from course.core.errors import BadWords, TextTooLong

WORDS = """
Say it as you saw it.

What happened?
! always, never -> This may sound like a verdict.
! over 5 words -> Try it in five words.
"""


def advice(card: Write) -> list[str]:
    return [control["text"] for control in card.controls() if control["id"].startswith("advice")]


def test_the_text_is_kept_and_there_next_week(open_page: Any, control: Any) -> None:
    card = Write("q", open_page(), WORDS)
    card.set("text", "They left.\n\nI stayed.")
    again = Write("q", open_page(), WORDS)
    assert control(again, "text")["value"] == "They left.\n\nI stayed."
    assert again.answer_lines() == [("What happened?", "They left.\n\nI stayed.")]


def test_an_emptied_text_is_no_answer(open_page: Any) -> None:
    card = Write("q", open_page(), WORDS)
    card.set("text", "They left.")
    card.set("text", " \n")
    assert card.value is None


def test_it_is_counted_in_words_with_an_aim_in_words_or_in_characters(open_page: Any, control: Any) -> None:
    for count, unit, say in (
        ((150, 250), "words", ("{n} word. Aim for 150 to 250.", "{n} words. Aim for 150 to 250.")),
        ("words", "words", ("{n} word", "{n} words")),
        ("characters", "characters", ("{n} character", "{n} characters")),
    ):
        forms = dict(zip(("one", "other"), say, strict=True))
        assert control(Write("q", open_page(), WORDS, count), "text")["count"] == {"unit": unit, "say": forms}


def test_another_count_is_refused(open_page: Any) -> None:
    with pytest.raises(BadWords, match="“letters”"):
        Write("q", open_page(), WORDS, "letters")


def test_advice_comes_where_it_fits_and_blocks_nothing(open_page: Any) -> None:
    card = Write("q", open_page(), WORDS)
    assert advice(card) == []
    card.set("text", "You’re ALWAYS late.")
    assert advice(card) == ["This may sound like a verdict."]
    card.set("text", "You came at ten past on Monday.")
    assert advice(card) == ["Try it in five words."]
    card.set("text", "They whenever nevertheless came.")
    assert advice(card) == []


@pytest.mark.parametrize("length", [ROOM + 1, LONGEST_TEXT])
def test_more_than_there_is_room_for_is_saved_whole(open_page: Any, length: int) -> None:
    Write("q", open_page(), WORDS).set("text", "x" * length)
    assert Write("q", open_page(), WORDS).text == "x" * length


def test_a_text_that_is_too_long_to_be_saved_is_refused_and_changes_nothing(open_page: Any) -> None:
    card = Write("q", open_page(), WORDS)
    card.set("text", "before")
    with pytest.raises(TextTooLong, match=f"has {LONGEST_TEXT + 1} characters"):
        card.set("text", "x" * (LONGEST_TEXT + 1))
    assert (card.value, open_page().get("q")) == ("before", "before")
    card.press("skip")
    assert open_page().get("q") == "before"


@pytest.mark.parametrize("value", [None, 5, ["text"], {"a": "text"}, True])
def test_what_is_no_text_is_not_taken(open_page: Any, value: Any) -> None:
    card = Write("q", open_page(), WORDS)
    card.set("text", value)
    assert card.value is None
    card.save(value)
    assert card.text == ""
    card.controls()
