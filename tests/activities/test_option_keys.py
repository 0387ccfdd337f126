"""Options with lasting keys: what is saved, what is shown, and what becomes of letters that were saved before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from course.activities.card import Card, static_html
from course.activities.kinds.arrange import Rank, Sort
from course.activities.kinds.branch import Branch
from course.activities.kinds.choose import Choose, Tick
from course.activities.syntax import read_words
from course.content import words as say
from course.core.errors import BadWords
from course.records.answers.answers import Answers
from tests.cases import every

CHOICE = """
What do you do first?
-> Think again.

A. Ask them. {asks-first} -> They tell you.
B. Tell them. {tells-them}
-> They leave.
C. Wait. {waits}
"""
CARDS = """
Which side?

- You send papers. [Work] {sends-papers} -> People plan.
- You ask. [Care] {asks}
"""
STEPS = """
## Monday

What now?

A. Ask. {asks} -> They tell you.
B. Wait. {waits} -> They leave.

## Tuesday

And now?

A. Thank them. {thanks-them} -> They smile.
B. Go. {goes} -> They stay.
"""
GROUPS = {"W": "Work", "C": "Care"}
KINDS: dict[str, Any] = {
    "choose": lambda answers: Choose("q", answers, CHOICE),
    "tick": lambda answers: Tick("q", answers, CHOICE),
    "rank": lambda answers: Rank("q", answers, CHOICE),
    "sort": lambda answers: Sort("q", answers, CARDS, GROUPS),
    "branch": lambda answers: Branch("q", answers, STEPS),
}
LETTERS: dict[str, list[Any]] = {
    "choose": ["A", "C"],
    "tick": [["A", "C"], {"kind": "ticks", "units": {"B": True}}],
    "rank": [["C", "A", "B"]],
    "sort": [["W", "C"], {"kind": "list", "units": {"A": "W", "B": "C"}}],
    "branch": [["A", "B"], ["A", None]],
}
SAVED = [(kind, value) for kind, values in LETTERS.items() for value in values]


def write(path: Path, value: Any, state: str = "") -> None:
    """Write a page on which letters were saved."""
    page = {"format": 1, "lesson": "page", "answers": {"q": value}, "states": {"q": state} if state else {}}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(page))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal" / "page.json"


def saved(path: Path) -> Any:
    return json.loads(path.read_text())["answers"]["q"]


def test_a_key_stands_at_the_end_of_an_option_and_is_not_shown() -> None:
    options = read_words(CHOICE, "q").options
    assert [(option.code, option.letter, option.text, option.feedback) for option in options] == [
        ("asks-first", "A", "Ask them.", "They tell you."),
        ("tells-them", "B", "Tell them.", "They leave."),
        ("waits", "C", "Wait.", ""),
    ]


def test_an_option_without_a_key_is_saved_as_its_letter() -> None:
    words = read_words("Which?\n\nA. One\nB. Two", "q")
    assert [option.code for option in words.options] == ["A", "B"]
    assert not words.has_keys


@every(
    "options, reason",
    [
        ("A. One {Asks}\nB. Two {waits}", "“{Asks}” is no key"),
        ("A. One {asks first}\nB. Two {waits}", "is no key"),
        ("A. One {}\nB. Two {waits}", "is no key"),
        ("A. One {a}\nB. Two {waits}", "is no key"),
        ("A. One {waits}\nB. Two {waits}", "the key “waits” is there twice"),
        ("A. One {waits}\nB. Two", "option B has no key, and others have one"),
        ("A. One -> Feedback. {waits}\nB. Two", "option A: its feedback ends in a key"),
        ("A. {waits}\nB. Two {asks}", "has a key and no option before it"),
    ],
)
def test_a_key_that_cannot_be_used_is_told_to_the_author(options: str, reason: str) -> None:
    with pytest.raises(BadWords) as caught:
        read_words(f"Which?\n\n{options}", "q")
    assert reason in caught.value.message
    assert caught.value.hint


def test_a_key_before_the_group_of_a_card_is_told_to_the_author() -> None:
    with pytest.raises(BadWords, match="a key stands before"):
        Sort("q", Answers(None, "lesson", "page"), "Which?\n\n- You ask. {asks} [Care]", GROUPS)


def test_the_key_is_saved_and_the_letter_is_shown(path: Path) -> None:
    card = Choose("q", Answers(path, "lesson", "page"), CHOICE)
    card.set("pick", "tells-them")
    assert saved(path) == "tells-them"
    assert card.answer_lines() == [("What do you do first?", "B. Tell them.")]
    assert "tells-them" not in static_html(card)
    card.set("pick", "B")
    assert saved(path) == "tells-them", "a letter is no option any more"


def test_ticks_are_saved_by_key_and_shown_by_letter(path: Path) -> None:
    card = Tick("q", Answers(path, "lesson", "page"), CHOICE)
    card.set("ticks", {"waits": True, "asks-first": True, "A": True})
    assert saved(path) == {"kind": "ticks", "units": {"asks-first": True, "waits": True}}
    assert card.answer_lines() == [("What do you do first?", "A. Ask them.\nC. Wait.")]


def test_cards_are_saved_by_key_and_read_whatever_their_order(path: Path) -> None:
    card = Sort("q", Answers(path, "lesson", "page"), CARDS, GROUPS)
    card.set("card-1", "C")
    assert saved(path) == {"kind": "cards", "units": {"sends-papers": None, "asks": "C"}}
    assert card.value == {"sends-papers": None, "asks": "C"}
    other = "Which side?\n\n- You ask. [Care] {asks}\n- You send papers. [Work] {sends-papers}"
    moved = Sort("q", Answers(path, "lesson", "page"), other, GROUPS)
    assert moved.placed == ["C", None]
    assert moved.answer_lines() == [("You ask.", "Care"), ("You send papers.", "")]


def test_an_order_is_saved_by_key(path: Path) -> None:
    card = Rank("q", Answers(path, "lesson", "page"), CHOICE)
    card.set("order", ["waits", "asks-first", "tells-them"])
    assert saved(path) == ["waits", "asks-first", "tells-them"]
    assert card.answer_lines()[0][1].startswith("1. Wait.")


@pytest.mark.parametrize("kind, value", SAVED)
@pytest.mark.parametrize("state", ["", "checked", "all"])
def test_letters_are_no_answer_to_a_question_with_keys_which_is_asked_again(
    kind: str, value: Any, state: str, path: Path
) -> None:
    write(path, value, state)
    before = path.read_bytes()
    card: Card = KINDS[kind](Answers(path, "lesson", "page"))
    assert card.is_asked_again
    said = [control for control in card.controls() if control["id"] == "again"]
    assert [control["text"] for control in said] == [say("card.asked-again")]
    assert not card.is_checked, "no feedback is shown before there is an answer"
    assert {answer for _, answer in card.answer_lines()} <= {""}
    assert "no answer" in static_html(card).lower() or kind == "branch"
    assert path.read_bytes() == before, "the letters stay in the file"


GIVEN: dict[str, list[tuple[str, Any]]] = {
    "choose": [("pick", "waits")],
    "tick": [("ticks", {"waits": True})],
    "rank": [("order", ["waits", "asks-first", "tells-them"])],
    "sort": [("card-0", "W")],
    "branch": [("pick-0", "waits")],
}


@pytest.mark.parametrize("kind, value", SAVED)
def test_the_new_answer_takes_the_place_of_letters_and_nothing_is_said_any_more(
    kind: str, value: Any, path: Path
) -> None:
    write(path, value)
    card: Card = KINDS[kind](Answers(path, "lesson", "page"))
    for control, new in GIVEN[kind]:
        card.set(control, new)
    assert not card.is_asked_again
    assert [control for control in card.controls() if control["id"] == "again"] == []
    again: Card = KINDS[kind](Answers(path, "lesson", "page"))
    assert "Wait" in str(again.answer_lines()) or kind == "sort"
    assert not {"A", "B"} & set(json.dumps(saved(path)).replace('"', " ").split())


def test_no_tick_at_all_is_an_answer_that_takes_the_place_of_letters(path: Path) -> None:
    write(path, ["A"])
    card = Tick("q", Answers(path, "lesson", "page"), CHOICE)
    card.press("check")
    assert saved(path) == {"kind": "ticks", "units": {}}
    assert not card.is_asked_again


def test_letters_keep_their_meaning_where_options_have_no_keys(path: Path) -> None:
    write(path, "B", "checked")
    card = Choose("q", Answers(path, "lesson", "page"), "Which?\n\nA. One -> First.\nB. Two -> Second.")
    assert not card.is_asked_again
    assert card.answer_lines() == [("Which?", "B. Two")]
    assert card.is_checked


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [5, {"A": "B"}, [[1]], True, "x" * 5000, {"kind": "cards", "units": {"A": 3}}])
def test_whatever_is_saved_a_card_with_keys_can_be_shown_and_answered(kind: str, value: Any, path: Path) -> None:
    write(path, value)
    card: Card = KINDS[kind](Answers(path, "lesson", "page"))
    json.dumps(card.controls())
    static_html(card)
    for control, new in GIVEN[kind]:
        card.set(control, new)
    json.dumps(card.controls())
