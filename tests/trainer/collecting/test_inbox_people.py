"""The inbox: whose a hand-in is, by the platform, the roster and the receipt."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from course.trainer.collecting.decisions import write_decision
from course.trainer.collecting.inbox import InboxResults, collect_inbox
from course.trainer.collecting.needs_you import decide
from course.trainer.collecting.roster import ADDED, Roster, RosterEntry
from course.trainer.course_directory import Coursework
from course.trainer.erasing import inbox_traces
from course.trainer.summary import UndecidedHandIn
from tests.trainer.collecting.inboxes import ADA, BOB, MOODLE, collect
from tests.trainer.submissions import SLUG, drop, hand_in, hours, packed, tree

NAMES = [
    f"{MOODLE}/hand-in-two-questions.zip",
    f"{MOODLE.rstrip('_')}/hand-in-two-questions.zip",
    f"{MOODLE}hand-in-two-questions.zip",
    f"Group A-{MOODLE}/x.zip",
    "Lovelace Ada_99_assignsubmission_file_/x.zip",
    "lovelaceada_12345_67890_hand-in-two-questions.zip",
    "lovelaceada_late_12345_67890_x.zip",
    "lovelaceada_LATE_12345_67890_x.zip",
]
"""Names of a platform's that may be Ada's."""
ACCOUNTS = ["Exercise 1_s01_attempt_2026-03-02-15-00-00_x.zip", "numbered_77_67890_x.zip"]
"""Names that hold the platform's own id of a person."""
FOLDERS = ["s01/hand-in-two-questions.zip", "week 1/Ada Lovelace/x.zip"]
"""Where a trainer has put files of Ada's."""
ADA_NUMBERED = RosterEntry("s01", "Ada", "Lovelace", "ada@example.org", "77")


def put(root: Path, name: str, data: bytes, *, in_zip: bool) -> None:
    if in_zip:
        drop(root, "all.zip", packed({name: data}))
    else:
        drop(root, name, data)


@pytest.mark.parametrize("name", [*NAMES, *ACCOUNTS])
@pytest.mark.parametrize("in_zip", [True, False])
def test_where_platform_and_receipt_disagree_a_person_decides_and_nothing_is_stored(
    root: Path, name: str, in_zip: bool
) -> None:
    put(root, name, hand_in("s02"), in_zip=in_zip)
    inbox = collect(root, ADA_NUMBERED, BOB)
    assert inbox.collected == []
    [refusal] = inbox.refused
    assert "s01 on the roster, and the receipt says s02" in refusal.why
    assert "a folder inside inbox that has the right id as its name" in refusal.why
    assert tree(root) == {}


@pytest.mark.parametrize("name", [*NAMES, *ACCOUNTS])
def test_where_platform_and_receipt_agree_it_is_theirs(root: Path, name: str) -> None:
    drop(root, name, hand_in("s01"))
    inbox = collect(root, ADA_NUMBERED if name in ACCOUNTS else ADA, BOB)
    assert [(row.learner, row.became) for row in inbox.collected] == [("s01", "latest")]
    assert (inbox.refused, inbox.notes) == ([], [])


def test_each_of_two_people_of_one_name_is_named_in_a_sentence(root: Path) -> None:
    namesake = RosterEntry("s03", "Ada", "Lovelace", "", "")
    drop(root, NAMES[0], hand_in("s02"))
    [disagrees] = collect(root, ADA, namesake, BOB).refused
    assert "is s01 or s03 on the roster, and the receipt says s02" in disagrees.why
    drop(root, NAMES[0], hand_in("somebody", time=hours(5)))
    [alone] = collect(root, ADA, namesake, BOB).refused
    assert "is that of s01 and s03 on the roster" in alone.why


@pytest.mark.parametrize("name", NAMES)
def test_a_name_alone_does_not_say_who_it_is(root: Path, name: str) -> None:
    """Whoever likes can be called so on a platform."""
    drop(root, "s01/x.zip", hand_in("s01"))
    before = collect(root, ADA_NUMBERED, BOB)
    drop(root, name, hand_in("somebody", time=hours(5)))
    after = collect(root, ADA_NUMBERED, BOB)
    assert [row.became for row in before.collected + after.collected] == ["latest", "latest"]
    assert ["A name alone does not say who it is" in refusal.why for refusal in after.refused] == [True]


