"""Text that a person saved is read whatever their editor makes of it, and what is no text is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.core.errors import BadContent
from course.core.text_files import (
    IN_WORDS,
    UnreadableText,
    decode,
    near_miss,
    parse_toml,
    printable,
    read_text,
    read_toml,
)

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


DAMAGED = "Zoë and Łucja".encode().replace(b"\xab", b"\xff")
"""UTF-8 with one letter damaged: as Windows-1252 the other would be read as two."""


@pytest.mark.parametrize("data", [b"\x81\xff", b"a\0b", b"\xff\xfea", "a".encode("utf-32"), b"PK\x03\x04\0\0", DAMAGED])
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


def test_windows_1252_is_read_only_where_it_cannot_be_damaged_utf_8() -> None:
    assert decode("Zoë said “yes”".encode("cp1252")) == "Zoë said “yes”"
    with pytest.raises(UnreadableText):
        decode("Zoë said ".encode() + "“yes”".encode("cp1252"))


def test_a_mistake_has_its_line_also_where_lines_end_as_on_windows(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes("one = 1\r\nname = “Zoë”\r\n".encode("utf-16"))
    with pytest.raises(BadContent, match=r"line 2"):
        read_toml(path)


@pytest.mark.parametrize(
    "name",
    ["cohort.toml.txt", "Cohort.toml", "COHORT.TOML", "cohort.toml.toml", "cohort .toml", "cohort.txt", "cohort",
     "cohort (1).toml", "cohort.toml.docx", "cohort.rtf"],
)  # fmt: skip
def test_a_file_called_almost_so_is_told_of_where_the_file_itself_is_missing(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("one = 1")
    wanted = tmp_path / "cohort.toml"
    assert near_miss(wanted) == name
    with pytest.raises(BadContent) as caught:
        read_toml(wanted)
    assert f"no cohort.toml in {tmp_path}, only {name}, " in caught.value.message
    assert "cohort.toml" in caught.value.hint


@pytest.mark.parametrize(
    "name", ["cohort-2025.toml", "cohort.toml~", ".cohort.toml.swp", "cohort.toml.bak", "cohorts.csv", "comments.toml"]
)
def test_another_file_is_none_of_them(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("one = 1")
    assert near_miss(tmp_path / "cohort.toml") == ""
    with pytest.raises(FileNotFoundError):
        read_toml(tmp_path / "cohort.toml")


def test_a_twin_beside_the_file_is_told_of_since_one_of_the_two_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "cohort.toml"
    path.write_text("one = 1")
    (tmp_path / "cohort.txt").write_text("Notes on the cohort.")
    assert read_toml(path) == {"one": 1}
    (tmp_path / "cohort.toml.txt").write_text("one = 2")
    with pytest.raises(BadContent, match=r"cohort\.toml\.txt") as caught:
        read_toml(path)
    assert "not read" in caught.value.message
    path.with_name("cohort.toml.txt").unlink()
    path.with_name("cohort.toml.txt").mkdir()
    assert read_toml(path) == {"one": 1}


def test_words_keep_what_belongs_to_them_and_no_sign_that_steers_a_terminal() -> None:
    assert printable("Zoë\u200d\x1b[2J\u202e", kept=IN_WORDS) == "Zoë\u200d\\x1b[2J\\u202e"
    assert printable("Zoë\u200d") == "Zoë\\u200d"
