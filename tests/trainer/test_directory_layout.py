"""Where things are is the same as nbgrader has it, whatever a trainer set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from course.trainer.directory_layout import layout_of, read_layout


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
