"""What is over ends with the next command of the course, while no server runs that does so.

Looking for it costs every command next to nothing: a file of keys says by its own time when its session is due.
"""

from __future__ import annotations

import contextlib
import datetime
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Final

from course.core import moments
from course.core.settings import settings
from course.core.steady_clock import SteadyClock

if TYPE_CHECKING:
    from course.workshop.store.session_keys import KeyFolder

REAL, DEMO = "rooms", "demo"
"""The two kinds of store, each in a folder of this name: for people, and for synthetic phones."""
_NEEDED: Final = ("sqlalchemy", "cryptography")
"""What the base install has not: then there never was a session or a round."""


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


def has_keys(keys: Path) -> bool:
    """Say whether there is anything in a folder of keys that ends some day."""
    return any(keys.glob("*.json"))


def is_any_due(keys: Path, now: datetime.datetime) -> bool:
    """Say whether a file in a folder of keys says by its own time that something is over, which can be ended here."""
    return any(_is_due(path, now) for path in keys.glob("*.json")) and all(map(importlib.util.find_spec, _NEEDED))


def _is_due(path: Path, now: datetime.datetime) -> bool:
    with contextlib.suppress(FileNotFoundError):  # a server that runs has just destroyed it
        return path.stat().st_mtime <= now.timestamp()
    return False


def clock_file() -> Path:
    """Return the file in which it is kept what is known of this computer's clock."""
    return settings().data / "workshop" / "clock.json"


def believed_now() -> datetime.datetime:
    """Return the time by which a command ends something: not at once that of a clock that was set forward."""
    return SteadyClock(file=clock_file()).look_once(moments.now())


def end_overdue_sessions() -> None:
    """Close or erase every session whose time is over. A server that runs does so itself, and is left alone.

    So are sessions in a database that is set: its workers look after them.

    Nothing that goes wrong here stops the command that somebody wanted: it is logged, and tried again with the next.
    """
    try:
        stores = [store_place(kind) for kind in ((DEMO,) if settings().sessions else (REAL, DEMO))]
        stores = [folder for folder in stores if has_keys(_keys(folder))]
        now = believed_now() if stores else moments.now()
        for folder in stores:
            if is_any_due(_keys(folder), now):
                _end_sessions(folder, now)
    except Exception as error:  # whatever it is
        from course.workshop.errors import log_error

        log_error(error)


def _end_sessions(folder: Path, now: datetime.datetime) -> None:
    import asyncio

    from course.core.errors import CourseError
    from course.workshop.sessions.sessions import Sessions
    from course.workshop.store.store import Store

    async def sweep() -> None:
        loop = asyncio.get_running_loop()
        store = Store(store_url(folder), key_folder(folder), loop.call_soon_threadsafe)
        try:
            await Sessions(store).sweep(now)
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
