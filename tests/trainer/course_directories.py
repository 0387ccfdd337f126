"""What the tests of marking share: honest submissions, and a gradebook as plain rows."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from benchmarks.synthetic_submissions import write_submissions
from course.trainer.course_directory import Coursework
from course.trainer.marking.command import grade

SLUG = "two-questions"


def forget_marks(root: Path) -> None:
    """Take away what marking made, and leave the exercises and the hand-ins."""
    shutil.rmtree(root / "autograded", ignore_errors=True)
    with Coursework(root).gradebook() as gradebook:
        for student in gradebook.students:
            gradebook.remove_student(student.id)


def rows(root: Path) -> dict[str, list[Any]]:
    """Return all that the gradebook says of people, in an order of its own, without the database's random ids."""
    with Coursework(root).gradebook() as gradebook:
        submissions = [
            (one.student_id, one.assignment.name, str(one.timestamp), notebook)
            for assignment in gradebook.assignments
            for one in assignment.submissions
            for notebook in one.notebooks
        ]
        return {
            "people": sorted(student.id for student in gradebook.students),
            "submissions": sorted((*about, book.name, book.late_submission_penalty) for *about, book in submissions),
            "grades": sorted(
                (who, slug, grade.name, str(grade.auto_score), str(grade.manual_score), grade.needs_manual_grade)
                for who, slug, _, book in submissions
                for grade in book.grades
            ),
            "comments": sorted(
                (who, slug, comment.name, str(comment.auto_comment), str(comment.manual_comment))
                for who, slug, _, book in submissions
                for comment in book.comments
            ),
        }


def marks(root: Path, learner: str, slug: str = SLUG) -> dict[str, tuple[Any, Any]]:
    """Return the marks of each cell: what the course gave, and what the trainer gave."""
    with Coursework(root).gradebook() as gradebook:
        notebook = gradebook.find_submission_notebook(slug, slug, learner)
        return {grade.name: (grade.auto_score, grade.manual_score) for grade in notebook.grades}


def release(checkout: Any, *slugs: str) -> None:
    """Have the exercises in the gradebook, as `course release` does."""
    checkout.nbgrader([(checkout.root, f"generate_assignment --force {slug}") for slug in slugs])


def handed_in_and_marked(checkout: Any, people: int) -> Any:
    """Have so many people hand in an exercise in a checkout, mark all of them in one process, and return it."""
    release(checkout, SLUG)
    write_submissions(checkout.root, SLUG, people)
    grade(Coursework(checkout.root), [SLUG], jobs=1)
    return checkout


__all__ = ["SLUG", "forget_marks", "handed_in_and_marked", "marks", "release", "rows", "write_submissions"]
