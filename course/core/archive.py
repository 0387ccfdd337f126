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
_UTF_8: Final = 0x800
"""The flag of an entry whose name is said to be in UTF-8."""
_LIST_SIZE: Final = 5
_LIST_END: Final = 9
"""Where the standard library's reader of a zip's end has the size of the list of entries, and its end."""
_ZIP_64: Final = b"PK\x06\x06"
_ZIP_64_END: Final = 76
"""How the end of a large zip begins there, and the bytes between its list and the end that every zip has."""
_LONGEST_ENTRY: Final = 2_000
"""More bytes than one entry of an honest zip takes in the list: its name, its times, a comment."""
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


def open_archive(file: IO[bytes], *, most_entries: int) -> zipfile.ZipFile:
    """Return a zip whose entries can be listed, none of which share bytes; raises ArchiveRefused.

    Entries are counted before their list is read, which takes long; what lies before the list is not read.
    """
    try:
        if _count_signs(file, most_entries) > most_entries:
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


def entry_name(info: zipfile.ZipInfo) -> str:
    """Return the name of an entry, also where a program did not say how it wrote it.

    Without the sign for UTF-8, the standard has the letters of old IBM computers. macOS writes UTF-8 all the same;
    Windows and others write one of two code pages, and the one in which all signs are letters is taken.

    >>> for encoding in ("utf-8", "cp1252", "cp437"):
    ...     entry_name(zipfile.ZipInfo("Núñez".encode(encoding).decode("cp437")))
    'Núñez'
    'Núñez'
    'Núñez'
    """
    name = info.orig_filename
    if name.isascii() or info.flag_bits & _UTF_8:
        return name
    try:
        data = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    with contextlib.suppress(UnicodeDecodeError):
        return data.decode()
    if _are_letters(name):
        return name
    with contextlib.suppress(UnicodeDecodeError):
        if _are_letters(read := data.decode("cp1252")):
            return read
    return name


def check_entry(info: zipfile.ZipInfo, *, allows_format_signs: bool = False) -> None:
    """Raise ArchiveRefused for an entry with a name or of a kind that is not read, or that is locked.

    `allows_format_signs` is for names that people gave on a platform, in which scripts such as Persian need signs
    that are not seen; control characters are refused in any case.
    """
    name = entry_name(info)
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
                raise ArchiveRefused("too-large-inside", name=name or entry_name(info)[:80], most=largest)
            if file.read(1):
                raise ArchiveRefused("damaged")
    except ArchiveRefused:
        raise
    except BROKEN:
        raise ArchiveRefused("damaged") from None
    return data


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
        *above, name = entry_name(info).split("/")
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


def _are_letters(name: str) -> bool:
    """Say whether whatever is not ASCII in a name is a letter as the languages of Western Europe have them."""
    return all(unicodedata.name(sign, "").startswith("LATIN") for sign in name if not sign.isascii())


def _count_signs(file: IO[bytes], most_entries: int) -> int:
    """Return how often the sign of an entry stands in the list of a zip: no fewer than will be made of it in memory.

    Where the list begins is taken from the standard library's own reader, so that both look at the same bytes. A
    list that is longer than so many entries can be counts as one entry too many, and is not read.
    """
    end = zipfile._EndRecData(file)  # type: ignore[attr-defined]
    if not end:
        raise ArchiveRefused("damaged")
    size, place = end[_LIST_SIZE], end[_LIST_END] - (_ZIP_64_END if end[0] == _ZIP_64 else 0)
    if size > (most_entries + 1) * _LONGEST_ENTRY:
        return most_entries + 1
    file.seek(max(0, place - size))
    count = file.read(size).count(_ENTRY)
    file.seek(0)
    return count
