"""Questions with a right answer: each part says in words and with a sign whether it is right, with another try."""

from __future__ import annotations

from typing import Any

import pytest

from course.activities.controls import flat
from course.activities.kinds.arrange import Rank, Sort
from course.activities.kinds.choose import Choose, Tick
from course.core.errors import BadWords

CHOICE = """
Where is this person on the map?

A. Earns trust. -> Look for a sign of care.
B. Earns respect. [x] -> The work is seen.
C. Earns liking. -> Liking comes from warmth.
"""
TICKS = """
Tick what is sound.

A. Help is a choice. [x] -> Nobody has to.
~> People may say no.
B. Trust can be demanded. -> It is given.
C. Small acts count. [x]
~> They add up.
D. A target helps. -> It stops being honest.
"""
CARDS = """
Which side does it feed?

- You send papers early. [x Competence] -> People can plan.
- You ask what worries them. [x Caring] -> It counts.
- You keep your word. [Competence] -> Many feel it as care.
"""
GROUPS = ["Competence", "Caring"]
ORDER = """
From “I keep it” to “you have it”.
-> Each step passes on more.

1. I tell you.
2. I ask you.
3. We decide.
4. You decide.
"""


def notes(card: Any) -> list[tuple[str, str]]:
    """Return the words under each part of a card and their tone."""
    parts = [
        part
        for control in flat(card.controls())
        for part in (control.get("options") or control.get("items") or [])  # type: ignore[attr-defined]
    ]
    parts += [control for control in flat(card.controls()) if control["kind"] == "radios"]
    return [(part["note"], part["tone"]) for part in parts if part["note"]]


def told(card: Any) -> str:
    """Return the line that is read out below the parts."""
    (line,) = [control for control in card.controls() if control["id"] == "told"]
    assert line["live"]
    return str(line["text"])


def test_a_wrong_choice_says_so_and_offers_another_try_without_the_answer(open_page: Any, ids: Any) -> None:
    card = Choose("q", open_page(), CHOICE)
    card.set("pick", "A")
    assert notes(card) == []
    card.press("check")
    assert notes(card) == [("**Not right.** Look for a sign of care.", "wrong")]
    assert {"retry", "all"} <= {*ids(card)}
    assert "check" not in ids(card)


def test_another_try_takes_the_wrong_choice_away_and_begins_anew(open_page: Any, control: Any, ids: Any) -> None:
    card = Choose("q", open_page(), CHOICE)
    card.set("pick", "A")
    card.press("check")
    assert control(card, "retry")["leads_to"] == "pick"
    card.press("retry")
    assert (control(card, "pick")["value"], notes(card), card.value) == (None, [], None)
    assert "check" in ids(card)
    assert "retry" not in ids(card)


def test_the_right_choice_says_so_and_stays(open_page: Any, ids: Any) -> None:
    card = Choose("q", open_page(), CHOICE)
    card.set("pick", "B")
    card.press("check")
    assert notes(card) == [("**Right.** The work is seen.", "right")]
    assert "retry" not in ids(card)
    card.press("retry")
    assert card.value == "B"


def test_the_answer_of_a_choice_is_shown_when_asked_for_and_the_others_stay_neutral(open_page: Any) -> None:
    card = Choose("q", open_page(), CHOICE)
    card.press("all")
    assert notes(card) == []
    card.set("pick", "A")
    card.press("check")
    card.press("all")
    assert notes(card) == [
        ("**Not right.** Look for a sign of care.", "wrong"),
        ("**This is the right answer.** The work is seen.", "right"),
        ("Liking comes from warmth.", "feedback"),
    ]
    card.press("retry")
    assert notes(card) == []


def test_a_right_answer_needs_no_words_of_feedback(open_page: Any) -> None:
    card = Choose("q", open_page(), "Which?\n\nA. This [x]\nB. That")
    card.set("pick", "B")
    card.press("check")
    assert notes(card) == [("**Not right.**", "wrong")]


