"""The inbox: who handed in what, when, and which of it counts; nothing lost, nothing overwritten."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from course.grading.collecting.arrivals import finish_all
from course.grading.collecting.inbox import Inbox, take
from course.grading.collecting.roster import ADDED, Person, Roster
from course.grading.coursework import Coursework
from tests.grading.hand_ins import (
    DAY,
    ROOT,
    SLUG,
    contents,
    course_directory,
    drop,
    hand_in,
    hours,
    packed,
    timed,
    tree,
)

ADA = Person("s01", "Ada", "Lovelace", "ada@example.org")
BOB = Person("s02", "Bob", "O’Neill", "bob@example.org", "4242")
MOODLE = "Ada Lovelace_1234567_assignsubmission_file_"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A trainer's course directory with an empty inbox; exercise 1 is due a day after DAY."""
    folder = course_directory(tmp_path / "course", due=f"{SLUG} = {(DAY + datetime.timedelta(days=1)).isoformat()}")
    (folder / "inbox").mkdir()
    return folder


def collect(root: Path, *people: Person) -> Inbox:
    desk = Coursework(root)
    inbox = Inbox(desk.cohort.due)
    take(desk, [SLUG, "04-repair"], Roster(people), inbox, lambda _: None)
    return inbox


def kept(root: Path, learner: str, slug: str = SLUG) -> Path:
    return root / "submitted" / learner / slug


