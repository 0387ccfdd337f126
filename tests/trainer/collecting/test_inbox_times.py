"""The inbox: when something was handed in, and by whose clock."""

from __future__ import annotations

import datetime
import itertools
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from course.core import moments, storage
from course.trainer.collecting import submission_store
from course.trainer.course_directory import Coursework
from course.trainer.due_moments import DueMoments, is_late
from tests.trainer.collecting.inboxes import ADA, BOB, MOODLE, collect, kept, text
from tests.trainer.submissions import DAY, SLUG, drop, hand_in, hours, timed, tree


def test_the_platforms_clock_counts_where_a_name_tells_it(root: Path) -> None:
    drop(root, "Ex_s01_attempt_2026-03-03-18-00-00_x.zip", hand_in("s01"))
    drop(root, "1-2 - Bob O’Neill - Mar 2, 2026 1201 PM/x.zip", hand_in("s02"))
    rows = collect(root, ADA, BOB).collected
    assert [(row.learner, row.clock, row.time, row.late) for row in rows] == [
        ("s02", "platform", "2026-03-02T12:01:00+00:00", False),
        ("s01", "platform", "2026-03-03T18:00:00+00:00", True),
    ]


@pytest.mark.parametrize("apart", [0, 1, 300])
def test_what_a_zip_says_of_its_files_makes_nobody_late(root: Path, apart: float) -> None:
    names = ["Ada Lovelace_1_assignsubmission_file_/x.zip", "Bob O’Neill_2_assignsubmission_file_/x.zip"]
    files = {name: (hand_in(f"s0{number + 1}"), hours(90 + number * apart / 60)) for number, name in enumerate(names)}
    path = drop(root, "all.zip", timed(files))
    os.utime(path, (hours(200).timestamp(),) * 2)
    assert [(row.clock, row.late) for row in collect(root, ADA, BOB).collected] == [("learner", False)] * 2


@pytest.mark.parametrize("made", [40, 60])
def test_a_zip_of_one_hand_in_makes_nobody_late(root: Path, made: int) -> None:
    path = drop(root, "a.zip", timed({f"{MOODLE}/a.zip": (hand_in("s01", time=hours(4)), hours(40))}))
    os.utime(path, (hours(made).timestamp(),) * 2)
    assert [(row.clock, row.late) for row in collect(root, ADA).collected] == [("learner", False)]


def test_a_time_that_is_not_known_makes_nobody_late_in_the_table_and_the_report_either(root: Path) -> None:
    drop(root, "a.zip", hand_in("s01", time=hours(100)))
    drop(root, "Ex_s02_attempt_2026-03-06-12-00-00_x.zip", hand_in("s02"))
    collect(root, ADA, BOB)
    due = DueMoments({SLUG: hours(24)})
    assert [is_late(Coursework(root), due, learner, SLUG) for learner in ("s01", "s02")] == [False, True]


def test_the_cohorts_zone_is_where_the_platforms_clock_stands(root: Path) -> None:
    (root / "cohort.toml").write_text('timezone = "Europe/Helsinki"\n', encoding="utf-8")
    drop(root, "Ex_s01_attempt_2026-03-02-14-00-00_x.zip", hand_in("s01"))
    assert [(row.time, row.clock) for row in collect(root, ADA).collected] == [
        ("2026-03-02T12:00:00+00:00", "platform")
    ]


@pytest.mark.parametrize(
    ("time", "moment"),
    [
        (
            "2026-10-25-01-30-00",
            "2026-10-25T00:30:00+00:00",
        ),  # the clocks show it twice: the first
        ("2026-03-29-01-30-00", "2026-03-29T00:30:00+00:00"),  # they leave it out
        ("2026-07-01-01-30-00", "2026-07-01T00:30:00+00:00"),
    ],
)
def test_an_hour_that_the_clocks_show_twice_or_leave_out_counts_for_the_learner(
    root: Path, time: str, moment: str
) -> None:
    (root / "cohort.toml").write_text('timezone = "Europe/London"\n', encoding="utf-8")
    drop(root, f"Ex_s01_attempt_{time}_x.zip", hand_in("s01"))
    rows = collect(root, ADA).collected
    assert [row.time for row in rows] == [moment]


