"""What of a handed-in folder may be used. The hostile ones are in `test_hostile.py`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from course.core.errors import CannotMark
from course.trainer.marking.read_submission import read_submission

SLUG = "repair"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "synthetic-001" / SLUG
    folder.mkdir(parents=True)
    (folder / f"{SLUG}.ipynb").write_text(json.dumps({"cells": []}), encoding="utf-8")
    whole = {"format": 2, "exercise": SLUG, "version": 2, "answers": {"q1": "A"}}
    (folder / "answers.json").write_text(json.dumps(whole), encoding="utf-8")
    (folder / "timestamp.txt").write_text("2026-11-22 12:00:00.000000 UTC", encoding="utf-8")
    return folder


def test_an_honest_hand_in_is_taken_whole(folder: Path) -> None:
    submission = read_submission(folder, SLUG)
    assert set(submission.files) == {"answers.json", "timestamp.txt"}
    assert submission.answers == {"q1": "A"}
    assert submission.notebook == {"cells": []}
    assert submission.left_out == ()


def test_without_answers_there_is_an_empty_hand_in(folder: Path) -> None:
    (folder / "answers.json").unlink()
    assert set(read_submission(folder, SLUG).files) == {"timestamp.txt"}


def test_a_stray_file_is_left_out_by_name(folder: Path) -> None:
    (folder / "notes.docx").write_text("x", encoding="utf-8")
    assert read_submission(folder, SLUG).left_out == ("The file notes.docx was left out: it is not part of a hand-in.",)


def test_a_crowd_of_files_is_named_up_to_ten(folder: Path) -> None:
    for number in range(11):
        (folder / f"file-{number:02d}").write_text("x", encoding="utf-8")
    said = read_submission(folder, SLUG).left_out
    assert len(said) == 11
    assert said[-1] == "1 more file was left out."


def test_nobody_is_quoted_in_a_refusal(folder: Path) -> None:
    (folder / "answers.json").write_text('{"format": 1, "answers": {"reflection": "A secret"', encoding="utf-8")
    with pytest.raises(CannotMark) as refused:
        read_submission(folder, SLUG)
    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None
