"""A look into the exchange says only then that there is nothing to collect when nbgrader's own collecting does so."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from course.core import moments
from course.trainer.collecting.exchange_folders import count_uncollected, count_unproven
from course.trainer.collecting.roster import ADDED, Roster, RosterEntry
from course.trainer.course_directory import Coursework
from tests.trainer.submissions import SLUG, course_directory

EARLY, LATE = (f"2026-03-0{day} 12:00:00.000000 UTC" for day in (1, 2))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Coursework:
    """Return a course directory in which what Anna handed in is collected already."""
    monkeypatch.delenv("BUILDING_TRUST_EXCHANGE", raising=False)
    coursework = Coursework(course_directory(tmp_path / "course"))
    submit(coursework, "anna")
    collected(coursework, "anna")
    return coursework


def submit(desk: Coursework, learner: str, time: str = LATE, slug: str = SLUG) -> Path:
    folder = desk.exchange / "building-trust" / "inbound" / f"{learner}+{slug}+{time}+abcdefgh"
    folder.mkdir(parents=True)
    return folder


def collected(desk: Coursework, learner: str, time: str = LATE) -> None:
    folder = desk.folder("submitted", learner, SLUG)
    folder.mkdir(parents=True)
    (folder / "timestamp.txt").write_text(time, encoding="utf-8")


def look(desk: Coursework, *people: RosterEntry) -> int | None:
    return count_unproven(desk, [SLUG], Roster(people or [RosterEntry("anna")]))


def test_what_is_collected_already_needs_no_nbgrader(desk: Coursework) -> None:
    assert moments.read_nbgrader_stamp(LATE)
    assert look(desk) == 1  # the owner of the folder is the account that collects: it proves nothing
    submit(desk, "anna", EARLY)
    submit(desk, "ben", slug="another")
    assert look(desk) == 1


def newer(desk: Coursework) -> None:
    submit(desk, "anna", "2026-03-03 12:00:00.000000 UTC")


def somebody_new(desk: Coursework) -> None:
    submit(desk, "ben")


def taken_away(desk: Coursework) -> None:
    (desk.folder("submitted", "anna", SLUG) / "timestamp.txt").unlink()


def no_name(desk: Coursework) -> None:
    submit(desk, "anna", "yesterday")


def other_owner(desk: Coursework) -> None:
    if not hasattr(os, "getuid") or os.getuid() != 0:
        pytest.skip("only root can give a folder away")
    os.chown(next((desk.exchange / "building-trust" / "inbound").iterdir()), 12345, -1)


def own_settings(desk: Coursework) -> None:
    desk.config.ExchangeCollect.before_duedate = True


def own_way(desk: Coursework) -> None:
    desk.config.ExchangeFactory.collect = "elsewhere.Collect"


@pytest.mark.parametrize("change", [newer, somebody_new, taken_away, no_name, other_owner, own_settings, own_way])
def test_whatever_is_new_or_unusual_is_left_to_nbgrader(desk: Coursework, change: Callable[[Coursework], None]) -> None:
    change(desk)
    assert look(desk, RosterEntry("anna"), RosterEntry("ben")) is None


def test_whoever_is_collected_but_in_no_gradebook_is_left_to_nbgrader(desk: Coursework) -> None:
    assert look(desk, RosterEntry("ben")) == 1
    assert look(desk, RosterEntry("ben", number=ADDED)) is None


def test_what_is_refused_or_new_in_the_exchange_is_not_collected(desk: Coursework) -> None:
    assert count_uncollected(desk, SLUG) == 0
    submit(desk, "anna", EARLY)
    submit(desk, "ben", slug="another")
    assert count_uncollected(desk, SLUG) == 0, "what is older than the collected one, or of another exercise"
    for time in (EARLY, LATE):
        submit(desk, "ben", time)
    assert count_uncollected(desk, SLUG) == 1, "of one learner the latest counts"
    no_name(desk)
    assert count_uncollected(desk, SLUG) == 2


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give a folder away")
def test_what_another_account_put_there_is_not_collected_where_owners_are_looked_at(desk: Coursework) -> None:
    other_owner(desk)
    assert count_uncollected(desk, SLUG) == 1
    desk.config.ExchangeCollect.check_owner = False
    assert count_uncollected(desk, SLUG) == 0


def test_where_there_is_no_exchange_nothing_waits_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BUILDING_TRUST_EXCHANGE", raising=False)
    assert count_uncollected(Coursework(course_directory(tmp_path / "course")), SLUG) == 0
