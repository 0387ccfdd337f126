"""A new list changes the roster as its preview says, in one go, and nothing before it is confirmed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from course.trainer.collecting.roster import ADDED, Roster, RosterEntry
from course.trainer.course_directory import Coursework
from course.trainer.roster.changes import RosterChanged, apply_roster, plan_roster
from course.trainer.roster.command import print_plan
from tests.trainer.submissions import course_directory

pytestmark = pytest.mark.nbgrader

FIRST = b"id,first name,surname,email\ns1,Ada,Lovelace,ada@example.org\ns2,Bob,Lee,bob@example.org\n007,Zo,Bond,\n"
SECOND = "id;first name;surname\ns1;Ada;King\ns3;Zoë;d’Arc\n7;Zo;Bond\n".encode("utf-8-sig")


@pytest.fixture
def desk(tmp_path: Path) -> Coursework:
    return Coursework(course_directory(tmp_path / "course"))


def on_roster(desk: Coursework) -> dict[str, RosterEntry]:
    with desk.gradebook() as gradebook:
        return Roster.read(gradebook).people


def write(desk: Coursework, data: bytes, **options: Any) -> None:
    apply_roster(desk, plan_roster(desk, data, **options))


def test_a_plan_says_what_changes_and_writes_nothing(desk: Coursework) -> None:
    write(desk, FIRST)
    before = on_roster(desk)
    plan = plan_roster(desk, SECOND)
    assert [person.id for person in plan.added] == ["s3", "7"]
    assert [change.parts for change in plan.changed] == [[("Lovelace", "King")]]
    assert [person.id for person in plan.gone] == ["007", "s2"]
    assert (plan.removed, plan.same) == ([], 0)
    assert any("“7” is new here, and “007” is on the roster" in note for note in plan.notes)
    assert on_roster(desk) == before


def test_what_a_table_does_not_say_stays_and_so_do_people_who_are_not_in_it(desk: Coursework) -> None:
    write(desk, FIRST)
    write(desk, SECOND)
    after = on_roster(desk)
    assert after["s1"] == RosterEntry("s1", "Ada", "King", "ada@example.org")
    assert set(after) == {"s1", "s2", "s3", "007", "7"}
    assert not plan_roster(desk, SECOND).writes


def test_an_id_in_other_capitals_is_the_same_person_and_stays_as_it_is(desk: Coursework) -> None:
    write(desk, FIRST)
    plan = plan_roster(desk, b"id,first name\nS1,Augusta\nS2,\n007,\n", remove=True)
    assert (plan.added, plan.gone) == ([], [])
    assert [(one.after.id, one.parts) for one in plan.changed] == [("s1", [("Ada", "Augusta")])]
    assert ["2 ids are on the roster in other capitals" in note for note in plan.notes] == [True]
    apply_roster(desk, plan)
    assert set(on_roster(desk)) == {"s1", "s2", "007"}


def test_people_are_taken_off_only_when_asked_and_if_they_handed_nothing_in(desk: Coursework) -> None:
    write(desk, FIRST)
    (desk.root / "submitted" / "s2" / "repair").mkdir(parents=True)
    plan = plan_roster(desk, SECOND, remove=True)
    assert any("handed something in: s2" in note for note in plan.notes)
    apply_roster(desk, plan)
    assert set(on_roster(desk)) == {"s1", "s2", "s3", "7"}


def test_somebody_who_handed_in_before_there_was_a_roster_is_put_on_it(desk: Coursework) -> None:
    with desk.gradebook() as gradebook:
        gradebook.add_student("s1", lms_user_id=ADDED)
        gradebook.add_student("guest", lms_user_id=ADDED)
    plan = plan_roster(desk, FIRST)
    assert [change.after.id for change in plan.changed] == ["s1"]
    assert ADDED not in str(plan.changed[0].parts)
    apply_roster(desk, plan)
    with desk.gradebook() as gradebook:
        roster = Roster.read(gradebook)
    assert roster.is_closed
    assert (roster.people["s1"].number, roster.people["guest"].number) == ("", ADDED)


def test_a_plan_for_another_roster_is_not_written(desk: Coursework) -> None:
    plan = plan_roster(desk, FIRST)
    with desk.gradebook() as gradebook:
        gradebook.add_student("s9")
    with pytest.raises(RosterChanged):
        apply_roster(desk, plan)
    assert set(on_roster(desk)) == {"s9"}


def test_a_roster_is_written_whole_or_not_at_all(desk: Coursework, monkeypatch: pytest.MonkeyPatch) -> None:
    from nbgrader.api import Student

    plan = plan_roster(desk, FIRST)
    monkeypatch.setattr(Student, "__init__", _fails_at("s2", Student.__init__))
    with pytest.raises(KeyboardInterrupt):
        apply_roster(desk, plan)
    assert on_roster(desk) == {}


def _fails_at(id: str, original: Any) -> Any:
    def make(self: Any, **fields: Any) -> None:
        if fields["id"] == id:
            raise KeyboardInterrupt
        original(self, **fields)

    return make


def test_eight_hundred_people_are_one_transaction(desk: Coursework) -> None:
    lines = [f"s{n:04},Ada,Lovelace {n},ada{n}@example.org" for n in range(800)]
    plan = plan_roster(desk, "\n".join(["id,first name,surname,email", *lines]).encode())
    commits: list[Any] = []

    def count(connection: Any) -> None:
        commits.append(connection)

    event.listen(Engine, "commit", count)
    try:
        on_roster(desk)
        opening = len(commits)
        apply_roster(desk, plan)
    finally:
        event.remove(Engine, "commit", count)
    assert (len(commits) - 2 * opening, len(on_roster(desk))) == (1, 800)


def test_of_many_new_people_the_first_are_shown_and_whoever_changes_or_goes_is_named(
    desk: Coursework, capsys: pytest.CaptureFixture[str]
) -> None:
    write(desk, "\n".join(["id,name", *[f"old{n},Old One" for n in range(50)]]).encode())
    print_plan(plan_roster(desk, "\n".join(["id,name", *[f"new{n},New One" for n in range(50)]]).encode()))
    said = capsys.readouterr().out
    assert [said.count(name) for name in ("New One", "Old One", "and 20 more")] == [30, 50, 1]


def test_the_command_shows_the_changes_and_writes_them_only_when_told_to(checkout: Any) -> None:
    path = checkout.root / "people.csv"
    path.write_bytes(FIRST)
    shown = checkout.run("course roster people.csv", fails=True)
    assert "3 new, 0 changed" in shown
    assert "Nothing was written. To write it: course roster people.csv --yes" in shown
    fields = json.loads(checkout.run("course roster people.csv --yes --json"))
    assert (fields["written"], len(fields["added"]), fields["id_column"]) == (True, 3, "id")
    assert "says all of this already" in checkout.run("course roster people.csv")
    path.write_text("id\nkim\nKIM\n\nCON\n")
    wrong = checkout.run("course roster people.csv --yes", fails=True)
    assert "Line 3: the id “KIM” is in line 2 too" in wrong
    assert "Line 5: the id “CON” cannot name a folder" in wrong
    listed = checkout.run("nbgrader db student list")
    assert listed.count("s1") == 1
    assert "kim" not in listed
