"""Zips from strangers, read with limits and never written to disk.

Nothing in a zip is trusted: not its list of names, not the sizes that it claims, not where it says its parts lie.
What is refused raises ArchiveRefused with a reason that callers turn into words:

| reason | details |
|---|---|
| empty, no-zip, no-file, damaged, locked, packing, overlap, odd-name, scattered | |
| too-large | most: bytes |
| too-many | most: entries |
| unreadable | reason: what the system says |
| path, link, unknown, twice | name |
| too-large-inside | name, most: bytes |
"""

from __future__ import annotations

import contextlib
import datetime
import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Final

from course.core import storage

LARGEST: Final = 20_000_000
"""The size in bytes of the largest zip that `unpack` reads."""
MOST_ENTRIES: Final = 60
"""The most entries that `unpack` reads, with the folders and notes that computers put in by themselves."""
LONGEST_NAME: Final = 1_000
BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    LookupError,
    OverflowError,
    struct.error,
)
"""What the reader of zips raises for damage, depending on where it is."""
_ENTRY: Final = b"PK\x01\x02"
_HEADER: Final = 30
_LEFT_BEHIND: Final = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""What computers put into a folder that a person packs again; it is left out unread."""


class ArchiveRefused(ValueError):
    """A zip, or an entry of one, that is not read: `reason` is a key, `details` has what its words need."""

    def __init__(self, reason: str, /, **details: str | int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details: dict[str, str | int] = details


def unpack(
    file: Path | IO[bytes], known: Mapping[str, int], *, largest: int = LARGEST, most_entries: int = MOST_ENTRIES
) -> dict[str, bytes]:
    """Return the files in a zip by their names: only those in `known`, which gives the largest size of each.

    They lie at the top or in one folder. Raises ArchiveRefused for anything else.
    """
    data = io.BytesIO(_whole(file, largest))
    archive = open_archive(data, most_entries=most_entries)
    with archive:
        entries = _known_entries(archive, known)
        return {name: read_entry(archive, entry, known[name], name) for name, entry in entries.items()}


def open_archive(file: IO[bytes], *, most_entries: int, most_signs: int | None = None) -> zipfile.ZipFile:
    """Return a zip whose entries can be listed, none of which share bytes; raises ArchiveRefused.

    Entries are counted before their list is read, which takes long. `most_signs` is how often the sign of an entry
    may stand in the zip where that may be more than it has entries, as with zips inside of it.
    """
    try:
        if _count_signs(file) > (most_entries if most_signs is None else most_signs):
            raise ArchiveRefused("too-many", most=most_entries)
        archive = zipfile.ZipFile(file)
    except ArchiveRefused:
        raise
    except BROKEN:
        raise ArchiveRefused("damaged") from None
    if len(archive.infolist()) > most_entries:
        raise ArchiveRefused("too-many", most=most_entries)
    check_apart(archive)
    return archive


def check_entry(info: zipfile.ZipInfo, *, allows_format_signs: bool = False) -> None:
    """Raise ArchiveRefused for an entry with a name or of a kind that is not read, or that is locked.

    `allows_format_signs` is for names that people gave on a platform, in which scripts such as Persian need signs
    that are not seen; control characters are refused in any case.
    """
    name = info.orig_filename
    refused = ("Cc", "Cs") if allows_format_signs else ("Cc", "Cf", "Cn", "Co", "Cs")
    if any(unicodedata.category(sign) in refused for sign in name):
        raise ArchiveRefused("odd-name")
    parts = name.removesuffix("/").split("/")
    leads_out = "\\" in name or re.match(".:", name) or not {"", ".", ".."}.isdisjoint(parts)
    if leads_out or len(name) > LONGEST_NAME:
        raise ArchiveRefused("path", name=name[:80])
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFDIR if name.endswith("/") else stat.S_IFREG):
        raise ArchiveRefused("link", name=name[:80])
    if info.flag_bits & 0x41:
        raise ArchiveRefused("locked")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ArchiveRefused("packing")


def check_apart(archive: zipfile.ZipFile) -> None:
    """Raise ArchiveRefused where entries share bytes: a small zip can claim to hold the same bytes many times."""
    end = 0
    for info in sorted(archive.infolist(), key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise ArchiveRefused("overlap")
        end = info.header_offset + _HEADER + info.compress_size


def read_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, largest: int, name: str = "") -> bytes:
    """Return the bytes of an entry, counted while they are read; raises ArchiveRefused for more than `largest`."""
    try:
        with archive.open(info) as file:
            data = file.read(largest + 1)
            if len(data) > largest:
                raise ArchiveRefused("too-large-inside", name=name or info.filename[:80], most=largest)
            if file.read(1):
                raise ArchiveRefused("damaged")
    except ArchiveRefused:
        raise
    except BROKEN:
        raise ArchiveRefused("damaged") from None
    return data


def entry_time(info: zipfile.ZipInfo, zone: datetime.tzinfo) -> datetime.datetime | None:
    """Return the time of an entry in UTC: exact where the zip says it so, else by clocks in `zone`, or None."""
    exact = _exact_time(info.extra)
    if exact is not None or info.date_time[0] < 2000:
        return exact
    with contextlib.suppress(ValueError):
        return datetime.datetime(*info.date_time, tzinfo=zone).astimezone(datetime.UTC)
    return None


def _exact_time(extra: bytes) -> datetime.datetime | None:
    """Return the time in the field that says seconds in UTC, where there is one."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        if kind == 0x5455 and size >= 5 and len(extra) >= 9 and extra[4] & 1:
            return datetime.datetime.fromtimestamp(struct.unpack_from("<i", extra, 5)[0], datetime.UTC)
        extra = extra[4 + size :]
    return None


