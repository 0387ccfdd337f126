"""Submission and feedback files, unpacked by `core.archive`; what is wrong with one is told in words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Final

from course.content import words
from course.core import archive
from course.core.archive import BROKEN, LARGEST
from course.core.errors import BadHandIn

__all__ = ["BROKEN", "LARGEST", "refused", "unpack"]
_MEGABYTE: Final = 1_000_000


def unpack(file: Path | BinaryIO, known: Mapping[str, int]) -> dict[str, bytes]:
    """Return the files in a zip by their names: only those in `known`, which gives the largest size of each.

    They lie at the top or in one folder. Raises BadHandIn with the reason for anything else.
    """
    try:
        return archive.unpack(file, known)
    except archive.ArchiveRefused as error:
        raise refused(error.reason, **_as_written(error)) from error


def refused(key: str, **parts: object) -> BadHandIn:
    """Return the error with the reason of that name in the words of the interface."""
    return BadHandIn(words(f"packed.{key}", **parts), words("packed.hint"))


def _as_written(error: archive.ArchiveRefused) -> dict[str, object]:
    """Return the details of a refusal as people read them: the size of a zip in megabytes, of a file with commas."""
    details: dict[str, object] = dict(error.details)
    most = error.details.get("most")
    if error.reason == "too-large" and isinstance(most, int):
        details["most"] = most // _MEGABYTE
    elif error.reason == "too-large-inside":
        details["most"] = f"{most:,}"
    return details
