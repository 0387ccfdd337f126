"""nbgrader's exchange, put in its place by configuration: strangers' folders are collected with care.

Learners write into the exchange themselves, so a folder there may hold anything. Only the plain files of a hand-in
are taken, each opened without following a link, and one bad folder never stops the others.
"""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseAssignment, ExchangeReleaseFeedback

from course.records.answers import LARGEST as LARGEST_ANSWERS
from course.records.submission_file import ANSWERS, LARGEST_NOTEBOOK
from course.trainer.collecting.submission_store import (
    TIMESTAMP,
    Arrival,
    BadPlace,
    Places,
    finish_all,
    is_folder_name,
    read_time,
)
from course.trainer.summary import Refused

SECRET: Final = "submission_secret.txt"
LARGEST: Final = {ANSWERS: LARGEST_ANSWERS, TIMESTAMP: 200, SECRET: 1_000}
"""The sizes in bytes of the largest files that are taken beside a notebook."""


class BadFolder(Exception):
    """A folder in the exchange cannot be collected: a sentence that says why."""


@dataclass(frozen=True)
class _Record:
    """One folder in the exchange, as its name tells."""

    learner: str
    time: datetime
    path: Path


@dataclass(frozen=True)
class _Desk:
    """The course directory that nbgrader's command was started for, whatever its settings are."""

    coursedir: Any

    @property
    def root(self) -> Path:
        return Path(self.coursedir.root)

    def folder(self, step: str, learner: str, slug: str) -> Path:
        return Path(self.coursedir.format_path(getattr(self.coursedir, f"{step}_directory"), learner, slug))


class Collect(ExchangeCollect):
    """Collect as nbgrader does, and take nothing but the plain files of a hand-in."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.refused: list[Refused] = []
        self.collected: list[str] = []
        """Who handed in anew."""

    def init_src(self) -> None:
        """Find whose folders are there, and the one of each learner that counts."""
        self.course_path = str(Path(self.root) / self.coursedir.course_id)
        self.inbound_path = str(Path(self.course_path) / "inbound")
        if not self.coursedir.course_id or not Path(self.inbound_path).is_dir():
            self.fail(f"Course not found: {self.inbound_path}")
        if not os.access(self.inbound_path, os.R_OK | os.X_OK):
            self.fail(f"You cannot read this folder: {self.inbound_path}")
        due = self._due()
        learners: dict[str, list[_Record]] = {}
        for record in self._records():
            learners.setdefault(record.learner, []).append(record)
        self.src_records = [self._counting(records, due) for _, records in sorted(learners.items())]

    def copy_files(self) -> None:
        """Collect each learner's folder; one that cannot be is named with a reason."""
        desk = _Desk(self.coursedir)
        finish_all(desk)
        for record in self.src_records:
            try:
                self._collect(desk, record)
            except (BadFolder, BadPlace) as why:
                self._refuse(record.learner, str(why))
            except OSError as error:
                self._refuse(record.learner, f"It could not be kept: {error.strerror}.")

    def _collect(self, desk: _Desk, record: _Record) -> None:
        slug = self.coursedir.assignment_id
        kept = desk.folder("submitted", record.learner, slug)
        if kept.is_dir() and not self._replaces(kept, record):
            self.log.info("No newer submission to collect: %s %s", record.learner, slug)
            return
        self._check_owner(record)
        contents = read_folder(record.path, slug)
        Places(desk, record.learner, slug).put(Arrival(record.learner, slug, record.time, "", contents))
        self.collected.append(record.learner)
        self.log.info("Collected submission: %s %s", record.learner, slug)

    def _replaces(self, kept: Path, record: _Record) -> bool:
        """Say whether a folder is to take the place of what was collected, by nbgrader's own rules."""
        before = _kept_time(kept)
        newer = before is None or record.time > before
        return (self.update and newer) or (self.before_duedate and record.time != before)

    def _records(self) -> Iterator[_Record]:
        slug, wanted = self.coursedir.assignment_id, self.coursedir.student_id
        for path in sorted(Path(self.inbound_path).iterdir()):
            learner, found, rest = path.name.rpartition(f"+{slug}+")
            time = read_time(rest.partition("+")[0]) if found else None
            if not found or wanted not in ("*", "", learner):
                continue
            if time is None or not is_folder_name(learner):
                self._refuse(path.name, "Its name is not one that nbgrader gives to a hand-in.")
            else:
                yield _Record(learner, time, path)

    def _counting(self, records: list[_Record], due: datetime | None) -> _Record:
        """Return the latest folder, or with `before_duedate` the latest in time, if one is."""
        in_time = [record for record in records if due and self.before_duedate and record.time <= due]
        return max(in_time or records, key=lambda record: (record.time, record.path.name))

    def _due(self) -> datetime | None:
        from nbgrader.api import Gradebook, MissingEntry

        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            try:
                return _utc(gradebook.find_assignment(self.coursedir.assignment_id).duedate)
            except MissingEntry:
                return None

    def _check_owner(self, record: _Record) -> None:
        """Say where a folder belongs to somebody else, as nbgrader does; on many installations all belong to one."""
        import pwd

        if self.check_owner:
            try:
                owner = pwd.getpwuid(os.lstat(record.path).st_uid).pw_name
            except KeyError:
                owner = "unknown id"
            if owner != record.learner:
                self.log.warning("%s is from %s and is owned by %s", record.path.name, record.learner, owner)

    def _refuse(self, name: str, why: str) -> None:
        self.refused.append(Refused(name, self.coursedir.assignment_id, why))
        self.log.error("Not collected: %r: %s", name, why)


