"""One command of its kind at a time works in a folder."""

from __future__ import annotations

import errno
import os
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from course.core.errors import AlreadyRunning, LocksMissing
from course.trainer.command_support import single_instance


def at_work(command: str, folder: Path) -> AbstractContextManager[None]:
    return single_instance(command, folder, "Somebody is at work here.")


def test_a_second_one_of_its_kind_is_told_so_and_let_in_when_the_first_is_through(tmp_path: Path) -> None:
    with at_work("collect", tmp_path):
        with pytest.raises(AlreadyRunning, match="Somebody is at work here"), at_work("collect", tmp_path / "."):
            pass
    with at_work("collect", tmp_path):
        pass


def test_another_kind_of_work_and_another_folder_do_not_wait(tmp_path: Path) -> None:
    with at_work("collect", tmp_path), at_work("report", tmp_path), at_work("collect", tmp_path / "b"):
        pass


def test_a_time_that_runs_out_in_the_work_itself_is_not_taken_for_another_ones(tmp_path: Path) -> None:
    with pytest.raises(TimeoutError), at_work("collect", tmp_path):
        raise TimeoutError


@pytest.mark.skipif(os.name != "posix", reason="errors of locks as Unix has them")
def test_a_command_on_a_drive_without_locks_says_so_in_two_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flock(handle: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", flock)
    with pytest.raises(LocksMissing) as caught, at_work("collect", tmp_path):
        pass
    assert len(str(caught.value).splitlines()) == 2
    assert "BUILDING_TRUST_DATA" in caught.value.hint
