"""Arranging cards: an order or groups, also without dragging."""

from __future__ import annotations

from typing import Any

import pytest

from course.activities.kinds.arrange import Rank, Sort
from course.core.errors import BadWords

WORDS = """
Which comes first?
-> There is no right order.

- Greet people.
- Say what this is for.
- Say what it is not for.
"""


def shown(card: Rank) -> list[str]:
    (order,) = (control for control in card.controls() if control["kind"] == "order")
    return [item["value"] for item in order["items"]]


def test_the_first_order_is_not_ours_and_is_the_same_each_time(open_page: Any) -> None:
    first = shown(Rank("q", open_page(), WORDS))
    assert sorted(first) == ["A", "B", "C"] != first
    assert shown(Rank("q", open_page(), WORDS)) == first
    assert Rank("q", open_page(), WORDS).answer_lines() == [("Which comes first?", "")]


def test_the_learners_order_is_kept_and_there_next_week(open_page: Any) -> None:
    card = Rank("q", open_page(), WORDS)
    card.set("order", ["C", "A", "B"])
    assert card.value == ["C", "A", "B"]
    again = Rank("q", open_page(), WORDS)
    assert shown(again) == ["C", "A", "B"]
    assert again.answer_lines()[0][1].splitlines()[0] == "1. Say what it is not for."


def test_our_order_and_why_come_when_asked_for_and_stay(open_page: Any, control: Any, ids: Any) -> None:
    card = Rank("q", open_page(), WORDS)
    assert not {"ours", "why"} & {*ids(card)}
    card.press("check")
    for shown_card in (card, Rank("q", open_page(), WORDS)):
        ours = control(shown_card, "ours")["text"]
        assert ours.index("1. Greet people.") < ours.index("2. Say what this is for.") < ours.index("3. Say")
        assert control(shown_card, "why")["text"] == "There is no right order."
    assert card.value == shown(card), "the order as it stands is the answer"


@pytest.mark.parametrize(
    "value", [["A", "B"], ["A", "A", "B"], ["A", "B", "D"], "ABC", None, [1, 2, 3], [["A"], "B", "C"]]
)
def test_what_is_no_order_of_the_cards_is_not_taken(open_page: Any, value: Any) -> None:
    card = Rank("q", open_page(), WORDS)
    card.set("order", value)
    assert card.value is None
    card.save(value)
    assert sorted(shown(card)) == ["A", "B", "C"]
    assert card.answer_lines()[0][1] == ""


SORT_WORDS = """
Give each act a side.

- You send papers early. [Competence]
-> People can plan.
- You ask what worries them. [Caring]
- You keep your word. [Both]
"""
GROUPS = ["Competence", "Caring", "Both"]


def views(card: Sort) -> list[str]:
    (group,) = (control for control in card.controls() if control["id"] == "cards")
    return [control["note"] for control in group["controls"] if control["note"]]


def test_a_group_is_kept_for_each_card_and_none_for_one_not_placed(open_page: Any) -> None:
    card = Sort("q", open_page(), SORT_WORDS, GROUPS)
    card.set("card-2", "C")
    assert card.value == [None, None, "C"]
    card.set("card-0", "B")
    card.set("card-0", "A")
    assert card.value == ["A", None, "C"]


def test_groups_may_have_codes_of_their_own(open_page: Any) -> None:
    card = Sort("q", open_page(), "Mark each.\n\n- One.\n- Two.", {"C": "Competence", "K": "Caring"})
    card.set("card-1", "K")
    assert card.value == [None, "K"]
    assert card.answer_lines() == [("One.", ""), ("Two.", "Caring")]


def test_our_view_is_under_each_card_after_check_and_follows_a_change(open_page: Any) -> None:
    card = Sort("q", open_page(), SORT_WORDS, GROUPS)
    card.set("card-0", "A")
    card.set("card-1", "A")
    assert views(card) == []
    card.press("check")
    assert views(card) == [
        "Our view: Competence. People can plan.",
        "You chose Competence. Our view: Caring.",
        "Not placed yet. Our view: Both.",
    ]
    card.set("card-1", "B")
    assert views(card)[1] == "Our view: Caring."


def test_check_before_any_card_is_placed_says_what_to_do_first(open_page: Any, control: Any) -> None:
    card = Sort("q", open_page(), SORT_WORDS, GROUPS)
    card.press("check")
    assert control(card, "notice")["live"]
    assert not card.is_checked


def test_cards_without_a_group_of_ours_have_nothing_to_check(open_page: Any, ids: Any) -> None:
    card = Sort("q", open_page(), "Mark each.\n\n- One.\n- Two.", GROUPS)
    assert "check" not in ids(card)
    card.set("card-0", "A")
    card.press("check")
    assert not card.is_checked


def test_next_week_groups_and_views_are_there(open_page: Any) -> None:
    card = Sort("q", open_page(), SORT_WORDS, GROUPS)
    card.set("card-0", "A")
    card.press("check")
    again = Sort("q", open_page(), SORT_WORDS, GROUPS)
    assert (again.placed, views(again)) == (["A", None, None], views(card))


def test_a_card_of_no_group_is_named_with_the_groups(open_page: Any) -> None:
    with pytest.raises(BadWords, match="“Kindness”") as caught:
        Sort("q", open_page(), "Which?\n\n- You greet them. [Kindness]", GROUPS)
    assert "Competence, Caring, Both" in caught.value.hint


@pytest.mark.parametrize("part_id", ["card-3", "card--1", "card-", "card-x", "card-" + "9" * 5000, "card-²", ""])
def test_a_card_that_is_not_there_takes_no_group(open_page: Any, part_id: str) -> None:
    card = Sort("q", open_page(), SORT_WORDS, GROUPS)
    card.set(part_id, "A")
    assert card.value is None


@pytest.mark.parametrize("value", ["D", "a", None, ["A"], {}, 0])
def test_a_group_that_is_not_there_is_not_taken(open_page: Any, value: Any) -> None:
    card = Sort("q", open_page(), SORT_WORDS, GROUPS)
    card.set("card-0", value)
    assert card.value is None
