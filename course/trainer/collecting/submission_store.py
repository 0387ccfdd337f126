"""Put what a learner handed in into its place: the latest in `submitted/`, those before it in `earlier/`.

Each hand-in is written beside its place and renamed into it, so that a command that was killed leaves the old
one or the new one. Between the two renames of a replacement neither is there; `finish` does the second.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from course.core import storage

TIMESTAMP: Final = "timestamp.txt"
RECEIPT: Final = "receipt.json"
_WRITTEN: Final = "%Y-%m-%d %H:%M:%S.%f UTC"
_WAITING: Final = ".arriving"
_MOST_KEPT: Final = 20_000_000


@dataclass(frozen=True)
class Arrival:
    """One hand-in: whose it is, which exercise, when it was handed in, and its files by name."""

    learner: str
    slug: str
    time: datetime.datetime
    """The moment in UTC that counts."""
    mark: str
    """What tells it from every other hand-in; a copy of it has the same."""
    files: Mapping[str, bytes] = field(repr=False)


class Desk(Protocol):
    """A course directory, as far as the places of hand-ins go."""

    @property
    def root(self) -> Path:
        """The folder that all of it is in."""

    def folder(self, step: str, learner: str, slug: str) -> Path:
        """Return the folder of one learner's exercise at a step."""


class BadPlace(Exception):
    """There is something where a hand-in belongs that must not be written to: a sentence that says what."""


def is_folder_name(text: str) -> bool:
    """Say whether an id can name a folder and nothing but a folder below the one it is put in.

    >>> [is_folder_name(text) for text in ("a.b+c@example.org", "..", "a/b", "")]
    [True, False, False, False]
    """
    return bool(re.fullmatch(r"(?!\.)[^/\\\x00-\x1f\x7f*?\[\]]{1,128}", text)) and text == text.strip()


def written(time: datetime.datetime) -> bytes:
    """Return a moment as nbgrader writes it in `timestamp.txt`.

    >>> written(datetime.datetime(2026, 11, 22, 12, 1, 2, 345678, datetime.UTC))
    b'2026-11-22 12:01:02.345678 UTC'
    """
    return time.astimezone(datetime.UTC).strftime(_WRITTEN).encode()


def read_time(text: str) -> datetime.datetime | None:
    """Return the moment that nbgrader wrote, or None where the text is no moment.

    >>> read_time("2026-11-22 12:01:02.345678 UTC").isoformat()
    '2026-11-22T12:01:02.345678+00:00'
    """
    from nbgrader.utils import parse_utc

    try:
        moment = parse_utc(text.strip())
    except (ValueError, OverflowError, TypeError):
        return None
    return None if moment is None else moment.replace(tzinfo=datetime.UTC)


class Places:
    """Where the hand-ins of one learner's exercise are kept."""

    def __init__(self, desk: Desk, learner: str, slug: str) -> None:
        self.root = desk.root
        self.now = desk.folder("submitted", learner, slug)
        self.before = desk.root / "earlier" / learner / slug
        self.waiting = desk.root / "earlier" / _WAITING / learner / slug

    def put(self, arrival: Arrival) -> bool:
        """Keep a hand-in: as the latest, or among the earlier ones. Return whether anything changed.

        Raises BadPlace where a link leads elsewhere, and OSError where it cannot be written.
        """
        for place in (self.now, self.before, self.waiting):
            _check_no_link(place, self.root)
        kept = self._find(arrival)
        if kept:
            return self._mend(kept, arrival)
        current = _time_in(self.now)
        if current is not None and arrival.time <= current:
            self._write(arrival, _free(self.before, arrival.time))
            return True
        self._write(arrival, self.waiting)
        self.finish()
        return True

    def finish(self) -> None:
        """Put the hand-in that waits beside its place into it; the one before it is kept among the earlier ones."""
        if not self.waiting.is_dir():
            return
        if self.now.exists():
            self.before.mkdir(parents=True, exist_ok=True)
            self.now.rename(_free(self.before, _moment(self.now)))
        self.now.parent.mkdir(parents=True, exist_ok=True)
        self.waiting.rename(self.now)

    def receipts(self) -> Iterator[tuple[Path, dict[str, Any]]]:
        """Yield the folder and the receipt of each hand-in file that is kept, the latest first."""
        before = sorted(self.before.iterdir(), reverse=True) if self.before.is_dir() else []
        for folder in [self.now, *before]:
            receipt = read_receipt(folder)
            if receipt:
                yield folder, receipt

    def _find(self, arrival: Arrival) -> Path | None:
        """Return where this very hand-in is kept already."""
        return next((folder for folder, receipt in self.receipts() if mark_of(receipt) == arrival.mark), None)

    def _mend(self, kept: Path, arrival: Arrival) -> bool:
        """Write again what was lost, and write down what is known better; return whether anything changed."""
        if not _is_whole(kept, arrival):
            self._write(arrival, kept)
        elif not _told_better(kept, arrival):
            return False
        self._settle()
        return True

    def _settle(self) -> None:
        """Have the latest in place, after one was found to be of another time."""
        before = list(self.before.iterdir()) if self.before.is_dir() else []
        latest = max(before, key=_moment, default=None)
        if latest and self.now.is_dir() and _moment(latest) > _moment(self.now):
            self.waiting.parent.mkdir(parents=True, exist_ok=True)
            latest.rename(self.waiting)
            self.finish()

    def _write(self, arrival: Arrival, place: Path) -> None:
        """Write a folder whole or not at all."""
        draft = self.waiting.with_name(f"{self.waiting.name}.part")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        for name, data in {**arrival.files, TIMESTAMP: written(arrival.time)}.items():
            (draft / name).write_bytes(data)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(place, ignore_errors=True)
        draft.rename(place)


