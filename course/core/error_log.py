"""A log of unexpected errors: their type and place in the code, never their message, which may quote people."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from course.core import __version__, moments
from course.core.settings import settings

DEBUG: Final = "BUILDING_TRUST_DEBUG"
"""The environment variable that `course --debug` sets, for the processes that it starts too."""
LARGEST: Final = 1_000_000
"""The size in bytes above which a log is renamed to the older one, which it replaces."""
_MOST_PLACES: Final = 20
_PACKAGE: Final = Path(__file__).parent.parent


def log_path() -> Path:
    """Return where the log is: with the person's own data."""
    return settings().data / "logs" / "errors.log"


def log_error(error: BaseException, activity: str) -> Path | None:
    """Log an unexpected error and return the log's path, or None where it cannot be written.

    `activity` is what the course was doing, such as “grade”; it holds nothing that a person typed.
    With `course --debug`, the whole traceback goes to the error output too, and to no file.
    """
    if os.environ.get(DEBUG):
        traceback.print_exception(error, file=sys.stderr)
    return log_description(describe(error), activity)


def log_description(description: str, activity: str) -> Path | None:
    """Log what `describe` returned, in this process or another one; return as `log_error` does."""
    path = log_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _rotate(path)
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{moments.iso_stamp(moments.now())} {__version__} {activity}: {description}\n")
    except OSError:
        return None
    return path


def describe(error: BaseException) -> str:
    """Return the type of an error and where it is from, in one line; the innermost place and cause come first.

    >>> try:
    ...     {}["a name"]
    ... except KeyError as error:
    ...     describe(error)[:12]
    'KeyError at '
    """
    return "; caused by ".join(f"{type(cause).__name__} at {_places(cause)}" for cause in _causes(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    seen: set[int] = set()
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or cause.__context__


def _places(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-_MOST_PLACES:]
    places = [f"{_file_name(frame.filename)}:{frame.lineno} in {frame.name}" for frame in reversed(frames)]
    return " < ".join(places) or "an unknown place"


def _file_name(name: str) -> str:
    """Return a file of code without the folders that a person chose: they may hold a name."""
    path = Path(name)
    if path.is_relative_to(_PACKAGE):
        return path.relative_to(_PACKAGE.parent).as_posix()
    folders = path.parts
    if "site-packages" in folders:
        return "/".join(folders[folders.index("site-packages") + 1 :])
    return path.name


def _rotate(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_size > LARGEST:
            path.replace(path.with_name(f"{path.stem}-older{path.suffix}"))
