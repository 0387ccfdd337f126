"""A day: offered so many days from now, kept when a person keeps it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest

from course.activities.kinds.date import Date
from course.core.moments import clock_at

TODAY = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
IN_30_DAYS = "2026-12-22"


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with clock_at(TODAY):
        yield


def test_a_day_is_offered_and_not_kept_until_it_is_asked_for(open_page: Any, control: Any) -> None:
    card = Date("q", open_page(), "When?")
    assert control(card, "date")["value"] == IN_30_DAYS
    assert card.value is None
    card.press("keep")
    assert Date("q", open_page(), "When?").value == IN_30_DAYS


def test_another_day_is_kept_and_then_there_is_nothing_left_to_press(open_page: Any, control: Any, ids: Any) -> None:
    card = Date("q", open_page(), "When?", days=7)
    card.set("date", "2026-12-24")
    assert card.value == "2026-12-24"
    assert control(card, "date")["value"] == "2026-12-24"
    assert "keep" not in ids(card)
    assert card.answer_lines() == [("When?", "24 December 2026")]


def test_an_empty_field_takes_the_day_away(open_page: Any, control: Any) -> None:
    card = Date("q", open_page(), "When?")
    card.set("date", "2026-12-24")
    card.set("date", "")
    assert card.value is None
    assert control(card, "date")["value"] == IN_30_DAYS


@pytest.mark.parametrize("value", ["soon", "2026-02-30", 5, None, ["2026-12-22"]])
def test_what_is_no_day_changes_nothing(open_page: Any, value: Any) -> None:
    card = Date("q", open_page(), "When?")
    card.set("date", "2026-12-22")
    card.set("date", value)
    assert card.value == "2026-12-22"