def test_a_learner_with_more_time_is_late_only_after_it(root: Path) -> None:
    settings = root / "cohort.toml"
    settings.write_text(f"{settings.read_text()}[extensions.s01]\n{SLUG} = 2026-03-05T18:00:00\n", encoding="utf-8")
    drop(root, "Ex_s01_attempt_2026-03-05-18-00-00_x.zip", hand_in("s01"))
    drop(root, "Ex_s01_attempt_2026-03-05-18-00-01_x.zip", hand_in("s01", text="Later."))
    drop(root, "Ex_s02_attempt_2026-03-05-18-00-00_x.zip", hand_in("s02"))
    assert [(row.learner, row.late) for row in collect(root, ADA, BOB).collected] == [
        ("s01", False),
        ("s01", True),
        ("s02", True),
    ]


def test_a_day_before_all_calendars_in_a_platforms_name_stops_nothing(root: Path) -> None:
    (root / "cohort.toml").write_text('timezone = "Europe/Helsinki"\n', encoding="utf-8")
    drop(root, "Ex_s01_attempt_0001-01-01-00-00-00_x.zip", hand_in("s01"))
    assert [row.clock for row in collect(root, ADA).collected] == ["learner"]


@pytest.mark.parametrize(("minutes", "clock"), [(2, "learner"), (20, "file"), (40_000_000, "file")])
def test_a_learners_clock_that_is_far_ahead_gives_way_to_the_files_own_time(
    root: Path, minutes: int, clock: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moments, "now", lambda: DAY)
    said = DAY + datetime.timedelta(minutes=minutes)
    path = drop(root, "a.zip", hand_in("kim", time=said))
    written = DAY - datetime.timedelta(hours=1)
    os.utime(path, (written.timestamp(),) * 2)
    time = (said if clock == "learner" else written).isoformat(timespec="seconds")
    assert [(row.time, row.clock) for row in collect(root).collected] == [(time, clock)]


def test_of_two_from_one_moment_the_first_stays_however_often_they_are_collected(root: Path) -> None:
    drop(root, "a.zip", hand_in("kim", text="A"))
    drop(root, "b.zip", hand_in("kim", text="B"))
    assert [[row.became for row in collect(root).collected] for _ in range(2)] == [["latest", "earlier"]] * 2
    assert text(kept(root, "kim")) == "A"


def test_what_the_platform_says_later_is_written_down(root: Path) -> None:
    data, other = hand_in("s01", time=hours(5), text="A"), hand_in("s01", time=hours(1), text="B")
    drop(root, "a.zip", data)
    drop(root, "b.zip", other)
    collect(root, ADA)
    assert text(kept(root, "s01")) == "A"
    attempt = "Ex_s01_attempt_2026-03-02-12-00-00_x.zip"
    drop(root, attempt, data)
    collect(root, ADA)
    assert text(kept(root, "s01")) == "B", "the platform says that A came first"
    again = tree(root)
    assert not any(row.changed for row in collect(root, ADA).collected)
    assert tree(root) == again
    assert any(attempt.encode() in data for data in again.values())


@pytest.mark.parametrize("number", [1, 2])
def test_killed_while_the_platforms_time_is_written_down_the_next_collect_does_it(
    root: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    data = hand_in("s01", time=hours(48))
    drop(root, "a.zip", data)
    collect(root, ADA)
    drop(root, "Ex_s01_attempt_2026-03-02-12-00-00_x.zip", data)
    calls = itertools.count(1)

    def put(path: Path, data: bytes) -> None:
        if next(calls) == number:
            raise KeyboardInterrupt
        storage.put(path, data)

    monkeypatch.setattr(submission_store, "storage", SimpleNamespace(**{**vars(storage), "put": put}))
    with pytest.raises(KeyboardInterrupt):
        collect(root, ADA)
    monkeypatch.undo()
    assert [row.late for row in collect(root, ADA).collected] == [False, False]
    assert (kept(root, "s01") / "timestamp.txt").read_text().startswith("2026-03-02 12:00:00")


def test_a_time_that_was_lost_with_the_power_is_written_again_and_no_older_hand_in_takes_its_place(root: Path) -> None:
    drop(root, "a.zip", hand_in("s01", text="A"))
    drop(root, "b.zip", hand_in("s01", text="B", time=hours(1)))
    collect(root, ADA)
    (kept(root, "s01") / "timestamp.txt").write_bytes(b"")
    assert [row.became for row in collect(root, ADA).collected] == ["earlier", "latest"]
    assert text(kept(root, "s01")) == "B"
    assert (kept(root, "s01") / "timestamp.txt").read_text().startswith("2026-03-02 13:00:00")