def receipt(root: Path, learner: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((kept(root, learner) / "receipt.json").read_bytes())
    return found


def text(folder: Path) -> str:
    return str(json.loads((folder / "answers.json").read_bytes())["answers"]["reflection"])


def test_a_hand_in_file_is_kept_under_the_id_in_its_receipt(root: Path) -> None:
    drop(root, "hand-in-01-two-questions.zip", hand_in("kim"))
    inbox = collect(root)
    assert [(row.learner, row.exercise, row.clock, row.became) for row in inbox.taken] == [
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
    assert not any(row.changed for row in again.taken)
    assert {path: path.read_bytes() for path in (root / "inbox").rglob("*.zip")} == before


@pytest.mark.parametrize("names", [("a", "b", "c"), ("c", "b", "a"), ("b", "c", "a")])
def test_the_latest_counts_in_whatever_order_they_lie_there(root: Path, names: tuple[str, ...]) -> None:
    for number, name in enumerate(names):
        drop(root, f"{name}.zip", hand_in("kim", time=hours(number), text=f"version {number}"))
    rows = collect(root).taken
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
    assert [row.became for row in collect(root).taken] == ["earlier", "duplicate", "latest"]


@pytest.mark.parametrize("hour,late", [(24, False), (24.01, True)])
def test_late_is_after_the_day_it_was_due(root: Path, hour: float, late: bool) -> None:
    drop(root, "a.zip", hand_in("kim", time=hours(hour)))
    assert [row.late for row in collect(root).taken] == [late]


def test_other_exercises_wait_until_they_are_asked_for(root: Path) -> None:
    drop(root, "a.zip", hand_in("kim", "03-listening"))
    assert collect(root).taken == []
    assert not (root / "submitted").exists()


# Who: platforms


@pytest.mark.parametrize(
    "name",
    [
        f"{MOODLE}/hand-in-01-two-questions.zip",
        f"{MOODLE.rstrip('_')}/hand-in-01-two-questions.zip",
        f"{MOODLE}hand-in-01-two-questions.zip",
        f"Group A-{MOODLE}/x.zip",
        "Lovelace Ada_99_assignsubmission_file_/x.zip",
        "lovelaceada_12345_67890_hand-in-01-two-questions.zip",
        "lovelaceada_late_12345_67890_x.zip",
        "lovelaceada_LATE_12345_67890_x.zip",
        "Exercise 1_s01_attempt_2026-03-02-15-00-00_x.zip",
        "s01/hand-in-01-two-questions.zip",
        "week 1/Ada Lovelace/x.zip",
    ],
)
@pytest.mark.parametrize("in_zip", [True, False])
def test_the_platforms_name_wins_over_the_receipt(root: Path, name: str, in_zip: bool) -> None:
    data = hand_in("s02")
    if in_zip:
        drop(root, "all.zip", packed({name: data}))
    else:
        drop(root, name, data)
    inbox = collect(root, ADA, BOB)
    assert [(row.learner, row.became) for row in inbox.taken] == [("s01", "latest")]
    assert ["its receipt says s02" in note for note in inbox.notes] == [True]


def test_an_id_typed_in_other_letters_or_a_mail_address_is_no_conflict(root: Path) -> None:
    drop(root, f"{MOODLE}/a.zip", hand_in("S01"))
    drop(root, f"{MOODLE}/b.zip", hand_in("Ada@Example.org"))
    inbox = collect(root, ADA)
    assert inbox.notes == []
    assert len(inbox.taken) == 2


def test_canvas_numbers_and_names_with_signs_are_found(root: Path) -> None:
    drop(root, "oneillbob_1_2_x.zip", hand_in("s02"))
    drop(root, "someoneelse_4242_3_x.zip", hand_in("s02", time=hours(1)))
    assert [row.learner for row in collect(root, ADA, BOB).taken] == ["s02", "s02"]


def test_who_is_not_on_the_roster_is_refused_with_what_to_do(root: Path) -> None:
    drop(root, "Ada Lovelac_1_assignsubmission_file_/x.zip", hand_in("s01"))
    drop(root, "y.zip", hand_in("s01x"))
    inbox = collect(root, ADA)
    assert not inbox.taken
    assert "“Ada Lovelac” is not on the roster. The closest is s01." in inbox.refused[0].why
    assert "“s01x” is not on the roster. The closest is s01." in inbox.refused[1].why
    assert all("nbgrader db student add" in one.why for one in inbox.refused)


def test_without_a_roster_the_id_is_made_of_the_name_and_stays_in_the_next_exercise(root: Path) -> None:
    drop(root, "one.zip", packed({"Zoë d’Arc_11_assignsubmission_file_/x.zip": hand_in("zz")}))
    drop(root, "two.zip", packed({"Zoë d’Arc_77_assignsubmission_file_/x.zip": hand_in("zz", "04-repair")}))
    drop(root, "three.zip", packed({"smithjo_5_6_x.zip": hand_in("jo")}))
    people = Roster([])
    inbox = Inbox()
    take(Coursework(root), [SLUG, "04-repair"], people, inbox, lambda _: None)
    assert sorted({row.learner for row in inbox.taken}) == ["smithjo-5", "zoe-d-arc"]
    assert people.came["zoe-d-arc"] == Person("zoe-d-arc", "Zoë", "d’Arc", number=ADDED)
    assert inbox.notes == []


def test_those_who_came_do_not_make_a_roster(root: Path) -> None:
    drop(root, "a.zip", hand_in("kim"))
    drop(root, "b.zip", hand_in("lee"))
    assert len(collect(root, Person("kim", number=ADDED)).taken) == 2
    assert len(collect(root, Person("kim")).refused) == 1


def test_two_people_of_one_name_need_a_roster(root: Path) -> None:
    files = {f"Ada Lovelace_{number}_assignsubmission_file_/x.zip": hand_in(f"s0{number}") for number in (1, 2)}
    drop(root, "all.zip", packed(files))
    inbox = collect(root)
    assert [row.learner for row in inbox.taken] == ["ada-lovelace"]
    assert "Two people are called “Ada Lovelace”" in inbox.refused[0].why


def test_on_a_roster_the_receipt_tells_two_people_of_one_name_apart(root: Path) -> None:
    files = {f"Ada Lovelace_{number}_assignsubmission_file_/x.zip": hand_in(f"s0{number}") for number in (1, 2, 3)}
    drop(root, "all.zip", packed(files))
    inbox = collect(root, ADA, Person("s02", "Ada", "Lovelace"))
    assert [row.learner for row in inbox.taken] == ["s01", "s02"]
    assert "more than one person for “Ada Lovelace”: s01, s02" in inbox.refused[0].why


def test_two_senders_who_both_stand_for_one_learner_are_a_conflict(root: Path) -> None:
    files = {
        f"Ada Lovelace_{number}_assignsubmission_file_/x.zip": hand_in("s01", time=hours(number)) for number in (1, 2)
    }
    drop(root, "all.zip", packed(files))
    inbox = collect(root, ADA)
    assert [row.became for row in inbox.taken] == ["earlier", "latest"]
    assert ["sent by two different people" in note for note in inbox.notes] == [True]


def test_a_learner_cannot_pass_for_another_with_names_inside_their_own_zip(root: Path) -> None:
    inner = packed({"Bob O’Neill_2_assignsubmission_file_/hand-in-01-two-questions.zip": hand_in("s02")})
    drop(root, "all.zip", packed({f"{MOODLE}/x.zip": inner}))
    assert [row.learner for row in collect(root, ADA, BOB).taken] == ["s01"]


# When


def test_the_platforms_clock_counts_and_the_learners_only_without_it(root: Path) -> None:
    names = ["Ada Lovelace_1_assignsubmission_file_/x.zip", "Bob O’Neill_2_assignsubmission_file_/x.zip"]
    files = {name: (hand_in(name[:3]), hours(30 + 5 * number)) for number, name in enumerate(names)}
    drop(root, "all.zip", timed(files))
    rows = collect(root, ADA, BOB).taken
    assert [(row.clock, row.time, row.late) for row in rows] == [
        ("platform", "2026-03-03T18:00:00+00:00", True),
        ("platform", "2026-03-03T23:00:00+00:00", True),
    ]


def test_a_zip_whose_files_all_bear_its_own_time_does_not_say_when_they_were_handed_in(root: Path) -> None:
    names = ["Ada Lovelace_1_assignsubmission_file_/x.zip", "Bob O’Neill_2_assignsubmission_file_/x.zip"]
    files = {name: (hand_in(name[:3]), hours(90 + number / 60)) for number, name in enumerate(names)}
    drop(root, "all.zip", timed(files))
    assert [(row.clock, row.late) for row in collect(root, ADA, BOB).taken] == [("learner", False)] * 2


def test_a_zip_of_one_file_bears_its_own_time_when_it_was_made_just_then(root: Path) -> None:
    for name, made in (("a.zip", 40), ("b.zip", 60)):
        path = drop(root, name, timed({f"{MOODLE}/{name}": (hand_in("s01", time=hours(made / 10)), hours(40))}))
        os.utime(path, (hours(made).timestamp(),) * 2)
    assert [row.clock for row in collect(root, ADA).taken] == ["learner", "platform"]


def test_the_cohorts_zone_is_where_the_platforms_clock_stands(root: Path) -> None:
    (root / "cohort.toml").write_text('timezone = "Europe/Helsinki"\n', encoding="utf-8")
    drop(root, "Ex_s01_attempt_2026-03-02-14-00-00_x.zip", hand_in("s01"))
    assert [(row.time, row.clock) for row in collect(root, ADA).taken] == [("2026-03-02T12:00:00+00:00", "platform")]


@pytest.mark.parametrize(("minutes", "clock"), [(2, "learner"), (20, "file"), (40_000_000, "file")])
def test_a_learners_clock_that_is_far_ahead_gives_way_to_the_files_own_time(
    root: Path, minutes: int, clock: str
) -> None:
    said = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=minutes)
    path = drop(root, "a.zip", hand_in("kim", time=said))
    os.utime(path, (DAY.timestamp(),) * 2)
    time = (said if clock == "learner" else DAY).isoformat(timespec="seconds")
    assert [(row.time, row.clock) for row in collect(root).taken] == [(time, clock)]


def test_of_two_from_one_moment_the_first_stays_however_often_they_are_collected(root: Path) -> None:
    drop(root, "a.zip", hand_in("kim", text="A"))
    drop(root, "b.zip", hand_in("kim", text="B"))
    assert [[row.became for row in collect(root).taken] for _ in range(2)] == [["latest", "earlier"]] * 2
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
    assert not any(row.changed for row in collect(root, ADA).taken)
    assert tree(root) == again
    assert any(attempt.encode() in data for data in again.values())


# Shapes


def test_a_hand_in_that_a_browser_unpacked_is_taken_all_the_same(root: Path) -> None:
    for name, data in contents("kim").items():
        drop(root, f"Downloads/hand-in-01-two-questions/{name}", data)
    drop(root, "Downloads/hand-in-01-two-questions/.DS_Store", b"left by a system")
    files = {f"{MOODLE}/hand-in/{name}": data for name, data in contents("ada").items()}
    drop(root, "all.zip", packed({**files, "__MACOSX/._x": b"left by a system"}))
    inbox = collect(root)
    assert [row.learner for row in inbox.taken] == ["kim", "ada-lovelace"]
    assert inbox.refused == []


def test_zips_of_zips_are_opened_twice_and_not_three_times(root: Path) -> None:
    once = packed({f"{MOODLE}/x.zip": hand_in("s01")})
    twice, thrice = packed({"moodle.zip": once}), packed({"all.zip": packed({"moodle.zip": once})})
    drop(root, "twice.zip", twice)
    drop(root, "thrice.zip", thrice)
    inbox = collect(root, ADA)
    assert [row.name for row in inbox.taken] == [f"twice.zip/moodle.zip/{MOODLE}/x.zip"]
    assert [one.why for one in inbox.refused] == ["There are too many zips inside each other."]


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


KILLED = """
import os, sys
from pathlib import Path
from course.grading.collecting.arrivals import finish_all
from course.grading.coursework import Coursework
from course.grading.collecting.inbox import Inbox, take
from course.grading.collecting.roster import Roster

coursework = Coursework(Path(sys.argv[1]))
coursework.folder("submitted", "x", "y")
coursework.cohort

def collect(moment):
    def watch(event, about):
        nonlocal moment
        writes = event == "open" and isinstance(about[1], str) and "w" in about[1]
        if writes or event in ("os.rename", "os.mkdir", "os.rmdir"):
            moment -= 1
            if moment == 0:
                os.kill(os.getpid(), 9)
    sys.addaudithook(watch)
    finish_all(coursework)
    take(coursework, ["01-two-questions"], Roster([]), Inbox(), lambda name: None)

for moment in map(int, sys.argv[2:]):
    child = os.fork()
    if not child:
        collect(moment)
        os._exit(0)
    print(os.waitpid(child, 0)[1])
"""
"""Collects in a process that is killed at one of its writes, and again; prints how each one ended."""


@pytest.mark.slow
def test_a_killed_collect_loses_nothing_and_the_next_one_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    def directory(name: str) -> Path:
        root = course_directory(tmp_path / name)
        for number, learner in ((2, "kim"), (1, "kim"), (3, "lee"), (3, "kim")):
            drop(root, f"{learner}-{number}.zip", hand_in(learner, time=hours(number), text=f"{learner} {number}"))
        return root

    undisturbed = directory("undisturbed")
    collect(undisturbed)
    root = directory("killed")
    moments = [1, 2, 4, 7, 8, 9, 11, 13, 15, 17, 19, 21, 10_000]
    line = [sys.executable, "-c", KILLED, str(root), *map(str, moments)]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    ended = done.stdout.split()
    assert (ended.count("9"), ended[-1]) >= (6, "0"), "killed at six moments at least, and not at the last"
    assert tree(root) == tree(undisturbed)
    assert not (root / "earlier" / ".arriving").exists()
