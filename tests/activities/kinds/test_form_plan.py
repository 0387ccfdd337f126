"""A plan: a moment and an act, joined and read back; with an obstacle, also the answer to it."""

from __future__ import annotations

from typing import Any

import pytest

from course.activities.kinds.form import IfThen
from course.core.errors import BadWords

WORDS = "Example: “If it is Tuesday, then I will greet people.”\n\nYour plan"


def filled(answers: Any, *texts: str, obstacle: bool = False) -> IfThen:
    card = IfThen("q", answers, WORDS, obstacle)
    for number, text in enumerate(texts):
        card.set(f"blank-{number}", text)
    return card


def test_a_plan_is_read_back_as_one_sentence(open_page: Any) -> None:
    card = filled(open_page(), "it is Tuesday 8.50.", " I will", "never asked for")
    assert card.value == ["it is Tuesday 8.50.", " I will"]
    assert card.joined() == "If it is Tuesday 8.50, then I will I will."


def test_half_a_plan_shows_what_is_open(open_page: Any) -> None:
    assert filled(open_page(), "it is Tuesday").joined() == "If it is Tuesday, then I will …"


def test_an_obstacle_and_its_answer_make_a_second_sentence(open_page: Any) -> None:
    card = filled(open_page(), "it is Tuesday", "greet people", "a late bus", "ring ahead", obstacle=True)
    assert card.joined().endswith("What could stop me: a late bus. If that happens, then I will ring ahead.")
    assert filled(open_page(), "x", "y", "", "", obstacle=True).joined() == "If x, then I will y."


def test_next_week_the_plan_is_there(open_page: Any, control: Any) -> None:
    filled(open_page(), "it is Tuesday", "greet people")
    again = IfThen("q", open_page(), WORDS)
    assert control(again, "blank-0")["value"] == "it is Tuesday"
    assert again.answer_lines() == [("Your plan", "If it is Tuesday, then I will greet people.")]


def test_nothing_typed_reads_nothing_back(open_page: Any, ids: Any) -> None:
    card = filled(open_page(), "x", "")
    card.set("blank-0", "")
    assert (card.value, card.joined()) == (None, "")
    assert "joined" not in ids(card)


def test_words_for_more_fields_than_a_plan_has_are_refused(open_page: Any) -> None:
    with pytest.raises(BadWords, match="obstacle=True"):
        IfThen("q", open_page(), "Your plan\n\n- when\n- act\n- obstacle")
    IfThen("q", open_page(), "Your plan\n\n- when\n- act\n- obstacle", obstacle=True)
