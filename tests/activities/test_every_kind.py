"""What holds for every kind of exercise, whatever is in the file and whatever a message says."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.activities import Ask
from course.activities.card import Card, attempt, static_html
from course.records.answers.answers import Answers

OPTIONS = "What now?\n\nA. This -> Yes.\nB. That -> No.\n~> Left out.\nC. Neither"
CARDS = "Sort.\n-> Why.\n\n- One. [X]\n-> One it is.\n- Two. [Y]"
STEPS = "## One\nWhat?\nA. Go on. -> Fine.\nB. Stop. -> Ended.\n## Two\nAnd?\nA. Stop. -> So.\n---\nEnd."
KINDS: dict[str, Callable[[Ask], None]] = {
    "choose": lambda ask: ask.choose("q", OPTIONS),
    "tick": lambda ask: ask.tick("q", OPTIONS),
    "sort": lambda ask: ask.sort("q", CARDS, groups=["X", "Y"]),
    "rank": lambda ask: ask.rank("q", CARDS),
    "right-choice": lambda ask: ask.choose("q", OPTIONS.replace("That", "That [x]")),
    "right-ticks": lambda ask: ask.tick("q", OPTIONS.replace("That", "That [x]").replace("This", "This [x]")),
    "right-sort": lambda ask: ask.sort("q", CARDS.replace("[", "[x "), groups=["X", "Y"]),
    "right-order": lambda ask: ask.rank("q", "Sort.\n-> Why.\n\n1. One.\n2. Two."),
    "shift": lambda ask: ask.shift("q", OPTIONS),
    "rate": lambda ask: ask.rate("q", "habits", "pulse", "tried"),
    "branch": lambda ask: ask.branch("q", STEPS),
    "write": lambda ask: ask.write("q", "What?\n! always -> Hm.", count=(2, 5)),
    "number": lambda ask: ask.number("q", "How many?", 0, 10, slider=True),
    "numbers": lambda ask: ask.number("q", "How many?\n\n- One\n- Two", 0, 10),
    "form": lambda ask: ask.form("q", "Say.\n! empty -> Hm.\n\n- I ___ (do) to ___.\n- And"),
    "if-then": lambda ask: ask.if_then("q", "Plan.\n\n- when\n! soon -> When?", obstacle=True),
    "recall": lambda ask: ask.recall("q", "From memory.\n\nWhat?\n-> So.\nWho?\n-> They.\n-> And you."),
    "log": lambda ask: ask.log("q", "Note.\n\n- What:\n- Who:", {"K": "Kept", "L": "Late"}),
    "date": lambda ask: ask.date("q", "When?"),
    "ticks": lambda ask: ask.tick("q", "Which?", scale="habits"),
    "taps": lambda ask: ask.taps(),
}
KIND = pytest.mark.parametrize("kind", KINDS)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(), inside, max_size=4),
    max_leaves=10,
)
LIKELY = st.sampled_from(["A", "B", "n", "X", 1, 5, 7.5, None, True, "", "yes", "<b>", "2026-01-02", 10**400])
NEAR = (
    LIKELY
    | st.lists(LIKELY | st.lists(LIKELY, max_size=2), max_size=5)
    | st.dictionaries(
        st.sampled_from(["COMP7", "P1", "TRIED", "useful", "entries", "draft"]), LIKELY | st.lists(LIKELY)
    )
    | st.fixed_dictionaries(
        {"entries": st.lists(st.dictionaries(st.sampled_from(["date", "words", "mark"]), LIKELY | st.lists(LIKELY)))}
    )
)
UNITS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["list", "ticks", "log", "table", "other"]),
        "units": st.dictionaries(
            st.sampled_from(
                ["A", "B", "1", "2", "now", "if", "COMP7", "entry:1", "entry:a-words", "draft:1", "draft:date"]
            )
            | st.text(),
            LIKELY | st.lists(LIKELY) | JSON,
        ),
    }
)
"""Answers as a table by unit, whoever wrote it."""
VALUE = NEAR | JSON | UNITS
STATE = st.sampled_from(["", "checked", "all", "skipped", "nonsense"])


class _Taker(Ask):
    """Takes the card in place of a page."""

    def _show(self, card: Card) -> None:
        self.card = card


def make(kind: str, answers: Answers) -> Card:
    ask = _Taker(answers)
    KINDS[kind](ask)
    return ask.card


def every(controls: list[Any]) -> list[Any]:
    return [
        one
        for control in controls
        for one in [control, *every([*control.get("controls", []), *control.get("buttons", [])])]
    ]


def drawn(card: Card) -> str:
    """Return what the browser gets, having looked it over."""
    controls = card.controls()
    ids = [control["id"] for control in every(controls)]
    assert len(ids) == len(set(ids)), "two controls share an id"
    assert all(isinstance(text, str) for line in card.answer_lines() for text in line)
    assert static_html(card).startswith("<div")
    return json.dumps(controls, allow_nan=False, ensure_ascii=False)


@KIND
@given(value=VALUE, state=STATE)
def test_whatever_is_in_the_file_the_card_can_be_drawn(kind: str, value: Any, state: str) -> None:
    answers = Answers(None, "lesson", "page")
    answers._page.answers = {"q": value, "taps": value}  # as a file holds them
    answers._page.states = {"q": state, "taps": state}
    drawn(make(kind, answers))


@KIND
@given(data=st.data())
def test_whatever_a_message_says_the_card_stays_sound(kind: str, data: st.DataObject) -> None:
    answers = Answers(None, "lesson", "page")
    card = make(kind, answers)
    for _ in range(data.draw(st.integers(1, 6))):
        there = [control["id"] for control in every(card.controls())]
        control = data.draw(st.sampled_from(there) | st.text())
        if data.draw(st.booleans()):
            value = data.draw(VALUE)
            attempt(partial(card.set, control, value))
        else:
            attempt(partial(card.press, control))
        drawn(card)
    json.dumps(card.value, allow_nan=False)


GIVEN: dict[str, Callable[[Any], Any]] = {
    "radios": lambda control: control["options"][0]["value"],
    "checks": lambda control: {control["options"][0]["value"]: True},
    "order": lambda control: [item["value"] for item in reversed(control["items"])],
    "line": lambda control: "some words",
    "area": lambda control: "some words, always",
    "date": lambda control: "2026-01-02",
    "number": lambda control: 4,
}
"""What a learner might give in each kind of control."""


def fill(card: Card) -> list[str]:
    """Give something in each control that is shown, and return what the card said to it."""
    given = [control for control in every(card.controls()) if control.get("kind") in GIVEN]
    return [attempt(partial(card.set, control["id"], GIVEN[control["kind"]](control))) for control in given]


def use(card: Card) -> None:
    """Fill a card as a learner would, and press its main buttons."""
    assert not any(fill(card))
    for control in every(card.controls()):
        if control.get("main"):
            card.press(control["id"])


@KIND
def test_next_week_everything_is_as_it_was_left(kind: str, open_page: Callable[[], Answers]) -> None:
    card = make(kind, open_page())
    before = drawn(card)
    use(card)
    assert drawn(card) != before
    assert drawn(make(kind, open_page())) == drawn(card)
    card.press("skip")
    assert drawn(make(kind, open_page())) == drawn(card)


def said_before_answering(card: Card) -> list[str]:
    """Return all that a new card says: its texts, and the words above what can be answered."""
    return [
        str(control.get("text") or control.get("legend") or control.get("label")) for control in every(card.controls())
    ]


@KIND
def test_every_kind_can_be_skipped_and_taken_up_again(kind: str, open_page: Callable[[], Answers]) -> None:
    card = make(kind, open_page())
    use(card)
    kept, lines = card.value, card.answer_lines()
    asked = said_before_answering(make(kind, Answers(None, "lesson", "page")))
    card.press("skip")
    *question, skipped, buttons, back = every(card.controls())
    assert [skipped["id"], buttons["id"], back["id"]] == ["skipped", "buttons", "unskip"]
    assert all(control["kind"] == "text" and control["text"] in asked for control in question)
    assert question, "what was asked stays there"
    assert question[-1]["text"].strip()
    card.press("unskip")
    assert (card.value, card.answer_lines()) == (kept, lines)
    assert "skip" in [control["id"] for control in every(card.controls())]


@KIND
def test_when_nothing_can_be_saved_the_card_keeps_what_was_given(kind: str, tmp_path: Path) -> None:
    (tmp_path / "journal").write_text("a file where the folder should be")
    card = make(kind, Answers(tmp_path / "journal" / "page.json", "lesson", "page", wait=0))
    assert card.answers.problem
    before = drawn(card)
    assert all("could not be" in said for said in fill(card))
    assert drawn(card) != before


@KIND
def test_no_card_shows_what_only_a_program_understands(kind: str, open_page: Callable[[], Answers]) -> None:
    card = make(kind, open_page())
    use(card)
    page = drawn(card)
    for leak in ("None", "{n}}", "Option(", "___"):
        assert leak not in page.replace("{n}", ""), leak
