"""Feedback that comes as a file is put where nbgrader would put it; a file that is not ours changes nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.core.errors import BadHandIn
from course.records.feedback_file import put_feedback_into_place, read_feedback
from tests.packing import SLUG, packed

TIME = "2026-11-22 12:01:02.345678 UTC"
OTHER = "repair"


def note(times: Mapping[str, Any], format: Any = 1) -> bytes:
    told = {slug: {"handed-in": time} for slug, time in times.items()}
    return json.dumps({"format": format, "feedback": told}).encode()


def feedback(path: Path, pages: Mapping[str, str], when: int = 0, time: str = TIME) -> Path:
    """Write a feedback file with these pages by exercise, as it came so many seconds after the first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    held = {f"{slug}.html": page.encode() for slug, page in pages.items()}
    path.write_bytes(packed({"feedback.json": note(dict.fromkeys(pages, time)), **held}).getvalue())
    os.utime(path, (1_700_000_000 + when,) * 2)
    return path


def page(copy: Path, slug: str = SLUG, time: str = TIME) -> Path:
    return copy / "exercises" / slug / "feedback" / time / f"{slug}.html"


def test_feedback_that_canvas_calls_like_a_hand_in_is_put_in_place_and_a_hand_in_is_not(
    tmp_path: Path,
) -> None:
    feedback(tmp_path / f"hand-in-{SLUG} (1).zip", {SLUG: "<p>One</p>"})
    (tmp_path / f"hand-in-{SLUG}.zip").write_bytes(packed({"receipt.json": b"{}"}).getvalue())
    (tmp_path / "hand-in-repair.zip").write_bytes(b"no zip")
    assert put_feedback_into_place(tmp_path) == []
    assert page(tmp_path).read_text() == "<p>One</p>"


@pytest.mark.parametrize("place", [".", "exercises", "notebooks"])
def test_each_page_is_put_where_nbgrader_would_put_it(tmp_path: Path, place: str) -> None:
    file = feedback(tmp_path / place / "feedback-synthetic-017.zip", {SLUG: "<p>One</p>", OTHER: "<p>Two</p>"})
    assert put_feedback_into_place(tmp_path) == []
    assert page(tmp_path).read_text() == "<p>One</p>"
    assert page(tmp_path, OTHER).read_text() == "<p>Two</p>"
    assert file.is_file(), "the file stays where it is"
    if os.name == "posix":
        assert page(tmp_path).stat().st_mode & 0o777 == 0o600


def test_a_second_look_writes_nothing(tmp_path: Path) -> None:
    feedback(tmp_path / "feedback-a.zip", {SLUG: "old"})
    feedback(tmp_path / "feedback-a (1).zip", {SLUG: "new"}, when=60)
    for _ in range(2):
        assert put_feedback_into_place(tmp_path) == []
        assert page(tmp_path).read_text() == "new", "the later file counts"
    written = page(tmp_path).stat().st_mtime_ns
    put_feedback_into_place(tmp_path)
    assert page(tmp_path).stat().st_mtime_ns == written


def test_feedback_on_another_hand_in_lies_beside_the_first(tmp_path: Path) -> None:
    later = "2026-11-23 12:01:02.345678 UTC"
    feedback(tmp_path / "feedback-a.zip", {SLUG: "first"})
    feedback(tmp_path / "feedback-b.zip", {SLUG: "second"}, time=later)
    put_feedback_into_place(tmp_path)
    assert (page(tmp_path).read_text(), page(tmp_path, time=later).read_text()) == ("first", "second")


def test_of_many_files_the_latest_are_looked_at(tmp_path: Path) -> None:
    feedback(tmp_path / "feedback-first.zip", {OTHER: "too old"})
    for number in range(20):
        feedback(tmp_path / f"feedback-{number}.zip", {SLUG: f"page {number}"}, when=60 + number)
    assert put_feedback_into_place(tmp_path) == []
    assert page(tmp_path).read_text() == "page 19"
    assert not page(tmp_path, OTHER).exists()


