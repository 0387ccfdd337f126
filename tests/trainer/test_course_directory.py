"""The course directory: which exercises a trainer means, and where things are, as nbgrader has it whatever is set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from course.core.errors import BadSetting, NotACourseDirectory, UnknownLesson
from course.trainer.collecting.exchange_folders import count_uncollected
from course.trainer.course_directory import Coursework, layout_of, read_layout
from tests.cases import every
from tests.trainer.submissions import course_directory


def test_an_exercise_is_named_by_its_key_a_former_name_or_its_number(tmp_path: Path) -> None:
    coursework = Coursework(course_directory(tmp_path / "course"))
    assert [coursework.chosen([name]) for name in ("repair", "04-repair", "04", "4")] == [["repair"]] * 4
    assert coursework.chosen(["4", "00"]) == ["starting-point", "repair"]
    with pytest.raises(UnknownLesson):
        coursework.chosen(["44"])


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("c = get_config()\nc.Exchange.root = roof\n", 2, "NameError: name 'roof' is not defined"),
        ("c = get_config()\n\nc.Exchange.root =\n", 3, "SyntaxError: invalid syntax"),
        ('c = get_config()\nint("x")\n', 2, "ValueError"),
        ("\x00", 1, ""),
    ],
)
def test_a_mistake_in_nbgraders_settings_is_named_by_its_line(tmp_path: Path, text: str, line: int, why: str) -> None:
    coursework = Coursework(course_directory(tmp_path / "course"))
    (coursework.root / "nbgrader_config.py").write_text(text, encoding="utf-8")
    with pytest.raises(BadSetting, match=f"nbgrader_config.py, line {line}") as told:
        coursework.config  # noqa: B018  # it is read when it is asked for
    assert why in told.value.message
    assert "Correct that line" in told.value.hint


def test_without_nbgraders_settings_a_folder_is_no_course_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = course_directory(tmp_path / "course")
    (root / "source").mkdir(exist_ok=True)
    monkeypatch.setenv("BUILDING_TRUST_COURSEWORK", str(root))
    assert Coursework.here().root == root
    (root / "nbgrader_config.py").unlink()
    with pytest.raises(NotACourseDirectory, match="has no file nbgrader_config"):
        Coursework.here()


def test_learners_are_those_with_a_folder_of_the_exercise_and_no_link_is_one(tmp_path: Path) -> None:
    coursework = Coursework(tmp_path)
    assert coursework.learners_at("submitted", "repair") == []
    submitted = tmp_path / "submitted"
    for learner, exercise in (("synthetic-b", "repair"), ("synthetic-a", "repair"), ("synthetic-c", "thanks")):
        (submitted / learner / exercise).mkdir(parents=True)
    (submitted / "synthetic-d").mkdir()
    (submitted / "synthetic-d" / "repair").write_text("no folder", encoding="utf-8")
    (submitted / "notes.txt").write_text("no folder", encoding="utf-8")
    try:
        (submitted / "synthetic-e").symlink_to(submitted / "synthetic-a", target_is_directory=True)
    except OSError:
        pytest.skip("this system lets nobody make links")
    assert coursework.learners_at("submitted", "repair") == ["synthetic-a", "synthetic-b"]
    assert coursework.learners_at("released", "repair") == []


@every("text", ["", "c = get_config()\nc.CourseDirectory.db_assignments = []\n"])
def test_a_course_directory_whose_settings_name_no_folder_is_its_own(tmp_path: Path, text: str) -> None:
    """As where nbgrader's commands are given in it; where Python happens to run says nothing of it."""
    (tmp_path / "nbgrader_config.py").write_text(text, encoding="utf-8")
    coursework = Coursework(tmp_path)
    assert coursework.layout.gradebook_file == tmp_path / "gradebook.db"
    assert coursework.folder("submitted", "kim", "repair") == tmp_path / "submitted" / "kim" / "repair"
    assert Path(coursework.coursedir.root) == tmp_path
    assert coursework.exchange == tmp_path / "exchange"
    assert count_uncollected(coursework, "repair") == 0


@every("section", ["CourseDirectory", "LoggingConfigurable"])
def test_a_folder_that_the_settings_name_is_the_course_directory(tmp_path: Path, section: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    lines = f"c = get_config()\nc.{section}.root = {str(elsewhere)!r}\n"
    (tmp_path / "nbgrader_config.py").write_text(lines, encoding="utf-8")
    assert Coursework(tmp_path).folder("submitted", "kim", "repair") == elsewhere / "submitted" / "kim" / "repair"


def settings(**values: Any) -> Config:
    return Config({"CourseDirectory": values})


@pytest.mark.parametrize(
    "config",
    [
        Config(),
        settings(root="/srv/course", release_directory="exercises"),
        settings(root="relative/course/../here"),
        settings(root="/srv/course", db_url="sqlite:///elsewhere.db", feedback_directory="back"),
        settings(root="/srv/course", directory_structure="{student_id}/{nbgrader_step}/{assignment_id}"),
        settings(db_url="postgresql://host/marks", submitted_directory="in", autograded_directory="done"),
    ],
)
def test_plain_settings_mean_what_they_mean_to_nbgrader(config: Config) -> None:
    layout, directory = read_layout(config), CourseDirectory(config=config)
    assert layout == layout_of(directory)
    for step in ("release", "submitted", "autograded", "feedback"):
        path = directory.format_path(getattr(directory, f"{step}_directory"), "kim", "repair")
        assert layout is not None
        assert layout.folder(step, "kim", "repair") == Path(path)


def test_a_setting_that_is_no_plain_text_is_left_to_nbgrader() -> None:
    prepended = Config()
    prepended.CourseDirectory.root.prepend("x")
    assert read_layout(prepended) is None
    assert read_layout(Config({"LoggingConfigurable": {"root": "/srv/course"}})) is None


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:////srv/marks.db", Path("/srv/marks.db")),
        ("sqlite:///marks.db", Path("marks.db")),
        ("sqlite:///:memory:", None),
        ("sqlite:///marks.db?timeout=1", None),
        ("sqlite+pysqlite:///marks.db", None),
        ("postgresql://host/marks", None),
    ],
)
def test_a_gradebook_is_a_file_where_its_address_says_so(url: str, file: Path | None) -> None:
    layout = read_layout(settings(root="/srv/course", db_url=url))
    assert layout is not None
    assert layout.gradebook_file == file
