"""Small files that must survive: read with limits, written whole or not at all, one writer at a time.

Errors are for the code that calls; it says to people what went wrong. Only LocksMissing is for people as it is.
"""

from __future__ import annotations

import contextlib
import errno
import glob
import json
import os
import shutil
import stat
import tempfile
import time
import warnings
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import filelock

from course.core import text_files
from course.core.errors import LocksMissing

_NO_LOCKS: Final = frozenset({errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL})
"""What systems answer where a drive cannot lock: a network home without its lock service, some shares and mounts."""
# Where the system has no locks of this kind at all, filelock takes files in their place, and would tell learners so.
warnings.filterwarnings("ignore", message="flock not supported", module="filelock")
_MACHINE: Final = f"{zlib.crc32(os.uname().nodename.encode()):x}" if os.name == "posix" else "draft"
"""Tells this machine's drafts from those of others in a shared folder."""
_OWNER_ALONE: Final = 0o700
_READING: Final = 1.0
"""How many seconds others may take to read a file that is to be replaced."""


class Unusable(ValueError):
    """A file is there, and it is not the plain JSON that was looked for."""


def read_json(path: Path, *, largest: int, deepest: int) -> object:
    """Return what a JSON file from a stranger holds.

    Raises Unusable for a link, a pipe or a folder, for more than `largest` bytes, for lists and tables more
    than `deepest` inside each other, and for what could not be written again; OSError if it cannot be read.
    """
    return parse_json(read_whole(path, largest=largest), deepest=deepest)


def parse_json(data: bytes, *, deepest: int) -> object:
    """Return what a stranger's JSON holds, also where an editor saved it; raises Unusable as `read_json` does."""
    try:
        value = json.loads(text_files.decode(data))
        if not is_at_most_deep(value, deepest):
            raise Unusable
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise Unusable from None  # the cause would quote what was written
    return value


def read_whole(path: Path, *, largest: int) -> bytes:
    """Return what a file from a stranger holds.

    Raises Unusable for a link, a pipe or a folder and for more than `largest` bytes; OSError if it cannot be read.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        raise Unusable
    with open(path, "rb", opener=_open_no_link) as file:
        data = file.read(largest + 1)
    if len(data) > largest:
        raise Unusable
    return data


def write_whole(path: Path, data: bytes) -> None:
    """Replace a file so that whoever looks finds the old one or the new one, readable by its owner alone."""
    for left_over in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
        left_over.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _replace(Path(name), path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def make_private(folder: Path) -> None:
    """Make a folder that its owner alone can open, with those above it; one that is there becomes so."""
    folder.mkdir(parents=True, exist_ok=True, mode=_OWNER_ALONE)
    if not is_private(folder):
        with contextlib.suppress(OSError):  # somebody else's
            folder.chmod(_OWNER_ALONE)


def is_private(folder: Path) -> bool:
    """Say whether others on this computer are kept out of a folder by its permissions, as far as the system has any."""
    return os.name != "posix" or not folder.exists() or not stat.S_IMODE(folder.stat().st_mode) & ~_OWNER_ALONE


def put(path: Path, data: bytes, permissions: int | None = None) -> None:
    """Write a file with nothing private in it, whole or not at all, with the folders above it; an equal one stays.

    `permissions` are those of the file from then on, such as 0o444. Raises OSError, and leaves no draft behind,
    where it cannot be written. A draft that a killed process left behind goes with the next writing.
    """
    if path.is_file() and path.read_bytes() == data and _has(path, permissions):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    _clear_left_drafts(path)
    draft = path.with_name(f"{path.name}.{_MACHINE}-{os.getpid()}.tmp")
    try:
        draft.write_bytes(data)
        if permissions is not None:
            draft.chmod(permissions)
        _replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _replace(draft: Path, path: Path) -> None:
    """Put a draft into the place of a file. While another window or a virus scanner reads that, Windows refuses."""
    last = time.monotonic() + _READING
    while True:
        try:
            draft.replace(path)
        except PermissionError:
            if time.monotonic() > last:
                raise
            time.sleep(0.02)
        else:
            return


def _clear_left_drafts(path: Path) -> None:
    """Take away the drafts of a file whose processes are gone; those of other machines may still be written."""
    for draft in path.parent.glob(f"{glob.escape(path.name)}.{_MACHINE}-*.tmp"):
        process = draft.stem.rpartition("-")[2]
        if process.isdecimal() and _is_gone(int(process)):
            draft.unlink(missing_ok=True)


def _is_gone(process: int) -> bool:
    """Say whether a process has ended; nothing is known of it where the system is not of Unix's kind."""
    if os.name != "posix":
        return False
    try:
        os.kill(process, 0)  # asks only
    except ProcessLookupError:
        return True
    except OSError:  # it is somebody else's
        return False
    return False


