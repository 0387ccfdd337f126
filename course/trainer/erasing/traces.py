"""What names a learner, where it is mentioned, and how one thing that is kept of them is removed."""

from __future__ import annotations

import contextlib
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from course.core import names
from course.core.archive import BROKEN
from course.trainer.collecting.inbox_scan import open_plain
from course.trainer.collecting.roster import RosterEntry
from course.trainer.collecting.submission_store import read_receipt
from course.trainer.course_directory import Coursework

_LARGEST_INSIDE: Final = 50_000_000
"""The size in bytes of the largest file in a zip that is looked into."""


@dataclass(frozen=True)
class Trace:
    """One thing that is kept of a learner."""

    description: str
    """What it is, in words for a trainer."""
    remove: Callable[[], object]
    """Removes it; raises OSError, or what the reader of a bad zip raises."""


def submission_folders(coursework: Coursework) -> Iterator[tuple[str, Path]]:
    """Yield the learner and the folder of each submission that was collected, the earlier ones too."""
    latest = coursework.root.glob(f"{names.SUBMITTED}/*/*")
    for path in sorted([*latest, *coursework.root.glob(f"{names.EARLIER}/*/*/*")]):
        yield path.relative_to(coursework.root).parts[1], path


def identifiers(coursework: Coursework, person: RosterEntry) -> re.Pattern[bytes]:
    """Return what matches a learner in any text, as whole words.

    It is the id, the full name either way round, the mail address, and what a learning platform called them.
    """
    texts = {person.id, person.email}
    if person.first and person.last:
        texts |= {f"{person.first} {person.last}", f"{person.last}, {person.first}", f"{person.last} {person.first}"}
    own = (path for learner, path in submission_folders(coursework) if learner == person.id)
    texts |= {read_receipt(path).platform.rstrip("_") for path in own}
    alternatives = b"|".join(re.escape(text.encode()) for text in sorted(texts) if text)
    return re.compile(rb"(?<![A-Za-z0-9.@-])(" + alternatives + rb")(?![A-Za-z0-9@-])", re.IGNORECASE)


def mentions(path: Path, pattern: re.Pattern[bytes]) -> bool:
    """Say whether a file names somebody: in its own name, in its text, or in what a zip holds."""
    if pattern.search(path.name.encode()):
        return True
    with contextlib.suppress(*BROKEN), open_plain(path) as file:
        if pattern.search(file.read()):
            return True
        if path.suffix in (".zip", ".xlsx"):
            with zipfile.ZipFile(file) as zipped:
                return any(
                    pattern.search(info.filename.encode()) or pattern.search(zipped.read(info))
                    for info in zipped.infolist()
                    if info.file_size < _LARGEST_INSIDE
                )
    return False


def drop_lines(path: Path, pattern: re.Pattern[bytes]) -> None:
    """Take the lines out of a text file that match."""
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if not pattern.search(line)))


def remover(path: Path) -> Callable[[], object]:
    """Return what removes a file, a folder or a link, never what a link leads to."""
    if path.is_dir() and not path.is_symlink():
        return partial(shutil.rmtree, path)
    return partial(path.unlink, missing_ok=True)
