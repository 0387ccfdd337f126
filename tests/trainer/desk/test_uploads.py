"""Names of files that a trainer drops on the desk: a stranger may have given them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from course.core import moments
from course.trainer.desk.uploads import clear_given_up, free_path, plain_name
from course.trainer.platforms import read_name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("hand-in-repair.zip", "hand-in-repair.zip"),
        ("../../.ssh/authorized_keys", "authorized_keys"),
        ("D:\\lists\\all of them.zip", "all of them.zip"),
        ("..", ""),
        (".hidden", "hidden"),
        ("a\x00b\x1b[2J.zip", "a_b_[2J.zip"),
        ("Zoë 100%.zip", "Zoë 100%.zip"),
        ("x" * 300 + ".zip", "x" * 236 + ".zip"),
        ("कार्य" * 20 + ".zip", "कार्य" * 15 + "कार.zip"),
        ("a." + "b" * 149, "a." + "b" * 149),
    ],
)
def test_a_name_leads_nowhere_and_keeps_its_ending(given: str, kept: str) -> None:
    assert plain_name(given) == kept


def test_a_long_name_keeps_who_a_platform_says_it_is_from() -> None:
    kept = plain_name("Ada Lovelace_1234567_assignsubmission_file_" + "my work " * 60 + ".zip")
    sender = read_name(kept)
    assert sender
    assert sender.name == "Ada Lovelace"
    assert kept.endswith(".zip")


def test_a_second_file_of_one_name_takes_nothing_from_the_first(tmp_path: Path) -> None:
    (tmp_path / "all.zip").touch()
    assert free_path(tmp_path, "all.zip").name == "all (2).zip"
    (tmp_path / "all (2).zip").symlink_to("nowhere")
    assert free_path(tmp_path, "all.zip").name == "all (3).zip"
    (tmp_path / "list").touch()
    assert free_path(tmp_path, "list").name == "list (2)"


def test_what_a_server_that_was_ended_left_of_a_file_goes_and_what_still_arrives_stays(tmp_path: Path) -> None:
    for name, hours in ((".arriving-old", 25), (".arriving-new", 23), ("all.zip", 25)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (moments.now().timestamp() - hours * 3600,) * 2)
    clear_given_up(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".arriving-new", "all.zip"]
