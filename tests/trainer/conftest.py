"""What tests of marking share.

`no_shell` (always): marking keeps a shell in its process; none is left for other tests, where notebooks' displays
are looked at.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def no_shell() -> Iterator[None]:
    """Leave no shell of marking behind."""
    yield
    runner = sys.modules.get("course.trainer.marking.in_process_runner")
    if runner is not None:
        runner._Shell.clear_instance()