def finish_all(desk: Desk) -> None:
    """Finish what a killed command began, and take away what it left half written."""
    waiting = desk.root / "earlier" / _WAITING
    for place in sorted(waiting.glob("*/*")):
        if not place.name.endswith(".part"):
            Places(desk, place.parent.name, place.name).finish()
    shutil.rmtree(waiting, ignore_errors=True)


def read_receipt(folder: Path) -> dict[str, Any]:
    """Return the receipt that lies with a hand-in, or an empty one where there is none that can be read."""
    try:
        receipt = storage.read_json(folder / RECEIPT, largest=20_000, deepest=3)
    except (OSError, storage.Unusable):
        return {}
    return receipt if isinstance(receipt, dict) else {}


def mark_of(receipt: Mapping[str, Any]) -> str:
    """Return what tells the hand-in of a receipt from every other one."""
    return json.dumps([receipt.get(name) for name in ("exercise", "learner", "time", "sha256")], sort_keys=True)


def _check_no_link(place: Path, root: Path) -> None:
    """Raise BadPlace where a folder on the way to a place leads elsewhere."""
    for folder in (place, *place.parents):
        if folder == root:
            return
        if folder.is_symlink():
            raise BadPlace(f"The folder {folder.relative_to(root)} is a link. Take it away, and collect again.")


def _is_whole(folder: Path, arrival: Arrival) -> bool:
    """Say whether a folder holds what was handed in; after a loss of power it may not."""
    try:
        return all(
            storage.read_whole(folder / name, largest=_MOST_KEPT) == data
            for name, data in arrival.files.items()
            if name != RECEIPT
        )
    except (OSError, storage.Unusable):
        return False


def _told_better(folder: Path, arrival: Arrival) -> bool:
    """Write down what a platform says of a hand-in that was taken without it, and say whether there was such news."""
    if read_receipt(folder).get("platform") or not json.loads(arrival.files[RECEIPT])["platform"]:
        return False
    storage.put(folder / RECEIPT, arrival.files[RECEIPT])
    storage.put(folder / TIMESTAMP, written(arrival.time))
    return True


def _time_in(folder: Path) -> datetime.datetime | None:
    try:
        return read_time(storage.read_whole(folder / TIMESTAMP, largest=200).decode())
    except (OSError, storage.Unusable, UnicodeDecodeError):
        return None


def _moment(folder: Path) -> datetime.datetime:
    """Return when a kept hand-in was handed in, or else when its folder was written."""
    return _time_in(folder) or datetime.datetime.fromtimestamp(os.lstat(folder).st_mtime, datetime.UTC)


def _free(before: Path, time: datetime.datetime) -> Path:
    """Return a folder of that moment that is not there yet."""
    name = time.astimezone(datetime.UTC).strftime("%Y-%m-%d-%H%M%S-%f")
    number, place = 1, before / name
    while place.exists():
        number += 1
        place = before / f"{name}-{number}"
    return place
