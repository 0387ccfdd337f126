"""A log: dated entries, a draft that is kept, and entries that can be deleted."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest

from course.activities.kinds.log import MOST, ROOM, Log
from course.core.moments import clock_at

WORDS = "Note each promise.\n\n- What I promised:\n- To whom (role):"
MARKS = {"K": "Kept", "L": "Late"}
TODAY = "2026-11-22"


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with clock_at(datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)):
        yield


def log(answers: Any) -> Log:
    return Log("q", answers, WORDS, MARKS)


def delete_buttons(card: Log) -> list[str]:
    """Return what the buttons are called with which an entry is deleted, oldest first."""
    (entries,) = (control for control in card.controls() if control["id"] == "entries")
    rows = [
        control
        for group in entries["controls"]
        for control in group.get("controls", [])
        if control["kind"] == "buttons"
    ]
    return [button["id"] for row in rows for button in row["buttons"]]


def add(card: Log, day: str, text: str, mark: str = "") -> None:
    card.set("date", day)
    card.set("field-0", text)
    card.set("mark", mark)
    card.press("add")


def test_an_entry_is_added_with_its_date_and_the_draft_begins_anew(open_page: Any, control: Any) -> None:
    card = log(open_page())
    add(card, "2026-01-05", "The minutes", "K")
    assert card.value == {
        "entries": [{"date": "2026-01-05", "words": ["The minutes", ""], "mark": "K"}],
        "draft": None,
    }
    (entry,) = control(card, "entries")["controls"]
    assert entry["legend"] == "Entry 1: 5 January 2026"
    assert control(card, "field-0")["value"] == ""
    assert control(card, "date")["value"] == TODAY


def test_entries_stand_in_the_order_of_their_dates(open_page: Any) -> None:
    card = log(open_page())
    add(card, "2026-01-05", "second")
    add(card, "2026-01-02", "first")
    assert [entry["words"][0] for entry in card.entries] == ["first", "second"]
    assert card.answer_lines() == [("2 January 2026", "first"), ("5 January 2026", "second")]
    assert card.heading == card.words.question


def test_a_draft_is_kept_and_there_next_week(open_page: Any, control: Any) -> None:
    card = log(open_page())
    card.set("date", "2026-01-05")
    card.set("field-1", "the chair")
    card.set("mark", "L")
    again = log(open_page())
    assert [control(again, id)["value"] for id in ("date", "field-0", "field-1", "mark")] == [
        "2026-01-05", "", "the chair", "L",
    ]  # fmt: skip
    assert again.entries == []


def test_an_entry_can_be_deleted_and_the_draft_stays(open_page: Any) -> None:
    card = log(open_page())
    add(card, "2026-01-02", "first")
    add(card, "2026-01-05", "second")
    card.set("field-0", "third")
    card.press(delete_buttons(card)[0])
    assert [entry["words"][0] for entry in card.entries] == ["second"]
    assert card.draft["words"][0] == "third"
    assert len(delete_buttons(card)) == 1


def test_with_its_last_entry_deleted_a_log_has_no_answer(open_page: Any, control: Any) -> None:
    card = log(open_page())
    add(card, "2026-01-02", "first")
    card.press(delete_buttons(card)[0])
    assert card.value is None
    assert control(card, "none")["text"] == "No entries yet."


def test_an_empty_entry_is_not_added_and_the_card_says_what_to_do(open_page: Any, control: Any) -> None:
    card = log(open_page())
    card.set("field-0", "  ")
    card.press("add")
    assert card.entries == []
    assert control(card, "notice")["live"]


def test_a_full_log_says_so_and_keeps_the_draft(open_page: Any, control: Any) -> None:
    answers = open_page()
    answers.save("q", {"entries": [{"date": "2026-01-01", "words": ["x", ""], "mark": ""}] * MOST})
    card = log(answers)
    card.set("field-0", "one more")
    card.press("add")
    assert len(card.entries) == MOST
    assert str(MOST) in control(card, "notice")["text"]
    assert card.draft["words"][0] == "one more"


@pytest.mark.parametrize("day", ["", "yesterday", "2026-02-30", "9999999-01-01"])
def test_a_date_that_is_none_becomes_today(open_page: Any, day: str) -> None:
    card = log(open_page())
    add(card, day, "first")
    assert card.entries[0]["date"] == TODAY


@pytest.mark.parametrize("button", ["delete-0", "delete-1", "delete-", "delete--1", "delete-" + "1" * 5000])
def test_an_entry_that_is_not_there_cannot_be_deleted(open_page: Any, button: str) -> None:
    card = log(open_page())
    card.set("field-0", "draft")
    card.press(button)
    assert card.draft["words"][0] == "draft"


def test_long_texts_are_not_cut_and_marks_that_are_not_there_are_not_taken(open_page: Any) -> None:
    card = log(open_page())
    card.set("field-0", "x" * (ROOM + 5))
    card.set("mark", "Z")
    card.set("field-7", "nowhere")
    assert card.draft == {"date": TODAY, "words": ["x" * (ROOM + 5), ""], "mark": ""}


@pytest.mark.parametrize(
    "kept",
    ["text", [], {"entries": "x"}, {"entries": [5, None, {"date": 5, "words": "x", "mark": ["K"]}], "draft": [1]}],
)
def test_kept_answers_of_another_shape_still_draw(open_page: Any, kept: Any) -> None:
    answers = open_page()
    answers.save("q", kept)
    card = log(answers)
    card.controls()
    assert all(entry["words"] == ["", ""] and entry["mark"] == "" for entry in card.entries)


def test_an_entry_that_a_window_sends_again_is_there_once(open_page: Any) -> None:
    """The answer to the first time may have been lost, with the Python that gave it."""
    page = open_page()
    for turn, many in (("tab-1 7", 1), ("tab-1 7", 1), ("tab-1 8", 2)):
        card = log(page)
        card.request = turn
        add(card, "2026-01-05", "The minutes", "K")
        assert len(card.entries) == many
