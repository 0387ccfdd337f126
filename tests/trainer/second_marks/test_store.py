"""Second marks are kept in one file of their own, whole or not at all, and never guessed at."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from course.core.errors import CannotMark
from course.trainer.second_marks.store import (
    FILE,
    SecondMark,
    forget_second_marks,
    read_second_marks,
    write_second_marks,
)

MARKS = [
    SecondMark("repair", "synthetic-001", 3, "KD", "d1", "=Naïve.\n\nWhy?"),
    SecondMark("repair", "synthetic-0010", 0, "KD", "d2"),
    SecondMark("two-questions", "synthetic-001", 4, "AB", "d3"),
]


def test_what_is_kept_is_read_back_and_is_its_owner_s_alone(tmp_path: Path) -> None:
    assert read_second_marks(tmp_path) == []
    write_second_marks(tmp_path, reversed(MARKS))
    assert read_second_marks(tmp_path) == MARKS
    assert os.name != "posix" or stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_forgetting_takes_all_of_one_person_and_of_nobody_with_a_like_id(tmp_path: Path) -> None:
    write_second_marks(tmp_path, MARKS)
    forget_second_marks(tmp_path, "synthetic-001")
    assert read_second_marks(tmp_path) == [MARKS[1]]


def test_what_a_later_course_adds_is_passed_over_and_an_editor_s_mark_too(tmp_path: Path) -> None:
    write_second_marks(tmp_path, MARKS)
    kept = json.loads((tmp_path / FILE).read_text(encoding="utf-8"))
    kept["more"], kept["second-marks"][0]["when"] = 3, "2026-11-29"
    (tmp_path / FILE).write_text(json.dumps(kept), encoding="utf-8-sig")
    assert read_second_marks(tmp_path) == MARKS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": 1}',
        '{"format": 1, "second-marks": {}}',
        '{"format": 1, "second-marks": [3]}',
        '{"format": 1, "second-marks": [{"exercise": "repair"}]}',
        json.dumps({"format": 1, "second-marks": [{**vars(MARKS[0]), "level": True}]}),
        json.dumps({"format": 1, "second-marks": [{**vars(MARKS[0]), "level": "3"}]}),
        json.dumps({"format": 1, "second-marks": [{**vars(MARKS[0]), "words": None}]}),
    ],
)
def test_a_damaged_file_is_named_and_left_as_it_is(text: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(CannotMark, match="not what the course wrote"):
        read_second_marks(tmp_path)
    with pytest.raises(CannotMark):
        forget_second_marks(tmp_path, "synthetic-001")
    assert (tmp_path / FILE).read_text(encoding="utf-8") == text


def test_a_file_of_a_newer_course_is_left_to_it(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"format": 2, "second-marks": []}', encoding="utf-8")
    with pytest.raises(CannotMark, match="newer version"):
        read_second_marks(tmp_path)


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    write_second_marks(tmp_path, MARKS)
    (tmp_path / FILE).rename(tmp_path / "other.json")
    (tmp_path / FILE).symlink_to(tmp_path / "other.json")
    with pytest.raises(CannotMark):
        read_second_marks(tmp_path)
