"""`course grade`: the same marks each way, once each, resumed after any stop, and nothing of a trainer's lost."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from course.core.errors import AlreadyRunning
from course.trainer.collecting.roster import ADDED, Roster
from course.trainer.command_support import single_instance
from course.trainer.course_directory import Coursework
from course.trainer.marking import marker
from course.trainer.marking.command import grade
from tests.exercise_keys import right, wrong
from tests.trainer.course_directories import (
    SLUG,
    forget_marks,
    handed_in_and_marked,
    marks,
    release,
    rows,
    write_submissions,
)

pytestmark = pytest.mark.nbgrader

PEOPLE = 12
WRONG = wrong(SLUG, "q2")


@pytest.fixture(scope="module")
def desk(checkouts: Callable[[], Any]) -> Any:
    """A checkout in which twelve people handed in an exercise, each marked by itself for comparison."""
    checkout = handed_in_and_marked(checkouts(), PEOPLE)
    checkout.undisturbed = rows(checkout.root)
    return checkout


@pytest.fixture
def course(desk: Any) -> Coursework:
    """The same checkout before marking, and a fresh look at it."""
    shutil.rmtree(desk.root / "submitted")
    write_submissions(desk.root, SLUG, PEOPLE)
    forget_marks(desk.root)
    return Coursework(desk.root)


def marked_at(root: Path) -> dict[str, int]:
    """Return when each marked notebook was written."""
    return {path.parent.parent.name: path.stat().st_mtime_ns for path in root.glob(f"autograded/*/{SLUG}/{SLUG}.ipynb")}


def notebook(root: Path, learner: str) -> Any:
    return json.loads((root / "autograded" / learner / SLUG / f"{SLUG}.ipynb").read_text(encoding="utf-8"))


def answer(root: Path, learner: str, **changed: Any) -> None:
    """Have a learner hand in again, a day later, with other answers."""
    folder = root / "submitted" / learner / SLUG
    whole = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    whole["answers"] |= changed
    (folder / "answers.json").write_text(json.dumps(whole), encoding="utf-8")
    (folder / "timestamp.txt").write_text("2026-12-01 12:00:00.000000 UTC", encoding="utf-8")


def test_every_hand_in_is_marked_and_waits_for_a_person(course: Coursework, desk: Any) -> None:
    summary = grade(course, [SLUG], jobs=1)
    (standing,) = summary.standings
    assert (standing.handed_in, standing.marked, standing.waiting, standing.late) == (PEOPLE, 0, PEOPLE, 0)
    assert (summary.refused, summary.left_out, summary.notes) == ([], [], [])
    assert rows(course.root) == desk.undisturbed


def test_marking_closes_no_roster_and_leaves_everyone_on_one_as_they_were(course: Coursework) -> None:
    grade(course, [SLUG], jobs=1)
    with course.gradebook() as gradebook:
        roster = Roster.read(gradebook)
        assert {person.number for person in roster.people.values()} == {ADDED}
        assert not roster.is_closed
        gradebook.update_or_create_student("synthetic-0001", first_name="Ada", lms_user_id="4242")
        gradebook.update_or_create_student("synthetic-0002", lms_user_id=None)
    grade(course, [SLUG], jobs=1, again=True)
    with course.gradebook() as gradebook:
        roster = Roster.read(gradebook)
    assert roster.is_closed
    assert (roster.people["synthetic-0001"].first, roster.people["synthetic-0001"].number) == ("Ada", "4242")
    assert (roster.people["synthetic-0002"].number, roster.people["synthetic-0003"].number) == ("", ADDED)


def test_two_processes_give_the_same_gradebook_as_one(course: Coursework, desk: Any) -> None:
    grade(course, [SLUG], jobs=2)
    assert rows(course.root) == desk.undisturbed


def test_what_is_marked_is_left_alone_the_next_time(course: Coursework) -> None:
    grade(course, [SLUG], jobs=1)
    before = marked_at(course.root)
    grade(course, [SLUG], jobs=1)
    assert marked_at(course.root) == before
    grade(course, [SLUG], jobs=1, again=True)
    after = marked_at(course.root)
    assert all(after[name] > before[name] for name in before)


def test_a_new_hand_in_keeps_the_trainers_marks_and_says_what_changed(course: Coursework) -> None:
    grade(course, [SLUG], jobs=1)
    with course.gradebook() as gradebook:
        for who in ("synthetic-0002", "synthetic-0003"):
            grade_given = gradebook.find_grade("reflection-marks", SLUG, SLUG, who)
            grade_given.manual_score, grade_given.needs_manual_grade = 9, False
        gradebook.find_comment("reflection-marks", SLUG, SLUG, "synthetic-0002").manual_comment = "Specific. Go on."
        gradebook.db.commit()
    answer(course.root, "synthetic-0002", q2=WRONG, reflection="Another text.")
    answer(course.root, "synthetic-0003", q2=wrong(SLUG, "q2", 1))
    before = marked_at(course.root)
    summary = grade(course, [SLUG], jobs=1)
    assert sorted(name for name, at in marked_at(course.root).items() if at != before[name]) == [
        "synthetic-0002",
        "synthetic-0003",
    ]
    note, other = summary.notes
    assert "Changed: q2." in other
    assert "synthetic-0002 handed in" in note
    assert "q2, reflection" in note
    assert marks(course.root, "synthetic-0002")["reflection-marks"] == (None, 9)
    with course.gradebook() as gradebook:
        comment = gradebook.find_comment("reflection-marks", SLUG, SLUG, "synthetic-0002")
        assert comment.manual_comment == "Specific. Go on."
        waits = [
            gradebook.find_grade("reflection-marks", SLUG, SLUG, who).needs_manual_grade
            for who in ("synthetic-0002", "synthetic-0003")
        ]
        assert waits == [True, False], "a reflection is read again only where it was written anew"
    words = json.dumps(notebook(course.root, "synthetic-0002"), ensure_ascii=False)
    assert "Handed in again. Changed since it was last marked: Question 2, The reflection." in words


@pytest.mark.parametrize("one_by_one", [False, True])
def test_a_mark_of_which_nothing_says_for_which_words_it_was_given_waits_for_a_person(
    course: Coursework, monkeypatch: pytest.MonkeyPatch, one_by_one: bool
) -> None:
    """As when somebody else's hand-in was marked as theirs, and its folders were taken away as the course says."""
    if one_by_one:
        monkeypatch.setattr(marker, "is_usable", lambda: False)
    who = "synthetic-0002"
    grade(course, [SLUG], jobs=1)
    with course.gradebook() as gradebook:
        given = gradebook.find_grade("reflection-marks", SLUG, SLUG, who)
        given.manual_score, given.needs_manual_grade = 3, False
        gradebook.db.commit()
    shutil.rmtree(course.root / "autograded" / who)
    answer(course.root, who, reflection="My own words.")
    grade(course, [SLUG], jobs=1)
    with course.gradebook() as gradebook:
        given = gradebook.find_grade("reflection-marks", SLUG, SLUG, who)
        assert (given.manual_score, given.needs_manual_grade) == (3, True)


