"""A computer whose clock and whose own seconds are driven by hand."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from course.core import moments, steady_clock

NOON = datetime.datetime(2026, 11, 22, 12, 20, tzinfo=datetime.UTC)
MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0


@dataclass
class Laptop:
    """A computer's own seconds and its clock, driven by hand."""

    seconds: float = 0.0
    clock: datetime.datetime = NOON
    start: str = "a synthetic start"

    def pass_by(self, seconds: float) -> None:
        """Let time pass, awake or asleep."""
        self.seconds += seconds
        self.set_clock(seconds)

    def set_clock(self, seconds: float) -> None:
        """Set the clock forward or back."""
        self.clock += datetime.timedelta(seconds=seconds)

    def start_again(self) -> None:
        """Start the computer again: its own seconds begin anew, and it has another name for that."""
        self.seconds, self.start = 0.0, self.start + "I"

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Have the course run on this computer."""
        with moments.clock(lambda: self.clock), pytest.MonkeyPatch.context() as patch:
            patch.setattr(steady_clock, "seconds_with_sleep", lambda: self.seconds)
            patch.setattr(steady_clock, "start_of_computer", lambda: self.start)
            yield


def running_until(moment: datetime.datetime) -> contextlib.AbstractContextManager[None]:
    """Have the course run on a computer whose clock was right all the time, until a moment."""
    return Laptop(seconds=moment.timestamp(), clock=moment).running()
