"""Course directories in which made-up people wrote reflections, for the tests of second marks."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from course.content.lessons import exercise_version
from course.trainer.course_directory import Coursework
from course.trainer.second_marks.sample import WrittenReflection
from tests.paths import ROOT

SLUG = "two-questions"


def people(count: int) -> list[str]:
    return [f"synthetic-{number:04}" for number in range(1, count + 1)]


WORDS = {learner: f"<b>What {number} wrote</b> & more." for number, learner in enumerate(people(12))}
"""What the people of the cohort wrote, by their ids."""


def reflection(learner: str, words: str = "Synthetic.", exercise: str = SLUG) -> WrittenReflection:
    return WrittenReflection(exercise, learner, words)


def a_cohort(root: Path, learners: Sequence[str]) -> Coursework:
    """Make a course directory with these people in its gradebook, or without one, and nothing marked."""
    root.mkdir(exist_ok=True)
    (root / "source").symlink_to(ROOT / "source")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    coursework = Coursework(root)
    if learners:
        with coursework.gradebook() as gradebook:
            for learner in learners:
                gradebook.add_student(learner)
    return coursework


def write(coursework: Coursework, written: Mapping[str, object], exercise: str = SLUG) -> None:
    """Put a reflection of each learner where marking puts it."""
    for learner, words in written.items():
        folder = coursework.folder("autograded", learner, exercise)
        folder.mkdir(parents=True, exist_ok=True)
        answers = {"reflection": words, "q1": "A"}
        page = {"format": 2, "exercise": exercise, "version": exercise_version(exercise), "answers": answers}
        (folder / "answers.json").write_text(json.dumps(page), encoding="utf-8")
