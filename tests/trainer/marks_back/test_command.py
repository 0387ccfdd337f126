"""`course marks` writes only what is wholly marked, beside the gradebook."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from course.core.errors import AlreadyRunning, CannotMark
from course.trainer.command_support import single_instance
from course.trainer.course_directory import Coursework
from course.trainer.marks_back.command import marks_back
from course.trainer.marks_back.people_in_files import read_people
from tests.trainer.course_directories import SLUG, release, write_submissions

pytestmark = pytest.mark.nbgrader


def test_marks_go_back_once_a_person_has_read_the_reflection(checkouts: Callable[[], Any], tmp_path: Path) -> None:
    checkout = checkouts()
    release(checkout, SLUG)
    write_submissions(checkout.root, SLUG, 2)
    checkout.run("python -m course grade")
    coursework = Coursework(checkout.root)
    with pytest.raises(CannotMark, match="wholly marked"):
        marks_back(coursework, SLUG)
    with single_instance("marks", checkout.root, "synthetic"), pytest.raises(AlreadyRunning, match="being made"):
        marks_back(coursework, SLUG)
    with coursework.gradebook() as gradebook:
        book = gradebook.find_submission_notebook(SLUG, SLUG, "synthetic-0001")
        grade = next(grade for grade in book.grades if grade.name == "reflection-marks")
        grade.manual_score, grade.needs_manual_grade = 9, False
        comment = next(comment for comment in book.comments if comment.name == "reflection-marks")
        comment.manual_comment = "=Well seen."
        gradebook.db.commit()
        most, score = book.max_score, book.score
    with pytest.raises(CannotMark, match="Download all submissions"):
        marks_back(coursework, SLUG)

    receipt = coursework.folder("submitted", "synthetic-0001", SLUG) / "receipt.json"
    fields = {"exercise": SLUG, "learner": "synthetic-0001", "platform": "Ada_71_assignsubmission_file_"}
    receipt.write_text(json.dumps(fields), encoding="utf-8")
    (checkout.root / "cohort.toml").write_text("decimal-comma = true\n", encoding="utf-8")
    with coursework.gradebook() as gradebook:
        gradebook.find_grade("reflection-marks", SLUG, SLUG, "synthetic-0001").manual_score = 9.5
        gradebook.db.commit()
    assert marks_back(Coursework(checkout.root), SLUG).refused == []
    made = (checkout.root / "marks-files" / f"for-moodle-{SLUG}.csv").read_text(encoding="utf-8")
    assert f'Participant 71,"{score + 0.5:g}"'.replace(".", ",") in made
    with coursework.gradebook() as gradebook:
        gradebook.find_grade("reflection-marks", SLUG, SLUG, "synthetic-0001").manual_score = 9
        gradebook.db.commit()
    sheet, sheet_folder = tmp_path / "sheet.csv", checkout.root / "marks-files"
    sheet.write_text(
        "Identifier,Full name,Grade,Maximum grade,Last modified (grade),Feedback comments\n"
        f"Participant 71,Ada,,{most:g},-,\nParticipant 72,Ben,,{most:g},-,\n",
        encoding="utf-8",
    )
    summary = marks_back(coursework, SLUG, sheet)
    with (checkout.root / "marks-files" / f"for-moodle-{SLUG}.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["Identifier"] == "Participant 71"
    assert float(row["Grade"]) == score
    assert row["Feedback comments"] == "<p>=Well seen.</p>"
    assert read_people(sheet_folder) == {f"for-moodle-{SLUG}.csv": {"synthetic-0001"}}, "no address is in the file"
    assert "1 person" in summary.notes[0]

    with coursework.gradebook() as gradebook:  # what a trainer gave to one learner came through another's account
        gradebook.add_student("ben-02", first_name="Ben", last_name="Byron")
    receipt.write_text(json.dumps({**fields, "platform": "Ben Byron_72_assignsubmission_file_"}), encoding="utf-8")
    summary = marks_back(coursework, SLUG, sheet)
    assert [refusal.name for refusal in summary.refused] == ["synthetic-0001"]
    assert list((checkout.root / "marks-files").iterdir()) == [], (
        "no earlier file is taken for the one that was asked for"
    )
    assert "by hand" in summary.refused[0].why
    with pytest.raises(CannotMark, match="Download all submissions"):
        marks_back(coursework, SLUG)

    with coursework.gradebook() as gradebook:  # as marking leaves it when the reflection was handed in anew
        grade = gradebook.find_grade("reflection-marks", SLUG, SLUG, "synthetic-0001")
        grade.needs_manual_grade = True
        gradebook.db.commit()
    with pytest.raises(CannotMark, match="wholly marked"):
        marks_back(coursework, SLUG, sheet)