def test_a_file_of_another_name_is_left_alone(tmp_path: Path) -> None:
    feedback(tmp_path / "holiday.zip", {SLUG: "page"})
    feedback(tmp_path / "kept" / "feedback-a.zip", {SLUG: "page"})
    assert put_feedback_into_place(tmp_path) == []
    assert not page(tmp_path).exists()


def test_a_file_that_is_not_ours_is_said_by_name_and_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "feedback-0.zip").write_bytes(b"no zip")
    (tmp_path / "feedback-1.zip").write_bytes(packed({"../out.html": b"x"}).getvalue())
    feedback(tmp_path / "feedback-2.zip", {SLUG: "page"})
    said = put_feedback_into_place(tmp_path)
    assert [line.split()[2] for line in sorted(said)] == ["feedback-0.zip", "feedback-1.zip"]
    assert "is not a zip" in " ".join(said)
    assert page(tmp_path).read_text() == "page"
    assert {path.name for path in tmp_path.iterdir()} == {
        "exercises",
        *(f"feedback-{number}.zip" for number in range(3)),
    }


def unpack(folder: Path, pages: Mapping[str, str], time: str = TIME) -> Path:
    """Lay down what was in a feedback file, as a browser unpacks it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "feedback.json").write_bytes(note(dict.fromkeys(pages, time)))
    for slug, words in pages.items():
        (folder / f"{slug}.html").write_text(words)
    return folder


@pytest.mark.parametrize(
    "place",
    ["feedback-a", "feedback-a 2", "exercises/feedback-a", "notebooks/feedback-a", "feedback-a/feedback-a", "."],
)
def test_a_file_that_a_browser_unpacked_is_taken_like_the_zip(tmp_path: Path, place: str) -> None:
    folder = unpack(tmp_path / place, {SLUG: "one", OTHER: "two"})
    (folder / ".DS_Store").write_bytes(b"\0")
    (folder / "my own notes.txt").write_text("mine")
    assert put_feedback_into_place(tmp_path) == []
    assert (page(tmp_path).read_text(), page(tmp_path, OTHER).read_text()) == ("one", "two")
    assert (folder / "feedback.json").is_file(), "the files stay where they are"


def test_of_a_zip_and_an_unpacked_one_the_one_that_came_later_counts(tmp_path: Path) -> None:
    feedback(tmp_path / "feedback-a.zip", {SLUG: "from long ago"})
    packed_in_1980 = unpack(tmp_path / "feedback-a 2", {SLUG: "unpacked today"}) / "feedback.json"
    os.utime(packed_in_1980, (315_532_800,) * 2)
    assert put_feedback_into_place(tmp_path) == []
    assert page(tmp_path).read_text() == "unpacked today"


def test_unpacked_feedback_that_cannot_be_used_is_said_by_its_place(tmp_path: Path) -> None:
    whole = unpack(tmp_path / "feedback-0", {SLUG: "one", OTHER: "two"})
    (whole / f"{OTHER}.html").unlink()
    (unpack(tmp_path / "feedback-1", {SLUG: "one"}) / "feedback.json").unlink()
    (unpack(tmp_path / "feedback-2", {SLUG: "one"}) / "feedback.json").write_text("{")
    (tmp_path / "feedback-3").mkdir()
    (unpack(tmp_path / "feedback-4", {SLUG: "one"}) / f"{SLUG}.html").write_bytes(b"x" * 5_000_001)
    said = sorted(put_feedback_into_place(tmp_path))
    assert [line.split()[2] for line in said] == [
        "feedback-0/feedback.json", "feedback-2/feedback.json", "feedback-4/feedback.json", "feedback-1"
    ]  # fmt: skip
    assert f"{OTHER}.html" in said[0]
    assert "feedback.json" in said[3]
    assert not page(tmp_path).exists()


def test_a_note_leads_to_no_page_elsewhere_and_no_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.html").write_text("not to be taken")
    copy = tmp_path / "copy"
    unpack(copy / "feedback-a", {})
    (copy / "feedback-a" / "feedback.json").write_bytes(note({"../../secret": TIME}))
    assert len(put_feedback_into_place(copy)) == 1
    assert sorted(path.name for path in copy.rglob("*.html")) == []
    if os.name == "posix":
        (copy / "feedback-b").symlink_to(unpack(tmp_path / "elsewhere", {SLUG: "page"}))
        (unpack(copy / "feedback-c", {SLUG: "page"}) / f"{SLUG}.html").unlink()
        (copy / "feedback-c" / f"{SLUG}.html").symlink_to(tmp_path / "secret.html")
        assert len(put_feedback_into_place(copy)) == 2
        assert not page(copy).exists()


PAGE = {f"{SLUG}.html": b"<p>"}
NOT_OURS: dict[str, dict[str, bytes]] = {
    "no note": PAGE,
    "a note that is no JSON": {**PAGE, "feedback.json": b"{"},
    "a note that is a list": {**PAGE, "feedback.json": b"[]"},
    "a newer note": {**PAGE, "feedback.json": note({SLUG: TIME}, 2)},
    "an older note": {**PAGE, "feedback.json": note({SLUG: TIME}, 0)},
    "a note without feedback": {**PAGE, "feedback.json": b'{"format": 1}'},
    "an entry that is no table": {**PAGE, "feedback.json": json.dumps({"format": 1, "feedback": {SLUG: 1}}).encode()},
    "a page that is missing": {"feedback.json": note({SLUG: TIME})},
    "a page that is not in the note": {**PAGE, f"{OTHER}.html": b"", "feedback.json": note({SLUG: TIME})},
    "a page of no exercise": {"start.html": b"", "feedback.json": note({"start": TIME})},
    "an exercise that is a path": {**PAGE, "feedback.json": note({SLUG: TIME, "../start": TIME})},
    **{
        f"the time {time!r}": {**PAGE, "feedback.json": note({SLUG: time})}
        for time in ("..", "../..", "", "soon", "2026-11-22", "2026-13-22 12:01:02.345678 UTC", f"{TIME}/..", None, 5)
    },
}


@pytest.mark.parametrize("held", NOT_OURS.values(), ids=NOT_OURS.keys())
def test_a_file_that_the_course_would_not_make_is_refused(tmp_path: Path, held: dict[str, bytes]) -> None:
    file = tmp_path / "feedback-a.zip"
    file.write_bytes(packed(held).getvalue())
    with pytest.raises(BadHandIn):
        read_feedback(file)
    assert len(put_feedback_into_place(tmp_path)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["feedback-a.zip"]


TOLD = st.recursive(
    st.none() | st.text(max_size=12) | st.integers(),
    lambda inside: st.dictionaries(st.sampled_from(["handed-in", SLUG, ".."]), inside),
    max_leaves=5,
)


@given(TOLD)
def test_whatever_a_note_says_no_page_leaves_its_place(tmp_path_factory: pytest.TempPathFactory, told: Any) -> None:
    copy = tmp_path_factory.mktemp("copy")
    held = {**PAGE, "feedback.json": json.dumps({"format": 1, "feedback": told}).encode()}
    (copy / "feedback-a.zip").write_bytes(packed(held).getvalue())
    put_feedback_into_place(copy)
    assert [path.name for path in copy.iterdir()] == ["feedback-a.zip"]


@pytest.mark.skipif(os.name != "posix", reason="links as Unix has them")
@pytest.mark.parametrize("place", ["", "feedback", f"feedback/{TIME}"])
def test_a_link_in_the_way_is_not_followed(tmp_path: Path, place: str) -> None:
    elsewhere, copy = tmp_path / "elsewhere", tmp_path / "copy"
    elsewhere.mkdir()
    link = copy / "exercises" / SLUG / place
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere)
    feedback(copy / "feedback-a.zip", {SLUG: "page"})
    assert "its folder is a link" in " ".join(put_feedback_into_place(copy))
    assert not list(elsewhere.iterdir())
