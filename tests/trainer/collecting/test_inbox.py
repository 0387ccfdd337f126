"""The inbox: what was handed in and which of it counts; nothing lost, nothing overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.trainer.collecting.submission_store import finish_all
from course.trainer.course_directory import Coursework
from tests.trainer.collecting.inboxes import ADA, MOODLE, collect, kept, receipt, text
from tests.trainer.submissions import (
    SLUG,
    contents,
    drop,
    hand_in,
    hours,
    packed,
    tree,
)


def test_a_hand_in_file_is_kept_under_the_id_in_its_receipt(root: Path) -> None:
    drop(root, "hand-in-two-questions.zip", hand_in("kim"))
    inbox = collect(root)
    assert [(row.learner, row.exercise, row.clock, row.became) for row in inbox.collected] == [
        ("kim", SLUG, "learner", "latest")
    ]
    assert sorted(path.name for path in kept(root, "kim").iterdir()) == sorted(
        [f"{SLUG}.ipynb", "answers.json", "receipt.json", "timestamp.txt"]
    )
    assert (kept(root, "kim") / "timestamp.txt").read_text() == "2026-03-02 12:00:00.000000 UTC"
    assert receipt(root, "kim")["platform"] == ""
    assert receipt(root, "kim")["time-from"] == "learner"


def test_collecting_again_changes_nothing(root: Path) -> None:
    drop(root, "a.zip", hand_in("kim", text="first"))
    drop(root, "week 2/b.zip", hand_in("kim", time=hours(2), text="second"))
    drop(root, "moodle.zip", packed({f"{MOODLE}/x.zip": hand_in("ada")}))
    before = {path: path.read_bytes() for path in (root / "inbox").rglob("*.zip")}
    collect(root)
    once = tree(root)
    again = collect(root)
    assert tree(root) == once
    assert not any(row.changed for row in again.collected)
    assert {path: path.read_bytes() for path in (root / "inbox").rglob("*.zip")} == before


@pytest.mark.parametrize("names", [("a", "b", "c"), ("c", "b", "a"), ("b", "c", "a")])
def test_the_latest_counts_in_whatever_order_they_lie_there(root: Path, names: tuple[str, ...]) -> None:
    for number, name in enumerate(names):
        drop(root, f"{name}.zip", hand_in("kim", time=hours(number), text=f"version {number}"))
    rows = collect(root).collected
    assert text(kept(root, "kim")) == "version 2"
    before = sorted((root / "earlier" / "kim" / SLUG).iterdir())
    assert [(one.name, text(one)) for one in before] == [
        ("2026-03-02-120000-000000", "version 0"),
        ("2026-03-02-130000-000000", "version 1"),
    ]
    assert {row.name: row.became for row in rows} == {
        f"{names[0]}.zip": "earlier",
        f"{names[1]}.zip": "earlier",
        f"{names[2]}.zip": "latest",
    }


def test_a_newer_one_that_comes_later_moves_the_old_one_aside(root: Path) -> None:
    drop(root, "a.zip", hand_in("kim", text="old"))
    collect(root)
    drop(root, "b.zip", hand_in("kim", time=hours(1), text="new"))
    collect(root)
    assert text(kept(root, "kim")) == "new"
    assert [text(one) for one in (root / "earlier" / "kim" / SLUG).iterdir()] == ["old"]


def test_the_same_file_twice_is_a_duplicate_and_the_same_answers_later_are_not(root: Path) -> None:
    for name in ("a.zip", "b (1).zip"):
        drop(root, name, hand_in("kim"))
    drop(root, "c.zip", hand_in("kim", time=hours(1)))
    assert [row.became for row in collect(root).collected] == ["earlier", "duplicate", "latest"]


@pytest.mark.parametrize("clock,late", [("12-00-00", False), ("12-00-01", True)])
def test_late_is_after_the_day_it_was_due_by_a_clock_that_is_known(root: Path, clock: str, late: bool) -> None:
    drop(root, f"Ex_kim_attempt_2026-03-03-{clock}_a.zip", hand_in("kim"))
    drop(root, "b.zip", hand_in("lee", time=hours(240)))
    assert [(row.learner, row.late) for row in collect(root).collected] == [("kim", late), ("lee", False)]


def test_other_exercises_wait_until_they_are_asked_for(root: Path) -> None:
    drop(root, "a.zip", hand_in("kim", "listening"))
    assert collect(root).collected == []
    assert not (root / "submitted").exists()


# Shapes


def test_a_hand_in_that_a_browser_unpacked_is_taken_all_the_same(root: Path) -> None:
    for name, data in contents("kim").items():
        drop(root, f"Downloads/hand-in-two-questions/{name}", data)
    drop(root, "Downloads/hand-in-two-questions/.DS_Store", b"left by a system")
    files = {f"{MOODLE}/hand-in/{name}": data for name, data in contents("ada").items()}
    drop(root, "all.zip", packed({**files, "__MACOSX/._x": b"left by a system"}))
    inbox = collect(root)
    assert [row.learner for row in inbox.collected] == ["kim", "ada-lovelace"]
    assert inbox.refused == []


def test_zips_of_zips_are_opened_twice_and_not_three_times(root: Path) -> None:
    once = packed({f"{MOODLE}/x.zip": hand_in("s01")})
    twice, thrice = packed({"moodle.zip": once}), packed({"all.zip": packed({"moodle.zip": once})})
    drop(root, "twice.zip", twice)
    drop(root, "thrice.zip", thrice)
    inbox = collect(root, ADA)
    assert [row.name for row in inbox.collected] == [f"twice.zip/moodle.zip/{MOODLE}/x.zip"]
    assert [one.why for one in inbox.refused] == ["There are too many zips inside each other."]


def test_a_file_that_is_still_on_its_way_from_a_browser_is_no_refusal(root: Path) -> None:
    drop(root, ".arriving-0a1b2c3d", hand_in("kim")[:400])
    drop(root, "a.zip", hand_in("lou"))
    inbox = collect(root)
    assert ([row.learner for row in inbox.collected], inbox.refused) == (["lou"], [])


# Killed in the middle


def test_what_waits_between_two_renames_is_put_into_its_place(root: Path) -> None:
    drop(root, "a.zip", hand_in("kim", text="old"))
    collect(root)
    drop(root, "b.zip", hand_in("kim", time=hours(1), text="new"))
    collect(root)
    done = tree(root)
    waiting = root / "earlier" / ".arriving" / "kim"
    waiting.mkdir(parents=True)
    kept(root, "kim").rename(waiting / SLUG)
    (waiting / "half-written.part").mkdir()
    finish_all(Coursework(root))
    assert tree(root) == done


def test_what_cannot_come_into_its_place_is_refused_and_stops_nobody_then_or_later(root: Path) -> None:
    (root / "submitted").mkdir()
    (root / "submitted" / "kim").write_text("A file where a folder belongs.")
    drop(root, "a.zip", hand_in("kim"))
    drop(root, "b.zip", hand_in("lou"))
    for number in range(2):
        inbox = collect(root)
        assert [(row.learner, row.changed) for row in inbox.collected] == [("lou", not number)]
        assert [one.name for one in inbox.refused] == ["a.zip"]
        assert inbox.refused[0].why.startswith("It could not be kept: File exists. Make room")
    assert [(one.learner, one.slug) for one in finish_all(Coursework(root))] == [("kim", SLUG)]
    (root / "inbox" / "a.zip").unlink()
    (root / "submitted" / "kim").unlink()
    assert finish_all(Coursework(root)) == []
    assert text(kept(root, "kim")) == "Synthetic."
