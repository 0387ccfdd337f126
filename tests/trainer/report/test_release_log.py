"""Two reports together show nobody: a part changes when nobody has changed, or enough people."""

from __future__ import annotations

import json
from typing import Any

import pytest

from course.charts.chart import Chart, Table
from course.trainer.report.release_log import ReleasedUnit, ReleaseLog, ReleaseUnit, UnitContent
from tests.trainer.cohorts import ids


def unit(people: list[str], says: str, share: Any = "yes") -> ReleaseUnit:
    return ReleaseUnit("handed in", content(says), {"stands": dict.fromkeys(people, share)} if people else {})


def content(says: str) -> UnitContent:
    return UnitContent(((says,),))


def said(released: ReleasedUnit) -> str:
    """Return what the one cell of a unit says."""
    return released.content.rows[0][0]


def again(before: ReleaseLog, day: str = "later") -> ReleaseLog:
    """Return the record as the next report reads it from its file."""
    return ReleaseLog(json.loads(before.as_bytes()), 10, day)


@pytest.fixture
def first() -> ReleaseLog:
    log = ReleaseLog({}, 10, "first")
    assert said(log.release(unit(ids(20), "of twenty"))) == "of twenty"
    return log


@pytest.mark.parametrize("new, says", [(0, "new"), (1, "of twenty"), (9, "of twenty"), (10, "new")])
def test_a_part_changes_with_nobody_or_with_ten_new_people(first: ReleaseLog, new: int, says: str) -> None:
    later = again(first)
    released = later.release(unit(ids(20 + new), "new"))
    assert said(released) == says
    assert released.day == ("first" if says == "of twenty" else "later")
    assert later.unchanged == (["handed in"] if says == "of twenty" else [])


@pytest.mark.parametrize("changed, says", [(9, "of twenty"), (10, "new")])
def test_a_changed_answer_counts_like_a_new_person(first: ReleaseLog, changed: int, says: str) -> None:
    shares = {**dict.fromkeys(ids(20), "yes"), **dict.fromkeys(ids(changed), "no")}
    assert said(again(first).release(ReleaseUnit("handed in", content("new"), {"stands": shares}))) == says


def test_one_who_leaves_changes_nothing(first: ReleaseLog) -> None:
    assert said(again(first).release(unit(ids(19), "of nineteen"))) == "of twenty"


def test_a_part_is_compared_with_all_that_was_ever_given_out(first: ReleaseLog) -> None:
    second = again(first)
    assert said(second.release(unit(ids(32), "of many"))) == "of many"
    assert said(again(second).release(unit(ids(21), "one more than first"))) == "of many"


def test_what_was_hidden_gives_nothing_away(first: ReleaseLog) -> None:
    hidden = ReleaseLog({}, 10, "first")
    hidden.release(unit([], "not shown"))
    assert said(again(hidden).release(unit(ids(10), "ten"))) == "ten"


def test_each_number_of_a_part_is_compared_by_itself(first: ReleaseLog) -> None:
    """A number that is shown for the first time must not hide that one person changed in another."""
    both = {"stands": dict.fromkeys(ids(21), "yes"), "late": dict.fromkeys(ids(21), "no")}
    assert said(again(first).release(ReleaseUnit("handed in", content("new"), both))) == "of twenty"


def test_the_record_holds_neither_names_nor_answers(first: ReleaseLog) -> None:
    text = first.as_bytes().decode()
    assert "synthetic-" not in text
    assert "yes" not in text
    other = ReleaseLog({}, 10, "first")
    other.release(unit(ids(20), "of twenty"))
    assert set(json.loads(text)["units"]["handed in"]["of"]["stands"][0]).isdisjoint(
        json.loads(other.as_bytes())["units"]["handed in"]["of"]["stands"][0]
    )


def test_a_log_of_version_0_1_0_goes_on_under_the_exercises_keys() -> None:
    """It has an exercise under its former name, one row or a list of rows, and digests of whom it spoke."""
    log = ReleaseLog({}, 10, "first")
    log.release(ReleaseUnit("handed in repair", content("of twenty"), {"stands": dict.fromkeys(ids(20), "in")}))
    log.release(ReleaseUnit("questions repair", content("1"), {"q1": dict.fromkeys(ids(20), "right")}))
    record = json.loads(log.as_bytes())
    flat, rows = record["units"].pop("handed in repair"), record["units"].pop("questions repair")
    flat["content"], rows["content"] = ["of twenty"], [["1"], ["2"]]
    record["units"] = {"handed in 04-repair": flat, "questions 04-repair": rows}
    later = ReleaseLog(record, 10, "later")
    one_more = ReleaseUnit("handed in repair", content("new"), {"stands": dict.fromkeys(ids(21), "in")})
    assert later.release(one_more) == ReleasedUnit(content("of twenty"), "first")
    released = later.release(ReleaseUnit("questions repair", content("new"), {"q1": dict.fromkeys(ids(21), "right")}))
    assert released.content.rows == (("1",), ("2",))
    assert later.unchanged == ["handed in repair", "questions repair"]


def test_a_chart_comes_back_from_the_log_as_it_was_released() -> None:
    numbers = Table("Numbers", ("Way", "%"), (("up", "50"),))
    chart = Chart("What?", "Half.", numbers, svg="<svg/>", note="Read.", heading="Now.", narrow=lambda: "<svg>n</svg>")
    log = ReleaseLog({}, 10, "first")
    log.release(ReleaseUnit("change", UnitContent((), (chart,)), {"change": dict.fromkeys(ids(20), 1)}))
    released = again(log).release(ReleaseUnit("change", UnitContent(), {"change": dict.fromkeys(ids(21), 1)}))
    assert released.content.charts == (chart,)
    assert released.content.charts[0].picture(is_narrow=True) == "<svg>n</svg>"
