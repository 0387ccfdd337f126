"""A card counts as answered once each of its parts is; until then it is begun. Optional parts may stay empty."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from course.activities.card import Card
from course.activities.controls import flat
from course.activities.kinds.arrange import Rank, Sort
from course.activities.kinds.before_after import BeforeAfter
from course.activities.kinds.branch import Branch
from course.activities.kinds.choose import Choose, Tick
from course.activities.kinds.date import Date
from course.activities.kinds.form import Form, IfThen
from course.activities.kinds.log import Log
from course.activities.kinds.number import Number
from course.activities.kinds.rate import Rate
from course.activities.kinds.recall import Recall
from course.activities.kinds.write import Write
from course.content.scales import find_scale
from course.records.answers.answers import Answers

Step = tuple[str, object]
"""A control and its value, or "press" and a button."""
STEPS = """
## One
What now?
A. Wait. -> Slow.
B. Ask. -> Good.
## Two
And now?
A. Tell. -> Good.
B. Hide. -> Bad.
"""
OPTIONS = "Which?\nA. One. -> So.\nB. Two. -> So."
PULSE = [item.code for item in find_scale("pulse").items]


@pytest.fixture
def answers(tmp_path: Path) -> Answers:
    return Answers(tmp_path / "page.json", "lesson", "page")


def take(card: Card, *steps: Step) -> Card:
    for control, value in steps:
        if control == "press":
            card.press(str(value))
        else:
            card.set(control, value)
    return card


IN_PARTS: dict[str, tuple[Callable[[Answers], Card], list[Step], Step]] = {
    "rate": (lambda page: Rate("key", page, "pulse"), [(PULSE[0], "4")], (PULSE[1], "n")),
    "rate on two scales": (
        lambda page: Rate("key", page, "pulse", "tried"),
        [(PULSE[0], "4"), (PULSE[1], "5")],
        ("TRIED", "1"),
    ),
    "form": (
        lambda page: Form("key", page, "Fill in.\n- I ask ___ to ___."),
        [("blank-0", "a nurse")],
        ("blank-1", "stay"),
    ),
    "form with words to begin with": (
        lambda page: Form("key", page, "Fill in.\n- I ask ___: ___{What else?}"),
        [("blank-1", "What more?")],
        ("blank-0", "a nurse"),
    ),
    "form with an optional line": (
        lambda page: Form("key", page, "Fill in.\n- I ask ___.\n- And more [optional]"),
        [("blank-1", "a favour")],
        ("blank-0", "a nurse"),
    ),
    "plan": (lambda page: IfThen("key", page, "Plan."), [("blank-0", "it is noon")], ("blank-1", "ring")),
    "plan with an obstacle": (
        lambda page: IfThen("key", page, "Plan.", obstacle=True),
        [("blank-0", "it is noon"), ("blank-1", "ring"), ("blank-2", "no time")],
        ("blank-3", "write"),
    ),
    "recall": (
        lambda page: Recall("key", page, "One?\n-> Yes.\n\nTwo?\n-> No."),
        [("line-0", "yes"), ("press", "check")],
        ("line-1", "no"),
    ),
    "recall that is looked at with a line missing": (
        lambda page: Recall("key", page, "One?\n-> Yes.\n\nTwo?\n-> No."),
        [("line-0", "yes"), ("press", "check")],
        ("press", "look"),
    ),
    "sort": (
        lambda page: Sort("key", page, "Where?\n- A cat [x In]\n- A dog [x Out]", ["In", "Out"]),
        [("card-0", "A"), ("press", "check")],
        ("card-1", "A"),
    ),
    "branch": (
        lambda page: Branch("key", page, STEPS),
        [("pick-0", "A"), ("press", "next-0")],
        ("pick-1", "A"),
    ),
    "numbers": (
        lambda page: Number("key", page, "How many?\n- Cats\n- Dogs", 0, 9),
        [("number-0", 0)],
        ("number-1", 3),
    ),
    "levels": (lambda page: BeforeAfter("key", page, "How far?\nA. Low\nB. High"), [("now", "A")], ("could", "A")),
    "log": (lambda page: Log("key", page, "What?\n- It was:"), [("field-0", "kept")], ("press", "add")),
}
"""By kind: a card, what is not the whole of its answer, and the one thing that is missing."""


@pytest.mark.parametrize("kind", IN_PARTS)
def test_a_card_is_begun_until_its_last_part_is_answered(answers: Answers, kind: str) -> None:
    make, first, last = IN_PARTS[kind]
    card = make(answers)
    assert card.done == ""
    assert take(card, *first).done == "begun"
    assert take(card, last).done == "answered"
    assert make(answers).done == "answered", "also as it is read again"


@pytest.mark.parametrize(
    ("make", "control", "value"),
    [
        (lambda page: Choose("key", page, OPTIONS), "pick", "B"),
        (lambda page: Tick("key", page, OPTIONS), "ticks", {"A": True}),
        (lambda page: Tick("key", page, OPTIONS), "press", "check"),
        (lambda page: Rank("key", page, OPTIONS), "order", ["B", "A"]),
        (lambda page: Write("key", page, "What?"), "text", "This."),
        (lambda page: Number("key", page, "How many?", 0, 9), "number-0", 0),
        (lambda page: Date("key", page, "When?"), "date", "2026-02-03"),
        (lambda page: Form("key", page, "Fill in.\n- I ask ___.\n- And more [optional]"), "blank-0", "a nurse"),
    ],
)
def test_an_answer_of_one_part_is_whole(
    answers: Answers, make: Callable[[Answers], Card], control: str, value: object
) -> None:
    assert take(make(answers), (control, value)).done == "answered"


def test_a_part_that_is_taken_away_again_is_open_again(answers: Answers) -> None:
    card = IN_PARTS["form"][0](answers)
    take(card, ("blank-0", "a nurse"), ("blank-1", "stay"), ("blank-1", " "))
    assert card.done == "begun"
    assert take(card, ("blank-0", "")).done == ""


def test_a_card_that_is_skipped_in_the_middle_counts_as_skipped(answers: Answers) -> None:
    card = take(IN_PARTS["form"][0](answers), ("blank-0", "a nurse"), ("press", "skip"))
    assert card.done == "skipped"
    assert take(card, ("press", "unskip")).done == "begun"


def test_a_rating_of_all_statements_of_an_earlier_version_is_whole(answers: Answers) -> None:
    habits = find_scale("habits")
    codes = [item.code for item in habits.earlier[0].items]
    answers.save("key", dict.fromkeys(codes[1:], 4))
    assert Rate("key", answers, "habits").done == "begun"
    answers.save("key", dict.fromkeys(codes, 4))
    assert Rate("key", answers, "habits").done == "answered"


def test_an_optional_line_says_so_and_is_joined_like_any_other(answers: Answers) -> None:
    card = Form("key", answers, "Fill in.\n- I ask ___.\n- And more [optional]")
    take(card, ("blank-0", "a nurse"), ("blank-1", "a favour"))
    labels = [dict(control).get("label") for control in flat(card.controls()) if control["kind"] in ("line", "area")]
    assert labels == ["I ask …", "And more (optional)"]
    assert card.joined() == "I ask a nurse. a favour."
