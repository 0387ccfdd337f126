"""Whenever collecting, marking or feedback is killed, the next run ends as if it had not been."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from course.trainer.course_directory import Coursework
from course.trainer.marking.command import grade
from tests.trainer.course_directories import SLUG, release, write_submissions
from tests.trainer.kills import EVERYTHING, MADE, PARENT, WORKER, faults_after_kills
from tests.trainer.submissions import drop, hand_in, hours

pytestmark = [pytest.mark.nbgrader, pytest.mark.slow]

KILLS = 20
KILLS_OF_TWO_PROCESSES = 3
PEOPLE = 5


@pytest.fixture(scope="module")
def before(checkouts: Callable[[], Any]) -> dict[str, Path]:
    """A course directory as it is before each command: with an inbox, handed in, and marked."""
    checkout = checkouts()
    release(checkout, SLUG)

    def kept(command: str) -> Path:
        folder = checkout.root.with_name(f"before-{command}")
        shutil.copytree(checkout.root, folder, ignore=shutil.ignore_patterns("__pycache__", "notebooks", "*.md"))
        return folder

    for number, learner in ((2, "kim"), (1, "kim"), (3, "lee"), (3, "kim"), (4, "o'neil")):
        drop(checkout.root, f"{number}/{learner}.zip", hand_in(learner, time=hours(number)))
    collect = kept("collect")
    shutil.rmtree(checkout.root / "inbox")
    write_submissions(checkout.root, SLUG, PEOPLE)
    marking = kept("grade")
    grade(Coursework(checkout.root), [SLUG], jobs=1, quiet=True)
    return {"collect": collect, "grade": marking, "feedback": kept("feedback")}


@pytest.mark.parametrize("command", MADE)
def test_killed_at_twenty_moments_the_next_run_ends_as_if_it_had_not_been(
    before: dict[str, Path], command: str, tmp_path: Path
) -> None:
    assert faults_after_kills(command, before[command], tmp_path / "course", KILLS) == []


@pytest.mark.parametrize(
    ("command", "who"), [("grade", EVERYTHING), ("grade", PARENT), ("grade", WORKER), ("feedback", EVERYTHING)]
)
def test_killed_in_two_processes_the_next_run_ends_as_if_it_had_not_been(
    before: dict[str, Path], command: str, who: str, tmp_path: Path
) -> None:
    given = (command, before[command], tmp_path / "course", KILLS_OF_TWO_PROCESSES)
    assert faults_after_kills(*given, jobs=2, who=who) == []
