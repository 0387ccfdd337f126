"""Whether a downloaded folder is set up as it is now: `set-up.cmd` and `set-up.command` ask, and note it afterwards.

It is run as a file, by a Python that may have no course yet, and so it imports nothing of the course.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

NOTE: Final = "set-up-from.txt"
"""The file in the environment that says from what the course in it was installed."""
_FOLDERS: Final = ("course", "notebooks", "exercises")
_FILES: Final = ("pyproject.toml", "requirements.lock")


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


def digest(folder: Path) -> str:
    """Return what differs where anything that is installed differs."""
    whole = hashlib.sha256()
    for path in _installed(folder):
        name = path.relative_to(folder).as_posix()
        whole.update(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode(errors="surrogateescape"))
    return whole.hexdigest()


def _installed(folder: Path) -> Iterator[Path]:
    yield from (folder / name for name in _FILES)
    for name in _FOLDERS:
        for path in sorted((folder / name).rglob("*")):
            parts = path.relative_to(folder).parts
            if path.is_file() and "__pycache__" not in parts and not any(part.startswith(".") for part in parts):
                yield path


def _main(arguments: Sequence[str]) -> int:
    """Note it with the argument --done, and say whether it is so by the exit code."""
    environment, *options = arguments
    if "--done" in options:
        note(Path(), Path(environment))
    return 0 if is_set_up(Path(), Path(environment)) else 1


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
