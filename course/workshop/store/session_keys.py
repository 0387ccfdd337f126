"""The keys of sessions, each in a file of its own outside the store. A key that is destroyed takes its contents along.

They stand in a folder that its owner alone can open and that no backup should have. An open session and what is kept of
a closed one have different keys: at the close the first is destroyed, and with it all that was not shown.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from course.core import storage
from course.workshop.access.tokens import SessionAccess, new_key, seal

QUIET_HOURS: Final = 24
"""A session that is open ends by itself after so many hours without an answer, and at the next full hour."""
_FILE: Final = re.compile(r"[0-9a-f]{8,32}-[0-9a-f]{16}\.json")
_NAME_FILE: Final = "name-of-this-folder"
_LARGEST: Final = 1000
"""The size in bytes up to which a file of keys is read."""


@dataclass(frozen=True)
class SessionKeys:
    """The keys of one session."""

    contents: bytes = field(repr=False)
    """Encrypts what the store has of it."""
    access: bytes = field(repr=False)
    """Makes its link, its code and the facilitator's cookies."""
    people: bytes | None = field(repr=False)
    """Makes the pseudonyms of its phones; None once it is closed."""
    keep_days: int | None = None
    """For how many days what was shown is kept after the close: known here also where nothing else can be read."""

    @classmethod
    def new(cls) -> SessionKeys:
        """Return the keys of a new session."""
        return cls(new_key(), new_key(), new_key())

    def after_close(self) -> SessionKeys:
        """Return the keys of what is kept of the session: another one for its contents, and none for pseudonyms."""
        return replace(self, contents=new_key(), people=None)

    @property
    def id(self) -> str:
        """What the store says of the key of a session's contents, to find it again; it tells nothing of the key."""
        return seal(self.contents, "id")[:16]