def test_ticks_say_which_are_right_and_how_many_are_found_and_not_which_are_missing(open_page: Any, ids: Any) -> None:
    card = Tick("q", open_page(), TICKS)
    card.set("ticks", {"A": True, "B": True, "D": True})
    card.press("check")
    assert notes(card) == [
        ("**Right.** Nobody has to.", "right"),
        ("**Not right.** It is given.", "wrong"),
        ("**Not right.** It stops being honest.", "wrong"),
    ]
    assert told(card) == "You found 1 of the 2 right ones. 2 ticks are not right."
    card.press("retry")
    assert (card.value, notes(card)) == (["A"], [])
    card.press("check")
    assert told(card) == "You found 1 of the 2 right ones."
    assert "retry" not in ids(card)


def test_missed_ticks_are_named_when_the_answers_are_asked_for(open_page: Any, ids: Any) -> None:
    card = Tick("q", open_page(), TICKS)
    card.set("ticks", {"A": True})
    card.press("check")
    card.press("all")
    assert notes(card) == [
        ("**Right.** Nobody has to.", "right"),
        ("**You left this one out, and it is right.** They add up.", "wrong"),
    ]
    card.set("ticks", {"C": True})
    card.press("check")
    assert told(card) == "You found 2 of the 2 right ones."
    assert not {"retry", "all", "check"} & {*ids(card)}


def sort(answers: Any, *groups: str | None) -> Sort:
    card = Sort("q", answers, CARDS, GROUPS)
    for number, group in enumerate(groups):
        card.set(f"card-{number}", group)
    return card


def test_each_card_of_a_sort_says_whether_it_is_right_with_a_tally_of_those_that_have_a_right_group(
    open_page: Any,
) -> None:
    card = sort(open_page(), "A", "A", "B")
    card.press("check")
    assert notes(card) == [
        ("**Right.** People can plan.", "right"),
        ("**Not right.**", "wrong"),
        ("You chose Caring. Our view: Competence. Many feel it as care.", "feedback"),
    ]
    assert told(card) == "1 of 2 right. Try the others again, or see the answers."


def test_another_try_keeps_what_was_right_and_opens_what_was_wrong(open_page: Any, control: Any, ids: Any) -> None:
    card = sort(open_page(), "A", "A", "B")
    card.press("check")
    assert control(card, "retry")["leads_to"] == "card-1"
    card.press("retry")
    assert card.value == ["A", None, "B"]
    assert notes(card) == []
    card.set("card-1", "B")
    assert notes(card) == []
    card.press("check")
    assert told(card) == "2 of 2 right."
    assert not {"retry", "all", "check"} & {*ids(card)}


def test_what_is_changed_after_check_is_not_judged_before_the_next_in_any_window(open_page: Any, ids: Any) -> None:
    card = sort(open_page(), "A", "A")
    card.press("check")
    card.set("card-1", "B")
    for window in (card, sort(open_page())):
        assert notes(window) == []
        assert "check" in ids(window)
        assert not {"told", "retry", "all"} & {*ids(window)}


def test_the_answers_of_a_sort_are_shown_when_asked_for_and_hidden_for_another_try(open_page: Any) -> None:
    card = sort(open_page(), None, "A", "A")
    card.press("check")
    card.press("all")
    assert notes(card) == [
        ("The right answer is “Competence”. People can plan.", "feedback"),
        ("**Not right.** The right answer is “Caring”. It counts.", "wrong"),
        ("Our view: Competence. Many feel it as care.", "feedback"),
    ]
    assert told(card) == "0 of 2 right."
    card.press("retry")
    assert (notes(card), card.value) == ([], [None, None, "A"])


