"""What is kept of a learner is removed as a whole, also where it was stopped, and while nobody writes it again."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.core.errors import AlreadyRunning
from course.trainer.command_support import single_instance
from course.trainer.course_directory import Coursework
from course.trainer.erasing import erase
from tests.trainer.submissions import course_directory

pytestmark = pytest.mark.nbgrader
LEARNER = "synthetic-001"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course directory in which something is marked of one learner."""
    root = course_directory(tmp_path / "course")
    place = root / "autograded" / LEARNER / "repair"
    place.mkdir(parents=True)
    (place / "answers.json").write_text("{}")
    return root


@pytest.mark.parametrize("command", ["collect", "grade", "feedback", "second-marks", "report", "release", "roster"])
def test_nothing_is_removed_while_a_command_is_at_work_that_could_write_it_again(root: Path, command: str) -> None:
    with single_instance(command, root, "synthetic"), pytest.raises(AlreadyRunning, match="at work"):
        erase(Coursework(root), LEARNER, yes=True)
    assert (root / "autograded" / LEARNER).is_dir()
    assert erase(Coursework(root), LEARNER, yes=True) == 0
    assert not (root / "autograded" / LEARNER).exists()
