"""Find hand-in files in a folder of strangers' files: also in folders, and in zips that learning platforms make.

Nothing is written, and nothing is unpacked to a disk. What cannot be used is named with a reason.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import os
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from course.records.packed import LARGEST
from course.records.submission_file import RECEIPT
from course.trainer.collecting.zips import LARGEST_ARCHIVE, Archive, Entry, Refusal, limited
from course.trainer.platforms import Sender, read_name

DEEPEST: Final = 2
"""How many zips may stand around a hand-in file."""
DEEPEST_FOLDER: Final = 20
MOST_UNPACKED: Final = 1_000_000_000
"""How many bytes are unpacked of one file in the inbox."""
_LEFT_BY_SYSTEMS: Final = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Parcel:
    """A file or a folder that may be a hand-in, and what its way into the inbox tells of it."""

    trail: tuple[str, ...]
    """The names of the folders, zips and files that lead to it from the inbox."""
    sender: Sender | None
    """Who sent it: the outermost name of a platform on the way, because a learner may choose those inside."""
    time: datetime.datetime | None
    """When the platform took it, in UTC, where that can be told."""
    file_time: datetime.datetime
    """When the file in the inbox was written, in UTC."""
    data: bytes = field(repr=False)
    """A zip."""

    @property
    def name(self) -> str:
        """What a trainer finds it by."""
        return "/".join(self.trail)


def find_parcels(inbox: Path, zone: datetime.tzinfo) -> Iterator[Parcel | Refusal]:
    """Yield what is in an inbox, in order of names. `zone` is where the platform's clock stands."""
    yield from _Walk(zone).folder(inbox, ())


def count_parcels(inbox: Path) -> int:
    """Return about how many files an inbox holds, those in zips too, for a bar that shows how far one is."""
    return sum(_count(Path(folder) / name) for folder, _, names in os.walk(inbox) for name in names)


def _count(path: Path) -> int:
    if path.suffix.lower() != ".zip":
        return 1
    try:
        with open_plain(path) as file:
            archive = Archive(file, (path.name,), datetime.UTC)
            return 1 if archive.is_hand_in else sum(1 for _ in archive.entries())
    except (OSError, Refusal):
        return 1


@dataclass(frozen=True)
class _From:
    """Where something was found."""

    file_time: datetime.datetime
    sender: Sender | None = None
    time: datetime.datetime | None = None
    depth: int = 0


