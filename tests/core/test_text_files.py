"""Text that a person saved is read whatever their editor makes of it, and what is no text is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.core.errors import BadContent
from course.core.text_files import UnreadableText, decode, parse_toml, read_text, read_toml

WORDS = 'name = "Zoë – yes"\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end_that_editors_write_is_read(encoding: str, end: str, tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(WORDS.replace("\n", end).encode(encoding))
    assert read_text(path) == WORDS
    assert read_toml(path) == {"name": "Zoë – yes"}


def test_utf_16_is_read_in_either_byte_order() -> None:
    assert decode(b"\xfe\xff" + "é\n".encode("utf-16-be")) == "é\n"
    assert decode(b"") == ""


@pytest.mark.parametrize("data", [b"\x81\xff", b"a\0b", b"\xff\xfea", "a".encode("utf-32"), b"PK\x03\x04\0\0"])
def test_what_is_no_text_is_refused_without_being_quoted(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(UnreadableText) as caught:
        decode(data)
    assert caught.value.__cause__ is None
    path = tmp_path / "a.toml"
    path.write_bytes(data)
    with pytest.raises(BadContent, match=r"a\.toml cannot be read"):
        read_toml(path)


def test_a_mistake_in_toml_is_told_with_its_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("one = 1\ntwo = \n")
    with pytest.raises(BadContent, match=r"a\.toml cannot be read: .*line 2") as caught:
        read_toml(path)
    assert str(path) in caught.value.hint


def test_lists_without_end_are_refused() -> None:
    with pytest.raises(BadContent, match="cannot be read"):
        parse_toml("a = " + "[" * 100_000, "a.toml")


def test_a_missing_file_is_left_to_the_caller_and_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_toml(tmp_path / "none.toml")
    with pytest.raises(BadContent, match="cannot be read"):
        read_toml(tmp_path)
