"""What a command names at its end as the next thing to do, from an empty course directory to the report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from course.trainer import missing
from course.trainer.collecting import needs_you
from course.trainer.collecting.command import collect
from course.trainer.course_directory import Coursework
from course.trainer.desk import steps as desk
from course.trainer.desk.shown import shown_summary
from course.trainer.due_days import command as due
from course.trainer.feedback import command as feedback
from course.trainer.marking.command import grade
from course.trainer.next_steps import number_unmarked
from course.trainer.roster import command as roster
from tests.conftest import Checkout
from tests.trainer.course_directories import SLUG, release, write_submissions
from tests.trainer.submissions import course_directory, drop, hand_in, hours

MOODLE = "Ada Synthetic_1234567_assignsubmission_file_"
PEOPLE = "id,first name,last name\ns01,Ada,Synthetic\ns02,Ben,Synthetic\n"
READ = "press “Mark the reflections that wait”"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course directory with nothing in it, which commands take for theirs."""
    folder = course_directory(tmp_path / "course")
    (folder / "inbox").mkdir()
    monkeypatch.setattr(Coursework, "here", classmethod(lambda cls: cls(folder)))
    return folder


@pytest.fixture(scope="module")
def released(checkouts: Callable[[], Checkout]) -> Checkout:
    """A checkout with one exercise released, and two hand-ins of it."""
    checkout = checkouts()
    release(checkout, SLUG)
    write_submissions(checkout.root, SLUG, 2)
    return checkout


def steps_of_collecting(root: Path) -> list[str]:
    return collect(Coursework(root), [SLUG], quiet=True).next_steps


def bring_people(root: Path, text: str = PEOPLE) -> None:
    (root / "people.csv").write_text(text, encoding="utf-8")
    assert roster.run(root / "people.csv", id_column="", remove=False, yes=True, as_json=False) == 0


def read_all(root: Path) -> None:
    """Mark every reflection, as the formgrader does."""
    with Coursework(root).gradebook() as gradebook:
        for submission in gradebook.assignment_submissions(SLUG):
            mark = gradebook.find_grade("reflection-marks", SLUG, SLUG, submission.student.id)
            mark.manual_score, mark.needs_manual_grade = 5, False
        gradebook.db.commit()


