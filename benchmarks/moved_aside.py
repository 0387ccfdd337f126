"""Put out of the way what a command made, so that it can be measured once more from nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path


def move_aside(made: Path) -> None:
    """Move a folder in a benchmark's course directory to one beside that directory; where it is not there, do nothing.

    It is not deleted: for minutes after thousands of files were, ext4 searches long for a place for each new one
    (`recently_deleted` in Linux's fs/ext4/ialloc.c), and marking would seem slower than it is for anybody.
    """
    if made.exists():
        made.rename(Path(tempfile.mkdtemp(prefix="aside-", dir=made.parent.parent)) / made.name)
