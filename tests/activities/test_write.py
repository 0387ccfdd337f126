"""Write a text: counted, advised, and never in the way."""

from __future__ import annotations

from typing import Any

import pytest

from course.activities.write import LONGEST, Write
from course.core.errors import BadWords

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


def test_more_than_the_longest_text_is_cut_and_saved(open_page: Any) -> None:
    card = Write("q", open_page(), WORDS)
    card.set("text", "x" * (LONGEST + 1))
    assert card.value == "x" * LONGEST


@pytest.mark.parametrize("value", [None, 5, ["text"], {"a": "text"}, True])
def test_what_is_no_text_is_not_taken(open_page: Any, value: Any) -> None:
    card = Write("q", open_page(), WORDS)
    card.set("text", value)
    assert card.value is None
    card.save(value)
    assert card.text == ""
    card.controls()
