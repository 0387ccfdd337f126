"""What worker processes are copies of: the marker is loaded and ready, whatever else is wrong."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

LOOK = """
import gc, sys
import course.trainer.marking.ready

from IPython.core.interactiveshell import InteractiveShell
from nbgrader.api import Grade

assert gc.isenabled()
assert gc.get_freeze_count() > 100_000
assert "course.trainer.marking.marker" in sys.modules
assert Grade.__mapper__.configured
assert not InteractiveShell.initialized()  # whoever runs cells makes one: another would be taken for a notebook's
print("psycopg" in sys.modules)
"""


@pytest.mark.parametrize(
    ("setting", "value", "loads_driver"),
    [
        ("GRADEBOOK", "", False),
        ("GRADEBOOK", "postgresql://synthetic@/nowhere", True),
        ("WORDS", "/nowhere/at/all", False),
    ],
)
def test_it_is_there_also_where_the_words_or_the_database_are_not(setting: str, value: str, loads_driver: bool) -> None:
    environment = {**os.environ, f"BUILDING_TRUST_{setting}": value}
    done = subprocess.run([sys.executable, "-c", LOOK], env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == (str(loads_driver), 0), done.stderr
