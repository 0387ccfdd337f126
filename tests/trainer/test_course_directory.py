"""The course directory: which exercises a trainer means."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.core.errors import UnknownLesson
from course.trainer.course_directory import Coursework
from tests.trainer.submissions import course_directory


def test_an_exercise_is_named_by_its_key_a_former_name_or_its_number(tmp_path: Path) -> None:
    coursework = Coursework(course_directory(tmp_path / "course"))
    assert [coursework.chosen([name]) for name in ("repair", "04-repair", "04", "4")] == [["repair"]] * 4
    assert coursework.chosen(["4", "00"]) == ["starting-point", "repair"]
    with pytest.raises(UnknownLesson):
        coursework.chosen(["44"])
