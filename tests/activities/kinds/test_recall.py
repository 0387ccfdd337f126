"""From memory first: a line for each question, then what the course says beside it, and never a verdict."""

from __future__ import annotations

import json
from typing import Any

import pytest

from course.activities.kinds.recall import ROOM, Recall

WORDS = """
Before you go on.

What are the four parts of a clear promise?
-> What, by when, what it depends on, how they will know.

Someone asks you to keep a secret: what do you say?
-> I keep it unless someone could come to harm.
"""


def shown(card: Recall) -> list[str]:
    """Return what stands beside the learner's lines."""
    groups: list[Any] = [control for control in card.controls() if control["kind"] == "group"]
    return [inside["text"].split("\n\n")[1] for group in groups for inside in group["controls"][1:]]


def notice(card: Recall) -> str:
    return "".join(control["text"] for control in card.controls() if control["id"] == "notice")  # type: ignore[typeddict-item]


def test_each_question_has_a_line_of_its_own_that_is_there_next_week(open_page: Any, control: Any) -> None:
    card = Recall("q", open_page(), WORDS)
    assert control(card, "pair-0")["legend"] == "What are the four parts of a clear promise?"
    card.set("line-1", "I keep it.")
    again = Recall("q", open_page(), WORDS)
    assert (control(again, "line-0")["value"], control(again, "line-1")["value"]) == ("", "I keep it.")
    assert again.value == ["", "I keep it."]
    assert again.answer_lines() == [
        ("What are the four parts of a clear promise?", ""),
        ("Someone asks you to keep a secret: what do you say?", "I keep it."),
    ]


def test_check_shows_what_belongs_to_each_question_and_stays_checked(open_page: Any) -> None:
    card = Recall("q", open_page(), WORDS)
    card.set("line-0", "what and when")
    card.set("line-1", "I keep it.")
    assert shown(card) == []
    card.press("check")
    assert shown(card) == [
        "What, by when, what it depends on, how they will know.",
        "I keep it unless someone could come to harm.",
    ]
    assert shown(Recall("q", open_page(), WORDS)) == shown(card)
    card.set("line-0", "what, by when")
    assert len(shown(card)) == 2, "a better line took the comparison away"


def test_a_missing_line_is_asked_for_and_one_may_look_all_the_same(open_page: Any, ids: Any) -> None:
    card = Recall("q", open_page(), WORDS)
    card.press("look")
    assert shown(card) == [], "it was shown before anything was asked"
    card.set("line-0", "what and when")
    assert "look" not in ids(card)
    card.press("check")
    assert notice(card).startswith("One question has no line from you yet.")
    assert shown(card) == []
    card.press("look")
    assert len(shown(card)) == 2
    assert notice(card) == ""
    assert len(shown(Recall("q", open_page(), WORDS))) == 2


def test_with_no_line_at_all_the_number_of_questions_is_said(open_page: Any) -> None:
    card = Recall("q", open_page(), WORDS)
    card.set("line-0", "  ")
    card.press("check")
    assert notice(card).startswith("2 questions have no line from you yet.")


def test_it_can_be_hidden_for_another_try(open_page: Any, ids: Any) -> None:
    card = Recall("q", open_page(), WORDS)
    card.press("check")
    card.press("look")
    card.press("hide")
    assert shown(card) == []
    assert "check" in ids(Recall("q", open_page(), WORDS))


def test_nothing_on_the_card_is_called_right_or_wrong(open_page: Any) -> None:
    card = Recall("q", open_page(), WORDS)
    card.press("check")
    card.press("look")
    said = json.dumps(card.controls()).casefold()
    assert not [word for word in ("correct", "wrong", "right", "well done", "score") if word in said]


def test_one_window_checks_while_the_other_writes(open_page: Any) -> None:
    one, two = Recall("q", open_page(), WORDS), Recall("q", open_page(), WORDS)
    one.set("line-0", "what and when")
    two.set("line-1", "I keep it.")
    one.press("check")
    assert len(shown(one)) == 2, "the other window's line was not seen"
    two.set("line-1", "I keep it, mostly.")
    assert Recall("q", open_page(), WORDS).lines == ["what and when", "I keep it, mostly."]
    assert len(shown(two)) == 2


def test_emptied_again_it_is_no_answer(open_page: Any) -> None:
    card = Recall("q", open_page(), WORDS)
    card.set("line-0", "x")
    card.set("line-0", " ")
    assert card.value is None


@pytest.mark.parametrize("id", ["line-2", "line--1", "line-", "x"])
def test_a_line_that_is_not_there_takes_nothing(open_page: Any, id: str) -> None:
    card = Recall("q", open_page(), WORDS)
    card.set(id, "text")
    assert card.value is None


@pytest.mark.parametrize("value", [None, 5, ["x"], {}])
def test_what_is_no_text_is_not_taken(open_page: Any, value: Any) -> None:
    card = Recall("q", open_page(), WORDS)
    card.set("line-0", value)
    assert card.value is None


def test_more_than_there_is_room_for_is_kept(open_page: Any) -> None:
    card = Recall("q", open_page(), WORDS)
    card.set("line-0", "x" * (ROOM + 5))
    assert len(card.lines[0]) == ROOM + 5
