"""A cohort in which made-up people wrote reflections, for all tests of second marks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from course.trainer.course_directory import Coursework
from tests.trainer.second_marks.written import WORDS, a_cohort, people, write


@pytest.fixture(scope="package")
def filled_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve people wrote a reflection, one left it empty, and one is not in the gradebook."""
    root = tmp_path_factory.mktemp("cohort") / "course"
    coursework = a_cohort(root, people(13))
    write(coursework, {**WORDS, "synthetic-0013": "  ", "somebody": "Words of nobody."})
    return root


@pytest.fixture
def coursework(filled_in: Path, tmp_path: Path) -> Coursework:
    """Return a copy of them, for one test alone."""
    return Coursework(Path(shutil.copytree(filled_in, tmp_path / "course", symlinks=True)))
