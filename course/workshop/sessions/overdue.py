"""What is over ends: with the next command of the course while no server runs, and by which clock while one does.

Looking for it costs every command next to nothing: a file of keys says by its own time when its session is due.
"""

from __future__ import annotations

import contextlib
import datetime
import importlib.util
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from course.core import moments
from course.core.settings import settings

if TYPE_CHECKING:
    from course.workshop.store.session_keys import KeyFolder

REAL, DEMO = "rooms", "demo"
"""The two kinds of store, each in a folder of this name: for people, and for synthetic phones."""
_NEEDED: Final = ("sqlalchemy", "cryptography")
"""What the base install has not: then there never was a session or a round."""
LARGEST_STEP: Final = 600.0
"""By how many seconds the clock may be corrected between two looks without being taken for set anew."""
LOOKS: Final = 60
"""After so many looks, one each minute that the server runs, a clock that was set is believed."""


def store_place(kind: str) -> Path:
    """Return the folder in which the store of a kind is."""
    return settings().data / "workshop" / kind


def store_url(folder: Path) -> str:
    """Return the address of the store in a folder; that of sessions for people may be set to be elsewhere."""
    if folder == store_place(REAL) and settings().sessions:
        return settings().sessions
    return f"sqlite:///{folder / 'rooms.sqlite'}"


def key_folder(folder: Path) -> KeyFolder:
    """Return the keys of the store in a folder, which are in a folder of their own."""
    from course.workshop.store.session_keys import KeyFolder

    return KeyFolder(_keys(folder))


def is_any_due(keys: Path, now: datetime.datetime) -> bool:
    """Say whether a file in a folder of keys says by its own time that something is over, which can be ended here."""
    return any(_is_due(path, now) for path in keys.glob("*.json")) and all(map(importlib.util.find_spec, _NEEDED))


def _is_due(path: Path, now: datetime.datetime) -> bool:
    with contextlib.suppress(FileNotFoundError):  # a server that runs has just destroyed it
        return path.stat().st_mtime <= now.timestamp()
    return False


def end_overdue_sessions() -> None:
    """Close or erase every session whose time is over. A server that runs does so itself, and is left alone.

    So are sessions in a database that is set: its workers look after them.

    Nothing that goes wrong here stops the command that somebody wanted: it is logged, and tried again with the next.
    """
    try:
        now = moments.now()
        for folder in (store_place(kind) for kind in ((DEMO,) if settings().sessions else (REAL, DEMO))):
            if is_any_due(_keys(folder), now):
                _end_sessions(folder)
    except Exception as error:  # whatever it is
        from course.workshop.errors import log_error

        log_error(error)


def _end_sessions(folder: Path) -> None:
    import asyncio

    from course.core.errors import CourseError
    from course.workshop.sessions.sessions import Sessions
    from course.workshop.store.store import Store

    async def sweep() -> None:
        loop = asyncio.get_running_loop()
        store = Store(store_url(folder), key_folder(folder), loop.call_soon_threadsafe)
        try:
            await Sessions(store).sweep(moments.now())
        finally:
            await loop.run_in_executor(None, store.close)

    try:
        asyncio.run(sweep())
    except CourseError:  # such as a server that runs
        return


def _keys(folder: Path) -> Path:
    if folder == store_place(REAL) and (keys := settings().session_keys):
        return keys
    return folder / "keys"


# By which clock a server that runs ends something for good: that of this computer, but not at once where it was set
# forward. A laptop whose date was wrong and is put right would otherwise close, a minute later, the session of the
# people who sit in front of it; and one whose date is wrong for a moment would erase what has days left.


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
        """Whether a clock that was set is believed since the last look, or right again, or that look was the first."""

    def look(self, now: datetime.datetime) -> datetime.datetime:
        """Return the time to go by, where it is `now` by this computer's clock. To be called once a minute."""
        seconds = self._seconds()
        zero = now.timestamp() - seconds
        step = 0.0 if self._zero is None else zero - self._zero
        if self._zero is not None and step > LARGEST_STEP and self._looks < LOOKS:
            self._looks += 1
            self.has_moved = False
            return datetime.datetime.fromtimestamp(self._zero + seconds, datetime.UTC)
        self.has_moved = self._zero is None or abs(step) > LARGEST_STEP or self._looks > 0
        self._zero, self._looks = zero, 0
        return now
