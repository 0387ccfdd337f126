"""A file names somebody by its name, its text or what a zip holds, however it was saved; no part of a word does."""

from __future__ import annotations

import stat
import tempfile
from pathlib import Path

import pytest

from course.trainer.feedback.files import packed
from course.trainer.mentions import any_of_words, drop_lines, mentions
from tests.cases import every
from tests.full_disk import full_disk

ADA = any_of_words({"ada-1", "Łucja Šik", ""})


@every(
    "name, data, is_named",
    [
        ("x.csv", b"id\nADA-1\n", True),
        ("x.csv", b"id\nada-12\nmy-ada-1\n", False),
        ("ada-1.csv", b"", True),
        ("x.csv", "Łucja Šik".encode("utf-16"), True),
        ("x.zip", packed({"ada-1.html": b""}), True),
        ("x.zip", packed({"y.html": b"of ada-1"}), True),
        ("x.zip", packed({"y.html": b"of ada-2"}), False),
        ("x.zip", b"no zip", False),
    ],
)
def test_a_file_names_somebody(name: str, data: bytes, is_named: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        assert mentions(path, ADA) is is_named


def test_only_the_lines_that_name_somebody_go(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_bytes(b"ada-1 came\nada-12 came\n")
    log.chmod(0o660)
    drop_lines(log, ADA)
    assert log.read_bytes() == b"ada-12 came\n"
    assert stat.S_IMODE(log.stat().st_mode) == 0o660, "a colleague's commands write into it too"


def test_lines_that_cannot_be_written_leave_the_file_as_it_was(tmp_path: Path) -> None:
    """A process that is killed in the middle leaves a part of what it writes, as a full disk does."""
    log = tmp_path / "x.log"
    log.write_bytes(b"ada-1 came\nada-12 came\n")
    with full_disk(), pytest.raises(OSError, match="too large"):
        drop_lines(log, ADA)
    assert log.read_bytes() == b"ada-1 came\nada-12 came\n"
    assert [path.name for path in tmp_path.iterdir()] == ["x.log"]
