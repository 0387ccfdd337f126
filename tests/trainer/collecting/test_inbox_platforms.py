"""The inbox takes what each platform hands out, in the shape that its source or a real download has."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from course.trainer.collecting import inbox_scan
from course.trainer.collecting.inbox_scan import count_inbox_files
from course.trainer.collecting.roster import RosterEntry
from course.trainer.platforms import is_companion, read_name, read_platform, read_trail
from tests.cases import every
from tests.trainer.collecting.inboxes import ADA, BOB, collect, kept, receipt
from tests.trainer.submissions import drop, hand_in, packed

ZIP = "hand-in-two-questions.zip"
PAGE = b"<p>Synthetic."
PEOPLE = ("s01", "s02")


def of(learner: str) -> bytes:
    return hand_in(learner, text=learner)


SHAPES: dict[str, dict[str, bytes]] = {
    "Moodle, a folder for each person": {
        f"Ada Lovelace_1234567_assignsubmission_file/{ZIP}": of("s01"),
        "Ada Lovelace_1234567_assignsubmission_onlinetext/onlinetext.html": PAGE,
        f"Bob O’Neill_1234568_assignsubmission_file_/{ZIP}": of("s02"),
    },
    "Moodle, all files side by side": {
        f"Ada Lovelace_1234567_assignsubmission_file_{ZIP}": of("s01"),
        "Ada Lovelace_1234567_assignsubmission_onlinetext_onlinetext.html": PAGE,
        f"Bob O’Neill_1234568_assignsubmission_file_{ZIP}": of("s02"),
    },
    "Moodle, anonymous": {
        f"Participant_1234567_assignsubmission_file/{ZIP}": of("s01"),
        f"Participant_1234568_assignsubmission_file/{ZIP}": of("s02"),
        "Participant_1234568_assignsubmission_onlinetext/onlinetext.html": PAGE,
    },
    "Moodle, teams": {
        f"Group A_77_assignsubmission_file/{ZIP}": of("s01"),
        f"Default group_assignsubmission_file/{ZIP}": of("s02"),
        "Group A_77_assignsubmission_onlinetext/onlinetext.html": PAGE,
    },
    "Canvas": {
        f"lovelaceada_12345_67890_{ZIP}": of("s01"),
        "lovelaceada_12345_text.html": PAGE,
        f"oneillbob_LATE_4242_67891_{ZIP}": of("s02"),
    },
    "Canvas, anonymous": {
        f"anon_K2x9Q_67890_{ZIP}": of("s01"),
        f"LATE_anon_Zz81b_67891_{ZIP}": of("s02"),
        "anon_K2x9Q_link.html": PAGE,
    },
    "Blackboard": {
        f"Exercise_1_s01_attempt_2026-03-02-12-01-02_{ZIP}": of("s01"),
        "Exercise_1_s01_attempt_2026-03-02-12-01-02.txt": b"Name: Ada",
        f"Exercise_1_s02_attempt_2026-03-02-13-01-02_{ZIP}": of("s02"),
    },
    "Brightspace": {
        f"27236-46025 - Ada Lovelace - Mar 2, 2026 1201 PM/{ZIP}": of("s01"),
        f"27236-46025 - 4242 O’Neill - 02 March 2026 612 PM/{ZIP}": of("s02"),
        "index.html": PAGE,
    },
    "ILIAS": {
        f"Submissions/Lovelace_Ada_s01_4321/{ZIP}": of("s01"),
        f"Submissions/Team 7/ONeill_Bob_s02_4322/Late Submission - {ZIP}": of("s02"),
        "Submissions/Exercise 1.xlsx": b"PK",
    },
    "Teams": {
        f"Student Work/Submitted files/Ada Lovelace/Exercise 1/Version 2/{ZIP}": of("s01"),
        f"Student Work/Working files/Ada Lovelace/Exercise 1/{ZIP}": hand_in("s01", text="a draft"),
        f"Student Work/Submitted files/Bob O’Neill/Exercise 1/{ZIP}": of("s02"),
    },
    "Google Classroom": {
        f"Exercise 1/Ada Lovelace - {ZIP}": of("s01"),
        "Exercise 1/hand-in-two-questions (1).zip": of("s02"),
    },
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("is_unpacked", [False, True])
def test_everybodys_is_taken_and_what_the_platform_wrote_is_passed_over(
    root: Path, shape: str, is_unpacked: bool
) -> None:
    files = SHAPES[shape]
    for name, data in files.items() if is_unpacked else {"all.zip": packed(files)}.items():
        drop(root, name, data)
    results = collect(root, ADA, BOB)
    assert results.refused == []
    assert sorted(row.learner for row in results.collected) == ["s01", "s02"]
    assert [receipt(root, learner)["learner"] for learner in PEOPLE] == ["s01", "s02"]
    passed_over = len(files) - 2
    said = "1 file that the platform itself wrote, or that nobody turned in, was passed over."
    assert results.notes == ([said] if passed_over else [])
    assert [row.became for row in collect(root, ADA, BOB).collected] == ["latest"] * 2


def test_people_who_are_on_no_roster_have_the_account_that_the_receipt_and_blackboard_agree_on(root: Path) -> None:
    drop(root, f"Exercise_1_jane_doe_attempt_2026-03-02-12-01-02_{ZIP}", of("jane_doe"))
    assert [row.learner for row in collect(root).collected] == ["jane_doe"]


def test_an_account_with_a_line_in_it_is_not_taken_for_a_shorter_one(root: Path) -> None:
    drop(root, f"Exercise_1_jane_doe_attempt_2026-03-02-12-01-02_{ZIP}", of("nobody"))
    results = collect(root, RosterEntry("doe"), RosterEntry("jane_doe"))
    assert (results.collected, len(results.refused)) == ([], 1)
    assert [row.learner for row in collect(root, RosterEntry("jane_doe")).collected] == ["jane_doe"]


CONFLICTS = [
    f"lovelaceada_1_2_{ZIP}",
    f"Lovelace_Ada_s01_12/{ZIP}",
    f"Ex_s01_attempt_2026-03-02-12-01-02_{ZIP}",
    f"Ada Lovelace_1_assignsubmission_file/{ZIP}",
    f"1-2 - Ada Lovelace - Mar 2, 2026 1201 PM/{ZIP}",
    f"Submitted files/Ada Lovelace/Exercise 1/{ZIP}",
]


@pytest.mark.parametrize("name", CONFLICTS)
def test_what_conflicts_waits_until_it_lies_in_a_folder_with_the_right_id(root: Path, name: str) -> None:
    path = drop(root, name, of("s02"))
    assert "Decide whose it is" in collect(root, ADA, BOB).refused[0].why
    assert not (root / "submitted").exists()
    path.unlink()
    for id in ("s01", "s02"):
        decided = drop(root, f"{id}/{name}", of("s02"))
        assert [row.learner for row in collect(root, ADA, BOB).collected] == [id]
        decided.unlink()


def test_a_folder_with_an_id_inside_a_strangers_zip_decides_nothing(root: Path) -> None:
    drop(root, "a.zip", packed({f"s02/{name}": of("s02") for name in CONFLICTS}))
    results = collect(root, ADA, BOB)
    assert (results.collected, len(results.refused)) == ([], len(CONFLICTS))


@every(
    "name, time",
    [
        ("1-2 - Ada Lovelace - Nov 22, 2026 1201 PM", "2026-11-22 12:01:00"),
        ("1-2 - Ada Lovelace - Nov 22, 2026 12:01 PM", "2026-11-22 12:01:00"),
        ("1-2 - Ada Lovelace - 05 March 2026 612 PM", "2026-03-05 18:12:00"),
        ("1-2 - Ada Lovelace - 5 March, 2026 612 AM", "2026-03-05 06:12:00"),
        ("1-2 - Mary-Ann Smith - Sep 24, 2024 926 PM", "2024-09-24 21:26:00"),
        ("1-2 - Ada Lovelace - 22 November 2026 1812", "2026-11-22 18:12:00"),
        ("1-2 - Ada Lovelace - 99 November 2026 1812", "None"),
    ],
)
def test_brightspaces_time_is_read_in_each_shape_of_it(name: str, time: str) -> None:
    sender = read_name(name)
    assert sender is not None
    assert str(sender.time) == time
    assert read_platform(sender.platform) == sender


@every("trail", [tuple(name.split("/")) for files in SHAPES.values() for name in files])
def test_what_is_noted_of_a_sender_reads_as_the_same_person_again(trail: tuple[str, ...]) -> None:
    sender = read_trail(trail)
    if sender:
        again = read_platform(sender.platform)
        assert again is not None
        assert again.person == sender.person


@every(
    "name",
    ["index.html", "notes.xlsx", "a.txt", f"Ada_1_assignsubmission_onlinetext_/{ZIP}", "Ex_ada_attempt_notes.txt", ZIP],
)
def test_what_a_learner_may_have_sent_is_no_companion(name: str) -> None:
    assert not is_companion(tuple(name.split("/")))


def test_a_page_or_a_workbook_of_a_learners_own_is_still_told_of(root: Path) -> None:
    for name in ("Ada Lovelace_1_assignsubmission_file_/index.html", "Bob O’Neill_2_assignsubmission_file_/x.xlsx"):
        drop(root, name, PAGE)
    assert [refusal.name.split("/")[1] for refusal in collect(root, ADA, BOB).refused] == ["index.html", "x.xlsx"]


def test_one_persons_endless_files_cost_nobody_else_anything(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_scan, "MOST_OF_ONE", 100_000)
    monkeypatch.setattr(inbox_scan, "LARGEST_INSIDE", 90_000)
    files = {f"Mallory_1_assignsubmission_file_/{n}.zip": packed({"x.zip": bytes(80_000)}) for n in range(30)}
    files["Mallory_1_assignsubmission_file_/video.mp4"] = bytes(1_000_000)
    files["Mallory_1_assignsubmission_file_/video.zip"] = bytes(1_000_000)
    files[f"Zoë_2_assignsubmission_file_/{ZIP}"] = of("s02")
    drop(root, "all.zip", packed(files))
    results = collect(root, ADA, BOB)
    assert [row.learner for row in results.collected] == ["s02"]
    assert all("Mallory" in refusal.name for refusal in results.refused)


def test_a_zip_of_any_size_is_opened_and_only_its_end_read_to_count_it(root: Path) -> None:
    path = root / "inbox" / "all.zip"
    with path.open("wb") as file:
        file.truncate(3_000_000_000)  # takes no place on the disk
        file.seek(0, io.SEEK_END)
        with zipfile.ZipFile(file, "w") as zipped:
            zipped.writestr(f"Ada Lovelace_1_assignsubmission_file_/{ZIP}", of("s01"))
            zipped.writestr("Bob O’Neill_2_assignsubmission_file_/video.mp4", b"x")
    assert count_inbox_files(root / "inbox") == 2
    results = collect(root, ADA, BOB)
    assert [row.learner for row in results.collected] == ["s01"]
    assert len(results.refused) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "cp437", "cp1252"])
def test_a_name_in_a_zip_without_the_sign_for_utf_8_is_matched(root: Path, encoding: str) -> None:
    data = packed({f"Jos@ N@@ez_1_assignsubmission_file_/{ZIP}": of("s09")})
    name = f"José Núñez_1_assignsubmission_file_/{ZIP}".encode(encoding)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        zipped.writestr("x" * len(name), of("s09"))
    data = file.getvalue().replace(b"x" * len(name), name)
    drop(root, "all.zip", data)
    jose = RosterEntry("s09", "José", "Núñez")
    results = collect(root, jose)
    assert [(row.learner, row.name) for row in results.collected] == [
        ("s09", f"all.zip/José Núñez_1_assignsubmission_file_/{ZIP}")
    ]
    assert kept(root, "s09").is_dir()
