"""Words of one's own from a lesson: copied only when asked for, never over other words unasked, and never sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from course.activities.card import LONGEST_TEXT, Card
from course.activities.kinds.form import Form
from course.activities.kinds.recall import Recall
from course.activities.kinds.write import Write
from course.activities.notebook_cards import PastAnswers, find_card
from course.activities.past_words import Reference, read_reference
from course.core.errors import BadWords
from course.core.notebooks import material
from course.records.answers.answers import Answers
from course.records.answers.units import Layout
from course.records.journal import Journal

LINES = Reference("sharing-power", "opening-lines")
PLANS = ["trust-plan/plan-competence", "trust-plan/plan-caring", "trust-plan/plan-group"]
RIGHT = "You are entitled to that view, and I will not ask you to drop it."
READ_BACK = (
    f"Some of us see the new rota differently. {RIGHT} Today we are here to choose a day. "
    "It can go to the ward managers."
)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """Return a journal in which lessons 5 and 7 were begun."""
    journal = Journal(tmp_path / "lessons")
    journal.page("sharing-power").save_units(
        "opening-lines",
        {"1": "the new rota", "2": RIGHT} | {"3": "choose a day", "4": "", "5": "the ward managers", "6": "", "7": ""},
        Layout("list"),
    )
    for key, when, act in (("plan-competence", "it is Tuesday", "ring"), ("plan-group", "we meet", "ask")):
        journal.page("trust-plan").save_units(
            key, {"if": when, "then": act, "obstacle": "", "answer": ""}, Layout("list", ("if", "then"))
        )
    return journal


@pytest.fixture
def past(journal: Journal) -> PastAnswers:
    return PastAnswers(journal.folder)


def said(card: Card) -> str:
    return "".join(control["text"] for control in card.controls() if control["id"] == "copy-told")  # type: ignore[typeddict-item]


# Where words come from


def test_a_form_is_read_back_in_the_sentences_of_its_lesson(past: PastAnswers) -> None:
    assert past.in_words(LINES) == READ_BACK
    assert past.in_words(Reference("sharing-power", "opening-lines", "5")) == "the ward managers"
    assert past.in_fields(LINES)[:3] == ["the new rota", RIGHT, "choose a day"]


def test_a_plan_of_version_0_1_0_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "lessons").mkdir()
    page = {"format": 1, "lesson": "00-starting-point", "answers": {"small-plan": ["it is noon", "call."]}}
    (tmp_path / "lessons" / "00-starting-point.json").write_text(json.dumps(page))
    past = PastAnswers(tmp_path / "lessons")
    assert past.in_words(Reference("starting-point", "small-plan")) == "If it is noon, then I will call."
    assert past.in_words(Reference("starting-point", "small-plan", "then")) == "call."


@pytest.mark.parametrize(
    "name", ["opening-lines/9", "opening-lines/if", "one-decision", "no-such-card", "no-such-card/1"]
)
def test_what_is_not_there_is_empty(past: PastAnswers, name: str) -> None:
    reference = read_reference(f"sharing-power/{name}", "q")
    assert (past.in_words(reference), past.in_fields(reference)) == ("", [""])


def test_words_of_a_card_that_the_lesson_no_longer_asks_for_stand_one_below_the_other(journal: Journal) -> None:
    journal.page("repair").save("gone", ["one", None, "two"])
    assert PastAnswers(journal.folder).in_words(Reference("repair", "gone")) == "one\ntwo"


def test_a_damaged_page_has_no_words_and_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "sharing-power.json").write_text("{")
    assert PastAnswers(tmp_path).in_words(LINES) == ""
    assert (tmp_path / "sharing-power.json").read_text() == "{"


@pytest.mark.parametrize(
    "name, message", [("opening-lines", "names no card"), ("a/b/c/d", "names no card"), ("no-lesson/b", "no-lesson")]
)
def test_a_reference_that_names_no_card_is_refused(name: str, message: str) -> None:
    with pytest.raises(BadWords, match=message):
        read_reference(name, "q")


def test_a_card_is_found_in_its_lesson() -> None:
    page = Answers(None, "lesson", "sharing-power")
    assert isinstance(find_card(LINES, page, material() / "notebooks"), Form)
    assert find_card(Reference("sharing-power", "nothing"), page, material() / "notebooks") is None
    assert find_card(LINES, page, Path("no-such-folder")) is None


# Copied into a text


def write(open_page: Any, past: PastAnswers | None, copy: Any = "sharing-power/opening-lines") -> Write:
    return Write("q", open_page(), "What?", "words", copy, past)


def test_an_empty_box_is_filled_and_the_lesson_stays_as_it_is(open_page: Any, past: PastAnswers) -> None:
    before = {path: path.read_bytes() for path in past.folder.iterdir()}
    card = write(open_page, past)
    card.press("copy")
    assert open_page().get("q") == READ_BACK
    assert said(card).startswith("Copied from your lesson.")
    assert "trainer" not in said(card)
    card.press("copy")
    assert (card.text, said(card)) == (READ_BACK, "What you wrote in your lesson is already here.")
    assert {path: path.read_bytes() for path in past.folder.iterdir()} == before
    card.set("text", "My own.")
    assert said(card) == ""


def test_in_an_exercise_it_is_said_who_will_see_it(past: PastAnswers, tmp_path: Path) -> None:
    card = Write("q", Answers(tmp_path / "answers.json", "exercise", "sharing-power"), "What?", "words", PLANS, past)
    card.press("copy")
    assert said(card).endswith("Your trainer sees it only when you hand in this exercise.")
    assert card.text == "If it is Tuesday, then I will ring.\n\nIf we meet, then I will ask."


@pytest.mark.parametrize(
    "button, text",
    [
        ("copy-add", f"My own words.\n\n{READ_BACK}"),
        ("copy-replace", READ_BACK),
        ("copy-keep", "My own words."),
    ],
)
def test_words_that_are_there_are_replaced_only_when_that_is_asked_for(
    open_page: Any, past: PastAnswers, ids: Any, button: str, text: str
) -> None:
    card = write(open_page, past)
    card.set("text", "My own words.")
    card.press(button)
    assert card.text == "My own words.", "it was not offered"
    card.press("copy")
    assert card.text == "My own words."
    assert said(card) == "You have already written here. What should happen to your words?"
    assert {"copy-add", "copy-replace", "copy-keep"} <= set(ids(card))
    card.press(button)
    assert card.text == text
    assert "copy" in ids(card)


def test_where_nothing_was_written_yet_it_says_where_to_write_it(open_page: Any, tmp_path: Path) -> None:
    card = write(open_page, PastAnswers(tmp_path / "nothing"))
    card.press("copy")
    assert card.value is None
    assert "in lesson 5, “Sharing power, holding disagreement”" in said(card)
    assert not (tmp_path / "nothing").exists()


def test_what_is_written_in_the_lesson_meanwhile_is_copied(open_page: Any, journal: Journal, past: PastAnswers) -> None:
    card = write(open_page, past, "repair/at-next-meeting")
    card.press("copy")
    assert card.value is None
    Journal(journal.folder).page("repair").save("at-next-meeting", "Ask for one line on each.")
    card.press("copy")
    assert card.text == "Ask for one line on each."


def test_what_has_no_room_is_not_cut(open_page: Any, past: PastAnswers) -> None:
    card = write(open_page, past)
    card.set("text", "x" * (LONGEST_TEXT - 5))
    card.press("copy")
    card.press("copy-add")
    assert len(card.text) == LONGEST_TEXT - 5
    assert said(card).startswith("There is no room for it here.")


@pytest.mark.parametrize("copy, has_journal", [("sharing-power/opening-lines", False), ((), True)])
def test_without_a_journal_or_a_lesson_nothing_is_offered_and_nothing_breaks(
    open_page: Any, past: PastAnswers, ids: Any, copy: Any, has_journal: bool
) -> None:
    card = write(open_page, past if has_journal else None, copy)
    assert not [id for id in ids(card) if id.startswith("copy")]
    for button in ("copy", "copy-add", "copy-replace"):
        card.press(button)
    assert (card.value, said(card)) == (None, "")


# Copied into a form


def form(open_page: Any, past: PastAnswers | None) -> Form:
    words = "Say it.\n\n- Some of us see ___ differently.\n- ___{You may.}\n- Today ___."
    return Form("q", open_page(), words, "sharing-power/opening-lines", past)


def test_empty_blanks_are_filled_in_order(open_page: Any, past: PastAnswers) -> None:
    card = form(open_page, past)
    card.press("copy")
    assert card.filled == ["the new rota", RIGHT, "choose a day"]
    assert said(card).startswith("Copied from your lesson.")
    card.press("copy")
    assert said(card) == "What you wrote in your lesson is already here."


@pytest.mark.parametrize(
    "button, filled",
    [
        ("copy-rest", ["the old rota", RIGHT, "choose a day"]),
        ("copy-replace", ["the new rota", RIGHT, "choose a day"]),
        ("copy-keep", ["the old rota", "You may.", ""]),
    ],
)
def test_blanks_with_other_words_keep_them_unless_asked(
    open_page: Any, past: PastAnswers, button: str, filled: list[str]
) -> None:
    card = form(open_page, past)
    card.set("blank-0", "the old rota")
    card.press("copy")
    assert card.filled == ["the old rota", "You may.", ""]
    card.press(button)
    assert card.filled == filled


def test_a_form_says_where_nothing_was_written(open_page: Any, tmp_path: Path) -> None:
    card = form(open_page, PastAnswers(tmp_path / "nothing"))
    card.press("copy")
    assert card.value is None
    assert "lesson 5" in said(card)


# Shown beside a line from memory

RECALL = "Your first plan?\n-> {trust-plan/plan-competence}\n\nYour second?\n-> {trust-plan/plan-caring}"


def test_what_was_written_then_stands_beside_the_line_from_memory(
    open_page: Any, past: PastAnswers, control: Any
) -> None:
    card = Recall("q", open_page(), RECALL, past)
    card.set("line-0", "ring on Tuesday")
    assert "ring." not in json.dumps(card.controls()), "it is there before Check"
    card.press("check")
    card.press("look")
    assert control(card, "shown-0")["text"] == "**What you wrote**\n\nIf it is Tuesday, then I will ring."
    assert control(card, "shown-1")["text"].endswith("You have not written this in lesson 7, “Your trust plan”.")


def test_without_a_journal_a_recall_card_says_that_nothing_was_written(open_page: Any, control: Any) -> None:
    card = Recall("q", open_page(), RECALL)
    card.press("check")
    card.press("look")
    assert "You have not written this" in control(card, "shown-0")["text"]


def test_a_recall_card_refuses_a_reference_to_nothing(open_page: Any) -> None:
    with pytest.raises(BadWords, match="names no card"):
        Recall("q", open_page(), "What?\n-> {plans}")
