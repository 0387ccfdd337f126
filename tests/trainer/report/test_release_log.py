"""Two reports together show nobody: a part changes when nobody has changed, or enough people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from course.core.errors import ReportNotMade
from course.trainer.report.public_report import Unit
from course.trainer.report.release_log import NAME, Published
from tests.trainer.cohorts import ids


def unit(people: list[str], content: str, share: Any = "yes") -> Unit:
    return Unit("handed in", content, {"stands": dict.fromkeys(people, share)} if people else {})


def again(before: Published, day: str = "later") -> Published:
    """Return the record as the next report reads it from its file."""
    return Published(json.loads(before.as_bytes()), 10, day)


@pytest.fixture
def first() -> Published:
    published = Published({}, 10, "first")
    assert published.settle(unit(ids(20), "of twenty")).content == "of twenty"
    return published


@pytest.mark.parametrize("new, says", [(0, "new"), (1, "of twenty"), (9, "of twenty"), (10, "new")])
def test_a_part_changes_with_nobody_or_with_ten_new_people(first: Published, new: int, says: str) -> None:
    later = again(first)
    settled = later.settle(unit(ids(20 + new), "new"))
    assert settled.content == says
    assert settled.day == ("first" if says == "of twenty" else "later")
    assert later.old == (["handed in"] if says == "of twenty" else [])


@pytest.mark.parametrize("changed, says", [(9, "of twenty"), (10, "new")])
def test_a_changed_answer_counts_like_a_new_person(first: Published, changed: int, says: str) -> None:
    shares = {**dict.fromkeys(ids(20), "yes"), **dict.fromkeys(ids(changed), "no")}
    assert again(first).settle(Unit("handed in", "new", {"stands": shares})).content == says


def test_one_who_leaves_changes_nothing(first: Published) -> None:
    assert again(first).settle(unit(ids(19), "of nineteen")).content == "of twenty"


def test_a_part_is_compared_with_all_that_was_ever_given_out(first: Published) -> None:
    second = again(first)
    assert second.settle(unit(ids(32), "of many")).content == "of many"
    assert again(second).settle(unit(ids(21), "one more than first")).content == "of many"


def test_what_was_hidden_gives_nothing_away(first: Published) -> None:
    hidden = Published({}, 10, "first")
    hidden.settle(unit([], "not shown"))
    assert again(hidden).settle(unit(ids(10), "ten")).content == "ten"


def test_each_number_of_a_part_is_compared_by_itself(first: Published) -> None:
    """A number that is shown for the first time must not hide that one person changed in another."""
    both = {"stands": dict.fromkeys(ids(21), "yes"), "late": dict.fromkeys(ids(21), "no")}
    assert again(first).settle(Unit("handed in", "new", both)).content == "of twenty"


def test_the_record_holds_neither_names_nor_answers(first: Published) -> None:
    text = first.as_bytes().decode()
    assert "synthetic-" not in text
    assert "yes" not in text
    other = Published({}, 10, "first")
    other.settle(unit(ids(20), "of twenty"))
    assert set(json.loads(text)["units"]["handed in"]["of"]["stands"][0]).isdisjoint(
        json.loads(other.as_bytes())["units"]["handed in"]["of"]["stands"][0]
    )


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2, "units": {}}', '{"format": 1, "units": []}'])
def test_a_damaged_record_stops_the_report(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    with pytest.raises(ReportNotMade, match="cannot be read") as told:
        Published.read(tmp_path / NAME, 10, "today")
    assert "two reports could show one person" in told.value.hint


def test_without_a_record_everything_is_new(tmp_path: Path) -> None:
    assert Published.read(tmp_path / NAME, 10, "today").settle(unit(ids(10), "ten")).content == "ten"
