"""Releasing exercises: by one person at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.core.errors import AlreadyRunning
from course.trainer.command_support import single_instance
from course.trainer.course_directory import Coursework
from course.trainer.release import release_all
from tests.trainer.submissions import SLUG, course_directory


def test_two_people_do_not_release_at_once_and_take_each_others_drafts_away(tmp_path: Path) -> None:
    coursework = Coursework(course_directory(tmp_path / "course"))
    draft = coursework.root / ".releasing" / SLUG
    draft.mkdir(parents=True)
    with (
        single_instance("release", coursework.root, "synthetic"),
        pytest.raises(AlreadyRunning, match="being released"),
    ):
        release_all(coursework, [SLUG], review=lambda *_: ([], []))
    assert draft.is_dir()
