"""What is done to a file of answers on the disk: its folder, its lock, and what the system says of it."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from course.content import words
from course.core import storage
from course.core.errors import AnswersNotKept, LocksMissing
from course.core.moments import folder_stamp, local, now
from course.core.settings import settings
from course.records.answers.page import not_kept


def make_folder(folder: Path) -> None:
    """Make the folder of a page. The journal's usual one is made private; one that somebody chose keeps its rights."""
    if folder == settings().data / "journal":
        storage.make_private(folder)  # it may have been copied there, with the rights that copies get
    else:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def move_aside(path: Path) -> Path:
    """Give a damaged file another name, with the moment in it, and return it."""
    stamp = folder_stamp(local(now()))
    return path.rename(path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}"))


@contextlib.contextmanager
def explain_system_errors(key: str, path: Path) -> Iterator[None]:
    """Turn an error of the system into one that says what did not happen to the answers."""
    try:
        yield
    except AnswersNotKept:
        raise
    except TimeoutError as error:
        locked = "answers.not-saved-locked" if key == "answers.not-saved" else "answers.not-erased-locked"
        raise AnswersNotKept(words(locked), words(f"{locked}-hint")) from error
    except LocksMissing as error:
        reason, folder = words("answers.no-locks", folder=settings().data), path.parent
        raise AnswersNotKept(words(key, reason=reason), words("answers.no-locks-hint", folder=folder)) from error
    except OSError as error:
        raise not_kept(key, path, error) from error


def lock_of(path: Path) -> Path:
    """Return where the lock of a file is: with the person's own data, so that none is handed in."""
    name = hashlib.sha256(os.fsencode(path.parent.resolve() / path.name)).hexdigest()[:24]
    return settings().data / "locks" / f"{name}.lock"