@pytest.mark.nbgrader
def test_collecting_leads_to_what_is_in_doubt_then_to_marking(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [nothing_in] = steps_of_collecting(root)
    assert nothing_in.startswith("Nothing is handed in yet.")
    bring_people(root)
    drop(root, "s01.zip", b"no zip")
    [refused] = steps_of_collecting(root)
    assert refused.startswith("All that was handed in was refused")
    drop(root, "s01.zip", hand_in("s01"))
    [mark] = steps_of_collecting(root)
    assert mark == "Next: course grade, to mark 1 hand-in."
    drop(root, f"{MOODLE}/hand-in-{SLUG}.zip", hand_in("s02", time=hours(2)))
    summary = collect(Coursework(root), [SLUG], quiet=True)
    assert summary.next_steps == ["Next: course needs-you, to say whose one hand-in is.", f"Then: {mark[6:]}"]
    summary.show(as_json=False)
    assert capsys.readouterr().out.rstrip().endswith("to mark 1 hand-in."), "it is the last that is read"


@pytest.mark.nbgrader
def test_a_stopped_command_names_no_step_but_itself(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    summary = collect(Coursework(root), [SLUG], quiet=True)
    summary.stopped = True
    summary.show(as_json=False)
    assert "Nothing is handed in yet" not in capsys.readouterr().out


@pytest.mark.nbgrader
def test_marking_leads_to_reading_and_reading_to_feedback(
    released: Checkout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root, coursework = released.root, Coursework(released.root)
    monkeypatch.setattr(Coursework, "here", classmethod(lambda cls: cls(root)))
    assert number_unmarked(coursework, [SLUG]) == 2
    marked = grade(coursework, [SLUG], jobs=1, quiet=True)
    [read] = marked.next_steps
    assert read.startswith("Next: read the 2 reflections that wait for you.")
    assert READ in read
    marked.show(as_json=False)
    assert READ in " ".join(capsys.readouterr().out.split())
    assert number_unmarked(coursework, [SLUG]) == 0
    assert steps_of_collecting(root) == [read]
    assert feedback.run(quiet=True).next_steps == [], "its notes say what is held back, and what to do"
    read_all(root)
    [back] = grade(coursework, [SLUG], jobs=1, quiet=True).next_steps
    assert back.startswith("Next: course feedback,")
    assert "No reflection waits to be read. Make the feedback below." in str(desk.grade({}))
    assert [step.partition(",")[0] for step in feedback.run(quiet=True).next_steps] == [
        "Next: course marks EXERCISE",
        "Then: course report",
    ]
    (root / "cohort.toml").write_text("marks = false\n", encoding="utf-8")
    assert [step.partition(",")[0] for step in feedback.run(quiet=True).next_steps] == ["Next: course report"]
    stamp = root / "submitted" / "synthetic-0001" / SLUG / "timestamp.txt"
    stamp.write_text("2026-12-01 12:00:00.000000 UTC", encoding="utf-8")
    assert steps_of_collecting(root) == ["Next: course grade, to mark 1 hand-in."], "it was handed in again"


@pytest.mark.nbgrader
def test_the_desk_names_no_command(root: Path) -> None:
    drop(root, "s01.zip", hand_in("s01"))
    shown = shown_summary(collect(Coursework(root), [SLUG], quiet=True))
    assert "course grade" not in str(shown)


@pytest.mark.nbgrader
def test_a_roster_leads_to_the_next_step_and_a_later_one_to_what_was_refused(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bring_people(root)
    assert "course release" in capsys.readouterr().out
    drop(root, "s03.zip", hand_in("s03"))
    collect(Coursework(root), [SLUG], quiet=True)
    bring_people(root, f"{PEOPLE}s03,Eve,Synthetic\n")
    assert "Next: course collect, to collect what was handed in." in capsys.readouterr().out


@pytest.mark.nbgrader
def test_the_last_decision_leads_to_collecting(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bring_people(root)
    for number in (1, 2):
        drop(root, f"{MOODLE}/hand-in-{number}.zip", hand_in("s02", time=hours(number)))
    first, second = needs_you.waiting_hand_ins(Coursework(root), needs_you.read_roster(Coursework(root)))
    capsys.readouterr()
    needs_you.run(first.item, "s02", nobody=False, as_json=False)
    assert "Next:" not in capsys.readouterr().out, "the other one is asked about first"
    needs_you.run(second.item, "s02", nobody=False, as_json=False)
    assert "Next: course collect, to collect what was handed in." in capsys.readouterr().out


@pytest.mark.nbgrader
def test_who_is_missing_ends_with_how_to_give_more_time(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bring_people(root)
    (root / "cohort.toml").write_text(f"[due]\n{SLUG} = 2020-01-01\n", encoding="utf-8")
    capsys.readouterr()
    assert missing.run((), as_json=False) == 1
    assert capsys.readouterr().out.rstrip().endswith("course due EXERCISE --learner ID --on DAY")


@pytest.mark.nbgrader
def test_where_nobody_is_on_the_roster_nobody_is_said_to_have_handed_in_all(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for has_gradebook in (False, True):
        assert missing.run((), as_json=False) == 0
        said = " ".join(capsys.readouterr().out.split())
        assert said.startswith("Nobody is on the roster yet"), has_gradebook
        assert said.endswith("course roster FILE")
        with Coursework(root).gradebook():
            pass
    bring_people(root)
    capsys.readouterr()
    missing.run((), as_json=False)
    said = capsys.readouterr().out
    assert "Nobody is missing from what is due by now." in said
    assert said.rstrip().endswith("course due EXERCISE --on DAY"), "no exercise has a day"


@pytest.mark.nbgrader
def test_the_days_end_with_how_to_set_one(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert due.run((), day=None, learner="", zone="", yes=False, as_json=False) == 0
    assert capsys.readouterr().out.rstrip().endswith("course due EXERCISE --on DAY")


@pytest.mark.nbgrader
def test_without_an_inbox_it_says_to_make_one(root: Path) -> None:
    (root / "inbox").rmdir()
    assert any("Make it" in note for note in collect(Coursework(root), [SLUG], quiet=True).notes)
