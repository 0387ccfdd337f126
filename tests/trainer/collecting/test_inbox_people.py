"""The inbox: whose a hand-in is, by the platform, the roster and the receipt."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.trainer.collecting.inbox import InboxResults, collect_inbox
from course.trainer.collecting.roster import ADDED, Roster, RosterEntry
from course.trainer.course_directory import Coursework
from tests.trainer.collecting.inboxes import ADA, BOB, MOODLE, collect
from tests.trainer.submissions import SLUG, drop, hand_in, hours, packed


@pytest.mark.parametrize(
    "name",
    [
        f"{MOODLE}/hand-in-two-questions.zip",
        f"{MOODLE.rstrip('_')}/hand-in-two-questions.zip",
        f"{MOODLE}hand-in-two-questions.zip",
        f"Group A-{MOODLE}/x.zip",
        "Lovelace Ada_99_assignsubmission_file_/x.zip",
        "lovelaceada_12345_67890_hand-in-two-questions.zip",
        "lovelaceada_late_12345_67890_x.zip",
        "lovelaceada_LATE_12345_67890_x.zip",
        "Exercise 1_s01_attempt_2026-03-02-15-00-00_x.zip",
        "s01/hand-in-two-questions.zip",
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
    assert [(row.learner, row.became) for row in inbox.collected] == [("s01", "latest")]
    assert ["its receipt says s02" in note for note in inbox.notes] == [True]


def test_an_id_typed_in_other_letters_or_a_mail_address_is_no_conflict(root: Path) -> None:
    drop(root, f"{MOODLE}/a.zip", hand_in("S01"))
    drop(root, f"{MOODLE}/b.zip", hand_in("Ada@Example.org"))
    inbox = collect(root, ADA)
    assert inbox.notes == []
    assert len(inbox.collected) == 2


def test_canvas_numbers_and_names_with_signs_are_found(root: Path) -> None:
    drop(root, "oneillbob_1_2_x.zip", hand_in("s02"))
    drop(root, "someoneelse_4242_3_x.zip", hand_in("s02", time=hours(1)))
    assert [row.learner for row in collect(root, ADA, BOB).collected] == ["s02", "s02"]


def test_who_is_not_on_the_roster_is_refused_with_what_to_do(root: Path) -> None:
    drop(root, "Ada Lovelac_1_assignsubmission_file_/x.zip", hand_in("s01"))
    drop(root, "y.zip", hand_in("s01x"))
    inbox = collect(root, ADA)
    assert not inbox.collected
    assert "“Ada Lovelac” is not on the roster. Closest match: s01." in inbox.refused[0].why
    assert "“s01x” is not on the roster. Closest match: s01." in inbox.refused[1].why
    assert all("nbgrader db student add" in one.why for one in inbox.refused)


def test_without_a_roster_the_id_is_made_of_the_name_and_stays_in_the_next_exercise(root: Path) -> None:
    drop(root, "one.zip", packed({"Zoë d’Arc_11_assignsubmission_file_/x.zip": hand_in("zz")}))
    drop(root, "two.zip", packed({"Zoë d’Arc_77_assignsubmission_file_/x.zip": hand_in("zz", "repair")}))
    drop(root, "three.zip", packed({"smithjo_5_6_x.zip": hand_in("jo")}))
    people = Roster([])
    inbox = InboxResults()
    collect_inbox(Coursework(root), [SLUG, "repair"], people, inbox, lambda _: None)
    assert sorted({row.learner for row in inbox.collected}) == ["smithjo-5", "zoe-d-arc"]
    assert people.newcomers["zoe-d-arc"] == RosterEntry("zoe-d-arc", "Zoë", "d’Arc", number=ADDED)
    assert inbox.notes == []


def test_those_who_came_do_not_make_a_roster(root: Path) -> None:
    drop(root, "a.zip", hand_in("kim"))
    drop(root, "b.zip", hand_in("lee"))
    assert len(collect(root, RosterEntry("kim", number=ADDED)).collected) == 2
    assert len(collect(root, RosterEntry("kim")).refused) == 1


def test_two_people_of_one_name_need_a_roster(root: Path) -> None:
    files = {f"Ada Lovelace_{number}_assignsubmission_file_/x.zip": hand_in(f"s0{number}") for number in (1, 2)}
    drop(root, "all.zip", packed(files))
    inbox = collect(root)
    assert [row.learner for row in inbox.collected] == ["ada-lovelace"]
    assert "Two people are called “Ada Lovelace”" in inbox.refused[0].why


def test_on_a_roster_the_receipt_tells_two_people_of_one_name_apart(root: Path) -> None:
    files = {f"Ada Lovelace_{number}_assignsubmission_file_/x.zip": hand_in(f"s0{number}") for number in (1, 2, 3)}
    drop(root, "all.zip", packed(files))
    inbox = collect(root, ADA, RosterEntry("s02", "Ada", "Lovelace"))
    assert [row.learner for row in inbox.collected] == ["s01", "s02"]
    assert "more than one person for “Ada Lovelace”: s01, s02" in inbox.refused[0].why


def test_two_senders_who_both_stand_for_one_learner_are_a_conflict(root: Path) -> None:
    files = {
        f"Ada Lovelace_{number}_assignsubmission_file_/x.zip": hand_in("s01", time=hours(number)) for number in (1, 2)
    }
    drop(root, "all.zip", packed(files))
    inbox = collect(root, ADA)
    assert [row.became for row in inbox.collected] == ["earlier", "latest"]
    assert ["sent by two different people" in note for note in inbox.notes] == [True]


def test_a_learner_cannot_pass_for_another_with_names_inside_their_own_zip(root: Path) -> None:
    inner = packed({"Bob O’Neill_2_assignsubmission_file_/hand-in-two-questions.zip": hand_in("s02")})
    drop(root, "all.zip", packed({f"{MOODLE}/x.zip": inner}))
    assert [row.learner for row in collect(root, ADA, BOB).collected] == ["s01"]
