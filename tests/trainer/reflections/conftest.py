"""What tests of reading share: six people whose hand-ins of one exercise are marked as far as the course does it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import pytest

from course.trainer.course_directory import Coursework
from course.trainer.marking.command import grade
from tests.trainer.course_directories import SLUG, forget_marks, release, write_submissions
from tests.trainer.reflections.hand_ins import PEOPLE, write_reflection


@pytest.fixture(scope="module")
def released(checkouts: Callable[[], Any]) -> Any:
    """A checkout with one exercise released."""
    checkout = checkouts()
    release(checkout, SLUG)
    return checkout


@pytest.fixture
def marked(released: Any) -> Coursework:
    """A course directory in which six people handed in, and all wait for a person; two and five wrote nothing."""
    shutil.rmtree(released.root / "submitted", ignore_errors=True)
    (released.root / "cohort.toml").unlink(missing_ok=True)
    forget_marks(released.root)
    write_submissions(released.root, SLUG, len(PEOPLE))
    for learner in (PEOPLE[1], PEOPLE[4]):
        write_reflection(released.root, learner, None)
    coursework = Coursework(released.root)
    grade(coursework, [SLUG], jobs=1, quiet=True)
    return coursework
