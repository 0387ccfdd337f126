"""A list that was dropped on the desk and neither written nor left does not stay there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from course.authoring.review import review
from course.core import moments
from course.trainer import erasing
from course.trainer.course_directory import Coursework
from course.trainer.desk import Desk, worker
from tests.paths import ROOT


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course directory onto whose desk four lists were dropped, the last of them just now."""
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, hours in (("days.csv", 25), ("morning.csv", 2), (".arriving-1", 30), ("now.csv", 0)):
        path = tmp_path / "brought" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("id,first_name\nsynthetic-001,Ada\n", encoding="utf-8")
        os.utime(path, (moments.now().timestamp() - hours * 3600,) * 2)
    monkeypatch.setattr(Coursework, "here", classmethod(lambda cls: cls(tmp_path)))
    return tmp_path


def left(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "brought").iterdir())


def test_any_step_removes_what_was_dropped_a_day_ago(root: Path) -> None:
    worker.run("look-at-roster", {}, review)
    assert left(root) == ["morning.csv", "now.csv"]


def test_the_page_opened_again_removes_all_but_what_another_window_may_ask_about(root: Path) -> None:
    Desk()
    assert left(root) == ["now.csv"]


def test_forgetting_a_learner_removes_the_lists_that_name_them(root: Path) -> None:
    (root / "brought" / "others.csv").write_text("id\nsynthetic-002\n", encoding="utf-8")
    assert all(is_removed for is_removed, _ in erasing.remove_learner(Coursework(root), "synthetic-001"))
    assert left(root) == ["others.csv"]
