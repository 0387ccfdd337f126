"""A day for the calendar after a lesson: in so many days, as a file, with one's own words only when asked for."""

from __future__ import annotations

import base64
import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from course.activities.kinds.remind import Remind
from course.activities.notebook_cards import PastAnswers
from course.activities.widget import CardWidget
from course.core.moments import clock_at
from course.core.notebooks import ask_keys, material, read_notebook
from course.records.answers.answers import Answers
from course.records.journal import Journal

NOON = datetime.datetime(2026, 11, 28, 12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with clock_at(NOON):
        yield


def open_card(folder: Path, lesson: str = "repair") -> Remind:
    journal = Journal(folder)
    return Remind("reminder", journal.page(lesson), PastAnswers(journal.folder))


def in_file(card: Any, control: Any) -> Any:
    """Return the event in the file that the card offers."""
    (event,) = Calendar.from_ical(base64.b64decode(control(card, "download")["data"])).walk("VEVENT")
    return event


def test_it_is_offered_for_the_lessons_own_number_of_days_and_moved_to_another(tmp_path: Path, control: Any) -> None:
    card = open_card(tmp_path)
    assert in_file(card, control)["DTSTART"].dt == datetime.date(2026, 12, 1)
    uid = in_file(card, control)["UID"]
    card.set("days", 14)
    assert in_file(card, control)["DTSTART"].dt == datetime.date(2026, 12, 12)
    assert "12 December 2026" in control(card, "day")["text"]
    assert in_file(card, control)["UID"] == uid == in_file(open_card(tmp_path), control)["UID"]
    assert control(card, "download")["name"] == "lesson-4-to-try.ics"


@pytest.mark.parametrize("value", [0, 366, 2.5, True, "soon", None])
def test_what_is_no_number_of_days_is_said_and_changes_nothing(value: object, tmp_path: Path, control: Any) -> None:
    card = open_card(tmp_path)
    before = control(card, "download")["data"]
    card.set("days", value)
    assert "from 1 to 365" in control(card, "notice")["text"]
    assert control(card, "days")["wrong"] == "notice"
    assert control(card, "download")["data"] == before


def test_what_is_wrong_stands_under_the_number_until_that_is_right(tmp_path: Path, control: Any, ids: Any) -> None:
    Journal(tmp_path).page("repair").save("at-next-meeting", "Thank whoever objects first")
    card = open_card(tmp_path)
    card.set("days", "soon")
    card.set("own", {"own": True})
    assert "from 1 to 365" in control(card, "notice")["text"]
    assert ids(card).index("notice") == ids(card).index("days") + 1
    card.set("days", 14)
    assert "notice" not in ids(card)
    assert control(card, "days")["wrong"] == ""


def test_own_words_go_in_only_where_they_are_ticked(tmp_path: Path, control: Any, ids: Any) -> None:
    card = open_card(tmp_path)
    assert "own" not in ids(card)
    Journal(tmp_path).page("repair").save("at-next-meeting", "Thank whoever objects first")
    assert "Thank whoever" not in in_file(card, control)["DESCRIPTION"]
    assert "Nothing that you wrote" in control(card, "inside")["text"]
    card.set("own", {"own": True})
    assert "What I wrote in the course: Thank whoever objects first" in in_file(card, control)["DESCRIPTION"]
    assert "Nothing that you wrote" not in control(card, "inside")["text"]
    card.set("own", {"own": False})
    assert "Thank whoever" not in in_file(card, control)["DESCRIPTION"]


def test_the_tick_comes_as_soon_as_something_is_planned_on_the_same_page(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    page = journal.page("repair")
    widget = CardWidget(Remind("reminder", page, PastAnswers(tmp_path)))
    assert "own" not in [control["id"] for control in widget.controls]
    page.save("another-card", "Something else")
    assert "own" not in [control["id"] for control in widget.controls]
    page.save("at-next-meeting", "Thank whoever objects first")
    assert "own" in [control["id"] for control in widget.controls]
    widget.close()


def test_it_asks_for_no_answer_and_keeps_none(tmp_path: Path) -> None:
    card = open_card(tmp_path)
    card.set("days", 5)
    card.press("skip")
    assert card.done is None
    assert card.answer_lines() == []
    assert not (tmp_path / "repair.json").exists()
    assert "reminder" not in ask_keys(read_notebook(material() / "notebooks" / "repair.ipynb"))


def test_a_page_of_no_lesson_offers_none() -> None:
    assert Remind("reminder", Answers(None, "lesson", "another")).controls() == []
