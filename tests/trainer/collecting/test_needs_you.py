"""The queue of hand-ins of which a trainer has to say whose they are: one decision, kept, and only about that one."""

from __future__ import annotations

import json
import os
import shutil
import sys
import unicodedata
from pathlib import Path

import pytest

from course.content import trainer_words
from course.core.errors import BadLearnerId, CannotMark
from course.trainer.collecting import needs_you
from course.trainer.collecting.decisions import FILE, NOBODY, forget_decisions, read_decisions
from course.trainer.collecting.needs_you import decide, waiting_hand_ins
from course.trainer.collecting.roster import Roster
from course.trainer.course_directory import Coursework
from tests.conftest import Checkout
from tests.trainer.collecting.inboxes import ADA, BOB, MOODLE, collect, kept, receipt
from tests.trainer.submissions import SLUG, drop, hand_in, hours, tree


@pytest.fixture
def roster() -> Roster:
    return Roster([ADA, BOB])


def test_what_waits_says_who_it_could_be_and_what_speaks_for_each(root: Path, roster: Roster) -> None:
    drop(root, f"{MOODLE}/x.zip", hand_in("s02"))
    drop(root, "s01/x.zip", hand_in("s01"))
    [waiting] = waiting_hand_ins(Coursework(root), roster)
    assert [candidate.learner for candidate in waiting.candidates] == ["s01", "s02"]
    assert "the platform says" in waiting.candidates[0].reason
    assert "its receipt says s02" in waiting.candidates[1].reason
    assert tree(root) == {}


def test_what_is_in_doubt_is_said_without_what_to_do_which_stands_beside_it_once(root: Path, roster: Roster) -> None:
    drop(root, f"{MOODLE}/x.zip", hand_in("s02"))
    [waiting] = waiting_hand_ins(Coursework(root), roster)
    assert waiting.doubt.endswith("the receipt says s02. Nothing was stored or replaced.")
    assert waiting.why == f"{waiting.doubt} {trainer_words('collect.decide')}"


@pytest.mark.parametrize("learner", ["s01", "s02"])
def test_a_decision_is_followed_kept_and_nothing_of_anybody_else_is_replaced(
    root: Path, roster: Roster, learner: str
) -> None:
    drop(root, f"{MOODLE}/x.zip", hand_in("s02", time=hours(5)))
    drop(root, "s02/x.zip", hand_in("s02"))
    [waiting] = waiting_hand_ins(Coursework(root), roster)
    before = collect(root, ADA, BOB)
    assert [row.learner for row in before.collected] == ["s02"]
    decide(Coursework(root), roster, waiting.item, learner)
    for _ in range(2):
        after = collect(root, ADA, BOB)
        assert {(row.learner, row.became) for row in after.collected} >= {(learner, "latest")}
        assert after.refused == []
    assert waiting_hand_ins(Coursework(root), roster) == []


@pytest.mark.parametrize("is_stored", [True, False])
def test_a_decision_makes_nobody_a_stranger_to_their_own_hand_ins(
    root: Path, roster: Roster, *, is_stored: bool
) -> None:
    own = "Bob O’Neill_1234568_assignsubmission_file_"
    if is_stored:
        drop(root, f"{own}/x.zip", hand_in("s02"))
    assert collect(root, ADA, BOB).refused == []
    drop(root, f"{MOODLE}/x.zip", hand_in("s02", time=hours(5)))
    [waiting] = waiting_hand_ins(Coursework(root), roster)
    decide(Coursework(root), roster, waiting.item, "s02")
    assert collect(root, ADA, BOB).refused == []
    drop(root, f"{own}/later.zip", hand_in("s02", time=hours(6)))
    for _ in range(2):
        after = collect(root, ADA, BOB)
        assert after.refused == []
        assert {(row.learner, row.became) for row in after.collected} == {("s02", "latest"), ("s02", "earlier")}
    stranger = own.replace("8", "9")
    drop(root, f"{stranger}/x.zip", hand_in("s02", time=hours(7)))
    assert ["Somebody else handed in for s02" in one.why for one in collect(root, ADA, BOB).refused] == [True]


