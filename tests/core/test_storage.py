"""A file without secrets is put into place whole, or not at all. What guards answers is in test_answers.py."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from course.core.storage import put, write_whole


def test_a_file_is_put_into_a_folder_made_for_it_and_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "settings.json"
    for text in (b"first", b"second, and longer"):
        put(path, text)
        assert path.read_bytes() == text
    assert [file.name for file in path.parent.iterdir()] == ["settings.json"]


def test_a_file_that_says_the_same_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    put(path, b"the same")
    before = path.stat()
    put(path, b"the same")
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_where_a_file_cannot_be_put_no_draft_stays(tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    with pytest.raises(OSError, match=r"settings\.json"):
        put(tmp_path / "settings.json", b"text")
    assert [path.name for path in tmp_path.rglob("*")] == ["settings.json"]


def test_what_must_survive_is_on_disk_before_it_takes_the_old_ones_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *given, name=name, real=real: (done.append(name), real(*given)))
    write_whole(tmp_path / "page.json", b"{}")
    assert done[:2] == ["fsync", "replace"]
    assert (tmp_path / "page.json").read_bytes() == b"{}"
