"""Settings are read from the environment when they are asked for, and from nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.core.settings import settings


def test_without_any_setting_everything_is_in_the_persons_home(empty_home: Path) -> None:
    found = settings()
    assert found.work == empty_home / "building-trust"
    assert empty_home in found.data.parents
    assert found.journal == found.data / "journal"
    assert found.exchange is None
    assert found.words is None


def test_each_variable_sets_its_folder(tmp_path: Path) -> None:
    names = ("DATA", "JOURNAL", "WORK", "EXCHANGE", "WORDS")
    found = settings({f"BUILDING_TRUST_{name}": str(tmp_path / name) for name in names})
    assert [found.data, found.journal, found.work, found.exchange, found.words] == [tmp_path / name for name in names]


def test_the_journal_moves_with_the_data(tmp_path: Path) -> None:
    assert settings({"BUILDING_TRUST_DATA": str(tmp_path)}).journal == tmp_path / "journal"


def test_an_empty_setting_counts_as_none() -> None:
    assert settings({"BUILDING_TRUST_EXCHANGE": "  "}).exchange is None


def test_a_home_in_a_setting_is_the_persons_own(empty_home: Path) -> None:
    assert settings({"BUILDING_TRUST_WORK": "~/course"}).work == empty_home / "course"


def test_a_folder_is_the_same_from_wherever_it_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert settings({"BUILDING_TRUST_WORK": "course"}).work == tmp_path / "course"


def test_settings_are_read_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = settings().work
    monkeypatch.setenv("BUILDING_TRUST_WORK", str(tmp_path))
    assert settings().work == tmp_path != before


def test_the_learners_id_is_a_text_and_empty_where_none_is_set() -> None:
    assert settings().learner == ""
    assert settings({"BUILDING_TRUST_LEARNER": " synthetic-017 "}).learner == "synthetic-017"
