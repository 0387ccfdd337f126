"""Find submission files in the inbox: also in folders, and in the zips that learning platforms make.

Nothing is written, and nothing is unpacked to a disk. What cannot be used is named by its path, with a reason.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import os
import re
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from course.content import trainer_words
from course.core import archive, moments, names
from course.core.archive import LARGEST
from course.trainer.platforms import Sender, is_companion, read_trail

LARGEST_INSIDE: Final = 100_000_000
"""The size in bytes of the largest file that is taken out of a zip; a zip on the disk may have any size."""
MOST_ENTRIES: Final = 20_000
"""How many files a zip may hold."""
MOST_ZIPS_AROUND: Final = 2
"""How many zips may be around a submission file, one in another."""
DEEPEST_FOLDER: Final = 20
MOST_UNPACKED: Final = 10_000_000_000
"""How many bytes are unpacked of one file in the inbox."""
MOST_OF_ONE: Final = 200_000_000
"""How many bytes of them are unpacked of one person, as a platform names people, so that others' are read too."""
_MEGABYTE: Final = 1_000_000
ARRIVING: Final = ".arriving-"
"""What the name of a file begins with that is still on its way from a browser."""
_SYSTEM_FILES: Final = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")

Trail = tuple[str, ...]
"""The names of the folders, zips and files that lead to something from the inbox."""


class UnusableFile(Exception):
    """Something in the inbox that is not used: the names that lead to it, and why."""

    def __init__(self, trail: Trail, why: str) -> None:
        super().__init__(why)
        self.trail, self.why = trail, why


@dataclass(frozen=True)
class InboxEntry:
    """One file: the names that lead to it, its size, and how to open it.

    `open` is given how many bytes may still be unpacked, and raises UnusableFile.
    """

    trail: Trail
    size: int
    open: Callable[[int], IO[bytes]] = field(repr=False)

    def read(self, budget: int) -> bytes:
        """Return what the file holds, or raise UnusableFile; `budget` is how many bytes may still be unpacked."""
        data = self.open(budget).read(self.size + 1)
        if len(data) > self.size:
            raise _unusable(self.trail, "zip-too-large-inside")
        return data


