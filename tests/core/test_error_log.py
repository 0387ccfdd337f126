"""The log of unexpected errors names the kind and the place, and nothing that a person wrote."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from course.core import error_log

SECRET = "what a learner wrote"


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BUILDING_TRUST_DATA", str(tmp_path / "data"))
    monkeypatch.delenv(error_log.DEBUG, raising=False)
    return error_log.log_path()


def unexpected(message: str = SECRET) -> Exception:
    """Return an error with a cause, as it is caught."""
    try:
        try:
            raise KeyError(message)
        except KeyError as cause:
            raise ValueError(message) from cause
    except ValueError as error:
        return error


def test_a_line_has_the_kind_the_place_the_cause_and_what_the_course_was_at(log: Path) -> None:
    assert error_log.log_error(unexpected(), "grade") == log
    (line,) = log.read_text(encoding="utf-8").splitlines()
    assert " grade: ValueError at " in line
    assert "test_error_log.py:" in line
    assert " in unexpected; caused by KeyError at " in line


def test_nothing_that_was_written_and_no_folder_of_a_person_is_in_it(log: Path) -> None:
    error_log.log_error(unexpected(), "grade")
    text = log.read_text(encoding="utf-8")
    assert SECRET not in text
    assert str(Path(__file__).parent) not in text


def test_only_its_owner_can_read_it(log: Path) -> None:
    error_log.log_error(unexpected(), "grade")
    if os.name == "posix":
        assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_the_whole_error_is_shown_only_when_it_is_asked_for(
    log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    error_log.log_error(unexpected(), "grade")
    assert capsys.readouterr().err == ""
    monkeypatch.setenv(error_log.DEBUG, "1")
    error_log.log_error(unexpected(), "grade")
    assert f"ValueError: {SECRET}" in capsys.readouterr().err
    assert SECRET not in log.read_text(encoding="utf-8")


def test_a_large_log_is_put_away_and_a_new_one_begun(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(error_log, "LARGEST", 10)
    for _ in range(3):
        error_log.log_error(unexpected(), "grade")
    assert len(log.read_text(encoding="utf-8").splitlines()) == 1
    assert sorted(path.name for path in log.parent.iterdir()) == ["errors-older.log", "errors.log"]


def test_a_log_that_cannot_be_written_stops_nothing(log: Path) -> None:
    log.parent.parent.mkdir()
    log.parent.write_text("in the way", encoding="utf-8")
    assert error_log.log_error(unexpected(), "grade") is None


def test_errors_that_name_each_other_come_to_an_end() -> None:
    first, second = KeyError(), ValueError()
    first.__context__, second.__context__ = second, first
    assert error_log.describe(first) == "KeyError at an unknown place; caused by ValueError at an unknown place"
