"""A scenario in steps: each tells its consequence, and each can be tried another way."""

from __future__ import annotations

from typing import Any

import pytest

from course.activities.card import CHECKED
from course.activities.kinds.branch import Branch

WORDS = """
## Wednesday

The story is out.

What do you do?

A. Email everyone. -> No one answers.
B. Call them together. -> They come.

## Friday
They are here.

How do you begin?
-> They listen.

A. Name the breach.
B. Say nothing of it.

## Monday
And now?
A. Go on.
-> It goes on.
---
These are our judgement.
"""


def texts(card: Branch) -> str:
    found: list[str] = []

    def read(controls: list[dict[str, Any]]) -> None:
        for control in controls:
            found.append(control.get("text") or control.get("legend") or "")
            read(control.get("controls", []))

    read(card.controls())
    return "\n".join(found)


def walked(answers: Any) -> Branch:
    card = Branch("q", answers, WORDS)
    for step, letter in enumerate("BAA"):
        card.set(f"pick-{step}", letter)
        card.press(f"next-{step}")
    return card


def test_a_step_tells_its_consequence_and_the_next_waits(open_page: Any, ids: Any) -> None:
    card = Branch("q", open_page(), WORDS)
    assert "Step 1 of 3: Wednesday" in texts(card)
    assert "next-0" not in ids(card)
    card.set("pick-0", "A")
    assert "No one answers." in texts(card)
    assert "Friday" not in texts(card)
    card.press("next-0")
    assert "Step 2 of 3: Friday" in texts(card)
    assert "You chose: Email everyone." in texts(card)
    assert card.value == ["A", None]


def test_the_closing_words_come_at_the_end_alone(open_page: Any) -> None:
    card = Branch("q", open_page(), WORDS)
    assert "These are our judgement." not in texts(card)
    card = walked(open_page())
    assert card.is_finished
    assert card.state == CHECKED
    assert "These are our judgement." in texts(card)
    assert card.answer_lines() == [
        ("Wednesday", "B. Call them together."),
        ("Friday", "A. Name the breach."),
        ("Monday", "A. Go on."),
    ]


@pytest.mark.parametrize("step,left", [(0, [None]), (1, ["B", None]), (2, ["B", "A", None])])
def test_every_step_can_be_tried_another_way(open_page: Any, ids: Any, step: int, left: list[str | None]) -> None:
    card = walked(open_page())
    assert f"back-{step}" in ids(card)
    card.press(f"back-{step}")
    assert card.value == left
    assert not card.is_finished
    card.set(f"pick-{step}", "A")
    assert card.value == [*left[:-1], "A"]


def test_next_week_the_way_so_far_is_there(open_page: Any) -> None:
    card = Branch("q", open_page(), WORDS)
    card.set("pick-0", "B")
    card.press("next-0")
    card.set("pick-1", "B")
    again = Branch("q", open_page(), WORDS)
    assert (again.way, texts(again)) == (["B", "B"], texts(card))
    assert texts(Branch("q", walked(open_page()).answers, WORDS)) == texts(walked(open_page()))


@pytest.mark.parametrize("button", ["next-0", "next-1", "next-2", "next-9", "next-", "back-1", "back-x", "next"])
def test_there_is_no_going_on_before_an_answer(open_page: Any, button: str) -> None:
    card = Branch("q", open_page(), WORDS)
    card.press(button)
    assert card.way == [None]


def test_after_the_last_step_there_is_no_next(open_page: Any, ids: Any) -> None:
    card = walked(open_page())
    assert "next-2" not in ids(card)
    card.press("next-0")
    assert card.is_finished


@pytest.mark.parametrize(
    "kept,way",
    [
        (["A", "Z", "A"], ["A", None]),
        ([None, "A"], [None]),
        (["A", "A", "A", "A"], ["A", "A", "A"]),
        ("AAA", [None]),
        ([["A"]], [None]),
        ([], [None]),
    ],
)
def test_a_kept_way_that_leads_nowhere_ends_where_it_still_fits(
    open_page: Any, kept: Any, way: list[str | None]
) -> None:
    answers = open_page()
    answers.save("q", kept)
    card = Branch("q", answers, WORDS)
    assert card.way == way
    card.controls()
