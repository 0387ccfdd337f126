"""Sessions whose time is over while no server runs: they are closed or erased with the next command of the course.

Looking for them costs every command next to nothing: a file of keys says by its own time when its session is due.
"""

from __future__ import annotations

import contextlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Final

from course.core import moments
from course.core.settings import settings

if TYPE_CHECKING:
    import datetime

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