def _whole(file: Path | IO[bytes], largest: int) -> bytes:
    try:
        data = storage.read_whole(file, largest=largest) if isinstance(file, Path) else file.read(largest + 1)
    except storage.Unusable:
        raise _too_large(largest) if _is_file(file) else ArchiveRefused("no-file") from None
    except OSError as error:
        raise ArchiveRefused("unreadable", reason=error.strerror or type(error).__name__) from error
    if len(data) > largest:
        raise _too_large(largest)
    if not data:
        raise ArchiveRefused("empty")
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise ArchiveRefused("no-zip")
    return data


def _too_large(largest: int) -> ArchiveRefused:
    return ArchiveRefused("too-large", most=largest)


def _is_file(file: object) -> bool:
    return isinstance(file, Path) and stat.S_ISREG(file.lstat().st_mode)


def _known_entries(archive: zipfile.ZipFile, known: Mapping[str, int]) -> dict[str, zipfile.ZipInfo]:
    """Return the entries to read by their names, all of them looked over before the first is read."""
    entries: dict[str, zipfile.ZipInfo] = {}
    folders = set()
    for info in archive.infolist():
        check_entry(info)
    for info in archive.infolist():
        *above, name = info.orig_filename.split("/")
        if not name or name in _LEFT_BEHIND or "__MACOSX" in above:
            continue
        if name not in known:
            raise ArchiveRefused("unknown", name=name[:80])
        if name in entries:
            raise ArchiveRefused("twice", name=name)
        entries[name] = info
        folders.add("/".join(above))
    if len(folders) > 1 or any("/" in folder for folder in folders):
        raise ArchiveRefused("scattered")
    return entries


def _count_signs(file: IO[bytes]) -> int:
    """Return how often the sign of an entry stands in a zip: no fewer than will be made of it in memory."""
    file.seek(0)
    count, tail = 0, b""
    while piece := file.read(1 << 20):
        count += (tail + piece).count(_ENTRY)
        tail = (tail + piece)[-(len(_ENTRY) - 1) :]
    file.seek(0)
    return count
