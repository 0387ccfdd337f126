"""What failed in a part of `make test` is named once more at its end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests import failures

TESTS = """
import pytest

@pytest.fixture
def broken():
    raise LookupError("no such thing")

def test_good():
    pass

def test_wrong():
    assert [1, 2] == [1, 3]

def test_begun_in_vain(broken):
    pass
"""


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Return a folder with what pytest itself writes of three tests, one failed and one that could not begin."""
    (tmp_path / "test_made_up.py").write_text(TESTS, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--junitxml", "python.xml", "test_made_up.py"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert ended.returncode == 1
    return tmp_path


def test_each_failure_is_named_with_its_reason_and_no_other(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    failures.main(results, ["python"])
    said = capsys.readouterr().out
    assert "test_made_up::test_wrong\nE       assert [1, 2] == [1, 3]" in said
    assert "test_made_up::test_begun_in_vain\nE       LookupError: no such thing" in said
    assert "test_good" not in said


def test_a_part_that_was_killed_is_named_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    failures.main(tmp_path, ["browser"])
    assert "'browser':\nIt ended without results." in capsys.readouterr().out