def new_draft(place: Path) -> Path:
    """Return an empty folder beside a place, for what will come into it with `put_draft`; an older draft goes."""
    draft = _draft_of(place)
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    return draft


def put_draft(place: Path) -> None:
    """Put the draft of a folder into its place; what was there goes, or comes back where the draft cannot be moved.

    Between its two renames neither is there: `restore_folders` puts back what a killed run left so.
    """
    draft, old = _draft_of(place), _old_of(place)
    _restore(place)
    if place.exists():
        place.rename(old)
    try:
        draft.rename(place)
    except OSError:
        _restore(place)
        raise
    shutil.rmtree(old, ignore_errors=True)


def replace_folder(place: Path, files: Mapping[str, bytes]) -> None:
    """Replace a folder by one that holds these files and nothing else, whole or not at all; raises OSError.

    Names may lead into folders below: "page/one.html".
    """
    draft = new_draft(place)
    try:
        for name, data in files.items():
            path = draft / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        put_draft(place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def restore_folders(parent: Path, pattern: str = "*") -> None:
    """Put back what a killed run had moved aside in these folders, and take half-made drafts away.

    `pattern` names the folders below `parent` whose own folders are replaced: "*" for parent/kim/repair, "." for
    parent/repair. No other run may be at work there.
    """
    folders = [parent] if pattern == "." else list(parent.glob(pattern))
    for folder in folders:
        hidden = _hidden_names(folder)
        for old in (name for name in hidden if name.endswith(".old")):
            _restore(folder / old[1 : -len(".old")])
        for draft in (folder / name for name in hidden if name.endswith(".draft")):
            if draft.is_dir() and not draft.is_symlink():
                shutil.rmtree(draft)


def _hidden_names(folder: Path) -> list[str]:
    """Return the names in a folder that begin with a dot; of a thousand folders hardly one has any."""
    try:
        return [name for name in os.listdir(folder) if name.startswith(".")]
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return []  # a file, or nothing that is anybody's to put back


def as_json(value: object) -> bytes:
    """Return a value as readable JSON, or raise ValueError where no file can hold it.

    >>> as_json([]).decode().strip()
    '[]'
    """
    return (json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def is_at_most_deep(value: object, deepest: int) -> bool:
    """Say whether lists and tables lie at most that deep in each other.

    >>> is_at_most_deep([1, {"a": 2}], 2), is_at_most_deep([1, {"a": [2]}], 2), is_at_most_deep("text", 0)
    (True, False, True)
    """
    if not isinstance(value, dict | list):
        return True
    inside = value.values() if isinstance(value, dict) else value
    return deepest > 0 and all(is_at_most_deep(piece, deepest - 1) for piece in inside)


@contextlib.contextmanager
def locked(lock: Path, wait: float) -> Iterator[None]:
    """Hold a lock; raise TimeoutError where another process has it for more than `wait` seconds.

    Raises LocksMissing where the drive has no locks.
    """
    lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file_lock = hold(lock, wait)
    try:
        yield
    finally:
        file_lock.release()


def hold(lock: Path, wait: float) -> filelock.BaseFileLock:
    """Return a lock that is held until it is released; raises TimeoutError and LocksMissing as `locked` does."""
    file_lock = filelock.FileLock(lock, timeout=wait, thread_local=False)
    try:
        file_lock.acquire()
    except NotImplementedError as error:
        raise _locks_missing(lock) from error
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        raise _locks_missing(lock) from error
    return file_lock


def _locks_missing(lock: Path) -> LocksMissing:
    return LocksMissing(
        f"The folder {lock.parent} is on a drive that cannot lock files, as some network drives cannot.",
        "Set BUILDING_TRUST_DATA to a folder on this computer's own disk, and start again.",
    )


def flush_folder(folder: Path) -> None:
    """Flush a folder, so that a new name in it is on disk too; not every system can."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):  # the file is safe; some shared folders cannot be flushed
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _open_no_link(path: str, flags: int) -> int:
    """Open a file that may have become a link or a pipe since it was looked at."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))


def _draft_of(place: Path) -> Path:
    return place.with_name(f".{place.name}.draft")


def _old_of(place: Path) -> Path:
    return place.with_name(f".{place.name}.old")


def _restore(place: Path) -> None:
    """Move back a folder that was moved aside, or remove it where another has come into its place."""
    old = _old_of(place)
    if place.exists():
        shutil.rmtree(old, ignore_errors=True)
    elif old.exists():
        old.rename(place)


def _has(path: Path, permissions: int | None) -> bool:
    return permissions is None or stat.S_IMODE(path.stat().st_mode) == permissions


def file_signature(path: Path) -> tuple[int, ...]:
    """Return numbers that differ once a file is written or replaced; none where there is no file."""
    try:
        status = path.lstat()
    except OSError:
        return ()
    return status.st_ino, status.st_mtime_ns, status.st_size
