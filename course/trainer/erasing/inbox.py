"""Find a learner's files in `inbox/` and remove them, also out of a platform's zip; the others' stay as they are."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO

from course.trainer.collecting.inbox import look
from course.trainer.collecting.roster import NotKnown, Roster
from course.trainer.course_directory import Coursework
from course.trainer.erasing.trace import Trace
from course.trainer.platforms import read_name
from course.trainer.summary import Refused

Trail = tuple[str, ...]


def in_inbox(coursework: Coursework, learner: str, roster: Roster, mentions: Callable[[str], bool]) -> Iterator[Trace]:
    """Yield what lies in the inbox of a learner: what was collected as theirs, and what is named after them."""
    if not coursework.inbox.is_dir():
        return
    found: dict[Path, set[Trail]] = {}
    for trail in sorted(set(_trails(coursework, learner, roster, mentions))):
        path, inside = _on_disk(coursework.inbox, trail)
        found.setdefault(path, set()).add(inside)
    for path, trails in found.items():
        name = path.relative_to(coursework.root).as_posix()
        if () in trails:
            yield Trace(name, partial(_remove, path))
        else:
            what = ", ".join(sorted("/".join(one) for one in trails))
            yield Trace(f"in {name}: {what}", partial(_rewrite, path, trails))


def _trails(coursework: Coursework, learner: str, roster: Roster, mentions: Callable[[str], bool]) -> Iterator[Trail]:
    """Yield the names that lead to each of a learner's things, up to the platform's folder for them."""
    for found in look(coursework, roster):
        if isinstance(found, Refused):
            trail, is_theirs = tuple(found.name.split("/")), mentions(found.name)
        else:
            trail, is_theirs = found.parcel.trail, found.learner == learner
        sent = next((number for number, name in enumerate(trail) if read_name(name)), None)
        if sent is not None:
            is_theirs = is_theirs or _is_sender(trail[sent], learner, roster)
        if is_theirs:
            yield trail if sent is None else trail[: sent + 1]


def _is_sender(name: str, learner: str, roster: Roster) -> bool:
    sender = read_name(name)
    try:
        return sender is not None and roster.find_sender(sender, "") == learner
    except NotKnown:
        return False


def _on_disk(inbox: Path, trail: Trail) -> tuple[Path, Trail]:
    """Return the file or folder that a trail leads to on the disk, and what is left of it inside that zip."""
    path = inbox
    for number, name in enumerate(trail):
        path = path / name
        if not path.is_dir() or path.is_symlink():
            return path, trail[number + 1 :]
    return path, ()


def _rewrite(path: Path, without: set[Trail]) -> None:
    """Write a zip again without some of what is in it; the file goes where nothing else is left."""
    about = path.stat()
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as new:
        try:
            with path.open("rb") as old:
                left = _copy(old, new, without)
            os.utime(new.name, ns=(about.st_atime_ns, about.st_mtime_ns))
        except BaseException:
            Path(new.name).unlink(missing_ok=True)
            raise
    os.utime(new.name, ns=(about.st_atime_ns, about.st_mtime_ns))
    Path(new.name).replace(path)
    if not left:
        path.unlink()


def _copy(old: IO[bytes], new: IO[bytes], without: set[Trail]) -> int:
    """Copy a zip without some of what is in it, in zips inside it too; return how many files are left."""
    left = 0
    with zipfile.ZipFile(old) as before, zipfile.ZipFile(new, "w") as after:
        for about in before.infolist():
            trail = tuple(about.filename.rstrip("/").split("/"))
            if any(trail[: len(one)] == one for one in without):
                continue
            deeper = {one[len(trail) :] for one in without if one[: len(trail)] == trail}
            with before.open(about) as source, after.open(about, "w") as target:
                is_folder = about.filename.endswith("/")
                if deeper and not is_folder:
                    left += _copy_inner(source, target, deeper)
                else:
                    shutil.copyfileobj(source, target)
                    left += not is_folder
    return left


def _copy_inner(source: IO[bytes], target: IO[bytes], without: set[Trail]) -> int:
    """Copy a zip that stands in another one."""
    with tempfile.SpooledTemporaryFile(16_000_000) as old, tempfile.SpooledTemporaryFile(16_000_000) as new:
        shutil.copyfileobj(source, old)
        left = _copy(old, new, without)
        new.seek(0)
        shutil.copyfileobj(new, target)
        return left


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