@pytest.mark.parametrize("name", ACCOUNTS)
def test_the_platforms_own_id_decides_where_the_receipts_is_nobodys(root: Path, name: str) -> None:
    drop(root, name, hand_in("typo"))
    inbox = collect(root, ADA_NUMBERED, BOB)
    assert [row.learner for row in inbox.collected] == ["s01"]
    assert ["its receipt says typo" in note for note in inbox.notes] == [True]


@pytest.mark.parametrize("name", FOLDERS)
def test_the_trainers_own_folder_decides(root: Path, name: str) -> None:
    drop(root, name, hand_in("s02"))
    inbox = collect(root, ADA, BOB)
    assert [(row.learner, row.became) for row in inbox.collected] == [("s01", "latest")]
    assert ["its receipt says s02" in note for note in inbox.notes] == [True]


@pytest.mark.parametrize("name", FOLDERS)
@pytest.mark.parametrize("claimed", ["s02", "typo"])
def test_a_folder_in_a_zip_may_be_a_learners_own_and_takes_nobodys_place(root: Path, name: str, claimed: str) -> None:
    drop(root, "s01/x.zip", hand_in("s01"))
    drop(root, "homework.zip", packed({name: hand_in(claimed, time=hours(5))}))
    inbox = collect(root, ADA, BOB)
    assert [(row.learner, row.became) for row in inbox.collected] == [("s01", "latest")]
    [waits] = inbox.refused
    assert isinstance(waits, UndecidedHandIn)
    assert [one.learner for one in waits.candidates] == ["s01", *(["s02"] if claimed == "s02" else [])]
    assert "Whoever made the zip named its folders" in waits.doubt
    decide(Coursework(root), Roster([ADA, BOB]), waits.item, "s02")
    assert {row.learner for row in collect(root, ADA, BOB).collected} == {"s01", "s02"}


@pytest.mark.parametrize("name", FOLDERS)
def test_a_zip_of_folders_that_agree_with_their_receipts_is_collected(root: Path, name: str) -> None:
    drop(
        root, "all.zip", packed({name: hand_in("s01"), "Bob O’Neill/x.zip": hand_in("s02"), "x/y.zip": hand_in("s01")})
    )
    inbox = collect(root, ADA, BOB)
    assert {row.learner for row in inbox.collected} == {"s01", "s02"}
    assert inbox.refused == []


def test_a_double_name_is_no_group_and_takes_nobodys_place(root: Path) -> None:
    ann, marie = RosterEntry("ann-01", "Ann", "Lee"), RosterEntry("marie-02", "Marie", "Lee")
    drop(root, "Marie Lee_11_assignsubmission_file_/x.zip", hand_in("marie-02"))
    drop(root, "Ann-Marie Lee_12_assignsubmission_file_/x.zip", hand_in("ann-01", time=hours(5)))
    inbox = collect(root, ann, marie)
    assert [(row.learner, row.became) for row in inbox.collected] == [("marie-02", "latest")]
    assert "“Ann-Marie Lee” is marie-02 on the roster, and the receipt says ann-01" in inbox.refused[0].why
    decided = drop(root, "ann-01/x.zip", hand_in("ann-01", time=hours(5)))
    assert decided.exists()
    assert {row.learner for row in collect(root, ann, marie).collected} == {"ann-01", "marie-02"}


def test_two_people_with_one_kept_id_lose_nothing_of_each_other(root: Path) -> None:
    drop(root, f"{MOODLE}/x.zip", hand_in("s01"))
    drop(root, "Bob O’Neill_2_assignsubmission_file_/x.zip", hand_in("s01", time=hours(5)))
    inbox = collect(root, ADA, BOB)
    assert [(row.learner, row.became) for row in inbox.collected] == [("s01", "latest")]
    assert "“Bob O’Neill” is s02 on the roster, and the receipt says s01" in inbox.refused[0].why


@pytest.mark.parametrize("people", [(ADA, BOB), ()])
def test_anonymous_hand_ins_are_those_of_their_receipts(root: Path, people: tuple[RosterEntry, ...]) -> None:
    for number in (1, 2):
        drop(root, f"Participant_{number}_assignsubmission_file_/x.zip", hand_in(f"s0{number}"))
    inbox = collect(root, *people)
    assert [row.learner for row in inbox.collected] == ["s01", "s02"]
    assert (inbox.refused, inbox.notes) == ([], [])


def test_an_id_typed_in_other_letters_or_a_mail_address_is_no_conflict(root: Path) -> None:
    drop(root, f"{MOODLE}/a.zip", hand_in("S01"))
    drop(root, f"{MOODLE}/b.zip", hand_in("Ada@Example.org"))
    inbox = collect(root, ADA)
    assert inbox.notes == []
    assert len(inbox.collected) == 2