def test_marking_once_more_says_nothing_of_a_new_hand_in(course: Coursework) -> None:
    grade(course, [SLUG], jobs=1)
    assert grade(course, [SLUG], jobs=1, again=True).notes == []


def test_a_released_key_that_changed_marks_again(course: Coursework, desk: Any) -> None:
    grade(course, [SLUG], jobs=1)
    before = marked_at(course.root)
    source = course.root / "source" / SLUG / f"{SLUG}.ipynb"
    honest = source.read_text(encoding="utf-8")
    try:
        source.write_text(honest.replace(f'    \\"{right(SLUG, "q2")}\\",', f'    \\"{WRONG}\\",'), encoding="utf-8")
        assert source.read_text(encoding="utf-8") != honest
        release(desk, SLUG)
        grade(Coursework(course.root), [SLUG], jobs=1)
        assert all(at > before[name] for name, at in marked_at(course.root).items())
        answered = {
            name: json.loads((course.root / "submitted" / name / SLUG / "answers.json").read_bytes()) for name in before
        }
        for name, whole in answered.items():
            assert marks(course.root, name)["q2-mark"][0] == (2 if whole["answers"].get("q2") == WRONG else 0)
    finally:
        source.write_text(honest, encoding="utf-8")
        release(desk, SLUG)


def test_a_refused_hand_in_keeps_what_was_marked_before(course: Coursework) -> None:
    grade(course, [SLUG], jobs=1)
    before = (marked_at(course.root), marks(course.root, "synthetic-0003"))
    (course.root / "submitted" / "synthetic-0003" / SLUG / "answers.json").write_text("{", encoding="utf-8")
    summary = grade(course, [SLUG], jobs=1)
    (refused,) = summary.refused
    assert (refused.name, refused.exercise) == ("synthetic-0003", SLUG)
    assert "answers.json" in refused.why
    assert (marked_at(course.root), marks(course.root, "synthetic-0003")) == before


def test_a_hand_in_without_answers_is_never_marked_in_silence(course: Coursework) -> None:
    lost, empty = (course.root / "submitted" / f"synthetic-000{number}" / SLUG for number in (3, 4))
    (empty / "submission_secret.txt").write_text("0a" * 64, encoding="utf-8")
    for folder in (lost, empty):
        (folder / "answers.json").unlink()
    summary = grade(course, [SLUG], jobs=1)
    assert [refused.name for refused in summary.refused] == ["synthetic-0003"]
    assert [left_out.name for left_out in summary.left_out] == ["synthetic-0004"]
    assert len(marked_at(course.root)) == PEOPLE - 1
    assert not (course.root / "autograded" / "synthetic-0003" / SLUG).exists()


def test_an_exercise_that_was_not_released_is_refused_with_what_to_do(course: Coursework) -> None:
    other = "keeping-your-word"
    write_submissions(course.root, other, 1)
    summary = grade(course, [other, SLUG], jobs=1)
    (refused,) = summary.refused
    assert refused.exercise == other
    assert f"course release {other}" in refused.why
    assert len(marked_at(course.root)) == PEOPLE


