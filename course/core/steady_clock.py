"""By which clock something is ended for good: this computer's own, but not at once where that was set forward.

A laptop whose date was wrong and is put right would otherwise close, a minute later, the session of the people who sit
in front of it; and one whose date is wrong for a moment would erase what has days left.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from course.core import storage
from course.core.errors import CourseError

LARGEST_STEP: Final = 600.0
"""By how many seconds the clock may be corrected between two looks without being taken for set anew."""
LOOKS: Final = 60
"""After so many looks, one each minute that a server runs, a clock that was set is believed."""
DOUBTED: Final = 3600.0
"""After so many seconds, a program that looks once believes it too."""
EARLIEST: Final = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
"""A clock that says less is wrong, as where a battery was empty: this course is newer."""
_DRIFT: Final = 60.0
"""By how many seconds a computer's own seconds may be off before what is kept of its clock is written again."""
_LARGEST: Final = 1000
"""The size in bytes up to which the file is read."""
_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


def seconds_with_sleep() -> float:
    """Return seconds that nobody can set, and that go on while the computer sleeps."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    elif sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC_RAW)
    else:
        return time.monotonic()


def start_of_computer() -> str:
    """Return a name of the time for which this computer runs, in which its own seconds go on; "" where it has none."""
    with contextlib.suppress(OSError):
        return _BOOT_ID.read_text(encoding="ascii").strip()
    return ""


@dataclass(frozen=True)
class _Belief:
    """What is known of this computer's clock."""

    zero: float
    """When its own seconds were 0, in seconds since 1970, by the clock as it was believed last."""
    looks: int = 0
    """How often it was not believed since; all programs that look once count as one look together."""
    doubted_at: float = 0.0
    """At which of its own seconds it was first not believed, if it was not."""


class SteadyClock:
    """Follows this computer's clock, and where that was set forward, only an hour of running later.

    A computer that slept has the time that its own seconds say, and is believed at once. A virtual machine that stood
    still cannot tell that from a clock that was set. With a file, what is known of the clock is there again in the
    next program until the computer is started anew, on systems that tell by what name they run since then (Linux);
    on others, and without one, each program begins by believing the clock.
    """

    def __init__(self, seconds: Callable[[], float] | None = None, file: Path | None = None) -> None:
        self._seconds = seconds or seconds_with_sleep
        self._start = start_of_computer() if file else ""
        self._file = file if self._start else None
        self._belief = self._kept = self._read()
        self._is_first = True
        self._steady_looks = 0
        """How often it was believed and the same, one look after the other."""
        self.has_moved = False
        """Whether a clock that was set is believed since the last look, or right again, or that look was the first."""

    @property
    def is_settled(self) -> bool:
        """Whether it is most likely right: it says no impossible day, and was believed for an hour of running."""
        return self._steady_looks >= LOOKS

    def look(self, now: datetime.datetime) -> datetime.datetime:
        """Return the time to go by, where it is `now` by this computer's clock. To be called once a minute."""
        return self._look(now, lambda before, seconds: before.looks < LOOKS, counted=1)

    def look_once(self, now: datetime.datetime) -> datetime.datetime:
        """Return the time to go by, in a program that looks no second time."""
        return self._look(
            now, lambda before, seconds: not before.looks or seconds - before.doubted_at < DOUBTED, counted=0
        )

    def _look(
        self, now: datetime.datetime, is_doubted: Callable[[_Belief, float], bool], *, counted: int
    ) -> datetime.datetime:
        before, seconds = self._belief, self._seconds()
        zero = now.timestamp() - seconds
        step = zero - before.zero if before else 0.0
        if before and step > LARGEST_STEP and is_doubted(before, seconds):
            doubted_at = before.doubted_at if before.looks else seconds
            self._belief = _Belief(before.zero, max(1, before.looks + counted), doubted_at)
            self.has_moved = self._is_first = False
            self._steady_looks = 0
            self._keep()
            return datetime.datetime.fromtimestamp(before.zero + seconds, datetime.UTC)
        self.has_moved = self._is_first or before is None or abs(step) > LARGEST_STEP or before.looks > 0
        self._is_first = False
        self._steady_looks = 0 if now < EARLIEST else 1 if self.has_moved else self._steady_looks + 1
        self._belief = _Belief(zero)
        self._keep()
        return now

    def _keep(self) -> None:
        """Write down what is known where that has changed. Where it cannot be written, the next program knows less."""
        known, kept = self._belief, self._kept
        if self._file is None or known is None:
            return
        if kept and kept.looks == known.looks and abs(kept.zero - known.zero) < _DRIFT:
            return
        self._kept = known
        with contextlib.suppress(OSError):
            storage.make_private(self._file.parent)
            storage.write_whole(self._file, json.dumps({"start": self._start, **asdict(known)}).encode())

    def _read(self) -> _Belief | None:
        """Return what another program has written since this computer was started, if that can be read."""
        if self._file is None:
            return None
        try:
            stored = storage.read_json(self._file, largest=_LARGEST, deepest=2)
            if not isinstance(stored, dict) or stored["start"] != self._start:
                return None
            belief = _Belief(float(stored["zero"]), int(stored["looks"]), float(stored["doubted_at"]))
            datetime.datetime.fromtimestamp(belief.zero, datetime.UTC)  # a damaged number may be no time at all
        except (OSError, CourseError, KeyError, TypeError, ValueError, OverflowError):
            return None
        else:
            return belief