def test_canvas_numbers_and_names_with_signs_are_found(root: Path) -> None:
    drop(root, "oneillzoe_1_2_x.zip", hand_in("s03"))
    drop(root, "someoneelse_4242_3_x.zip", hand_in("s02", "repair"))
    zoe = RosterEntry("s03", "Zoe", "O’Neill")
    assert [row.learner for row in collect(root, ADA, BOB, zoe).collected] == ["s03", "s02"]


def test_a_canvas_number_that_is_not_the_one_on_the_roster_is_a_doubt_also_with_the_right_name(root: Path) -> None:
    drop(root, "oneillbob_9999_2_x.zip", hand_in("s02"))
    [refused] = collect(root, ADA, BOB).refused
    assert isinstance(refused, UndecidedHandIn)
    assert [candidate.learner for candidate in refused.candidates] == ["s02"]
    for words in ("9999", "4242", "s02", "course needs-you", "course roster FILE"):
        assert words in refused.why
    assert tree(root) == {}
    write_decision(root, refused.item, "s02")
    assert [row.learner for row in collect(root, ADA, BOB).collected] == ["s02"]


def test_a_number_on_the_roster_that_canvas_never_gives_contradicts_nothing(root: Path) -> None:
    drop(root, "oneillbob_9999_2_x.zip", hand_in("s02"))
    moodle = replace(BOB, number="BO-4242")
    assert [row.learner for row in collect(root, ADA, moodle).collected] == ["s02"]


def test_who_is_not_on_the_roster_is_refused_with_what_to_do(root: Path) -> None:
    drop(root, "Ada Lovelac_1_assignsubmission_file_/x.zip", hand_in("nobody"))
    drop(root, "y.zip", hand_in("s01x"))
    inbox = collect(root, ADA)
    assert not inbox.collected
    assert "“Ada Lovelac” is not on the roster. Closest match: s01." in inbox.refused[0].why
    assert "“s01x” is not on the roster. Closest match: s01." in inbox.refused[1].why
    assert all("course roster FILE" in one.why for one in inbox.refused)


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
    assert "that of s01 and s02 on the roster, but the id in the receipt, s03, is not on it" in inbox.refused[0].why


def test_two_senders_who_both_stand_for_one_learner_replace_nothing(root: Path) -> None:
    files = {
        f"Ada Lovelace_{number}_assignsubmission_file_/x.zip": hand_in("s01", time=hours(number)) for number in (1, 2)
    }
    drop(root, "all.zip", packed(files))
    inbox = collect(root, ADA)
    assert [row.became for row in inbox.collected] == ["latest"]
    assert ["Somebody else handed in for s01 already" in refusal.why for refusal in inbox.refused] == [True]


def test_a_learner_cannot_pass_for_another_with_names_inside_their_own_zip(root: Path) -> None:
    inner = packed({"Bob O’Neill_2_assignsubmission_file_/hand-in-two-questions.zip": hand_in("s02")})
    drop(root, "all.zip", packed({f"{MOODLE}/x.zip": inner}))
    inbox = collect(root, ADA, BOB)
    assert inbox.collected == []
    assert "is s01 on the roster, and the receipt says s02" in inbox.refused[0].why


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("in_zip", [True, False])
def test_the_trainers_folder_decides_also_around_what_a_platform_named(root: Path, name: str, in_zip: bool) -> None:
    put(root, name, hand_in("s02"), in_zip=in_zip)
    assert "right id as its name" in collect(root, ADA, BOB).refused[0].why
    (root / "inbox" / "s01").mkdir()
    moved = "all.zip" if in_zip else name.split("/")[0]
    (root / "inbox" / moved).rename(root / "inbox" / "s01" / moved)
    inbox = collect(root, ADA, BOB)
    assert [(row.learner, row.became) for row in inbox.collected] == [("s01", "latest")]
    assert inbox.refused == []


def test_the_trainers_folder_decides_where_somebody_else_handed_in_before(root: Path) -> None:
    drop(root, f"{MOODLE}/x.zip", hand_in("s01"))
    drop(root, "s01/Ada Lovelace_2_assignsubmission_file_/x.zip", hand_in("s01", time=hours(5)))
    inbox = collect(root, ADA)
    assert (sorted(row.became for row in inbox.collected), inbox.refused) == (["earlier", "latest"], [])


