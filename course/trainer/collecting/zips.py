"""Read a stranger's zip with limits: on its size, on how much is in it, and on what the names in it may be."""

from __future__ import annotations

import contextlib
import datetime
import io
import re
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Final

from course.records.packed import BROKEN

LARGEST_ARCHIVE: Final = 300_000_000
"""The size in bytes of the largest zip that is opened."""
LARGEST_INSIDE: Final = 100_000_000
"""The size in bytes of the largest file that is taken out of a zip."""
MOST_ENTRIES: Final = 20_000
_LONGEST_NAME: Final = 1_000


class Refusal(Exception):
    """Something that was left out: the names that lead to it, and why."""

    def __init__(self, trail: tuple[str, ...], why: str) -> None:
        super().__init__(why)
        self.trail, self.why = trail, why


@dataclass(frozen=True)
class Entry:
    """One file: the names that lead to it, its size, its time in UTC if it has one, and how to open it.

    `open` is given how many bytes may still be unpacked, and raises Refusal.
    """

    trail: tuple[str, ...]
    size: int
    time: datetime.datetime | None
    open: Callable[[int], IO[bytes]] = field(repr=False)


class Archive:
    """A zip that can be read; raises Refusal for what is none, is damaged, or holds too much."""

    def __init__(self, file: IO[bytes], trail: tuple[str, ...], zone: datetime.tzinfo) -> None:
        self.trail, self.zone = trail, zone
        if _count(file) > 5 * MOST_ENTRIES:  # also those of zips inside it
            raise Refusal(trail, f"There are more than {MOST_ENTRIES} files in this zip.")
        try:
            self._zip = zipfile.ZipFile(file)
        except BROKEN as error:
            raise Refusal(trail, "The file is damaged, or is no zip.") from error
        if len(self._zip.infolist()) > MOST_ENTRIES:
            raise Refusal(trail, f"There are more than {MOST_ENTRIES} files in this zip.")

    @property
    def is_hand_in(self) -> bool:
        """Whether it is called like a hand-in file, or a receipt lies in it as in one."""
        return bool(re.search(r"hand-in-[\w-]+\.zip", self.trail[-1])) or "receipt.json" in self._zip.namelist()

    def entries(self) -> Iterator[Entry | Refusal]:
        """Yield the files in it; folders are left out."""
        for about in self._zip.infolist():
            parts = tuple(about.filename.split("/"))
            trail = (*self.trail, *parts)
            kind = stat.S_IFMT(about.external_attr >> 16)
            if about.filename.endswith("/"):
                continue
            if _is_trick(about, parts):
                yield Refusal((*self.trail, about.orig_filename[:200]), "Its name leads out of the zip.")
            elif kind not in (0, stat.S_IFREG):
                yield Refusal(trail, "It is a link, or no plain file.")
            elif about.flag_bits & 0x1:
                yield Refusal(trail, "It needs a password.")
            else:
                yield Entry(trail, about.file_size, _time(about, self.zone), self._opener(about, trail))

    def _opener(self, about: zipfile.ZipInfo, trail: tuple[str, ...]) -> Callable[[int], IO[bytes]]:
        def read(left: int) -> IO[bytes]:
            if about.file_size > LARGEST_INSIDE:
                raise Refusal(trail, f"The file is larger than {LARGEST_INSIDE // 1_000_000} MB.")
            if about.file_size > left:
                raise Refusal(trail, "This zip would unpack to more than is allowed, so the rest of it was left.")
            try:
                with self._zip.open(about) as file:
                    return io.BytesIO(file.read(about.file_size + 1))
            except BROKEN as error:
                raise Refusal(trail, "The file is damaged.") from error

        return read


def limited(entry: Entry, left: int) -> bytes:
    """Return what a file holds, or raise Refusal."""
    file = entry.open(left)
    data = file.read(entry.size + 1)
    if len(data) > entry.size:
        raise Refusal(entry.trail, "The file is larger than it says.")
    return data


def _count(file: IO[bytes]) -> int:
    """Return how often the sign of an entry stands in a zip: no fewer than will be made of it in memory."""
    file.seek(0)
    count = 0
    while piece := file.read(1 << 20):
        count += piece.count(b"PK\x01\x02")
    file.seek(0)
    return count


def _is_trick(about: zipfile.ZipInfo, parts: tuple[str, ...]) -> bool:
    """Say whether a name would lead out of the folder that it is put in, on any system, or hides what it is."""
    name = about.orig_filename
    return (
        not all(parts)
        or any(part in (".", "..") for part in parts)
        or any(sign in name for sign in ("\\", "\0"))
        or (len(name) > 1 and name[1] == ":")
        or len(name) > _LONGEST_NAME
    )


def _time(about: zipfile.ZipInfo, zone: datetime.tzinfo) -> datetime.datetime | None:
    """Return the time of a file in a zip in UTC: exact where the zip says it so, else by the platform's clock."""
    exact = _exact_time(about.extra)
    if exact is not None or about.date_time[0] < 2000:
        return exact
    with contextlib.suppress(ValueError):
        return datetime.datetime(*about.date_time, tzinfo=zone).astimezone(datetime.UTC)
    return None


def _exact_time(extra: bytes) -> datetime.datetime | None:
    """Return the time in the field that says seconds in UTC, where there is one."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        if kind == 0x5455 and size >= 5 and len(extra) >= 9 and extra[4] & 1:
            return datetime.datetime.fromtimestamp(struct.unpack_from("<i", extra, 5)[0], datetime.UTC)
        extra = extra[4 + size :]
    return None
