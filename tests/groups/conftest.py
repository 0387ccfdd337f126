"""Rules with smaller numbers, for tests that try every room."""

from __future__ import annotations

import pytest

from course.groups import earlier, live, pictures


@pytest.fixture
def three_for_five(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rules with three in place of five, so that a room can be small enough to try every one."""
    for module in (live, earlier, pictures):
        monkeypatch.setattr(module, "FEW", 3)
    for module in (live, earlier):
        monkeypatch.setattr(module, "STEP", 6)
    monkeypatch.setattr(pictures, "MANY", 6)
