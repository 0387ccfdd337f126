"""A zip from a stranger is refused with a reason and its details, and never quotes more of it than a name.

What `unpack` makes of every kind of zip, in words, is in tests/records/test_submission_zips.py.
"""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given

from course.core import archive
from course.core.archive import ArchiveRefused
from tests.cases import every
from tests.packing import damaged, entry, packed

FILES = {"a.txt": b"some words " * 50, "b.txt": b"ten bytes."}
KNOWN = {"a.txt": 1000, "b.txt": 10}


def refusal(read: Callable[[], object]) -> tuple[str, dict[str, str | int]]:
    with pytest.raises(ArchiveRefused) as caught:
        read()
    return caught.value.reason, caught.value.details


def changed(data: io.BytesIO, sign: bytes, place: int, value: int) -> io.BytesIO:
    """Return a zip with another number in the last header of its kind."""
    zipped = bytearray(data.getvalue())
    struct.pack_into("<I", zipped, zipped.rindex(sign) + place, value)
    return io.BytesIO(bytes(zipped))


def opened(data: io.BytesIO, most: int = 100) -> zipfile.ZipFile:
    return archive.open_archive(data, most_entries=most)


def test_a_refusal_has_the_key_of_its_reason_and_what_its_words_need() -> None:
    assert refusal(lambda: archive.unpack(io.BytesIO(b""), KNOWN)) == ("empty", {})
    assert refusal(lambda: archive.unpack(packed({"c": b""}), KNOWN)) == ("unknown", {"name": "c"})
    large = ("too-large-inside", {"name": "b.txt", "most": 10})
    assert refusal(lambda: archive.unpack(packed({"x/b.txt": b"x" * 11}), KNOWN)) == large
    assert refusal(lambda: archive.unpack(packed(FILES), KNOWN, largest=20)) == ("too-large", {"most": 20})
    assert refusal(lambda: archive.unpack(packed(FILES), KNOWN, most_entries=1)) == ("too-many", {"most": 1})


def test_bytes_that_entries_share_are_refused_before_any_is_read() -> None:
    assert refusal(lambda: opened(changed(packed(FILES), b"PK\x01\x02", 42, 0))) == ("overlap", {})
    assert len(opened(packed(FILES)).infolist()) == 2


def test_entries_are_counted_before_their_list_is_read_and_those_of_zips_inside_do_not_count() -> None:
    assert refusal(lambda: opened(packed(FILES), most=1)) == ("too-many", {"most": 1})
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as outer:
        outer.writestr("in.zip", packed(FILES).getvalue())
    assert len(opened(stored, most=1).infolist()) == 1


def test_a_list_that_says_less_than_it_holds_is_counted_as_it_is() -> None:
    lying = changed(packed(FILES), b"PK\x05\x06", 8, 1 << 16 | 1)
    assert refusal(lambda: opened(lying, most=1)) == ("too-many", {"most": 1})
    endless = changed(packed(FILES), b"PK\x05\x06", 12, 1 << 30)
    assert refusal(lambda: opened(endless))[0] == "too-many"


def test_nothing_but_the_end_of_a_zip_is_read_to_count_it() -> None:
    class Watched(io.BytesIO):
        first = 1 << 40

        def read(self, size: int | None = -1) -> bytes:
            self.first = min(self.first, self.tell())
            return super().read(size)

    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as outer:
        outer.writestr("large.bin", bytes(1_000_000))
    watched = Watched(zipped.getvalue())
    assert len(archive.open_archive(watched, most_entries=5).infolist()) == 1
    assert watched.first > 900_000


@pytest.mark.parametrize("sign", ["\x1b", "\n", "\x7f"])
def test_a_control_character_in_a_name_is_refused_in_any_case(sign: str) -> None:
    for allows in (False, True):
        name = f"a{sign}.txt"
        assert refusal(
            lambda name=name, allows=allows: archive.check_entry(entry(name), allows_format_signs=allows)
        ) == (
            "odd-name",
            {},
        )


def test_a_sign_that_persian_needs_is_read_where_people_named_the_files() -> None:
    archive.check_entry(entry("می\u200cروم.txt"), allows_format_signs=True)
    assert refusal(lambda: archive.check_entry(entry("می\u200cروم.txt")))[0] == "odd-name"


@every("name", ["../a", "a/../b", "/a", "a//b", "a\\b", "C:/a", "a" * 1001, "./a"])
def test_a_name_that_leads_out_or_has_no_end_is_refused(name: str) -> None:
    assert refusal(lambda: archive.check_entry(entry(name))) == ("path", {"name": name[:80]})


@every("name", ["a", "a/", "a/b", "..a", "a..", "ab:c", "a" * 1000])
def test_a_name_that_stays_inside_is_not_refused(name: str) -> None:
    archive.check_entry(entry(name))


def test_an_entry_is_read_up_to_its_limit_and_what_it_claims_is_not_believed() -> None:
    with opened(packed(FILES)) as zipped:
        info = zipped.getinfo("b.txt")
        assert archive.read_entry(zipped, info, 10) == b"ten bytes."
        assert refusal(lambda: archive.read_entry(zipped, info, 9)) == (
            "too-large-inside",
            {"name": "b.txt", "most": 9},
        )
    lying = changed(packed({"a.txt": b"\0" * 5_000_000}), b"PK\x01\x02", 24, 10)
    with opened(lying) as zipped:
        assert refusal(lambda: archive.read_entry(zipped, zipped.getinfo("a.txt"), 100))[0] == "damaged"


@every("encoding", ["utf-8", "cp437", "cp1252"])
def test_a_name_without_the_sign_for_utf_8_is_read_as_it_was_written(encoding: str) -> None:
    for name in ("Núñez/a.zip", "Zoë", "François", "Jürgen", "Søren" if encoding != "cp437" else "Sören"):
        assert archive.entry_name(zipfile.ZipInfo(name.encode(encoding).decode("cp437"))) == name
    with zipfile.ZipFile(packed({"\u251cÑ": b""})) as zipped:
        (said,) = zipped.infolist()
        assert archive.entry_name(said) == "\u251cÑ", "what says that it is UTF-8 is believed"


def test_a_name_that_leads_out_is_refused_as_it_will_be_read() -> None:
    hidden = zipfile.ZipInfo("a\u0085b".encode().decode("cp437"))
    assert refusal(lambda: archive.check_entry(hidden))[0] == "odd-name"


@given(damaged(FILES))
def test_however_a_zip_is_damaged_it_is_read_or_refused(data: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of names that are there twice
        try:
            contents = archive.unpack(io.BytesIO(data), KNOWN)
        except ArchiveRefused:
            return
    assert all(len(contents[name]) <= KNOWN[name] for name in contents)
