"""A learner's id is typed once, kept for its owner alone, and can safely name a folder."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from course.core.errors import AnswersNotKept, BadLearnerId
from course.core.settings import settings
from course.records.learner_id import (
    check_learner_id,
    configured_learner_id,
    known_learner_id,
    save_learner_id,
    saved_learner_id,
)
from tests.cases import every


@every("given", ["k", "synthetic-017", "kim.lee@example.org", "_kim", "007", "@kim", "x" * 64])
def test_ids_as_trainers_give_them_are_taken(given: str) -> None:
    assert check_learner_id(f" {given}\n") == given


@every(
    "given",
    [
        *("", " ", ".", "..", ".kim", "-kim", "kim.", "x" * 65, "kim lee", "kim\nlee", "kim\x00"),
        *("kim/lee", "kim\\lee", "../kim", "kim+repair+x", "kim+lee@example.org", "kim:lee", "*", "<b>kim</b>"),
        *("kím", "ким", "kim\u202e", "kim\u200b", "\uff19", None, 7, ["kim"]),
    ],
)
def test_what_could_name_another_folder_is_refused(given: object) -> None:
    with pytest.raises(BadLearnerId) as caught:
        check_learner_id(given)
    assert "plain letters" in caught.value.hint


def test_an_id_is_typed_once_and_kept_for_its_owner_alone() -> None:
    assert saved_learner_id() == ""
    assert save_learner_id(" synthetic-017 ") == "synthetic-017"
    assert saved_learner_id() == known_learner_id() == "synthetic-017"
    file = settings().data / "learner.json"
    assert json.loads(file.read_text()) == {"format": 1, "learner": "synthetic-017"}
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600
    assert known_learner_id("synthetic-018") == saved_learner_id() == "synthetic-018"


def test_an_id_that_cannot_be_used_leaves_the_kept_one() -> None:
    save_learner_id("synthetic-017")
    with pytest.raises(BadLearnerId):
        save_learner_id("../synthetic-018")
    assert saved_learner_id() == "synthetic-017"


@pytest.mark.parametrize("held", [b"", b"{", b"[]", b'{"format": 1}', b'{"format": 1, "learner": "../x"}', b"9" * 5000])
def test_a_damaged_file_counts_as_none(held: bytes) -> None:
    settings().data.mkdir(parents=True)
    (settings().data / "learner.json").write_bytes(held)
    assert saved_learner_id() == ""


def test_what_the_trainer_has_set_comes_before_what_was_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    save_learner_id("synthetic-017")
    monkeypatch.setenv("BUILDING_TRUST_LEARNER", "synthetic-018")
    assert configured_learner_id() == known_learner_id() == "synthetic-018"


def test_a_set_id_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUILDING_TRUST_LEARNER", "a+b")
    with pytest.raises(BadLearnerId, match="BUILDING_TRUST_LEARNER"):
        configured_learner_id()


def test_without_an_id_the_command_says_how_to_give_one() -> None:
    with pytest.raises(BadLearnerId, match="--learner"):
        known_learner_id()


def test_an_id_that_cannot_be_kept_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    monkeypatch.setenv("BUILDING_TRUST_DATA", str(tmp_path / "data"))
    with pytest.raises(AnswersNotKept, match="could not be saved"):
        save_learner_id("synthetic-017")