def test_the_next_hand_in_that_looks_alike_is_asked_about_again(root: Path, roster: Roster) -> None:
    drop(root, f"{MOODLE}/x.zip", hand_in("s02"))
    [first] = waiting_hand_ins(Coursework(root), roster)
    decide(Coursework(root), roster, first.item, "s01")
    drop(root, f"{MOODLE}/x.zip", hand_in("s02", time=hours(5)))
    [second] = waiting_hand_ins(Coursework(root), roster)
    assert second.item != first.item


def test_what_is_nobodys_is_set_aside_and_said_and_can_be_decided_anew(root: Path, roster: Roster) -> None:
    drop(root, f"{MOODLE}/x.zip", hand_in("s02"))
    [waiting] = waiting_hand_ins(Coursework(root), roster)
    decide(Coursework(root), roster, waiting.item, NOBODY)
    inbox = collect(root, ADA, BOB)
    assert (inbox.collected, inbox.refused) == ([], [])
    assert ["1 hand-in was set aside" in note for note in inbox.notes] == [True]
    decide(Coursework(root), roster, waiting.item, "s02")
    assert [row.learner for row in collect(root, ADA, BOB).collected] == ["s02"]


def test_a_folder_that_names_somebody_counts_before_an_earlier_decision(root: Path, roster: Roster) -> None:
    drop(root, f"{MOODLE}/x.zip", hand_in("s02"))
    [waiting] = waiting_hand_ins(Coursework(root), roster)
    decide(Coursework(root), roster, waiting.item, NOBODY)
    (root / "inbox" / "s02").mkdir()
    (root / "inbox" / MOODLE).rename(root / "inbox" / "s02" / MOODLE)
    assert [row.learner for row in collect(root, ADA, BOB).collected] == ["s02"]


@pytest.mark.parametrize("by_folder", [False, True])
def test_a_decision_that_is_changed_says_where_the_hand_in_still_lies(
    root: Path, roster: Roster, *, by_folder: bool
) -> None:
    drop(root, "s01/x.zip", hand_in("s01"))
    drop(root, f"{MOODLE}/x.zip", hand_in("s02", time=hours(1)))
    [waiting] = waiting_hand_ins(Coursework(root), roster)
    decide(Coursework(root), roster, waiting.item, "s01")
    assert collect(root, ADA, BOB).refused == []
    if by_folder:
        (root / "inbox" / "s02").mkdir()
        (root / "inbox" / MOODLE).rename(root / "inbox" / "s02" / MOODLE)
    else:
        decide(Coursework(root), roster, waiting.item, "s02")
    for _ in range(2):
        [left] = collect(root, ADA, BOB).refused
        assert left.name == f"submitted/s01/{SLUG}"
        assert "collected as s01’s" in left.why
    shutil.rmtree(kept(root, "s01"))
    after = collect(root, ADA, BOB)
    assert after.refused == []
    assert {(row.learner, row.became) for row in after.collected} == {("s01", "latest"), ("s02", "latest")}
    assert receipt(root, "s01")["learner"] == "s01"


def test_a_decision_for_somebody_who_is_gone_asks_again(root: Path, roster: Roster) -> None:
    drop(root, f"{MOODLE}/x.zip", hand_in("s02"))
    [waiting] = waiting_hand_ins(Coursework(root), roster)
    decide(Coursework(root), roster, waiting.item, "s02")
    assert collect(root, ADA).collected == []
    forget_decisions(root, "s02")
    assert read_decisions(root) == {}


@pytest.mark.parametrize("typed", ["S02", "Bob@Example.org"])
def test_an_id_in_capitals_and_an_address_mean_the_one_who_has_them(root: Path, roster: Roster, typed: str) -> None:
    drop(root, f"{MOODLE}/x.zip", hand_in("s02"))
    [waiting] = waiting_hand_ins(Coursework(root), roster)
    decide(Coursework(root), roster, waiting.item, typed)
    assert set(read_decisions(root).values()) == {"s02"}


def test_nothing_is_decided_for_what_does_not_wait_or_for_nobody_known(root: Path, roster: Roster) -> None:
    drop(root, f"{MOODLE}/x.zip", hand_in("s02"))
    [waiting] = waiting_hand_ins(Coursework(root), roster)
    with pytest.raises(CannotMark, match="No hand-in with the item"):
        decide(Coursework(root), roster, "0" * 12, "s01")
    with pytest.raises(BadLearnerId, match="nobody with the id"):
        decide(Coursework(root), roster, waiting.item, "s03")
    assert not (root / FILE).exists()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no names that are no text")