@pytest.mark.parametrize(
    "damaged", [b"", b"\xff\xfe", b"{", b"[]", b"[" * 100_000, b'{"cells": 7}', b'{"cells": [], "nbformat": "x"}']
)
def test_a_released_exercise_that_is_damaged_is_named_with_what_to_do(course: Coursework, damaged: bytes) -> None:
    release = course.root / "exercises" / SLUG / f"{SLUG}.ipynb"
    whole = release.read_bytes()
    release.write_bytes(damaged)
    summary = grade(course, [SLUG], jobs=1)
    assert len(summary.refused) == PEOPLE
    assert all(f"course release {SLUG}" in refused.why for refused in summary.refused)
    assert all("nothing is wrong with the hand-in" in refused.why for refused in summary.refused)
    release.write_bytes(whole)
    assert grade(course, [SLUG], jobs=1).refused == []


def test_what_a_learner_added_stands_at_the_end_as_text(course: Coursework) -> None:
    path = course.root / "submitted" / "synthetic-0004" / SLUG / f"{SLUG}.ipynb"
    whole = json.loads(path.read_text(encoding="utf-8"))
    mine = "# ```\n<script>alert(1)</script>"
    whole["cells"].insert(3, {"cell_type": "markdown", "id": "mine", "metadata": {}, "source": mine})
    path.write_text(json.dumps(whole), encoding="utf-8")
    summary = grade(course, [SLUG], jobs=1)
    (left_out,) = summary.left_out
    assert left_out.why == "One cell was added or changed by the learner: not run, and shown to you as text."
    last = notebook(course.root, "synthetic-0004")["cells"][-1]
    assert last["metadata"] == {"course": {"added": True}}
    assert "".join(last["source"]) == f"````text\n{mine}\n````"
    assert "course-added" not in json.dumps(notebook(course.root, "synthetic-0005"))


def test_only_one_run_at_a_time_is_let_in(course: Coursework) -> None:
    with (
        single_instance("grade", course.root, "busy"),
        pytest.raises(AlreadyRunning, match="Marking is already running"),
    ):
        grade(course, [SLUG], jobs=1)
    assert grade(course, [SLUG], jobs=1).refused == []


def test_what_somebody_is_just_collecting_is_left_to_them(course: Coursework) -> None:
    arriving = course.root / "earlier" / ".arriving" / "synthetic-0001"
    half, whole = arriving / f"{SLUG}.part", arriving / "repair"
    for folder in (half, whole):
        folder.mkdir(parents=True)
    with single_instance("collect", course.root, "busy"):
        grade(course, [SLUG], jobs=1)
        assert (half.is_dir(), whole.is_dir()) == (True, True)
    grade(course, [SLUG], jobs=1)
    assert not arriving.exists()
    shutil.rmtree(course.root / "submitted" / "synthetic-0001" / "repair")  # it came into its place


def command(desk: Any, *words: str) -> subprocess.Popen[str]:
    """Start `course grade` as a terminal would."""
    return subprocess.Popen(
        [sys.executable, "-m", "course", "grade", *words],
        cwd=desk.root,
        env=desk.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # also where the tests run in the background
    )


def test_what_a_killed_run_had_moved_aside_is_put_back(course: Coursework) -> None:
    grade(course, [SLUG], jobs=1)
    answer(course.root, "synthetic-0002", q2=WRONG)
    place = course.root / "autograded" / "synthetic-0002" / SLUG
    place.rename(place.with_name(f".{SLUG}.old"))
    (note,) = grade(course, [SLUG], jobs=1).notes
    assert "Changed: q2." in note
    assert [path.name for path in place.parent.iterdir()] == [SLUG]


def test_the_summary_is_there_for_programs_too(course: Coursework, desk: Any) -> None:
    said, _ = command(desk, SLUG, "--json").communicate(timeout=60)
    summary = json.loads(said)
    assert summary["command"] == "grade"
    assert summary["standings"][0]["waiting"] == PEOPLE
    assert summary["refused"] == []


def test_who_has_more_time_is_not_late_for_nbgrader_either(course: Coursework) -> None:
    settings = course.root / "cohort.toml"
    settings.write_text(
        f"[due]\n{SLUG} = 2026-01-01\n[extensions.synthetic-0001]\n{SLUG} = 2027-01-01\n", encoding="utf-8"
    )
    try:
        (standing,) = grade(Coursework(course.root), [SLUG], jobs=1).standings
    finally:
        settings.unlink()
    with course.gradebook() as gradebook:
        late = {one.student_id: one.total_seconds_late for one in gradebook.assignment_submissions(SLUG)}
        gradebook.update_or_create_assignment(SLUG, duedate=None)
        for one in gradebook.assignment_submissions(SLUG):
            one.extension = None
        gradebook.db.commit()
    assert standing.late == PEOPLE - 1
    assert [learner for learner, seconds in late.items() if not seconds] == ["synthetic-0001"]
