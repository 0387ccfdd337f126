"""`cohort.toml`: what a trainer may set, and what is answered to a slip."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from course.core.errors import BadContent
from course.records.cohort_file import CohortFile, read_cohort_file


def read(folder: Path, text: str) -> CohortFile:
    (folder / "cohort.toml").write_text(text, encoding="utf-8")
    return read_cohort_file(folder)


def test_without_a_file_there_are_marks_no_due_dates_and_groups_of_ten(tmp_path: Path) -> None:
    assert read_cohort_file(tmp_path) == CohortFile(marks=True, fewest=10, due={})


def test_all_can_be_set(tmp_path: Path) -> None:
    given = read(
        tmp_path,
        'marks = false\nsmallest-group = 11\ntimezone = "Europe/London"\n[due]\n'
        "two-questions = 2026-07-01T17:00:00\nrepair = 2026-12-01\nthanks = 2026-12-01T17:00:00+02:00\n",
    )
    assert (given.marks, given.fewest) == (False, 11)
    assert {slug: moment.isoformat() for slug, moment in given.due.items()} == {
        "two-questions": "2026-07-01T16:00:00.999999+00:00",
        "repair": "2026-12-01T23:59:59.999999+00:00",
        "thanks": "2026-12-01T15:00:00.999999+00:00",
    }
    assert all(moment.tzinfo is datetime.UTC for moment in given.due.values())


@pytest.mark.parametrize(
    "text, words",
    [
        ("marks = 1", "neither true nor false"),
        ("smallest-group = 9", "from 10 up"),
        ("smallest-group = true", "from 10 up"),
        ("smalest-group = 10", "no setting “smalest-group”"),
        ('timezone = "Europe/Lundon"', "“timezone” is not known"),
        ("timezone = 1", "“timezone” is not known"),
        ("due = 2026-12-01", "“due” is not a table"),
        ("[due]\n01-two-qestions = 2026-12-01", "no exercise “01-two-qestions”"),
        ('[due]\ntwo-questions = "tomorrow"', "has no day"),
        ("[due]\ntwo-questions = 0001-01-01T00:00:00+05:00", "has no day"),
        ("[due]\nrepair = 2026-12-01\n04-repair = 2026-12-02", "has two days"),
        ("extensions = 2026-12-01", "something else than a table"),
        ("[extensions]\nrepair = 2026-12-01", "something else than a table"),
        ("[extensions.ada.b]\nrepair = 2026-12-01", "has another one in it"),
        ("[extensions.ada]\nrepare = 2026-12-01", "no exercise “repare”"),
        ('[extensions.ada]\nrepair = "a week"', "has no day"),
        ("marks = yes", "cannot be read"),
    ],
)
def test_a_slip_is_answered_with_what_to_write(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(BadContent, match=words) as slip:
        read(tmp_path, text)
    assert slip.value.hint
    assert "ada" not in f"{slip.value.message} {slip.value.hint}", "a slip names no learner"


def test_a_learner_can_have_more_time(tmp_path: Path) -> None:
    given = read(tmp_path, '[extensions."ada@example.org"]\nrepair = 2026-12-08T17:00:00Z\n[extensions.007]\n')
    assert given.extensions == {
        "ada@example.org": {"repair": datetime.datetime(2026, 12, 8, 17, 0, 0, 999_999, datetime.UTC)},
        "007": {},
    }
    assert "ada" not in repr(given)


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        ("2026-03-29", "2026-03-29T22:59:59"),
        ("2026-03-29T00:59:59", "2026-03-29T00:59:59"),
        ("2026-03-29T01:30:00", "2026-03-29T01:30:00"),  # the clocks leave it out: as late as it can be, 02:30
        ("2026-03-29T02:00:00", "2026-03-29T01:00:00"),
        ("2026-10-25T00:59:59", "2026-10-24T23:59:59"),
        ("2026-10-25T01:30:00", "2026-10-25T01:30:00"),  # the clocks show it twice: the second time
        ("2026-10-25T02:00:00", "2026-10-25T02:00:00"),
        ("2026-10-25", "2026-10-25T23:59:59"),
    ],
)
def test_when_the_clocks_change_nobody_loses_an_hour(day: str, moment: str, tmp_path: Path) -> None:
    due = read(tmp_path, f'timezone = "Europe/London"\n[due]\nrepair = {day}\n').due["repair"]
    assert due.isoformat() == f"{moment}.999999+00:00"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_it_is_read_however_an_editor_saved_it_and_a_slip_has_its_line(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "cohort.toml"
    path.write_bytes("# Für Zoë\r\nmarks = false\r\n".encode(encoding))
    assert read_cohort_file(tmp_path).marks is False
    path.write_bytes("# Für Zoë\r\nmarks = no\r\n".encode(encoding))
    with pytest.raises(BadContent, match="line 2"):
        read_cohort_file(tmp_path)


def test_a_file_whose_ending_windows_hides_is_told_of_and_not_ignored(tmp_path: Path) -> None:
    (tmp_path / "cohort.toml.txt").write_text("marks = false", encoding="utf-8")
    with pytest.raises(BadContent, match=r"cohort\.toml\.txt") as caught:
        read_cohort_file(tmp_path)
    assert "Rename it" in caught.value.hint
