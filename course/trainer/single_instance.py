"""Let one command of its kind at a time work in a folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from course.core import storage
from course.core.errors import CourseError
from course.core.settings import settings


@contextlib.contextmanager
def alone(work: str, folder: Path, otherwise: CourseError, *, seconds: float = 0) -> Iterator[None]:
    """Hold a folder for one kind of work, or raise `otherwise` where another process has it for so many seconds."""
    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:24]
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(storage.locked(settings().data / "locks" / f"{work}-{name}.lock", seconds))
        except TimeoutError:
            raise otherwise from None
        yield