@pytest.mark.parametrize(
    "name",
    [
        "Exercise 1_mallory_attempt_2026-03-02-15-00-00_x_s02_attempt_2026-03-02-09-00-00_y.zip",
        "mallory_12345_67890_s02_attempt_2026-03-02-09-00-00_x.zip",
    ],
)
def test_the_name_of_a_learners_own_file_is_no_id_of_the_platforms(root: Path, name: str) -> None:
    drop(root, name, hand_in("nobody"))
    inbox = collect(root, ADA, BOB)
    assert inbox.collected == []
    assert "“mallory” is not on the roster" in inbox.refused[0].why


@pytest.mark.parametrize("name", ["ada", "ADA", "Àda"])
def test_without_a_roster_a_name_takes_nobodys_place_whose_id_it_is(root: Path, name: str) -> None:
    drop(root, "x.zip", hand_in("ada"))
    drop(root, f"{name}_5_assignsubmission_file_/y.zip", hand_in("mallory", time=hours(5)))
    drop(root, f"{name}_9_assignsubmission_file_/z.zip", hand_in("mallory", "repair"))
    inbox = collect(root, RosterEntry("ada", number=ADDED))
    assert [(row.name, row.became) for row in inbox.collected] == [("x.zip", "latest")]
    assert ["Two people are called" in refusal.why for refusal in inbox.refused] == [True, True]


def test_without_a_roster_a_name_like_another_waits_also_in_another_exercise(root: Path) -> None:
    drop(root, f"{MOODLE}/x.zip", hand_in("ada"))
    drop(root, "Adá Lovelace_77_assignsubmission_file_/y.zip", hand_in("mallory", "repair"))
    inbox = collect(root)
    assert [row.learner for row in inbox.collected] == ["ada-lovelace"]
    assert "Two people are called “Adá Lovelace”" in inbox.refused[0].why


def test_without_a_roster_an_id_like_that_made_of_a_name_takes_nobodys_place(root: Path) -> None:
    drop(root, f"{MOODLE}/x.zip", hand_in("ada"))
    drop(root, "y.zip", hand_in("ada-lovelace", time=hours(5)))
    inbox = collect(root)
    assert [row.became for row in inbox.collected] == ["latest"]
    assert "Two people are called “ada-lovelace”" in inbox.refused[0].why


@pytest.mark.parametrize(
    ("names", "learner"),
    [
        (("smithjo_5_6_x.zip", "smithjo_5_7_y.zip"), "smithjo-5"),
        (("1-2 - Jo Smith - Nov 22, 2026 1201 PM/x.zip", "3-4 - Jo Smith - Nov 23, 2026 1201 PM/x.zip"), "jo-smith"),
        (("Smith_Jo_js_1/x.zip", "Smith_Jo_js_2/x.zip"), "js"),
    ],
)
def test_without_a_roster_a_platforms_person_is_the_same_in_the_next_exercise(
    root: Path, names: tuple[str, str], learner: str
) -> None:
    for name, exercise in zip(names, (SLUG, "repair"), strict=True):
        drop(root, name, hand_in(f"typed-{exercise}", exercise))
    inbox = collect(root)
    assert ([row.learner for row in inbox.collected], inbox.refused) == ([learner, learner], [])


@pytest.mark.parametrize("people", [(RosterEntry("zz", "Zoë", "d’Arc"),), ()])
def test_a_disk_that_writes_accents_in_another_way_makes_no_second_person(
    root: Path, people: tuple[RosterEntry, ...]
) -> None:
    for form in ("NFC", "NFD"):
        folder = unicodedata.normalize(form, "Zoë d’Arc_11_assignsubmission_file_")
        drop(root, f"{folder}/x.zip", hand_in("zz", time=hours(5 if form == "NFD" else 0)))
    inbox = collect(root, *people)
    assert (len(inbox.collected), inbox.refused) == (2, [])


def test_erasing_leaves_a_hand_in_that_the_trainers_folder_gave_to_somebody_else(root: Path) -> None:
    drop(root, f"s02/{MOODLE}/x.zip", hand_in("s01"))
    drop(root, f"{MOODLE}/y.zip", hand_in("s01", "repair"))

    def traces_of(learner: str) -> list[str]:
        return [trace.description for trace in inbox_traces(Coursework(root), learner, Roster([ADA, BOB]), bool)]

    assert traces_of("s02") == [f"inbox/s02/{MOODLE}"]
    assert traces_of("s01") == [f"inbox/{MOODLE}"]