def test_each_card_of_an_order_says_whether_it_is_in_its_place(open_page: Any, ids: Any) -> None:
    card = Rank("q", open_page(), ORDER)
    card.set("order", ["A", "C", "B", "D"])
    assert notes(card) == []
    card.press("check")
    assert [tone for _, tone in notes(card)] == ["right", "wrong", "wrong", "right"]
    assert notes(card)[1][0] == "Not in the right place."
    assert told(card) == "2 of 4 in the right place. Move the others and press Check, or see the answers."
    assert not {"ours", "check"} & {*ids(card)}
    card.set("order", ["A", "B", "C", "D"])
    assert notes(card) == [], "the next Check says it"
    card.press("check")
    assert told(card) == "All 4 are in the right place."
    assert {"ours", "why"} <= {*ids(card)}
    assert not {"all", "check"} & {*ids(card)}


def test_the_right_order_is_shown_when_asked_for(open_page: Any, control: Any) -> None:
    card = Rank("q", open_page(), ORDER)
    card.press("all")
    assert not card.is_checked
    card.press("check")
    card.press("all")
    assert control(card, "ours")["text"].startswith("**The right order:**\n1. I tell you.\n2. I ask you.")
    assert told(card).endswith("in the right place."), "there is nothing more to see, and no Check to press"


def test_next_week_right_and_wrong_are_there_as_they_were(open_page: Any) -> None:
    made = {"q": lambda page: Sort("q", page, CARDS, GROUPS), "r": lambda page: Rank("r", page, ORDER)}
    for make in made.values():
        card = make(open_page())
        for name in ("card-0", "card-1"):
            card.set(name, "A")
        card.press("check")
        assert notes(make(open_page())) == notes(card) != []


@pytest.mark.parametrize(
    "card",
    [
        lambda page: Choose("q", page, CHOICE.replace(" [x]", "")),
        lambda page: Tick("q", page, TICKS.replace(" [x]", "")),
        lambda page: Sort("q", page, CARDS.replace("[x ", "["), GROUPS),
        lambda page: Rank("q", page, ORDER.replace("1.", "-").replace("2.", "-").replace("3.", "-").replace("4.", "-")),
    ],
)
def test_a_question_that_marks_nothing_as_right_stays_neutral(card: Any, open_page: Any, ids: Any) -> None:
    card = card(open_page())
    for name, value in (("pick", "A"), ("ticks", {"B": True}), ("card-1", "A")):
        card.set(name, value)
    for button in ("check", "all", "retry"):
        card.press(button)
        shown = [*notes(card), *((one["text"], one["tone"]) for one in card.controls() if one["kind"] == "text")]
        assert {tone for _, tone in shown} <= {"feedback", "help"}
        assert not [words for words, _ in shown if "ight." in words or "right answer" in words]
        assert "retry" not in ids(card)
    assert card.value is not None


@pytest.mark.parametrize(
    "kind, words",
    [
        (Choose, "Which?\n\nA. This [x]\nB. That [x]"),
        (Choose, "Which?\n\nA. [x]\nB. That"),
        (Tick, "Which?\n\n- [x]\n- That"),
        (Rank, "Which?\n\nA. This [x]\nB. That"),
        (Rank, "Which?\n\n1. This\n- That"),
        (Rank, "Which?\n\n2. This\n1. That"),
        (Sort, "Which?\n\n- This [x]"),
        (Sort, "Which?\n\n- This [x Kindness]"),
    ],
)
def test_a_mark_that_says_nothing_is_refused(kind: Any, words: str, open_page: Any) -> None:
    given = [GROUPS] if kind is Sort else []
    with pytest.raises(BadWords):
        kind("q", open_page(), words, *given)


def test_marks_are_no_part_of_the_words_and_change_no_answer(open_page: Any) -> None:
    words = "Which?\n\nA. Ask first. [x] {asks-first} -> Yes.\nB. Tell them. {tells}"
    card = Choose("q", open_page(), words)
    card.set("pick", "asks-first")
    assert card.value == "asks-first"
    assert card.answer_lines() == [("Which?", "A. Ask first.")]
    assert card.option_texts == {"asks-first": "Ask first.", "tells": "Tell them."}
    order = Rank("r", open_page(), ORDER)
    order.set("order", ["B", "A", "C", "D"])
    assert order.answer_lines()[0][1].splitlines()[:2] == ["1. I ask you.", "2. I tell you."]
