"""Take some of what is in a zip out of it: one learner's files out of a platform's zip, also where zips are inside.

The other files stay as they are, and the file on the disk is replaced in one step.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import IO

from course.core.archive import entry_name
from course.trainer.collecting.inbox_scan import Trail


def rewrite_zip(path: Path, without: set[Trail]) -> None:
    """Write a zip again without some of what is in it; the file goes where nothing else is left."""
    status = path.stat()
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as new:
        try:
            with path.open("rb") as old:
                left = _copy(old, new, without)
        except BaseException:
            Path(new.name).unlink(missing_ok=True)
            raise
    os.utime(new.name, ns=(status.st_atime_ns, status.st_mtime_ns))
    Path(new.name).replace(path)
    if not left:
        path.unlink()


def _copy(old: IO[bytes], new: IO[bytes], without: set[Trail]) -> int:
    """Copy a zip without some of what is in it, in zips inside it too; return how many files are left."""
    left = 0
    with zipfile.ZipFile(old) as before, zipfile.ZipFile(new, "w") as after:
        for info in before.infolist():
            info.filename = entry_name(info)  # or one that was not in UTF-8 would be another one in the copy
            trail = tuple(info.filename.rstrip("/").split("/"))
            if any(trail[: len(other)] == other for other in without):
                continue
            deeper = {other[len(trail) :] for other in without if other[: len(trail)] == trail}
            with before.open(info) as source, after.open(info, "w") as target:
                is_folder = info.filename.endswith("/")
                if deeper and not is_folder:
                    left += _copy_inner(source, target, deeper)
                else:
                    shutil.copyfileobj(source, target)
                    left += not is_folder
    return left


def _copy_inner(source: IO[bytes], target: IO[bytes], without: set[Trail]) -> int:
    """Copy a zip that is inside another one; return how many files are left in it."""
    with tempfile.SpooledTemporaryFile(16_000_000) as old, tempfile.SpooledTemporaryFile(16_000_000) as new:
        shutil.copyfileobj(source, old)
        left = _copy(old, new, without)
        new.seek(0)
        shutil.copyfileobj(new, target)
        return left
