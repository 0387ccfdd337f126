"""A zip from a stranger, read with limits and never written to disk.

Nothing in it is trusted: not its list of names, not the sizes that it claims, not where it says its parts lie.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Final

from course.content import words
from course.core import storage
from course.core.errors import BadHandIn

LARGEST: Final = 20_000_000
"""The size in bytes of the largest zip that is read."""
MOST: Final = 60
"""The most entries of a zip, with the folders and notes that computers put in by themselves."""
_ENTRY: Final = b"PK\x01\x02"
_HEADER: Final = 30
_LEFT_BEHIND: Final = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""What computers put into a folder that a person packs again; it is left out unread."""
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


def unpack(file: Path | BinaryIO, known: Mapping[str, int]) -> dict[str, bytes]:
    """Return the files in a zip by their names: only those in `known`, which gives the largest size of each.

    They lie at the top or in one folder. Raises BadHandIn with the reason for anything else.
    """
    data = _whole(file)
    if data.count(_ENTRY) > MOST:  # said before the list is read, which takes long
        raise refused("too-many", most=MOST)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = _entries(archive, known)
            return {name: _read(archive, entry, name, known[name]) for name, entry in entries.items()}
    except BadHandIn:
        raise
    except BROKEN as error:
        raise refused("damaged") from error


def refused(key: str, **parts: object) -> BadHandIn:
    """Return the error with the reason of that name in the words of the interface."""
    return BadHandIn(words(f"packed.{key}", **parts), words("packed.hint"))


def _whole(file: Path | BinaryIO) -> bytes:
    try:
        data = storage.read_whole(file, largest=LARGEST) if isinstance(file, Path) else file.read(LARGEST + 1)
    except storage.Unusable:
        raise refused("too-large" if _is_file(file) else "no-file", most=LARGEST // 1_000_000) from None
    except OSError as error:
        raise refused("unreadable", reason=error.strerror or type(error).__name__) from error
    if len(data) > LARGEST:
        raise refused("too-large", most=LARGEST // 1_000_000)
    if not data:
        raise refused("empty")
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise refused("no-zip")
    return data


def _is_file(file: object) -> bool:
    return isinstance(file, Path) and stat.S_ISREG(file.lstat().st_mode)


def _entries(archive: zipfile.ZipFile, known: Mapping[str, int]) -> dict[str, zipfile.ZipInfo]:
    """Return the entries to read by their names, all of them looked over before the first is read."""
    infos = archive.infolist()
    for info in infos:
        _check(info)
    _check_apart(infos)
    found: dict[str, zipfile.ZipInfo] = {}
    folders = set()
    for info in infos:
        *above, name = info.orig_filename.split("/")
        if not name or name in _LEFT_BEHIND or "__MACOSX" in above:
            continue
        if name not in known:
            raise refused("unknown", name=name[:80])
        if name in found:
            raise refused("twice", name=name)
        found[name] = info
        folders.add("/".join(above))
    if len(folders) > 1 or any("/" in folder for folder in folders):
        raise refused("scattered")
    return found


def _check(info: zipfile.ZipInfo) -> None:
    """Refuse an entry for its name, for what it is, or for how it is packed."""
    name = info.orig_filename
    if any(unicodedata.category(letter).startswith("C") for letter in name):
        raise refused("odd-name")
    parts = name.removesuffix("/").split("/")
    if "\\" in name or re.match("[A-Za-z]:", name) or not {"", ".", ".."}.isdisjoint(parts):
        raise refused("path", name=name[:80])
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFDIR if name.endswith("/") else stat.S_IFREG):
        raise refused("link", name=name[:80])
    if info.flag_bits & 0x41:
        raise refused("locked")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise refused("packing")


def _check_apart(infos: list[zipfile.ZipInfo]) -> None:
    """Refuse entries that share bytes: a small zip can claim to hold the same bytes many times."""
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise refused("overlap")
        end = info.header_offset + _HEADER + info.compress_size


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, largest: int) -> bytes:
    """Return the bytes of an entry, which are counted while they are read."""
    with archive.open(entry) as file:
        data = file.read(largest + 1)
        if len(data) > largest:
            raise refused("too-large-inside", name=name, most=f"{largest:,}")
        if file.read(1):
            raise refused("damaged")
    return data
