"""`course feedback` makes the pages that changed, stops no learner for another, and gets pages ready to go back."""

from __future__ import annotations

import html
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from course.content.lessons import find_lesson
from course.core import names
from course.records.feedback_file import read_feedback
from course.trainer.course_directory import Coursework
from course.trainer.feedback import command as feedback
from course.trainer.feedback.writer import FeedbackWriter
from tests.trainer.course_directories import SLUG, release, write_submissions

pytestmark = pytest.mark.nbgrader

PEOPLE = ["synthetic-0001", "synthetic-0002", "synthetic-0003", "o'neil [b] *"]
ODD = PEOPLE[-1]
TIME = "2026-11-22 12:01:02.345678 UTC"


@pytest.fixture(scope="module")
def made(checkouts: Callable[[], Any]) -> Any:
    """A checkout in which four learners' hand-ins of one exercise are marked; one has an id full of signs."""
    checkout = checkouts()
    release(checkout, SLUG)
    write_submissions(checkout.root, SLUG, 3)
    shutil.copytree(checkout.root / "submitted" / PEOPLE[0], checkout.root / "submitted" / ODD)
    (checkout.root / "submitted" / ODD / SLUG / "timestamp.txt").write_text(TIME, encoding="utf-8")
    checkout.run("python -m course grade")
    return checkout


