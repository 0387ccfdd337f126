"""What a backup holds of a course directory: what people made there, and never code, exercises or sessions' keys."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from course.core import __version__, names, storage

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
FILES: Final = "files/"
"""What comes before the name of each file of the course directory in the archive."""
DATABASES: Final[Mapping[str, str]] = {"sqlite": "gradebook.sqlite", "postgresql": "gradebook.dump"}
"""How the copy of the gradebook is called in the archive, by the kind of its database."""
LARGEST: Final = 2**31
"""The most bytes of one file in a backup."""
MOST_ENTRIES: Final = 400_000
_LARGEST_ALL: Final = 2**36
_FOLDERS: Final = (
    names.SUBMITTED,
    names.EARLIER,
    names.AUTOGRADED,
    names.FEEDBACK,
    "feedback-files",
    "marks-files",
    "inbox",
    "reports",
    "second-marks",
)
_AT_THE_TOP: Final = (
    "cohort.toml",
    "comments.toml",
    "decisions.json",
    "given-out*.json",
    "replies-read.json",
    "second-marks.json",
    "*.csv",
)


@dataclass(frozen=True)
class FileEntry:
    """One file of a backup: what it was when it was read."""

    size: int
    sha256: str
    changed: int
    """In nanoseconds; the time that a hand-in file has tells when it came."""

    @classmethod
    def of(cls, data: bytes, changed: int) -> FileEntry:
        """Return the entry of a file with this content."""
        return cls(len(data), hashlib.sha256(data).hexdigest(), changed)


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    database: str
    """The kind of the gradebook's database, a key of `DATABASES`, or an empty text where there was no gradebook."""
    entries: Mapping[str, FileEntry]
    """By the name in the archive, the gradebook's copy too."""
    made: str
    course: str = __version__

    def as_bytes(self) -> bytes:
        """Return what is written of it."""
        entries = {
            name: {"size": one.size, "sha256": one.sha256, "changed": one.changed} for name, one in self.entries.items()
        }
        fields = {"format": FORMAT, "course": self.course, "made": self.made, "database": self.database}
        return storage.as_json({**fields, "entries": entries})

    @classmethod
    def read(cls, data: bytes) -> Manifest:
        """Return what a manifest says; raises ValueError for one that the course did not write."""
        content = storage.parse_json(data, deepest=3)
        if not isinstance(content, dict) or content.get("format") != FORMAT or not isinstance(content["entries"], dict):
            raise ValueError
        try:
            entries = {name: FileEntry(**fields) for name, fields in content["entries"].items()}
            manifest = cls(content["database"], entries, content["made"], content["course"])
        except (KeyError, TypeError):
            raise ValueError from None
        manifest._check()
        return manifest

    def _check(self) -> None:
        texts = (self.database, self.made, self.course, *(one.sha256 for one in self.entries.values()))
        numbers = [number for one in self.entries.values() for number in (one.size, one.changed)]
        if any(type(text) is not str for text in texts):
            raise ValueError
        if any(type(number) is not int or not 0 <= number < 2**63 for number in numbers):
            raise ValueError
        sizes = [one.size for one in self.entries.values()]
        if max(sizes, default=0) > LARGEST or sum(sizes) > _LARGEST_ALL:
            raise ValueError
        copies = {name for name in self.entries if not is_work(name)}
        if copies != ({DATABASES.get(self.database, "")} if self.database else set()):
            raise ValueError


def work_files(root: Path) -> Iterator[Path]:
    """Yield the files that people made in a course directory; no links."""
    for pattern in _AT_THE_TOP:
        yield from (path for path in sorted(root.glob(pattern)) if path.is_file() and not path.is_symlink())
    for folder in _FOLDERS:
        if not (root / folder).is_symlink():
            yield from (path for path in sorted((root / folder).rglob("*")) if path.is_file() and not path.is_symlink())


def is_work(name: str) -> bool:
    """Say whether an entry of an archive is a file that a backup may hold, at a place where it may lie.

    >>> is_work("files/submitted/kim/repair/repair.ipynb"), is_work("files/cohort.toml")
    (True, True)
    >>> is_work("files/nbgrader_config.py"), is_work("files/submitted/../nbgrader_config.py"), is_work("files/inbox")
    (False, False, False)
    """
    way = name.removeprefix(FILES)
    first, *below = way.split("/")
    if way == name or any(part in ("", ".", "..") or "\x00" in part or "\\" in part for part in (first, *below)):
        return False
    return first in _FOLDERS if below else any(PurePosixPath(first).match(pattern) for pattern in _AT_THE_TOP)
