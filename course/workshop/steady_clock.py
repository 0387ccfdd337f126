"""The time by which something is ended for good: that of this computer's clock, but not at once where that was set.

A laptop whose date was wrong and is put right while the server runs would otherwise close, a minute later, the session
of the people who sit in front of it; and one whose date is wrong for a moment would erase what has days left.
"""

from __future__ import annotations

import datetime
import sys
import time
from collections.abc import Callable
from typing import Final

LARGEST_STEP: Final = 600.0
"""By how many seconds the clock may be corrected between two looks without being taken for set anew."""
LOOKS: Final = 60
"""After so many looks, one each minute that the server runs, a clock that was set is believed."""


def seconds_with_sleep() -> float:
    """Return seconds that nobody can set, and that go on while the computer sleeps."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    elif sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC_RAW)
    else:
        return time.monotonic()


class SteadyClock:
    """Follows this computer's clock, and where that was set forward, only an hour of running later.

    A computer that slept has the time that its own seconds say, and is believed at once. A virtual machine that stood
    still cannot tell that from a clock that was set.
    """

    def __init__(self, seconds: Callable[[], float] = seconds_with_sleep) -> None:
        self._seconds = seconds
        self._zero: float | None = None
        """When its own seconds were 0, in seconds since 1970, by the clock as it was believed last."""
        self._looks = 0
        """How often it was not believed since."""
        self.has_moved = False
        """Whether the last look was the first to believe a clock that was set, or the first of all."""

    def look(self, now: datetime.datetime) -> datetime.datetime:
        """Return the time to go by, where it is `now` by this computer's clock. To be called once a minute."""
        seconds = self._seconds()
        zero = now.timestamp() - seconds
        step = 0.0 if self._zero is None else zero - self._zero
        if self._zero is not None and step > LARGEST_STEP and self._looks < LOOKS:
            self._looks += 1
            self.has_moved = False
            return datetime.datetime.fromtimestamp(self._zero + seconds, datetime.UTC)
        self.has_moved = self._zero is None or abs(step) > LARGEST_STEP
        self._zero, self._looks = zero, 0
        return now
