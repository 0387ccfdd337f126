"""A zip from a stranger is read within limits, or refused with its own reason, and nothing of it reaches the disk."""

from __future__ import annotations

import contextlib
import io
import os
import random
import stat
import struct
import warnings
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.core.archive import LARGEST
from course.core.errors import BadHandIn
from course.records.submission_file import unpack
from tests.cases import every
from tests.packing import damaged, entry, packed

KNOWN = {"a.txt": 1000, "b.txt": 10}
FILES = {"a.txt": b"some words " * 50, "b.txt": b"ten bytes."}


def reason(file: io.BytesIO | Path) -> str:
    with pytest.raises(BadHandIn) as caught:
        unpack(file, KNOWN)
    assert caught.value.hint
    assert "\n" not in caught.value.message
    return caught.value.message


@pytest.mark.parametrize("folder", ["", "my exercise/", "Übung 1/"])
def test_known_files_are_read_at_the_top_or_in_one_folder(folder: str, tmp_path: Path) -> None:
    made = packed({folder + name: data for name, data in FILES.items()})
    assert unpack(made, KNOWN) == FILES
    path = tmp_path / "some.zip"
    path.write_bytes(made.getvalue())
    assert unpack(path, KNOWN) == FILES


def test_what_a_computer_adds_by_itself_is_left_out_unread() -> None:
    left = {"x/": b"", "x/.DS_Store": b"?" * 5000, "__MACOSX/x/._a.txt": b"?", "x/a.txt": b"words"}
    made = packed(left)
    assert unpack(made, KNOWN) == {"a.txt": b"words"}


@every(
    "name",
    [
        *("../a.txt", "x/../a.txt", "/a.txt", "//host/a.txt", "./a.txt", "x//a.txt", "..", "/"),
        *("..\\a.txt", "x\\a.txt", "\\\\host\\a.txt", "C:\\a.txt", "c:a.txt", "C:/a.txt"),
    ],
)
def test_a_name_that_leads_out_is_refused(name: str) -> None:
    assert reason(packed([(name, b"words")])).startswith("A name in the zip leads out of it")


@every("sign", ["\x00", "\x1b", "\n", "\x7f", "\u202e", "\u200b", "\ufeff", "\u2066", "\ue000"])
def test_a_name_with_a_sign_that_cannot_be_seen_is_refused(sign: str) -> None:
    assert reason(packed([(f"a{sign}.txt", b"words")])) == "A name in the zip has hidden characters."


@every("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK, stat.S_IFDIR])
def test_what_is_no_plain_file_is_refused(kind: int) -> None:
    made = packed([(entry("a.txt", mode=kind | 0o777), b"/etc/passwd")])
    assert reason(made).startswith("The zip holds something that is no plain file, such as a link")


def test_a_file_that_does_not_belong_there_is_refused_by_name() -> None:
    assert reason(packed({**FILES, "c.txt": b""})) == "The zip holds a file that does not belong there: “c.txt”."
    assert len(reason(packed({"c" * 60_000: b""}))) < 200
    assert "does not belong" in reason(packed({"A.TXT": b""}))


def test_a_name_that_comes_twice_is_refused() -> None:
    assert reason(packed([("a.txt", b"one"), ("a.txt", b"two")])) == "The zip holds a.txt twice."
    assert reason(packed([("a.txt", b"one"), ("x/a.txt", b"two")])) == "The zip holds a.txt twice."


@pytest.mark.parametrize("names", [("x/a.txt", "y/b.txt"), ("a.txt", "x/b.txt"), ("x/y/a.txt", "x/y/b.txt")])
def test_files_in_several_folders_or_deeper_down_are_refused(names: tuple[str, ...]) -> None:
    assert reason(packed(dict.fromkeys(names, b""))).startswith("The files in the zip lie in several folders")


def test_more_entries_than_anyone_needs_are_refused_before_their_list_is_read() -> None:
    assert unpack(packed({**{f"x/{n}/": b"" for n in range(58)}, **FILES}), KNOWN) == FILES
    assert "more than 60" in reason(packed({f"x/{n}/": b"" for n in range(61)}))


def test_a_file_of_just_the_largest_size_is_read_and_a_byte_more_is_refused() -> None:
    assert len(unpack(packed({"b.txt": b"x" * 10}), KNOWN)["b.txt"]) == 10
    assert reason(packed({"b.txt": b"x" * 11})) == "The file b.txt in the zip is larger than 10 bytes."


@pytest.mark.slow
def test_a_zip_bomb_is_refused_without_being_unpacked() -> None:
    bomb = packed({"a.txt": b"\0" * 50_000_000})
    assert len(bomb.getvalue()) < 60_000
    assert "larger than 1,000 bytes" in reason(bomb)


@pytest.mark.parametrize("claimed", [0, 10, 500])
def test_a_size_that_is_claimed_is_not_believed(claimed: int) -> None:
    data = bytearray(packed({"a.txt": b"\0" * 5_000_000}).getvalue())
    for sign, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(sign) + place, claimed)
    assert reason(io.BytesIO(bytes(data))) == "The zip is damaged."


def test_two_names_for_the_same_bytes_are_refused() -> None:
    data = bytearray(packed(FILES).getvalue())
    second = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, second + 42, 0)
    assert reason(io.BytesIO(bytes(data))) == "Parts of the zip overlap."


def test_a_locked_zip_is_refused() -> None:
    data = bytearray(packed({"a.txt": b"words"}).getvalue())
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + place] |= 1
    assert reason(io.BytesIO(bytes(data))) == "The zip is locked with a password."


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_unusual_packing_is_refused(method: int) -> None:
    one = entry("a.txt")
    one.compress_type = method
    assert reason(packed([(one, b"words")])) == "The zip is packed in a way that the course does not use."


def test_each_kind_of_no_zip_has_its_reason(tmp_path: Path) -> None:
    assert reason(io.BytesIO(b"")) == "The file is empty: it has 0 bytes."
    assert reason(io.BytesIO(b"PK\x03\x04 and no more")) == "The file is not a zip."
    assert reason(io.BytesIO(packed(FILES).getvalue()[:-30])) == "The file is not a zip."
    assert reason(tmp_path).startswith("This is a link or a folder")
    assert reason(tmp_path / "gone.zip").startswith("The file cannot be read: No such file")


@pytest.mark.skipif(os.name != "posix", reason="links and pipes as Unix has them")
def test_a_link_and_a_pipe_are_refused_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real.zip").write_bytes(packed(FILES).getvalue())
    (tmp_path / "link.zip").symlink_to("real.zip")
    os.mkfifo(tmp_path / "pipe.zip")
    assert reason(tmp_path / "link.zip").startswith("This is a link")
    assert reason(tmp_path / "pipe.zip").startswith("This is a link")


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.zip"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    assert reason(path) == "The file is too large: more than 20 MB."


@given(damaged(FILES))
def test_however_a_zip_is_damaged_it_is_read_or_refused_in_words(data: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of names that are there twice
        try:
            found = unpack(io.BytesIO(data), KNOWN)
        except BadHandIn:
            return
    assert all(len(found[name]) <= KNOWN[name] for name in found)


@given(st.binary(max_size=300), st.integers(0, 2**32))
def test_whatever_the_bytes_are_the_answer_is_a_reason(tail: bytes, seed: int) -> None:
    noise = random.Random(seed).randbytes(50)
    for data in (tail, noise + tail, packed(FILES).getvalue()[: len(tail)], tail + b"PK\x05\x06" + b"\0" * 18):
        with contextlib.suppress(BadHandIn):
            assert unpack(io.BytesIO(data), KNOWN) == {}
