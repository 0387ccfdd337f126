"""One command of its kind at a time works in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.core.errors import CannotServe
from course.trainer.single_instance import alone

BUSY = CannotServe("Somebody is at work here.", "Wait.")


def test_a_second_one_of_its_kind_is_told_so_and_let_in_when_the_first_is_through(tmp_path: Path) -> None:
    with alone("collect", tmp_path, BUSY):
        with pytest.raises(CannotServe, match="Somebody is at work here"), alone("collect", tmp_path / ".", BUSY):
            pass
    with alone("collect", tmp_path, BUSY):
        pass


def test_another_kind_of_work_and_another_folder_do_not_wait(tmp_path: Path) -> None:
    with alone("collect", tmp_path, BUSY), alone("report", tmp_path, BUSY), alone("collect", tmp_path / "b", BUSY):
        pass


def test_a_time_that_runs_out_in_the_work_itself_is_not_taken_for_another_ones(tmp_path: Path) -> None:
    with pytest.raises(TimeoutError), alone("collect", tmp_path, BUSY):
        raise TimeoutError