class InboxArchive:
    """A zip that can be listed; raises UnusableFile for what is none, is damaged, or holds too much."""

    def __init__(self, file: IO[bytes], trail: Trail) -> None:
        self.trail = trail
        try:
            self._zip = archive.open_archive(file, most_entries=MOST_ENTRIES)
        except archive.ArchiveRefused as refused:
            raise _refused(trail, refused) from refused

    @property
    def is_submission(self) -> bool:
        """Whether it is called like a submission file, or a receipt lies in it as in one."""
        return bool(re.search(r"hand-in-[\w-]+\.zip", self.trail[-1])) or names.RECEIPT in self._zip.namelist()

    def entries(self) -> Iterator[InboxEntry | UnusableFile]:
        """Yield the files in it; folders are left out."""
        for info in self._zip.infolist():
            name = archive.entry_name(info)
            if name.endswith("/"):
                continue
            trail = (*self.trail, *name.split("/"))
            try:
                archive.check_entry(info, allows_format_signs=True)
            except archive.ArchiveRefused as refused:
                yield _refused((*self.trail, name[:200]), refused)
            else:
                yield InboxEntry(trail, info.file_size, self._opener(info, trail))

    def _opener(self, info: zipfile.ZipInfo, trail: Trail) -> Callable[[int], IO[bytes]]:
        def open_entry(budget: int) -> IO[bytes]:
            if info.file_size > LARGEST_INSIDE:
                raise _unusable(trail, "too-large", size=LARGEST_INSIDE // _MEGABYTE)
            if info.file_size > budget:
                raise _unusable(trail, "too-much-inside")
            try:
                return io.BytesIO(archive.read_entry(self._zip, info, info.file_size))
            except archive.ArchiveRefused as refused:
                is_damaged = refused.reason == "damaged"
                raise (_unusable(trail, "damaged") if is_damaged else _refused(trail, refused)) from refused

        return open_entry


@dataclass(frozen=True)
class InboxFile:
    """A file or a folder that may be a submission, and what its way into the inbox tells of it."""

    trail: Trail
    sender: Sender | None
    """Who sent it: the outermost name of a platform on the way, because a learner may choose those inside."""
    time: datetime.datetime | None
    """When the platform received it, in UTC; None where its name does not say."""
    file_time: datetime.datetime
    """When the file in the inbox was written, in UTC."""
    data: bytes = field(repr=False)
    """A zip."""

    @property
    def name(self) -> str:
        """What a trainer finds it by."""
        return "/".join(self.trail)


def scan_inbox(
    inbox: Path, zone: datetime.tzinfo, companions: list[Trail] | None = None
) -> Iterator[InboxFile | UnusableFile]:
    """Yield what is in an inbox, in order of names. `zone` is where the platform's clock stands.

    What a platform itself put beside hand-ins is not yielded but added to `companions`.
    """
    yield from InboxScan(zone, [] if companions is None else companions).folder(inbox, ())


def count_inbox_files(inbox: Path) -> int:
    """Return about how many files an inbox holds, those in zips too, for a bar that shows how far one is.

    Of a zip, only the list at its end is read.
    """
    return sum(_count(Path(folder) / name) for folder, _, file_names in os.walk(inbox) for name in file_names)


def _count(path: Path) -> int:
    if path.suffix.lower() != ".zip":
        return 1
    try:
        with open_plain(path) as file:
            archive = InboxArchive(file, (path.name,))
            return 1 if archive.is_submission else sum(1 for _ in archive.entries())
    except (OSError, UnusableFile):
        return 1


@dataclass(frozen=True)
class Origin:
    """Where a file in the inbox comes from, as far as the files and zips around it tell."""

    file_time: datetime.datetime
    sender: Sender | None = None
    time: datetime.datetime | None = None
    zips_around: int = 0


class InboxScan:
    """One walk through an inbox."""

    def __init__(self, zone: datetime.tzinfo, companions: list[Trail]) -> None:
        self.zone, self.companions = zone, companions
        self._begin_file()

    def _begin_file(self) -> None:
        self._left, self._left_of = MOST_UNPACKED, dict[str, int]()

    def _budget(self, origin: Origin) -> int:
        """Return how many bytes may still be unpacked of one person in the present file of the inbox."""
        return min(self._left, self._left_of.get(_person(origin), MOST_OF_ONE))

    def _spend(self, origin: Origin, size: int) -> None:
        self._left_of[_person(origin)] = self._left_of.get(_person(origin), MOST_OF_ONE) - size
        self._left -= size

    def folder(self, folder: Path, trail: Trail) -> Iterator[InboxFile | UnusableFile]:
        """Yield what is in a folder on the disk."""
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            yield _unusable(trail, "unreadable-folder", reason=error.strerror)
            return
        if names.RECEIPT in [entry.name for entry in entries]:
            yield from self._unpacked(folder, trail, entries)
            return
        beside = any(read_trail((entry.name, "")) for entry in entries)
        for entry in entries:
            inside = (*trail, entry.name)
            if not _is_system_file(entry.name) and not self._is_companion(inside, entry.is_file(), beside=beside):
                yield from self._on_disk(entry, inside)

    def _is_companion(self, trail: Trail, is_file: bool, *, beside: bool) -> bool:
        if not is_file or not is_companion(trail, lies_beside_people=beside):
            return False
        self.companions.append(trail)
        return True

    def item(self, item: InboxEntry, origin: Origin) -> Iterator[InboxFile | UnusableFile]:
        """Yield what one file holds: a submission, or a zip of them."""
        name = item.trail[-1].lower()
        if item.size == 0:
            yield _unusable(item.trail, "empty")
        elif not name.endswith(".zip"):
            yield _unusable(item.trail, "notebook-alone" if name.endswith(".ipynb") else "no-submission")
        else:
            yield from self._zip(item, origin)

    def _on_disk(self, entry: os.DirEntry[str], trail: Trail) -> Iterator[InboxFile | UnusableFile]:
        if entry.is_symlink():
            yield _unusable(trail, "link")
        elif entry.is_dir():
            if len(trail) > DEEPEST_FOLDER:
                yield _unusable(trail, "folders-too-deep")
            else:
                yield from self.folder(Path(entry.path), trail)
        elif not entry.is_file():
            yield _unusable(trail, "not-plain")
        else:
            yield from self._file(Path(entry.path), trail)

    def _file(self, path: Path, trail: Trail) -> Iterator[InboxFile | UnusableFile]:
        self._begin_file()
        try:
            file = open_plain(path)
        except OSError as error:
            yield _unusable(trail, "unreadable", reason=error.strerror)
            return
        with file:
            status = os.fstat(file.fileno())
            origin = self._origin_on_disk(status.st_mtime, trail)
            yield from self.item(InboxEntry(trail, status.st_size, _opened(file)), origin)

    def _zip(self, item: InboxEntry, origin: Origin) -> Iterator[InboxFile | UnusableFile]:
        try:
            file = item.open(self._budget(origin))
            if origin.zips_around:
                self._spend(origin, item.size)
            archive = InboxArchive(file, item.trail)
        except UnusableFile as unusable:
            yield unusable
            return
        if not archive.is_submission:
            yield from self._container(archive, origin)
        elif item.size > LARGEST:
            yield _unusable(item.trail, "submission-too-large", size=LARGEST // _MEGABYTE)
        else:
            file.seek(0)
            yield InboxFile(item.trail, origin.sender, origin.time, origin.file_time, file.read(LARGEST + 1))

    def _container(self, archive: InboxArchive, origin: Origin) -> Iterator[InboxFile | UnusableFile]:
        """Yield what is in a zip that is no submission itself."""
        if origin.zips_around >= MOST_ZIPS_AROUND:
            yield _unusable(archive.trail, "zips-too-deep")
            return
        contents = list(archive.entries())
        yield from (entry for entry in contents if isinstance(entry, UnusableFile))
        entries = [entry for entry in contents if isinstance(entry, InboxEntry) and not _is_system_file(*entry.trail)]
        if not entries:
            yield _unusable(archive.trail, "nothing-inside")
        beside = any(read_trail(entry.trail[len(archive.trail) :]) for entry in entries)
        folders: dict[Trail, list[InboxEntry]] = {}
        for entry in entries:
            folders.setdefault(entry.trail[:-1], []).append(entry)
        unpacked = {entry.trail[:-1] for entry in entries if entry.trail[-1] == names.RECEIPT}
        for entry in entries:
            folder, inside = entry.trail[:-1], self._origin_in_zip(entry, origin)
            if self._is_companion(entry.trail, is_file=True, beside=beside and not read_trail(entry.trail)):
                continue
            if folder not in unpacked:
                yield from self.item(entry, inside)
            elif entry.trail[-1] == names.RECEIPT and folder in folders:
                yield from self._pack(folder, folders.pop(folder), inside)

    def _origin_in_zip(self, entry: InboxEntry, origin: Origin) -> Origin:
        """Return where an entry comes from; its own time is left aside.

        Moodle and Canvas write there when the zip was made, others when a file was last changed, and none says which.
        """
        sender = origin.sender or read_trail(entry.trail)
        time = origin.time if origin.sender else self._time_in_name(sender)
        return Origin(origin.file_time, sender, time, origin.zips_around + 1)

    def _origin_on_disk(self, seconds: float, trail: Trail) -> Origin:
        sender = read_trail(trail)
        return Origin(datetime.datetime.fromtimestamp(seconds, datetime.UTC), sender, self._time_in_name(sender))

    def _time_in_name(self, sender: Sender | None) -> datetime.datetime | None:
        """Return the time in a platform's name; none for one before or after all calendars."""
        with contextlib.suppress(OverflowError):
            return moments.in_zone(sender.time, self.zone) if sender and sender.time else None
        return None

    def _unpacked(
        self, folder: Path, trail: Trail, contents: Iterable[os.DirEntry[str]]
    ) -> Iterator[InboxFile | UnusableFile]:
        """Yield a submission file that a browser has unpacked."""
        self._begin_file()
        with contextlib.ExitStack() as stack:
            entries = []
            try:
                for entry in contents:
                    if not _is_system_file(entry.name):
                        file = stack.enter_context(open_plain(Path(entry.path)))
                        size = os.fstat(file.fileno()).st_size
                        entries.append(InboxEntry((*trail, entry.name), size, _opened(file)))
            except OSError:
                yield _unusable(trail, "unusual-folder")
                return
            origin = self._origin_on_disk((folder / names.RECEIPT).lstat().st_mtime, trail)
            yield from self._pack(trail, entries, origin)

    def _pack(self, trail: Trail, entries: Iterable[InboxEntry], origin: Origin) -> Iterator[InboxFile | UnusableFile]:
        """Yield a submission whose files lie side by side, packed again."""
        file, packed = io.BytesIO(), set[str]()
        try:
            with zipfile.ZipFile(file, "w") as zipped:
                for entry in entries:
                    if entry.size > LARGEST:
                        raise _unusable(entry.trail, "file-too-large-for-submission")
                    if entry.trail[-1] in packed:  # a zip from a stranger may have a name many times
                        raise _unusable(trail, "zip-damaged")
                    packed.add(entry.trail[-1])
                    zipped.writestr(entry.trail[-1], entry.read(self._budget(origin)))
                    self._spend(origin, entry.size)
        except UnusableFile as unusable:
            yield unusable
        else:
            yield InboxFile(trail, origin.sender, origin.time, origin.file_time, file.getvalue())


def open_plain(path: Path) -> IO[bytes]:
    """Open a plain file to be read; raises OSError for a link, a pipe and a folder, also one that just came there."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(0, "it is not an ordinary file")
    return os.fdopen(handle, "rb")


def _unusable(trail: Trail, key: str, **blanks: object) -> UnusableFile:
    return UnusableFile(trail, trainer_words(f"collect.{key}", **blanks))


def _refused(trail: Trail, refused: archive.ArchiveRefused) -> UnusableFile:
    return _unusable(trail, f"zip-{refused.reason}", **refused.details)


def _opened(file: IO[bytes]) -> Callable[[int], IO[bytes]]:
    """Return what an InboxEntry opens, for a file that is open."""
    return lambda _budget: file


def _person(origin: Origin) -> str:
    return origin.sender.platform if origin.sender else ""


def _is_system_file(*path: str) -> bool:
    return any(name in _SYSTEM_FILES or name.startswith(("._", ARRIVING)) for name in path)
