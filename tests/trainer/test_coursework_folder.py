"""A course directory apart from the code: `course.trainer.coursework_folder`."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from course.core import names
from course.core.errors import CourseError, FolderUnusable, NotACourseDirectory
from course.core.notebooks import course_directory
from course.trainer.course_directory import Coursework
from course.trainer.coursework_folder import MANIFEST, fill


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "clone"
    for name in (
        "nbgrader_config.py",
        "source/listening/listening.ipynb",
        "source/repair/repair.ipynb",
        "exercises/listening/listening.ipynb",
        "exercises/listening/answers.json",
        "notebooks/for-trainers.ipynb",
        "submitted/s01/listening/listening.ipynb",
        "notebooks/.ipynb_checkpoints/start.ipynb",
        "cohort.toml",
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Synthetic: {name}")
    (folder / "source" / "link").symlink_to(tmp_path)
    return folder


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}


def test_a_folder_gets_what_trainers_need_and_nothing_that_people_made(clone: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cohorts" / "a"
    assert fill(folder, clone) == []
    assert files(folder) == {
        "nbgrader_config.py",
        "source/listening/listening.ipynb",
        "source/repair/repair.ipynb",
        "exercises/listening/listening.ipynb",
        "notebooks/for-trainers.ipynb",
    }
    if os.name == "posix":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_newer_clone_brings_the_folder_up_to_date_but_for_what_was_changed_there(clone: Path, tmp_path: Path) -> None:
    folder = tmp_path / "coursework"
    fill(folder, clone)
    (folder / "submitted").mkdir()
    (folder / "gradebook.db").write_text("Synthetic.")
    (folder / "source/repair/repair.ipynb").write_text("Our own words.")
    for name in ("source/repair/repair.ipynb", "notebooks/for-trainers.ipynb"):
        (clone / name).write_text("Newer.")
    (clone / "source/listening/listening.ipynb").unlink()
    assert fill(folder, clone) == ["source/repair/repair.ipynb"]
    assert (folder / "source/repair/repair.ipynb").read_text() == "Our own words."
    assert (folder / "notebooks/for-trainers.ipynb").read_text() == "Newer."
    assert not (folder / "source/listening/listening.ipynb").exists()
    assert (folder / "gradebook.db").exists()
    (folder / "source/repair/repair.ipynb").unlink()
    assert fill(folder, clone) == []
    assert (folder / "source/repair/repair.ipynb").read_text() == "Newer."


def test_what_was_changed_stays_also_when_the_clone_has_it_no_more_or_the_manifest_is_lost(
    clone: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "coursework"
    fill(folder, clone)
    (folder / "source/repair/repair.ipynb").write_text("Our own words.")
    (clone / "source/repair/repair.ipynb").unlink()
    assert fill(folder, clone) == ["source/repair/repair.ipynb"]
    (folder / MANIFEST).write_text("[")
    (folder / "notebooks/for-trainers.ipynb").write_text("Ours too.")
    assert fill(folder, clone) == ["notebooks/for-trainers.ipynb"]


@pytest.mark.parametrize("name", ["clone", "clone/inside", "."])
def test_a_folder_that_has_to_do_with_the_clone_is_refused(clone: Path, tmp_path: Path, name: str) -> None:
    before = files(clone)
    with pytest.raises(FolderUnusable, match="clone") as told:
        fill(tmp_path / name, clone)
    assert told.value.hint
    assert files(clone) == before


def test_a_folder_that_is_no_clone_fills_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotACourseDirectory, match="no clone of the course"):
        fill(tmp_path / "coursework", tmp_path / "empty")
    assert not (tmp_path / "coursework").exists()


def test_a_folder_that_cannot_be_written_is_said(clone: Path, tmp_path: Path) -> None:
    (tmp_path / "coursework").write_text("a file")
    with pytest.raises(FolderUnusable, match="cannot be used"):
        fill(tmp_path / "coursework", clone)


def test_trainers_work_in_the_folder_that_the_setting_names(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUILDING_TRUST_COURSEWORK", str(tmp_path / "coursework"))
    with pytest.raises(CourseError, match="BUILDING_TRUST_COURSEWORK") as told:
        course_directory()
    assert f"course coursework {tmp_path / 'coursework'}" in told.value.hint
    fill(tmp_path / "coursework", clone)
    assert Coursework.here().root == tmp_path / "coursework"
    assert (Coursework.here().root / names.SOURCE).is_dir()
