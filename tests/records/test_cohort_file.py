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
        "two-questions": "2026-07-01T16:00:00+00:00",
        "repair": "2026-12-01T23:59:59+00:00",
        "thanks": "2026-12-01T15:00:00+00:00",
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
        ("marks = yes", "cannot be read"),
    ],
)
def test_a_slip_is_answered_with_what_to_write(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(BadContent, match=words) as slip:
        read(tmp_path, text)
    assert slip.value.hint


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
