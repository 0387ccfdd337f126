"""The files that a browser keeps: which changed, what the database has, and what is taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.web.kept_files import KeptFiles

PAGE = "data/journal/repair.json"


@pytest.fixture
def files(tmp_path: Path) -> KeptFiles:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "repair.ipynb").write_text("the course's own")
    return KeptFiles(tmp_path)


def write(files: KeptFiles, name: str, text: str) -> None:
    files.path(name).parent.mkdir(parents=True, exist_ok=True)
    files.path(name).write_text(text)


def test_what_was_loaded_or_belongs_to_the_course_is_no_change(files: KeptFiles) -> None:
    files.load([(PAGE, b"one")])
    assert files.path(PAGE).read_bytes() == b"one"
    assert files.changed() == []


def test_changes_are_named_until_the_database_has_them(files: KeptFiles) -> None:
    files.load([(PAGE, b"one"), ("data/gone.json", b"old")])
    write(files, PAGE, "two")
    write(files, "data/new.txt", "new")
    files.path("data/gone.json").unlink()
    changes = files.changed()
    assert sorted(changes) == [("data/gone.json", None), (PAGE, b"two"), ("data/new.txt", b"new")]
    assert files.changed() == changes
    files.confirm(changes)
    assert files.changed() == []


def test_locks_logs_and_drafts_of_files_are_not_kept(files: KeptFiles) -> None:
    for name in ("data/locks/one.lock", "data/logs/errors.log", "data/journal/.repair.json.x.tmp"):
        write(files, name, "x")
    assert files.changed() == []


def test_a_file_written_with_the_same_content_is_no_change(files: KeptFiles) -> None:
    files.load([(PAGE, b"one")])
    write(files, PAGE, "one")
    assert files.changed() == []


def test_what_is_taken_back_is_as_the_database_has_it(files: KeptFiles) -> None:
    files.load([(PAGE, b"one"), ("data/gone.json", b"old")])
    write(files, PAGE, "two")
    write(files, "data/journal/new.json", "answers")
    write(files, "data/journal/ids.txt", "ids")
    files.path("data/gone.json").unlink()
    files.take_back(files.changed(), [files.path("data/journal/new.json")])
    assert files.path(PAGE).read_bytes() == b"one"
    assert files.path("data/gone.json").read_bytes() == b"old"
    assert not files.path("data/journal/new.json").exists()
    assert files.changed() == [("data/journal/ids.txt", b"ids")], "nobody writes it again, so it waits"


def test_a_file_erased_by_another_tab_goes(files: KeptFiles) -> None:
    files.load([(PAGE, b"one")])
    files.load([(PAGE, None), ("data/never-there.json", None)])
    assert not files.path(PAGE).exists()
    assert files.changed() == []
