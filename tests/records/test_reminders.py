"""What the calendar says: what to try and to open, one question that a lesson asks, and nothing private unasked."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.activities.kinds.recall import Recall
from course.activities.notebook_cards import make_card
from course.content.lessons import follow_up, lessons
from course.content.reminders import Reminder, later_reminders, lesson_reminder
from course.core.moments import clock_at, today
from course.core.notebooks import ask_calls, material, read_notebook
from course.records.answers.answers import Answers
from course.records.journal import Journal
from course.records.reminders import calendar_id, come_back_day, first_day, later_events, lesson_event, thing_to_try
from tests.cases import every

NOON = datetime.datetime(2026, 11, 28, 12, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 12, 1)
KEYS = [lesson.key for lesson in lessons()]


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with clock_at(NOON):
        yield


def asked_from_memory(page: str) -> set[str]:
    """Return the questions that a lesson asks from memory."""
    calls = ask_calls(read_notebook(material() / "notebooks" / f"{page}.ipynb"))
    cards = [make_card(call, Answers(None, "lesson", page)) for call in calls]
    return {question.text for card in cards if isinstance(card, Recall) for question in card.questions}


def reminder_of(key: str) -> Reminder:
    reminder = lesson_reminder(key)
    assert reminder
    return reminder


@every("key", KEYS)
def test_each_lesson_says_what_to_try_what_to_open_and_asks_a_question_from_memory(key: str) -> None:
    lesson = next(lesson for lesson in lessons() if lesson.key == key)
    reminder = reminder_of(key)
    event = lesson_event(key, DAY, "one")
    opened = next(lesson for lesson in (*lessons(), follow_up()) if lesson.key == reminder.opens)
    assert event.day == DAY
    assert event.title == f"Building Trust, lesson {lesson.number}: one thing to try"
    assert thing_to_try(key)
    assert thing_to_try(key) in event.text
    assert reminder.question in event.text
    assert event.text.count(f"{opened.number}. {opened.title}") == 2
    assert "course learn" in event.text
    assert 1 <= reminder.days <= 7


@every("key", KEYS[:-1])
def test_the_lesson_to_open_asks_that_question_and_shows_the_answer(key: str) -> None:
    assert reminder_of(key).question in asked_from_memory(reminder_of(key).opens)


def test_what_is_asked_of_plans_is_what_day_30_asks_and_lesson_7_or_day_30_shows() -> None:
    plans = [reminder_of("trust-plan"), *later_reminders()]
    assert {reminder.question for reminder in plans} <= asked_from_memory("day-30")
    assert {reminder.opens for reminder in plans} == {"trust-plan", "day-30"}


def test_days_7_30_and_90_count_from_the_day_on_which_the_plan_was_made() -> None:
    events = later_events(datetime.date(2026, 11, 28), "one")
    assert [(reminder.days, event.day.isoformat()) for reminder, event in events] == [
        (7, "2026-12-05"),
        (30, "2026-12-28"),
        (90, "2027-02-26"),
    ]
    for reminder, event in events:
        assert f"day {reminder.days}:" in event.title
        assert reminder.about in event.text
        assert reminder.question in event.text


def test_the_day_that_was_chosen_to_come_back_is_day_30_and_a_day_gone_by_is_left_out(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    assert first_day(come_back_day(journal)) == today()
    journal.page("trust-plan").save("plan-day", "2026-12-10")
    events = later_events(first_day(come_back_day(journal)), "one")
    assert [(reminder.days, event.day.isoformat()) for reminder, event in events] == [
        (30, "2026-12-10"),
        (90, "2027-02-08"),
    ]


@every("day", [datetime.date.min, datetime.date.max, datetime.date.max - datetime.timedelta(days=61)])
def test_a_day_at_the_end_of_the_calendar_breaks_nothing(day: datetime.date) -> None:
    for _, event in later_events(first_day(day), "one"):
        assert today() <= event.day < datetime.date.max


@pytest.mark.parametrize(
    "zone, day",
    [("Pacific/Auckland", "2026-11-29"), ("Europe/London", "2026-11-28"), ("America/Los_Angeles", "2026-11-28")],
)
def test_days_count_from_the_day_that_it_is_where_the_person_is(
    zone: str, day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        first, *_ = later_events(first_day(None), "one")
        assert first[1].day == datetime.date.fromisoformat(day) + datetime.timedelta(days=7)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_own_words_are_in_it_only_when_they_are_given() -> None:
    assert "I will ring" not in lesson_event("repair", DAY, "one").text
    assert "I will ring" in lesson_event("repair", DAY, "one", "I will ring the ward.").text
    assert all("I will ring" in event.text for _, event in later_events(today(), "one", "I will ring the ward."))


def test_a_journal_keeps_its_events_until_it_is_erased_and_shares_none_with_another(tmp_path: Path) -> None:
    def ids(folder: str) -> set[str]:
        name = calendar_id(Journal(tmp_path / folder).page("repair"))
        assert str(tmp_path) not in name
        return {event.uid for _, event in later_events(today(), name)} | {lesson_event("repair", DAY, name).uid}

    first = ids("one")
    assert len(first) == 4
    assert ids("one") == first
    assert not ids("other") & first
    Journal(tmp_path / "one").forget()
    assert not ids("one") & first