class Release(ExchangeReleaseAssignment):
    """Release as nbgrader does, and keep people from taking away or renaming what is not theirs.

    nbgrader wants everyone to be able to write to the exchange folder itself, and sets it so.
    The sticky bit, as /tmp has it, lets only an owner rename or remove what lies in it.
    """

    def ensure_root(self) -> None:
        """Make the exchange folder one that everyone can use, and where everyone's things are safe."""
        super().ensure_root()
        about = os.stat(self.root)
        if about.st_uid == os.getuid() and not about.st_mode & stat.S_ISVTX:
            os.chmod(self.root, stat.S_IMODE(about.st_mode) | stat.S_ISVTX)


class ReleaseFeedback(ExchangeReleaseFeedback):
    """Release feedback as nbgrader does, and leave out what did not come through the exchange."""

    def copy_files(self) -> None:
        """Copy the pages that a learner can find by a secret; say whose has none, and copy the others all the same."""
        excluded = self.coursedir.student_id_exclude
        folders = sorted(Path(folder) for folder in glob.glob(self.src_path))
        others = [folder.parent.name for folder in folders if not (folder / SECRET).is_file()]
        if others:
            self.log.warning("Handed in as files, so give these with `course feedback`: %s", ", ".join(others))
        self.coursedir.student_id_exclude = ",".join(filter(None, [excluded, *others]))
        try:
            super().copy_files()
        finally:
            self.coursedir.student_id_exclude = excluded


def read_folder(path: Path, slug: str) -> dict[str, bytes]:
    """Return the files of a hand-in in a stranger's folder; raises BadFolder."""
    try:
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        raise BadFolder("It is a link, no folder, or cannot be read.") from error
    try:
        there = set(os.listdir(folder))
        limits = {f"{slug}.ipynb": LARGEST_NOTEBOOK, **LARGEST}
        contents = {name: _read(folder, name, limits[name]) for name in sorted(there & set(limits))}
    except OSError as error:
        raise BadFolder("It cannot be read.") from error
    finally:
        os.close(folder)
    return _checked(contents, slug)


def _read(folder: int, name: str, largest: int) -> bytes:
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError as error:
        raise BadFolder(f"Its {name} is a link, or cannot be read.") from error
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode) or about.st_nlink > 1:
        os.close(handle)
        raise BadFolder(f"Its {name} is no plain file of its own.")
    with os.fdopen(handle, "rb") as file:
        data = file.read(largest + 1)
    if len(data) > largest:
        raise BadFolder(f"Its {name} is larger than {largest // 1000} kB.")
    return data


def _checked(contents: dict[str, bytes], slug: str) -> dict[str, bytes]:
    """Return the files, or raise BadFolder where nbgrader's later steps would stumble over one."""
    if f"{slug}.ipynb" not in contents:
        raise BadFolder(f"There is no {slug}.ipynb in it.")
    secret = contents.get(SECRET, b"")
    if not secret.isalnum() or not secret.isascii():
        raise BadFolder(f"Its {SECRET} is missing or is not one that nbgrader writes.")
    if TIMESTAMP in contents and read_time(contents[TIMESTAMP].decode("utf-8", "replace")) is None:
        raise BadFolder(f"Its {TIMESTAMP} holds no time.")
    return contents


def _kept_time(folder: Path) -> datetime | None:
    try:
        return read_time((folder / TIMESTAMP).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None


def _utc(naive: datetime | None) -> datetime | None:
    return naive.replace(tzinfo=UTC) if naive else None