@pytest.fixture
def root(made: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that checkout for one test, which `course feedback` takes for its own."""
    copy = tmp_path / "course"
    shutil.copytree(made.root, copy, ignore=shutil.ignore_patterns("__pycache__", "notebooks", "*.md"))
    monkeypatch.setattr(Coursework, "here", classmethod(lambda cls: cls(copy)))
    return copy


def page_of(root: Path, learner: str) -> Path:
    return root / "feedback" / learner / SLUG / f"{SLUG}.html"


def words(page: Path) -> str:
    """Return the words of a page as a person reads them."""
    text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(html.unescape(text).split())


def mark_reflection(root: Path, learner: str, marks: float, comment: str) -> None:
    """Give marks and a comment for a reflection, as the formgrader does."""
    with Coursework(root).gradebook() as gradebook:
        grade = gradebook.find_grade("reflection-marks", SLUG, SLUG, learner)
        grade.manual_score, grade.needs_manual_grade = marks, False
        gradebook.find_comment("reflection-marks", SLUG, SLUG, learner).manual_comment = comment
        gradebook.db.commit()


def came_from_moodle(root: Path, learner: str, name: str) -> None:
    receipt = {"format": 1, "exercise": SLUG, "learner": learner, "platform": name, "time-from": "platform"}
    (root / "submitted" / learner / SLUG / "receipt.json").write_text(json.dumps(receipt), encoding="utf-8")


def in_folder(made: Any, root: Path, line: str) -> str:
    """Run a line in a copy of the checkout, with the course that is in it."""
    return made.run(f"cd '{root}' && export PYTHONPATH='{root}' && {line}")


def test_each_learner_gets_a_page_and_nothing_else_of_the_hand_in(root: Path) -> None:
    (root / "autograded" / ODD / SLUG / "secrets.csv").write_text("marks of all", encoding="utf-8")
    (root / "autograded" / ODD / SLUG / "link.html").symlink_to(root / "gradebook.db")
    summary = feedback.run(unread=True, quiet=True)
    assert (summary.refused, summary.stopped) == ([], False)
    for learner in PEOPLE:
        assert "What you answered" in words(page_of(root, learner))
        assert {path.name for path in page_of(root, learner).parent.iterdir()} == {
            f"{SLUG}.html",
            "timestamp.txt",
            "made-of.txt",
        }
    assert "You handed this in on 22 November 2026, " in words(page_of(root, ODD))


def test_feedback_waits_until_its_reflection_is_read_unless_somebody_asks_for_it(root: Path) -> None:
    mark_reflection(root, PEOPLE[1], 9, "Synthetic.")
    held = feedback.run(quiet=True)
    assert [learner for learner in PEOPLE if page_of(root, learner).exists()] == [PEOPLE[1]]
    assert any("the feedback of 3 hand-ins is held back" in note for note in held.notes)
    asked = feedback.run(unread=True, quiet=True)
    assert all(page_of(root, learner).exists() for learner in PEOPLE)
    assert any("3 hand-ins are waiting to be marked" in note for note in asked.notes)


def test_feedback_goes_back_the_way_of_the_latest_hand_in(root: Path) -> None:
    secret = root / "autograded" / PEOPLE[0] / SLUG / names.SECRET
    secret.write_text("a1b2")
    feedback.run(learner=PEOPLE[0], unread=True, quiet=True)
    mine = root / "feedback-files" / "for-learners" / f"feedback-{PEOPLE[0]}.zip"
    assert not mine.exists()
    secret.unlink()  # handed in again, as a file, and marked
    feedback.run(learner=PEOPLE[0], unread=True, quiet=True)
    assert mine.exists()


def test_new_words_are_held_back_also_where_marks_were_kept(root: Path) -> None:
    for learner in PEOPLE[:2]:
        came_from_moodle(root, learner, f"Ada_{learner[-1]}_assignsubmission_file_")
        mark_reflection(root, learner, 10, "Specific.")
    feedback.run(quiet=True)
    with Coursework(root).gradebook() as gradebook:  # as marking does where an answer changed
        gradebook.find_grade("reflection-marks", SLUG, SLUG, PEOPLE[0]).needs_manual_grade = True
        gradebook.db.commit()
    for only in (PEOPLE[1], None):
        summary = feedback.run(learner=only, quiet=True)
        with zipfile.ZipFile(root / "feedback-files" / f"for-moodle-{SLUG}.zip") as file:
            assert file.namelist() == [f"Ada_2_assignsubmission_file_/feedback-{SLUG}.html"]
    assert any("the feedback of 3 hand-ins is held back" in note for note in summary.notes)


def test_nbgraders_own_command_makes_the_same_page(made: Any, root: Path) -> None:
    mark_reflection(root, PEOPLE[1], 10, "*Specific* & kind.")
    feedback.run(unread=True, quiet=True)
    ours = {learner: page_of(root, learner).read_text(encoding="utf-8") for learner in PEOPLE if learner != ODD}
    in_folder(made, root, f"nbgrader generate_feedback {SLUG} --force")
    for learner, page in ours.items():
        theirs = page_of(root, learner).read_text(encoding="utf-8")
        assert str(BeautifulSoup(page, "html.parser")).strip() == theirs.strip()
    assert "10 of 12 marks" in ours[PEOPLE[1]]
    assert "Your trainer has not marked this yet." in ours[PEOPLE[0]]


def test_a_page_is_made_again_when_its_comment_changed_and_no_other(root: Path) -> None:
    feedback.run(unread=True, quiet=True)
    before = {learner: page_of(root, learner).stat().st_mtime_ns for learner in PEOPLE}
    mark_reflection(root, ODD, 9, "Who else might see it otherwise?")
    summary = feedback.run(unread=True, quiet=True)
    assert summary.notes[0] == "Feedback pages: 1 written, 3 up to date."
    assert "Who else might see it otherwise?" in words(page_of(root, ODD))
    assert [one for one in PEOPLE if page_of(root, one).stat().st_mtime_ns != before[one]] == [ODD]


def test_a_page_is_made_again_when_it_was_lost_or_changed_on_disk(root: Path) -> None:
    feedback.run(unread=True, quiet=True)
    page_of(root, PEOPLE[0]).unlink()
    page_of(root, PEOPLE[1]).write_text("half", encoding="utf-8")
    assert feedback.run(unread=True, quiet=True).notes[0] == "Feedback pages: 2 written, 2 up to date."
    assert feedback.run([SLUG], unread=True, quiet=True).notes[0] == "Feedback pages: 0 written, 4 up to date."


def test_a_course_without_marks_says_none(root: Path) -> None:
    mark_reflection(root, ODD, 9, "Who else might see it otherwise?")
    feedback.run(unread=True, quiet=True)
    (root / "cohort.toml").write_text("marks = false\n", encoding="utf-8")
    assert feedback.run(unread=True, quiet=True).notes[0] == "Feedback pages: 4 written, 0 up to date."
    for learner in PEOPLE:
        assert not re.search(r"\b(marks?|points?)\b|\d of \d", words(page_of(root, learner)), re.IGNORECASE)
    assert "Who else might see it otherwise?" in words(page_of(root, ODD))


def test_one_learner_and_the_code_can_be_asked_for(root: Path) -> None:
    feedback.run(learner=ODD, code=True, unread=True, quiet=True)
    assert [path.name for path in (root / "feedback").iterdir()] == [ODD]
    assert "mark.matching" in words(page_of(root, ODD))


def test_who_cannot_get_a_page_is_refused_by_name_and_the_others_get_theirs(root: Path) -> None:
    marked = {learner: root / "autograded" / learner / SLUG / f"{SLUG}.ipynb" for learner in PEOPLE}
    marked[PEOPLE[0]].chmod(0o644)
    marked[PEOPLE[0]].write_text("{", encoding="utf-8")
    marked[PEOPLE[1]].unlink()
    marked[PEOPLE[1]].symlink_to(marked[PEOPLE[2]])
    with Coursework(root).gradebook() as gradebook:
        gradebook.remove_submission(SLUG, PEOPLE[2])
    refused = {one.name: one.why for one in feedback.run(unread=True, quiet=True).refused}
    assert "cannot be read" in refused[PEOPLE[0]]
    assert "is a link" in refused[PEOPLE[1]]
    assert "no marks" in refused[PEOPLE[2]]
    assert [one for one in PEOPLE if page_of(root, one).exists()] == [ODD]


def test_ctrl_c_leaves_whole_pages_and_the_next_run_goes_on(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, made = FeedbackWriter.write, []

    def interrupted(self: FeedbackWriter, *about: Any) -> bool:
        if len(made) == 2:
            raise KeyboardInterrupt
        made.append(about)
        return write(self, *about)

    with monkeypatch.context() as patch:
        patch.setattr(FeedbackWriter, "write", interrupted)
        assert feedback.run(unread=True, quiet=True).stopped
    assert not (root / "feedback-files").exists()
    assert feedback.run(unread=True, quiet=True).notes[0] == "Feedback pages: 2 written, 2 up to date."


def test_several_processes_make_the_same_pages(root: Path) -> None:
    feedback.run(unread=True, quiet=True)
    alone = {learner: page_of(root, learner).read_bytes() for learner in PEOPLE}
    shutil.rmtree(root / "feedback")
    assert feedback.run(jobs=2, unread=True, quiet=True).refused == []
    assert {learner: page_of(root, learner).read_bytes() for learner in PEOPLE} == alone


def test_a_learner_gets_a_zip_that_the_start_page_reads(root: Path) -> None:
    feedback.run(unread=True, quiet=True)
    path = root / "feedback-files" / "for-learners" / f"feedback-{ODD}.zip"
    assert read_feedback(path) == {(SLUG, TIME): page_of(root, ODD).read_bytes()}
    with zipfile.ZipFile(path) as file:
        assert sorted(file.namelist()) == sorted([f"{SLUG}.html", "feedback.json"])
        assert json.loads(file.read("feedback.json")) == {"format": 1, "feedback": {SLUG: {"handed-in": TIME}}}
    before = path.stat().st_mtime_ns
    feedback.run(unread=True, quiet=True)
    assert path.stat().st_mtime_ns == before


def test_moodle_gets_a_folder_for_each_that_it_named(root: Path) -> None:
    came_from_moodle(root, PEOPLE[0], "Ada Lovelace_1234567_assignsubmission_file_")
    came_from_moodle(root, PEOPLE[1], "Bo Ek_7654321_assignsubmission_file_hand-in-two-questions.zip")
    came_from_moodle(root, PEOPLE[2], "../../Eve_1_assignsubmission_file_")
    came_from_moodle(root, ODD, "lovelaceada_12345_67890_hand-in.zip")
    feedback.run(learner=PEOPLE[1], unread=True, quiet=True)
    feedback.run(unread=True, quiet=True)
    with zipfile.ZipFile(root / "feedback-files" / f"for-moodle-{SLUG}.zip") as file:
        assert sorted(file.namelist()) == [
            f"Ada Lovelace_1234567_assignsubmission_file_/feedback-{SLUG}.html",
            f"Bo Ek_7654321_assignsubmission_file_/feedback-{SLUG}.html",
        ]
        for name in file.namelist():
            assert moodles_participant(name) in ("1234567", "7654321")


def moodles_participant(path: str) -> str:
    """Return whom Moodle's importer takes a file's path for: it splits each part at underscores, five at most."""
    for part in path.split("/"):
        info = part.split("_", 4)
        if len(info) >= 4 and info[1].isdigit() and info[2:4] == ["assignsubmission", "file"]:
            return info[1]
    return ""


def test_a_page_whose_time_nobody_knows_goes_into_no_zip_and_that_is_said(root: Path) -> None:
    (root / "autograded" / ODD / SLUG / "timestamp.txt").write_text("noon", encoding="utf-8")
    summary = feedback.run(learner=ODD, unread=True, quiet=True)
    assert "For 1 learner there is no hand-in time" in " ".join(summary.notes)
    assert not (root / "feedback-files").exists()
    assert "You handed this in" not in words(page_of(root, ODD))


@pytest.fixture
def exchange(root: Path) -> Path:
    folder = root / "exchange"
    folder.mkdir()
    for learner in PEOPLE[:2]:
        (root / "autograded" / learner / SLUG / "submission_secret.txt").write_text(f"s{learner}", encoding="utf-8")
    return folder / "building-trust" / "feedback"


def test_what_came_through_the_exchange_goes_back_through_it(made: Any, root: Path, exchange: Path) -> None:
    said = json.loads(in_folder(made, root, "python -m course feedback --unread --json"))
    assert "Through the exchange: 2 pages. Learners fetch them." in said["notes"]
    lesson = find_lesson(SLUG)
    assert len(lesson.names) == 2, "a learner with version 0.1.0 looks for it under the exercise's former name"
    pages = {
        names.feedback_exchange_name(f"s{learner}".encode(), name) for learner in PEOPLE[:2] for name in lesson.names
    }
    assert {path.name for path in exchange.iterdir()} == pages
    files = {path.name for path in (root / "feedback-files" / "for-learners").iterdir()}
    assert files == {f"feedback-{one}.zip" for one in PEOPLE[2:]}


def test_an_exchange_that_is_not_here_is_said(root: Path, exchange: Path) -> None:
    shutil.rmtree(root / "exchange")
    assert any(
        "2 came through the exchange, and its folder is not here" in note
        for note in feedback.run(unread=True, quiet=True).notes
    )
