"""What tests of the inbox share."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from tests.trainer.submissions import DAY, SLUG, course_directory


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A trainer's course directory with an empty inbox; exercise 1 is due a day after DAY."""
    folder = course_directory(tmp_path / "course", due=f"{SLUG} = {(DAY + datetime.timedelta(days=1)).isoformat()}")
    (folder / "inbox").mkdir()
    return folder
