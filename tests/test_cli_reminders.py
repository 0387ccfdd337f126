"""`course reminders`: days for the calendar from the command line."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from icalendar import Calendar

from course.cli import main
from course.core.moments import clock_at
from course.records.journal import Journal


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with clock_at(datetime.datetime(2026, 11, 28, 12, tzinfo=datetime.UTC)):
        yield


def run(folder: Path, *line: str) -> Result:
    return CliRunner().invoke(main, ["reminders", str(folder), *line])


def events(folder: Path) -> dict[str, Any]:
    found = {}
    for path in sorted(folder.iterdir()):
        (found[path.name],) = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    return found


def test_days_7_30_and_90_are_written_and_a_second_time_replaces_them(tmp_path: Path) -> None:
    done = run(tmp_path / "days")
    assert done.exit_code == 0
    assert "5 December 2026" in done.output
    first = events(tmp_path / "days")
    assert list(first) == ["day-30.ics", "day-7.ics", "day-90.ics"]
    Journal().page("trust-plan").save("plan-day", "2026-12-30")
    assert run(tmp_path / "days").exit_code == 0
    second = events(tmp_path / "days")
    assert second["day-30.ics"]["DTSTART"].dt == datetime.date(2026, 12, 30)
    assert {event["UID"] for event in second.values()} == {event["UID"] for event in first.values()}


def test_a_lessons_thing_to_try_is_written_for_the_day_that_was_asked_for(tmp_path: Path) -> None:
    assert run(tmp_path, "--lesson", "repair", "--days", "10").exit_code == 0
    (event,) = events(tmp_path).values()
    assert event["DTSTART"].dt == datetime.date(2026, 12, 8)
    assert "At your next meeting" in event["DESCRIPTION"]


def test_own_words_are_written_only_when_asked_for(tmp_path: Path) -> None:
    Journal().page("repair").save("at-next-meeting", "Thank whoever objects first")
    Journal().page("trust-plan").save("plan-caring", ["someone objects", "thank them", "", ""])
    for line in ((), ("--lesson", "repair")):
        said = run(tmp_path, *line)
        assert "Nothing that you wrote is in it." in said.output
    assert not any("objects" in event["DESCRIPTION"] for event in events(tmp_path).values())
    for line in ((), ("--lesson", "repair")):
        assert "Your own words are in it." in run(tmp_path, *line, "--own-words").output
    assert all("objects" in event["DESCRIPTION"] for event in events(tmp_path).values())


def test_what_cannot_be_done_is_told_and_writes_nothing(tmp_path: Path) -> None:
    assert run(tmp_path / "days", "--days", "3").exit_code == 2
    assert run(tmp_path / "days", "--lesson", "nowhere").exit_code == 1
    (tmp_path / "file").touch()
    refused = run(tmp_path / "file" / "days")
    assert (refused.exit_code, refused.output.count("\n")) == (1, 2)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_days_that_have_gone_by_are_said_to_have(tmp_path: Path) -> None:
    Journal().page("trust-plan").save("plan-day", "2026-01-30")
    done = run(tmp_path / "days")
    assert done.exit_code == 0
    assert "have gone by" in done.output