class _Walk:
    """One walk through an inbox."""

    def __init__(self, zone: datetime.tzinfo) -> None:
        self.zone = zone
        self.left = 0

    def folder(self, folder: Path, trail: tuple[str, ...]) -> Iterator[Parcel | Refusal]:
        try:
            found = sorted(os.scandir(folder), key=lambda one: one.name)
        except OSError as error:
            yield Refusal(trail, f"The folder cannot be read: {error.strerror}.")
            return
        if RECEIPT in [one.name for one in found]:
            yield from self._unpacked(folder, trail, found)
            return
        for one in found:
            if not _is_left_by_systems(one.name):
                yield from self._on_disk(one, (*trail, one.name))

    def _on_disk(self, one: os.DirEntry[str], trail: tuple[str, ...]) -> Iterator[Parcel | Refusal]:
        if one.is_symlink():
            yield Refusal(trail, "It is a link. Put the file itself here.")
        elif one.is_dir():
            if len(trail) > DEEPEST_FOLDER:
                yield Refusal(trail, "There are too many folders inside each other.")
            else:
                yield from self.folder(Path(one.path), trail)
        elif not one.is_file():
            yield Refusal(trail, "It is no plain file.")
        else:
            yield from self._file(Path(one.path), trail)

    def _file(self, path: Path, trail: tuple[str, ...]) -> Iterator[Parcel | Refusal]:
        self.left = MOST_UNPACKED
        try:
            file = open_plain(path)
        except OSError as error:
            yield Refusal(trail, f"It cannot be read: {error.strerror}.")
            return
        with file:
            about = os.fstat(file.fileno())
            here = self._from_disk(about.st_mtime, trail)
            yield from self._item(Entry(trail, about.st_size, None, _is_open(file)), here)

    def _item(self, item: Entry, here: _From) -> Iterator[Parcel | Refusal]:
        """Yield what one file holds: a hand-in, or a zip of them."""
        name = item.trail[-1]
        if item.size == 0:
            yield Refusal(item.trail, "The file is empty.")
        elif not name.lower().endswith(".zip"):
            yield Refusal(item.trail, f"It is no hand-in file: {_kind(name)}.")
        elif item.size > LARGEST_ARCHIVE:
            yield Refusal(item.trail, f"The file is larger than {LARGEST_ARCHIVE // 1_000_000} MB.")
        else:
            yield from self._zip(item, here)

    def _zip(self, item: Entry, here: _From) -> Iterator[Parcel | Refusal]:
        try:
            file = item.open(self.left)
            self.left -= item.size if here.depth else 0
            archive = Archive(file, item.trail, self.zone)
        except Refusal as why:
            yield why
            return
        if not archive.is_hand_in:
            yield from self._container(archive, here)
        elif item.size > LARGEST:
            yield Refusal(item.trail, f"A hand-in file is not larger than {LARGEST // 1_000_000} MB.")
        else:
            file.seek(0)
            yield Parcel(item.trail, here.sender, here.time, here.file_time, file.read(LARGEST + 1))

    def _container(self, archive: Archive, here: _From) -> Iterator[Parcel | Refusal]:
        if here.depth >= DEEPEST:
            yield Refusal(archive.trail, "There are too many zips inside each other.")
            return
        found = list(archive.entries())
        entries = [one for one in found if isinstance(one, Entry) and not _is_left_by_systems(*one.trail)]
        times = _telling_times(entries, here)
        folders = {one.trail[:-1] for one in entries if one.trail[-1] == RECEIPT}
        yield from (one for one in found if isinstance(one, Refusal))
        if not entries:
            yield Refusal(archive.trail, "There is nothing in this zip.")
        for one in entries:
            sender = here.sender or _sender(one.trail)
            time = here.time if here.sender else self._said(sender) or times.get(one.trail)
            inside = _From(here.file_time, sender, time, here.depth + 1)
            if one.trail[:-1] not in folders:
                yield from self._item(one, inside)
            elif one.trail[-1] == RECEIPT:
                beside = [other for other in entries if other.trail[:-1] == one.trail[:-1]]
                yield from self._folder_parcel(one.trail[:-1], beside, inside)

    def _from_disk(self, seconds: float, trail: tuple[str, ...]) -> _From:
        sender = _sender(trail)
        return _From(datetime.datetime.fromtimestamp(seconds, datetime.UTC), sender, self._said(sender))

    def _said(self, sender: Sender | None) -> datetime.datetime | None:
        """Return the time that stands in a platform's name."""
        return sender.time.replace(tzinfo=self.zone).astimezone(datetime.UTC) if sender and sender.time else None

    def _unpacked(
        self, folder: Path, trail: tuple[str, ...], found: Iterable[os.DirEntry[str]]
    ) -> Iterator[Parcel | Refusal]:
        """Yield a hand-in file that a browser has unpacked."""
        self.left = MOST_UNPACKED
        with contextlib.ExitStack() as opened:
            entries = []
            try:
                for one in found:
                    if not _is_left_by_systems(one.name):
                        file = opened.enter_context(open_plain(Path(one.path)))
                        size = os.fstat(file.fileno()).st_size
                        entries.append(Entry((*trail, one.name), size, None, _is_open(file)))
            except OSError:
                yield Refusal(trail, "Something in this folder is a link, a folder, or cannot be read.")
                return
            here = self._from_disk((folder / RECEIPT).lstat().st_mtime, trail)
            yield from self._folder_parcel(trail, entries, here)

    def _folder_parcel(
        self, trail: tuple[str, ...], entries: Iterable[Entry], here: _From
    ) -> Iterator[Parcel | Refusal]:
        """Yield a hand-in whose files lie side by side, packed again."""
        packed = io.BytesIO()
        try:
            with zipfile.ZipFile(packed, "w") as zipped:
                for one in entries:
                    if one.size > LARGEST:
                        raise Refusal(one.trail, "The file is too large for a hand-in.")
                    zipped.writestr(one.trail[-1], limited(one, self.left))
                    self.left -= one.size
        except Refusal as why:
            yield why
        else:
            yield Parcel(trail, here.sender, here.time, here.file_time, packed.getvalue())


def open_plain(path: Path) -> IO[bytes]:
    """Open a plain file to be read; raises OSError for a link, a pipe and a folder, also one that just came there."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(0, "it is no plain file")
    return os.fdopen(handle, "rb")


def _is_open(file: IO[bytes]) -> Callable[[int], IO[bytes]]:
    """Return what an Entry opens, for a file that is open."""
    return lambda _: file


def _sender(trail: Iterable[str]) -> Sender | None:
    return next(filter(None, map(read_name, trail)), None)


def _telling_times(entries: Iterable[Entry], here: _From) -> dict[tuple[str, ...], datetime.datetime]:
    """Return when a platform took each file of its zip.

    Many platforms write there when the zip was made; then all are minutes apart, and tell nothing.
    """
    times = {one.trail: one.time for one in entries if one.time and _sender(one.trail)}
    others = [*times.values(), here.file_time] if len(times) == 1 else [*times.values()]
    if not times or max(others) - min(others) <= datetime.timedelta(minutes=10):
        return {}
    return times


def _is_left_by_systems(*names: str) -> bool:
    return any(name in _LEFT_BY_SYSTEMS or name.startswith("._") for name in names)


def _kind(name: str) -> str:
    """Say what else a file is, for a trainer who wonders."""
    if name.lower().endswith(".ipynb"):
        return "a notebook alone does not hold the answers"
    return "its name does not end in .zip"
