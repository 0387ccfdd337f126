"""A zip in the inbox and the files in it: what cannot be used is named by its path, with a reason."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Final

from course.content import trainer_words
from course.core import archive, names

LARGEST_ARCHIVE: Final = 300_000_000
"""The size in bytes of the largest zip that is opened."""
LARGEST_INSIDE: Final = 100_000_000
"""The size in bytes of the largest file that is taken out of a zip."""
MOST_ENTRIES: Final = 20_000

Trail = tuple[str, ...]
"""The names of the folders, zips and files that lead to something from the inbox."""


class UnusableFile(Exception):
    """Something in the inbox that is not used: the names that lead to it, and why."""

    def __init__(self, trail: Trail, why: str) -> None:
        super().__init__(why)
        self.trail, self.why = trail, why


@dataclass(frozen=True)
class InboxEntry:
    """One file: the names that lead to it, its size, its time in UTC if it has one, and how to open it.

    `open` is given how many bytes may still be unpacked, and raises UnusableFile.
    """

    trail: Trail
    size: int
    time: datetime.datetime | None
    open: Callable[[int], IO[bytes]] = field(repr=False)

    def read(self, budget: int) -> bytes:
        """Return what the file holds, or raise UnusableFile; `budget` is how many bytes may still be unpacked."""
        data = self.open(budget).read(self.size + 1)
        if len(data) > self.size:
            raise UnusableFile(self.trail, trainer_words("collect.zip-too-large-inside"))
        return data


class InboxArchive:
    """A zip that can be listed; raises UnusableFile for what is none, is damaged, or holds too much."""

    def __init__(self, file: IO[bytes], trail: Trail, zone: datetime.tzinfo) -> None:
        self.trail, self.zone = trail, zone
        try:
            self._zip = archive.open_archive(
                file,
                most_entries=MOST_ENTRIES,
                most_signs=5 * MOST_ENTRIES,  # also those of zips inside it
            )
        except archive.ArchiveRefused as refused:
            raise UnusableFile(trail, _why(refused)) from refused

    @property
    def is_submission(self) -> bool:
        """Whether it is called like a submission file, or a receipt lies in it as in one."""
        return bool(re.search(r"hand-in-[\w-]+\.zip", self.trail[-1])) or names.RECEIPT in self._zip.namelist()

    def entries(self) -> Iterator[InboxEntry | UnusableFile]:
        """Yield the files in it; folders are left out."""
        for info in self._zip.infolist():
            if info.filename.endswith("/"):
                continue
            trail = (*self.trail, *info.filename.split("/"))
            try:
                archive.check_entry(info, allows_format_signs=True)
            except archive.ArchiveRefused as refused:
                yield UnusableFile((*self.trail, info.orig_filename[:200]), _why(refused))
            else:
                yield InboxEntry(trail, info.file_size, archive.entry_time(info, self.zone), self._opener(info, trail))

    def _opener(self, info: zipfile.ZipInfo, trail: Trail) -> Callable[[int], IO[bytes]]:
        def read(budget: int) -> IO[bytes]:
            if info.file_size > LARGEST_INSIDE:
                raise UnusableFile(trail, trainer_words("collect.too-large", size=LARGEST_INSIDE // 1_000_000))
            if info.file_size > budget:
                raise UnusableFile(trail, trainer_words("collect.too-much-inside"))
            try:
                return io.BytesIO(archive.read_entry(self._zip, info, info.file_size))
            except archive.ArchiveRefused as refused:
                is_damaged = refused.reason == "damaged"
                raise UnusableFile(
                    trail, trainer_words("collect.damaged") if is_damaged else _why(refused)
                ) from refused

        return read


def _why(refused: archive.ArchiveRefused) -> str:
    return trainer_words(f"collect.zip-{refused.reason}", **refused.details)
