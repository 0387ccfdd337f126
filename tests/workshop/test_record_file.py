"""The file of a session's record comes from anybody: what is in it is held against its form, with the place named."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from course.core.errors import BadSessionFile
from course.workshop.record_file import LARGEST, read_record, read_record_file, record_bytes
from course.workshop.view_parts import next_days, say_made
from tests.cases import every

PART = {
    "part": "group.G1", "text": "We tell", "options": {str(point): f"point {point}" for point in range(1, 8)},
    "fixed": False, "stem": "How often?", "short": "Tell",
    "shown": {"counts": {"1": 0, "2": 3, "3": 3, "4": 2, "5": 1, "6": 1, "7": 0}, "people": 10, "in_bands": False},
}  # fmt: skip
NEW: dict[str, Any] = {
    "format": "building-trust-session", "version": 2, "title": "Trust in this room", "language": "en-GB",
    "is_synthetic": False, "made": "2026-11-02", "keep_days": 3,
    "boundaries": [{"question": "drafts", "line": "limits", "text": "Nothing stops anyone.", "fixed": True}],
    "lists": [{"question": "missing", "kind": "lines", "prompt": "What’s missing?", "lines": ["We say when."]}],
    "now": ["the door"], "ours": ["the rota"],
    "parked": [{"text": "Who decides", "owner": "", "place": "Board", "date": "Friday"}],
    "thanks": [{"prompt": "Thank you", "lines": ["Thank you to the night team."]}],
    "charts": [{"question": "group", "prompt": "How?", "spec": {"kind": "rate", "title": "How?", "parts": [PART],
                                                               "earlier": None}}],
}  # fmt: skip
OLD = {key: NEW[key] for key in ("title", "is_synthetic", "boundaries", "parked", "thanks", "charts")} | {
    "made": "2 November 2026",
    "next": ["30 November 2026", "14 December 2026"],
}


def changed(path: str, value: Any) -> bytes:
    """Return the file with another value at a place such as “parked 0 owner”."""
    record = copy.deepcopy(NEW)
    *way, last = [int(step) if step.isdigit() and len(step) < 2 else step for step in path.split()]
    place: Any = record
    for step in way:
        place = place[step]
    place[last] = value
    return json.dumps(record).encode()


def test_what_is_written_is_read_again() -> None:
    record = read_record(json.dumps(NEW).encode(), "a.json")
    assert record == NEW
    assert read_record(record_bytes(record), "a.json") == record
    assert say_made(record) == "2 November 2026"
    assert [day.isoformat() for day in next_days(record)] == ["2026-11-30", "2026-12-14"]


def test_a_file_that_was_saved_before_files_had_a_version_is_read_too() -> None:
    record = read_record(json.dumps(OLD).encode(), "old.json")
    assert record["boundaries"] == NEW["boundaries"]
    assert record["charts"] == NEW["charts"]
    assert (record["lists"], record["now"], record["ours"]) == ([], [], [])
    assert say_made(record) == "2 November 2026"
    assert next_days(record) == []


@every("path, value, place", [
    ("title", 7, "title"), ("is_synthetic", "no", "is_synthetic"), ("language", "<b>", "language"),
    ("boundaries 0 text", None, "boundaries 1 text"), ("boundaries 0 fixed", 1, "boundaries 1 fixed"),
    ("boundaries", {}, "boundaries"), ("boundaries 0", [], "boundaries 1"),
    ("lists 0 kind", "words", "lists 1 kind"), ("lists 0 lines", ["x" * 501], "lists 1 lines 1"),
    ("now", ["a"] * 2001, "now"), ("ours", [["a"]], "ours 1"), ("parked 0 phone", "077", "parked 1 phone"),
    ("thanks 0 lines", "ab", "thanks 1 lines"), ("more", 1, "more"),
    ("charts 0 spec kind", "pie", "charts 1 spec kind"),
    ("charts 0 spec earlier", {"kind": "rate", "title": "", "parts": [], "earlier": {}}, "spec earlier earlier"),
    ("charts 0 spec parts 0 shown people", 11, "shown people"),
    ("charts 0 spec parts 0 shown counts", {"1": -1}, "shown counts 1"),
    ("charts 0 spec parts 0 shown counts", {"1": True}, "shown counts 1"),
    ("charts 0 spec parts 0 shown counts", {"9": 10}, "shown counts"),
    ("charts 0 spec parts 0 shown", {"counts": {"1": 2, "2": 2}, "people": 4, "in_bands": True}, "shown people"),
    ("charts 0 spec parts 0 shown", {"counts": {"1": 5, "2": 4}, "people": 9, "in_bands": False}, "shown people"),
    ("charts 0 spec parts 0 shown", {"said": "<script>", "option": ""}, "shown said"),
    ("charts 0 spec parts 0 shown", {"said": "spread", "option": "Z"}, "shown option"),
    ("charts 0 spec parts 0 options", {str(number): "" for number in range(21)}, "options"),
    ("format", "something else", "format"), ("version", True, "format"), ("version", 1, "format"),
])  # fmt: skip
def test_what_no_room_saves_is_refused_with_its_place(path: str, value: Any, place: str) -> None:
    with pytest.raises(BadSessionFile, match=r"mine\.json is not as a room saved it") as caught:
        read_record(changed(path, value), "mine.json")
    assert caught.value.message.endswith(f"{place}.")
    assert caught.value.hint


@every("data", [b"", b"\x00", b"[]", b"7", b'"text"', b"NaN", b'{"charts": NaN}', b'{"charts": []}', b"\xff\xfe",
                b"[" * 100_000, b'{"a":' * 50_000, b"{" + b'"version": ' + b"9" * 6000 + b"}"])  # fmt: skip
def test_another_file_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(BadSessionFile, match=r"mine\.json"):
        read_record(data, "mine.json")


def test_a_newer_file_and_a_huge_one_say_so() -> None:
    with pytest.raises(BadSessionFile, match="newer course"):
        read_record(changed("version", 3), "mine.json")
    with pytest.raises(BadSessionFile, match="larger than anything"):
        read_record(b" " * (LARGEST + 1), "mine.json")


def test_texts_are_cleaned_as_those_of_phones_are() -> None:
    record = read_record(changed("ours", ["one\u202e\ntwo \x00"]), "mine.json")
    assert record["ours"] == ["one two"]


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.json", tmp_path):
        with pytest.raises(BadSessionFile, match="cannot be read"):
            read_record_file(path)
