"""Rules with smaller numbers, for tests that try every room."""

from __future__ import annotations

import pytest

from course.privacy import admissions, live_release, release, repeat_release


@pytest.fixture
def three_for_five(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rules with three in place of five, so that a room can be small enough to try every one."""
    for module in (admissions, live_release, repeat_release, release):
        monkeypatch.setattr(module, "MIN_CELL", 3)
    for module in (live_release, repeat_release):
        monkeypatch.setattr(module, "MIN_CHANGE", 6)
    monkeypatch.setattr(release, "FULL_DETAIL", 6)
