"""`course hand-in` makes the same file from the learner's own copy, and says where it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course.cli import main
from course.records.learner_id import saved_learner_id
from course.records.submission_file import read
from tests.packing import SLUG, exercise


@pytest.fixture
def folder(empty_home: Path) -> Path:
    return exercise(empty_home / "building-trust" / "exercises", q2="D")


def hand_in(*line: str) -> Result:
    return CliRunner().invoke(main, ["hand-in", *line])


def test_the_file_is_made_and_the_id_kept_for_the_next_time(folder: Path) -> None:
    done = hand_in(SLUG, "--learner", "synthetic-017")
    assert done.exit_code == 0
    path = folder / f"hand-in-{SLUG}.zip"
    assert str(path) in done.output
    assert read(path).learner == saved_learner_id() == "synthetic-017"
    path.unlink()
    assert hand_in(SLUG).exit_code == 0
    assert read(path).learner == "synthetic-017"


def test_another_folder_can_be_named(tmp_path: Path) -> None:
    made = exercise(tmp_path / "mine" / "exercises", q2="D")
    assert hand_in(SLUG, "--learner", "synthetic-017", "--folder", str(tmp_path / "mine")).exit_code == 0
    assert (made / f"hand-in-{SLUG}.zip").is_file()


@pytest.mark.parametrize(
    "line,said",
    [
        ([SLUG], "course hand-in NAME --learner ID"),
        ([SLUG, "--learner", "a+b"], "plain letters"),
        (["repair", "--learner", "synthetic-017"], "There are no answers to hand in yet."),
        (["day-30", "--learner", "synthetic-017"], "day-30"),
        (["../two-questions", "--learner", "synthetic-017"], "../two-questions"),
    ],
)
def test_what_is_wrong_is_said_in_two_lines(folder: Path, line: list[str], said: str) -> None:
    done = hand_in(*line)
    assert done.exit_code == 1
    assert said in done.output
    assert len(done.output.splitlines()) == 2
    assert not list(folder.glob("*.zip"))
