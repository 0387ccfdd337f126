"""Whether a downloaded folder is set up as it is now: `set-up.cmd` and `set-up.command` ask, and note it afterwards.

It is run as a file, by a Python that may have no course yet, and so it imports nothing of the course. A server of the
course takes the same digest, to notice that another version was installed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

NOTE: Final = "set-up-from.txt"
"""The file in the environment that says from what the course in it was installed."""
FOLDERS: Final = ("course", "notebooks", "exercises")
_FILES: Final = ("pyproject.toml", "requirements.lock")
_HERE: Final = Path(__file__).resolve().parent.parent.parent
"""The folder that holds the package."""


def is_set_up(folder: Path, environment: Path) -> bool:
    """Say whether this Python has the course, and has it from what is in the folder now.

    `environment` has the note of it, unless this Python takes the course from the folder itself, as developers do.
    """
    course = importlib.util.find_spec("course")
    if course is None or course.origin is None:
        return False
    if Path(course.origin).resolve() == (folder / "course" / "__init__.py").resolve():
        return True
    try:
        return (environment / NOTE).read_text(encoding="ascii") == digest(folder)
    except (OSError, ValueError):
        return False


def note(folder: Path, environment: Path) -> None:
    """Note that the environment has the course from what is in the folder now."""
    (environment / NOTE).write_text(digest(folder), encoding="ascii")


def digest(folder: Path, parts: Sequence[str] = FOLDERS) -> str:
    """Return what differs where anything that is installed differs, or where it does in some parts of it.

    The folder is a checkout, or where an installed course lies, with all of it in `course/`.
    """
    whole = hashlib.sha256()
    for path in _installed(folder, parts):
        name = path.relative_to(folder).as_posix()
        whole.update(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode(errors="surrogateescape"))
    return whole.hexdigest()


def folders(folder: Path, parts: Sequence[str] = FOLDERS) -> Iterator[Path]:
    """Return the folders whose files the digest is of."""
    for name in parts:
        for place, inner, _ in os.walk(folder / name):
            inner[:] = sorted(part for part in inner if part != "__pycache__" and not part.startswith("."))
            yield Path(place)


def _installed(folder: Path, parts: Sequence[str]) -> Iterator[Path]:
    yield from (path for name in _FILES if (path := folder / name).is_file())
    for place in folders(folder, parts):
        yield from (path for path in sorted(place.iterdir()) if path.is_file() and not path.name.startswith("."))


class InstalledCourse:
    """The files of the course as they are when this is made, which a server goes on with.

    Where the server opens the folder of the course itself, as a trainer's does, notebooks do not count: people write
    them there.
    """

    def __init__(self, root: Path, folder: Path = _HERE) -> None:
        self._folder = folder
        self._parts = FOLDERS[:1] if root.resolve() == folder else FOLDERS
        self._seen = self._times()
        self._now = self.digest = digest(folder, self._parts)

    def has_changed(self) -> bool:
        """Say whether another version of the course is installed by now.

        Whoever installs files makes and removes them, and that is seen by the times of their folders. So files are
        read only where such a time is another one.
        """
        try:
            times = self._times()
            if times != self._seen:
                self._now, self._seen = digest(self._folder, self._parts), times
        except OSError:  # files go and come at this moment
            return True
        return self._now != self.digest

    def _times(self) -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in folders(self._folder, self._parts)}


def _main(arguments: Sequence[str]) -> int:
    """Note it with the argument --done, and say whether it is so by the exit code."""
    environment, *options = arguments
    if "--done" in options:
        note(Path(), Path(environment))
    return 0 if is_set_up(Path(), Path(environment)) else 1


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