def quiet_end(now: datetime.datetime) -> datetime.datetime:
    """Return when a session ends by itself in which somebody answers now: to the hour, so that it tells little."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    return hour + datetime.timedelta(hours=QUIET_HOURS + 1)


def is_quiet_end(due: datetime.datetime) -> bool:
    """Say whether a moment is one that `quiet_end` returns, and not the time at which a file was copied or restored."""
    return not (due.minute or due.second or due.microsecond)


class KeyFolder:
    """The folder with the keys of all sessions in one store."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._accesses: dict[str, SessionAccess | None] = {}
        """What opens the session of each file that was read, by the file's name; None of a closed one."""
        self._needs_name = False

    def read(self, session_id: str, key_id: str) -> SessionKeys | None:
        """Return the keys of that name, or None where they are not there or cannot be read."""
        try:
            stored = storage.read_json(self._path(session_id, key_id), largest=_LARGEST, deepest=2)
            return _from_json(stored)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def name(self, new: str = "") -> str:
        """Return the name that the folder has, or gets now where it has none: those who share it know it again by that.

        From then on, the folder is only taken for this one while it has a name. Raises OSError.
        """
        path = self._folder / _NAME_FILE
        storage.make_private(self._folder)
        if new and not path.exists():
            storage.write_whole(path, new.encode())
        self._needs_name = True
        return path.read_text(encoding="ascii") if path.exists() else ""

    def session_ids(self) -> set[str]:
        """Return the sessions that have keys. Raises OSError where the folder cannot be read."""
        return {_session_of(name) for name in self._names()}

    def due_sessions(self, now: datetime.datetime) -> set[str]:
        """Return the sessions that are to be closed or erased by now. Raises OSError as `session_ids` does."""
        due = set()
        for name in self._names():
            with contextlib.suppress(FileNotFoundError):  # another server has just destroyed it
                if (self._folder / name).stat().st_mtime <= now.timestamp():
                    due.add(_session_of(name))
        return due

    def open_sessions(self) -> dict[str, SessionAccess]:
        """Return what opens each session that is not closed, by the session's name. Raises OSError so too.

        Several threads may ask at once.
        """
        known, found = self._accesses, dict[str, SessionAccess | None]()
        for name in self._names():
            if name in known:
                found[name] = known[name]
            elif keys := self.read(*name.removesuffix(".json").split("-")):
                found[name] = SessionAccess(keys.access) if keys.people else None
        self._accesses = found  # whole, as another thread may be reading the former one
        return {_session_of(name): access for name, access in found.items() if access}

    def _names(self) -> list[str]:
        self._check_name()
        return [name for name in os.listdir(self._folder) if _FILE.fullmatch(name)]

    def _check_name(self) -> None:
        """Raise FileNotFoundError where another folder is in the place of this one, such as an empty mount point."""
        if self._needs_name and not (self._folder / _NAME_FILE).exists():
            raise FileNotFoundError(_NAME_FILE)

    def write(self, session_id: str, keys: SessionKeys, due: datetime.datetime) -> None:
        """Put keys on disk, with when they are due. Raises OSError where that cannot be done."""
        self._check_name()
        storage.make_private(self._folder)
        stored = {
            "contents": keys.contents.hex(),
            "access": keys.access.hex(),
            "people": keys.people.hex() if keys.people else None,
            "keep_days": keys.keep_days,
        }
        storage.write_whole(self._path(session_id, keys.id), json.dumps(stored).encode())
        self.note_due(session_id, keys.id, due)

    def destroy(self, session_id: str, *, but: str = "") -> None:
        """Destroy all keys of a session but those of one name: written over, then deleted.

        Raises OSError where one could not be destroyed.
        """
        self._check_name()
        for path in sorted(self._folder.glob(f"{session_id}-*.json")):
            if path != self._path(session_id, but):
                _destroy(path)

    def destroy_unused(self, session_ids: Collection[str], now: datetime.datetime) -> None:
        """Destroy the keys that are due of all sessions but these: left where a new one could not be stored.

        So are the drafts of such files that a killed process left. Raises OSError where one could not be destroyed.
        """
        self._check_name()
        for path in sorted([*self._folder.glob("*-*.json"), *self._folder.glob(".*-*.json.*.tmp")]):
            is_draft, session_id = path.suffix == ".tmp", path.name.removeprefix(".").partition("-")[0]
            if (is_draft or session_id not in session_ids) and path.stat().st_mtime <= now.timestamp():
                _destroy(path)

    def is_lost(self, session_id: str) -> bool:
        """Say whether all keys of a session are gone. While the folder is not there, that is not known of any."""
        try:
            return session_id not in self.session_ids()
        except OSError:
            return False

    def note_due(self, session_id: str, key_id: str, due: datetime.datetime) -> None:
        """Note when a session is to be closed, or what is kept of it erased: the own time of its file of keys says so.

        Raises OSError where it has no such keys.
        """
        os.utime(self._path(session_id, key_id), (due.timestamp(), due.timestamp()))

    def due(self, session_id: str, key_id: str) -> datetime.datetime:
        """Return when a session is to be closed or erased. Raises OSError where it has no such keys."""
        return datetime.datetime.fromtimestamp(self._path(session_id, key_id).stat().st_mtime, datetime.UTC)

    def _path(self, session_id: str, key_id: str) -> Path:
        return self._folder / f"{session_id}-{key_id}.json"


def _session_of(name: str) -> str:
    return name.partition("-")[0]


def _from_json(stored: object) -> SessionKeys:
    if not isinstance(stored, dict):
        raise TypeError
    people, days = stored["people"], stored.get("keep_days")
    return SessionKeys(
        bytes.fromhex(stored["contents"]),
        bytes.fromhex(stored["access"]),
        bytes.fromhex(people) if people else None,
        days if isinstance(days, int) and not isinstance(days, bool) else None,
    )


def _destroy(path: Path) -> None:
    """Write over a file where it lies on the disk, and delete it. Some disks keep former bytes; the guide says so."""
    with open(path, "r+b") as file:
        file.write(secrets.token_bytes(os.fstat(file.fileno()).st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    storage.flush_folder(path.parent)
