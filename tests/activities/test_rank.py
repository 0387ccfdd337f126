"""Put cards in order: shuffled at first, the same way each time; our order when asked for."""

from __future__ import annotations

from typing import Any

import pytest

from course.activities.rank import Rank

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
