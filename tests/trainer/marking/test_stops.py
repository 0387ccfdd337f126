"""Marking that is stopped, at any moment and in any way: the next run ends as if nothing had been."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.gradebook_rows import all_rows
from course.core.errors import GradebookUnusable
from course.trainer.course_directory import Coursework
from course.trainer.marking import batch_saving
from course.trainer.marking.command import grade
from tests.exercise_keys import wrong
from tests.trainer.course_directories import SLUG, forget_marks, handed_in_and_marked
from tests.trainer.marking.dying import BATCH, SAID, dies

pytestmark = pytest.mark.nbgrader

PEOPLE = 12
KILLS = 8
ALL = ("KILL ALL",)
ALONE = ("KILL",)


@pytest.fixture(scope="module")
def desk(checkouts: Callable[[], Any]) -> Any:
    """A checkout in which twelve people handed in an exercise, and what marking leaves that nothing disturbs."""
    checkout = handed_in_and_marked(checkouts(), PEOPLE)
    checkout.undisturbed = all_of(checkout.root)
    return checkout


@pytest.fixture
def root(desk: Any) -> Path:
    """The same checkout before marking."""
    forget_marks(desk.root)
    return desk.root


def all_of(root: Path) -> tuple[Any, dict[str, bytes]]:
    """Return every row of the gradebook and every marked file."""
    files = [path for path in sorted((root / "autograded").rglob("*")) if path.is_file()]
    return all_rows(root / "gradebook.db"), {str(path.relative_to(root)): path.read_bytes() for path in files}


def marked_at(root: Path) -> dict[str, int]:
    """Return when each marked notebook was written."""
    return {path.parent.parent.name: path.stat().st_mtime_ns for path in root.glob(f"autograded/*/{SLUG}/{SLUG}.ipynb")}


def test_killed_at_any_moment_the_next_run_ends_as_an_undisturbed_one(root: Path, desk: Any) -> None:
    chance = random.Random(4)
    moments = [("commit", 3), ("rename", PEOPLE), ("rename", 2 * PEOPLE), ("file", 30 * PEOPLE)]
    died = 0
    for kill in range(KILLS):
        moment, most = moments[kill % 4]
        jobs, signals = 2 if kill % 5 == 0 else 1, ALONE if kill % 2 else ALL
        again = kill % 3 == 1
        if not again:
            shutil.rmtree(root / "autograded", ignore_errors=True)
        code = dies(root, jobs=jobs, again=again, moment=moment, number=chance.randint(1, most), signals=signals)
        died += code == -9
        assert grade(Coursework(root), [SLUG], jobs=1).refused == []
        assert all_of(root) == desk.undisturbed
    assert died >= KILLS * 0.7


@pytest.mark.parametrize(("moment", "number"), [("commit", 1), ("rename", 1), ("rename", 2), ("rename", 3)])
def test_new_answers_are_still_new_to_the_run_after_one_that_was_killed(
    root: Path, desk: Any, moment: str, number: int
) -> None:
    course, answers = Coursework(root), root / "submitted" / "synthetic-0002" / SLUG / "answers.json"
    before = answers.read_bytes()
    try:
        ends = []
        for is_disturbed in (False, True):
            forget_marks(root)
            answers.write_bytes(before)
            grade(course, [SLUG], jobs=1)
            whole = json.loads(before)
            whole["answers"] |= {"q2": wrong(SLUG, "q2"), "reflection": "Another text."}
            answers.write_text(json.dumps(whole), encoding="utf-8")
            if is_disturbed:
                died = dies(root, jobs=1, again=False, moment=moment, number=number, signals=ALONE)
                assert died == -9 or (moment, number) == ("rename", 3), "it has two: one folder out, another in"
            notes = grade(course, [SLUG], jobs=1).notes
            ends.append(all_of(root))
        assert ends[0] == ends[1]
        assert ("q2, reflection" in " ".join(notes)) is (number < 3)
    finally:
        answers.write_bytes(before)


@pytest.mark.parametrize(("moment", "number"), [("prepared file", 10), ("commit", 1), ("rename", 2)])
def test_when_ctrl_c_is_pressed_what_waits_is_saved_and_the_next_run_goes_on(
    root: Path, desk: Any, moment: str, number: int
) -> None:
    code = dies(root, jobs=1, again=False, moment=moment, number=number, signals=("INT",))
    said = (root / SAID).read_text(encoding="utf-8")
    assert code == 130, said
    assert "picks up where it left off" in " ".join(said.split())
    assert 'File "' not in said, "it does not show where it was"
    some = marked_at(root)
    assert len(some) in (range(1, BATCH) if moment == "prepared file" else [BATCH]), len(some)
    grade(Coursework(root), [SLUG], jobs=1)
    assert all_of(root) == desk.undisturbed
    assert {name: at for name, at in marked_at(root).items() if name in some} == some


def test_several_processes_stop_quietly_however_often_ctrl_c_is_pressed(root: Path, desk: Any) -> None:
    assert dies(root, jobs=2, again=True, moment="commit", number=1, signals=("INT",) * 5) in {130, 1}
    assert 'File "' not in (root / SAID).read_text(encoding="utf-8"), "no process shows where it was"
    grade(Coursework(root), [SLUG], jobs=1)
    assert all_of(root) == desk.undisturbed


def test_where_the_gradebook_is_locked_nothing_is_marked_and_the_next_run_does_it(root: Path, desk: Any) -> None:
    other = sqlite3.connect(root / "gradebook.db")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(GradebookUnusable, match="Another program is writing"):
        grade(Coursework(root), [SLUG], jobs=1)
    other.rollback()
    other.close()
    assert marked_at(root) == {}
    grade(Coursework(root), [SLUG], jobs=1)
    assert all_of(root) == desk.undisturbed


def test_one_fault_in_a_batch_costs_that_learner_alone(root: Path, desk: Any) -> None:
    course = Coursework(root)
    grade(course, [SLUG], jobs=1)
    with course.gradebook() as gradebook:
        gradebook.db.delete(gradebook.find_grade("q2-mark", SLUG, SLUG, "synthetic-0003"))
        gradebook.db.commit()
    before = all_of(root)
    summary = grade(course, [SLUG], jobs=1, again=True)
    assert [refusal.name for refusal in summary.refused] == ["synthetic-0003"]
    assert all_of(root) == before, "the others are marked as they were"


def test_with_an_nbgrader_whose_rows_are_not_known_each_is_saved_by_itself(
    root: Path, desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_saving, "KNOWN_VERSION", "another")
    grade(Coursework(root), [SLUG], jobs=1)
    assert all_of(root) == desk.undisturbed
