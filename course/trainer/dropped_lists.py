"""Lists that a trainer dropped on the desk: each is there until the step that reads it has ended, and no longer.

A list of people that was looked at waits for an answer. Where none comes, it goes when the page is opened again, and
with any step that is taken a day later.
"""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Final

from course.core import moments, names
from course.trainer.course_directory import Coursework

WHEN_OPENED: Final = datetime.timedelta(minutes=15)
"""How old a list is that goes when the page is opened: another window may still ask about a newer one."""
WITH_A_STEP: Final = datetime.timedelta(days=1)
"""How old a list is that goes with any step."""


def find_list(coursework: Coursework, name: str) -> Path | None:
    """Return the list that was dropped under a name, or None where it is not there any more."""
    file = coursework.root / names.BROUGHT / PurePath(name).name
    return file if file.is_file() else None


def lists(coursework: Coursework) -> Iterator[Path]:
    """Yield every list that is there, and what arrived in part."""
    folder = coursework.root / names.BROUGHT
    if folder.is_dir() and not folder.is_symlink():
        yield from (path for path in sorted(folder.iterdir()) if path.is_file() or path.is_symlink())


def clear_lists(coursework: Coursework, older_than: datetime.timedelta) -> None:
    """Remove the lists that were dropped longer ago; one that cannot be removed stays."""
    before = (moments.now() - older_than).timestamp()
    for path in lists(coursework):
        with contextlib.suppress(OSError):
            if path.lstat().st_mtime < before:
                path.unlink()
