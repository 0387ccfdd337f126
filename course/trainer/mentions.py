"""Whether a file of a trainer's names somebody, in its name, its text or what a zip or a workbook holds."""

from __future__ import annotations

import contextlib
import re
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from course.core import storage
from course.core.archive import BROKEN, entry_name
from course.core.text_files import UnreadableText, decode
from course.trainer.collecting.inbox_scan import open_plain

_LARGEST_INSIDE: Final = 50_000_000
"""The size in bytes of the largest file in a zip that is looked into."""


def any_of_words(texts: set[str]) -> re.Pattern[bytes]:
    """Return what matches any of these texts as whole words, capitals or not."""
    alternatives = b"|".join(re.escape(text.encode()) for text in sorted(texts) if text)
    return re.compile(rb"(?<![A-Za-z0-9.@-])(" + alternatives + rb")(?![A-Za-z0-9@-])", re.IGNORECASE)


def mentions(path: Path, pattern: re.Pattern[bytes]) -> bool:
    """Say whether a file names somebody: in its own name, in its text, or in what a zip holds."""
    if pattern.search(searched(path.name)):
        return True
    with contextlib.suppress(*BROKEN), open_plain(path) as file:
        if _is_in(file.read(), pattern):
            return True
        if path.suffix in (".zip", ".xlsx", ".ods", ".docx"):
            with zipfile.ZipFile(file) as zipped:
                return any(
                    pattern.search(searched(entry_name(info))) or _is_in(zipped.read(info), pattern)
                    for info in zipped.infolist()
                    if info.file_size < _LARGEST_INSIDE
                )
    return False


def naming(pattern: re.Pattern[bytes]) -> Callable[[str], bool]:
    """Return what says whether a text, such as a file's name, names somebody."""
    return lambda text: bool(pattern.search(searched(text)))


def searched(name: str) -> bytes:
    """Return a file's name as it is looked through: a disk may hold bytes that are no letter."""
    return name.encode("utf-8", "backslashreplace")


def _is_in(data: bytes, pattern: re.Pattern[bytes]) -> bool:
    """Say whether a file names somebody, also where a spreadsheet saved it in UTF-16 or in Windows-1252."""
    if pattern.search(data):
        return True
    with contextlib.suppress(UnreadableText):
        return bool(pattern.search(decode(data).encode()))
    return False


def drop_lines(path: Path, pattern: re.Pattern[bytes]) -> None:
    """Remove the lines of a text file that match, in one step; whoever could write into it still can."""
    lines = path.read_bytes().splitlines(keepends=True)
    left = b"".join(line for line in lines if not pattern.search(line))
    storage.put(path, left, permissions=stat.S_IMODE(path.stat().st_mode))
