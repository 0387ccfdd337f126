"""What is read of a course directory: its gradebook, its folders, and answers that come from strangers."""

from __future__ import annotations

import datetime
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from course.core import moments
from course.records.habit_check import HabitCheck, read_habit_check
from course.trainer.collecting.roster import RosterEntry
from course.trainer.course_directory import Coursework
from course.trainer.feedback.marks import read_marks
from course.trainer.marked_questions import all_questions, questions
from course.trainer.report.cohort_data import read_cohort
from course.trainer.second_marks.sample import WrittenReflection, level_names
from course.trainer.second_marks.store import SecondMark, write_second_marks
from tests.cases import every
from tests.exercise_keys import TRIES
from tests.trainer.cohorts import BEST, QUESTIONS, ROOT, SLUG

RATED = [4, 5, None, *[6] * 9]
NOW = "trust-plan"
MOST = {key: tries[0][1] for key, tries in TRIES[SLUG].items()}
"""The most marks of each question."""
GRADEBOOK = pytest.mark.filterwarnings("ignore:Object of type .* not in session")  # nbgrader's own


def prepare(root: Path) -> Path:
    """Make a course directory with the sources of this one, and nobody in it."""
    root.mkdir()
    (root / "source").symlink_to(ROOT / "source")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    return root


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course directory with a gradebook and hand-ins, to copy."""
    root = prepare(tmp_path_factory.mktemp("cohort") / "course")
    fill(root)
    return root


@pytest.fixture
def root(filled: Path, tmp_path: Path) -> Path:
    """Return a copy of it."""
    return Path(shutil.copytree(filled, tmp_path / "course", symlinks=True))


def hand_in(root: Path, step: str, learner: str, slug: str, answers: Any) -> Path:
    folder = root / step / learner / slug
    folder.mkdir(parents=True, exist_ok=True)
    whole = {"format": 2, "exercise": slug, "version": 2, "answers": answers} if isinstance(answers, dict) else answers
    (folder / "answers.json").write_text(whole if isinstance(whole, str) else json.dumps(whole), encoding="utf-8")
    return folder


def fill(root: Path) -> None:
    """Make a gradebook of four people: one is marked, one waits for a person, one is new, one did nothing."""
    coursework = Coursework(root)
    with coursework.gradebook() as gradebook:
        due = datetime.datetime(2026, 12, 1)
        gradebook.add_assignment(SLUG, duedate=due)
        gradebook.add_notebook(SLUG, SLUG)
        for key, most in MOST.items():
            gradebook.add_grade_cell(f"{key}-mark", SLUG, SLUG, max_score=most, cell_type="code")
        gradebook.add_task_cell("reflection-marks", SLUG, SLUG, max_score=12, cell_type="markdown")
        gradebook.add_student(
            "one", first_name="Synthetic", last_name="One", email="one@synthetic.test", lms_user_id="77"
        )
        for learner in ("two", "three", "four"):
            gradebook.add_student(learner)
        for learner, when in (("one", due), ("two", due + datetime.timedelta(days=1))):
            gradebook.add_submission(SLUG, learner, timestamp=when)
            for key in BEST:
                grade = gradebook.find_grade(f"{key}-mark", SLUG, SLUG, learner)
                grade.auto_score, grade.needs_manual_grade = 2, False
            task = gradebook.find_grade("reflection-marks", SLUG, SLUG, learner)
            task.manual_score, task.needs_manual_grade = (10, False) if learner == "one" else (None, True)
        gradebook.db.commit()
    for learner in ("one", "two"):
        hand_in(root, "autograded", learner, SLUG, BEST)
    for learner, day in (("one", 1), ("two", 2), ("three", 2), ("nobody-knows", 1)):
        folder = hand_in(root, "submitted", learner, SLUG, {**BEST, "reflection": "words", "shared-start": RATED})
        (folder / "timestamp.txt").write_text(f"2026-12-0{day} 00:00:00.000000 UTC", encoding="utf-8")


@GRADEBOOK
@pytest.mark.nbgrader
def test_a_gradebook_and_its_folders_make_a_cohort(root: Path) -> None:
    data = read_cohort(Coursework(root))
    assert data.people[1] == RosterEntry("one", "Synthetic", "One", "one@synthetic.test", "77")
    assert data.learners == ["four", "one", "three", "two"]
    stands = {row.learner: (row.is_late, row.is_marked, row.is_waiting) for row in data.submissions}
    assert stands == {"one": (False, True, False), "two": (True, False, True), "three": (True, False, False)}
    marks = {(row.learner, row.question): (row.marks, row.most, row.is_waiting) for row in data.marks}
    assert marks["one", "q2"] == (2, MOST["q2"], False)
    assert marks["one", "reflection"] == (10, 12, False)
    assert marks["two", "reflection"] == (0, 12, True)
    assert data.strangers == ("nobody-knows",)
    assert set(data.ratings["start"]) == {"one", "two", "three"}
    assert {row.question for row in data.answers} == set(BEST)  # no words that anyone wrote
    assert "Synthetic" not in repr(data)


@GRADEBOOK
@pytest.mark.nbgrader
def test_what_lateness_costs_is_taken_off_as_on_the_feedback_page_and_for_a_platform(root: Path) -> None:
    coursework = Coursework(root)
    with coursework.gradebook() as gradebook:
        gradebook.find_submission_notebook(SLUG, SLUG, "one").late_submission_penalty = 1.5
        gradebook.db.commit()
    with coursework.read_gradebook() as reader:
        given = {learner: marks.score for learner, marks in read_marks(reader, SLUG).items()}
    totals = {learner: total for (learner, _), total in read_cohort(coursework).totals().items()}
    assert totals == given == {"one": 2 * len(BEST) + 10 - 1.5, "two": 2 * len(BEST)}


@GRADEBOOK
@pytest.mark.nbgrader
def test_what_has_a_day_to_come_is_not_due_and_what_has_none_is(root: Path) -> None:
    day = datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC)
    with moments.clock_at(day + datetime.timedelta(seconds=1)):
        assert read_cohort(Coursework(root)).not_due == set()
    with moments.clock_at(day):
        assert read_cohort(Coursework(root)).not_due == {SLUG}
        (root / "cohort.toml").write_text("[due]\nrepair = 2026-12-24\n", encoding="utf-8")
        assert read_cohort(Coursework(root)).not_due == {"repair"}  # the file decides where there is one
        late = f"[due]\n{SLUG} = 2026-11-30\n[extensions.two]\n{SLUG} = 2026-12-03\nrepair = 2026-12-30\n"
        (root / "cohort.toml").write_text(late, encoding="utf-8")
        data = read_cohort(Coursework(root))
        assert data.has_time == {("two", SLUG)}
        assert {row.learner: row.is_late for row in data.submissions} == {"one": True, "two": False, "three": True}


@GRADEBOOK
@pytest.mark.nbgrader
def test_a_second_mark_counts_for_the_words_that_were_marked_last_of_somebody_on_the_roster(root: Path) -> None:
    words = {"one": "Ada wrote.", "two": "Ben wrote.", "three": " ", "nobody-knows": "Nobody wrote."}
    for learner, text in words.items():
        hand_in(root, "autograded", learner, SLUG, {**BEST, "reflection": text})
    (levels,) = {level_names(one.rubric) for one in QUESTIONS if (one.exercise, one.key) == (SLUG, "reflection")}
    written = {learner: WrittenReflection(SLUG, learner, text, levels) for learner, text in words.items()}
    marks = [SecondMark(SLUG, learner, 3, "KD", one.digest, "Why?") for learner, one in written.items()]
    write_second_marks(root, [*marks, SecondMark("repair", "one", 3, "KD", written["one"].digest)])
    second = read_cohort(Coursework(root)).second
    assert second.chosen == {("one", SLUG), ("two", SLUG)}
    assert second.marks == tuple(mark for mark in marks if mark.learner in ("one", "two"))
    assert second.outdated == 1  # three's, whose reflection is empty now
    hand_in(root, "autograded", "one", SLUG, {**BEST, "reflection": "Ada wrote again."})
    later = read_cohort(Coursework(root)).second
    assert ([mark.learner for mark in later.marks], later.outdated) == (["two"], 2)


def test_looking_at_an_empty_course_makes_nothing(tmp_path: Path) -> None:
    root = prepare(tmp_path / "course")
    before = sorted(root.iterdir())
    data = read_cohort(Coursework(root))
    assert (data.learners, len(data.submissions), len(data.marks)) == ([], 0, 0)
    assert sorted(root.iterdir()) == before


@GRADEBOOK
@pytest.mark.nbgrader
def test_the_latest_hand_in_says_what_is_shared(root: Path) -> None:
    hand_in(root, "autograded", "one", NOW, {"shared-now": RATED, "shared-looking-back": RATED})
    assert read_cohort(Coursework(root)).ratings["now"] == {"one": HabitCheck(1, RATED)}
    hand_in(root, "submitted", "one", NOW, {"shared-looking-back": {"version": 2, "ratings": RATED}})
    data = read_cohort(Coursework(root))
    assert (data.ratings["now"], data.ratings["looking-back"]) == ({}, {"one": HabitCheck(2, RATED)})


@GRADEBOOK
@pytest.mark.nbgrader
@pytest.mark.skipif(os.name != "posix", reason="links and pipes are POSIX's")
def test_strangers_files_are_left_out_and_stop_nothing(root: Path) -> None:
    hand_in(root, "submitted", "two", SLUG, "[" * 100_000)
    (root / "submitted" / "three" / SLUG / "answers.json").unlink()
    os.mkfifo(root / "submitted" / "three" / SLUG / "answers.json")
    (root / "submitted" / "four").mkdir()
    (root / "submitted" / "four" / SLUG).symlink_to(root / "submitted" / "one" / SLUG)
    data = read_cohort(Coursework(root))
    assert set(data.ratings["start"]) == {"one"}
    assert data.handed_in(SLUG) == {"one", "two", "three"}


@every("value", [None, "4" * 12, [4] * 11, [4] * 13, [None] * 12, [8, *RATED[1:]], [True, *RATED[1:]]])
def test_ratings_that_no_card_would_share_are_left_out(value: object) -> None:
    assert read_habit_check(value) is None
    assert read_habit_check({"version": 2, "ratings": value}) is None
    assert read_habit_check(RATED) == HabitCheck(1, RATED)
    assert read_habit_check({"version": 2, "ratings": RATED}) == HabitCheck(2, RATED)


def test_every_exercise_has_eight_marks_for_questions_and_twelve_for_the_reflection() -> None:
    for slug in {question.exercise for question in QUESTIONS}:
        most = {question.key: question.most for question in questions(ROOT, slug)}
        assert most.pop("reflection") == 12
        assert sum(most.values()) == 8
    assert len({question.exercise for question in all_questions(ROOT)}) == 8


def test_every_option_has_its_words() -> None:
    for question in QUESTIONS:
        assert set(question.best) <= set(question.words)
        assert bool(question.words) is bool(question.best) is (question.kind in ("choice", "ticks", "matching"))
