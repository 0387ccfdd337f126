"""A file names somebody by its name, its text or what a zip holds, however it was saved; no part of a word does."""

from __future__ import annotations

import tempfile
from pathlib import Path

from course.trainer.feedback.files import packed
from course.trainer.mentions import any_of_words, drop_lines, mentions
from tests.cases import every

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
    drop_lines(log, ADA)
    assert log.read_bytes() == b"ada-12 came\n"