def test_a_name_that_is_no_text_waits_alone_and_keeps_nobody_from_being_collected(root: Path, roster: Roster) -> None:
    name = os.fsdecode(b"Ada L\xffvelace_1234567_assignsubmission_file_")
    drop(root, f"{name}/x.zip", hand_in("s09"))
    drop(root, "s02/x.zip", hand_in("s02"))
    assert [row.learner for row in collect(root, ADA, BOB).collected] == ["s02"]
    [waiting] = waiting_hand_ins(Coursework(root), roster)
    decide(Coursework(root), roster, waiting.item, "s01")
    assert sorted(row.learner for row in collect(root, ADA, BOB).collected) == ["s01", "s02"]


@pytest.mark.skipif(sys.platform == "darwin", reason="its disks take both ways to write a letter for one")
def test_a_decision_lasts_where_the_disk_writes_an_accent_in_another_way(root: Path, roster: Roster) -> None:
    name = "Zoë Lovelace_1_assignsubmission_file_"
    drop(root, f"{name}/x.zip", hand_in("s09"))
    [waiting] = waiting_hand_ins(Coursework(root), roster)
    decide(Coursework(root), roster, waiting.item, "s01")
    (root / "inbox" / name).rename(root / "inbox" / unicodedata.normalize("NFD", name))
    assert [row.learner for row in collect(root, ADA, BOB).collected] == ["s01"]


@pytest.mark.nbgrader
def test_the_command_lists_what_waits_and_takes_the_decision(checkout: Checkout) -> None:
    (checkout.root / "people.csv").write_text("id,first_name,last_name\ns01,Ada,Lovelace\ns02,Bob,O’Neill\n")
    drop(checkout.root, f"{MOODLE}/x.zip", hand_in("s02"))
    checkout.run("course roster people.csv --yes")
    [waiting] = json.loads(checkout.run("course needs-you --json", fails=True))["waiting"]
    assert [candidate["learner"] for candidate in waiting["candidates"]] == ["s01", "s02"]
    assert trainer_words("needs-you.nothing") in checkout.run(f"course needs-you {waiting['item']} s02")
    assert "s02" in checkout.run("course collect")
    assert "what you decided for them in decisions.json" in checkout.run("course forget-learner s02 --yes")
    assert "s02" not in (checkout.root / "decisions.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["", "[]", '{"format": 2, "decisions": {}}', '{"format": 1, "decisions": {"a": 3}}'])
def test_a_damaged_record_of_decisions_stops_before_anything_is_taken_for_another(root: Path, text: str) -> None:
    (root / FILE).write_text(text, encoding="utf-8")
    drop(root, "s01/x.zip", hand_in("s01"))
    with pytest.raises(CannotMark, match="not what the course wrote"):
        collect(root, ADA, BOB)
    assert tree(root) == {}


def test_where_nothing_is_in_doubt_it_says_what_was_looked_for_and_what_was_not(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Coursework, "here", classmethod(lambda cls: cls(root)))
    drop(root, "s01.zip", hand_in("s01"))
    assert needs_you.run("", "", nobody=False, as_json=False) == 0
    said = capsys.readouterr().out
    for words in ("whose it is", "folder inbox", "Reflections", "course grade"):
        assert words in said, said


def test_what_was_kept_by_a_decision_is_said_to_be_so_and_by_a_folder_too(root: Path, roster: Roster) -> None:
    drop(root, f"{MOODLE}/x.zip", hand_in("s02"))
    [waiting] = waiting_hand_ins(Coursework(root), roster)
    decide(Coursework(root), roster, waiting.item, "s01")
    [note] = collect(root, ADA, BOB).notes
    assert "is kept as s01’s, as you decided, although its receipt says s02." in note
    (root / "inbox" / "s01").mkdir()
    (root / "inbox" / MOODLE).rename(root / "inbox" / "s01" / MOODLE)
    [note] = collect(root, ADA, BOB).notes
    assert "is kept as s01’s, as the platform or your folder says," in note
