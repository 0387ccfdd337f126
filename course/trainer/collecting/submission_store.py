"""Where collected submissions are stored: the latest of each in `submitted/`, those before it in `earlier/`.

Each submission is written beside its place and renamed into it, so that a command that was killed leaves the old
one or the new one. Between the two renames of a replacement neither is there; `finish` does the second.
"""

from __future__ import annotations

import datetime
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from course.content import trainer_words
from course.core import moments, names, storage
from course.trainer.counting_hand_in import first_with_same_answers
from course.trainer.course_directory import submission_time

_INCOMING: Final = ".arriving"
_PART: Final = ".part"
_LARGEST: Final = 20_000_000
_IDENTITY: Final = ("exercise", "learner", "time", "sha256")
"""The fields of a receipt that tell a submission from every other one."""


@dataclass(frozen=True)
class StoredReceipt:
    """What the receipt beside a submission says; all is empty where there is none that can be read."""

    fingerprint: str = ""
    """What tells the submission from every other one; a copy of it has the same."""
    learner: str = ""
    platform: str = ""
    """The name that a learning platform gave to the file or its folder."""


@dataclass(frozen=True)
class Arrival:
    """One submission: whose it is, which exercise, when it was handed in, and its files by name."""

    learner: str
    slug: str
    time: datetime.datetime
    """The moment in UTC that counts."""
    fingerprint: str
    """What tells it from every other submission; a copy of it has the same."""
    files: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True)
class UnfinishedPlace:
    """A submission that was taken in by a command that was killed, and still waits to be put into its place."""

    learner: str
    slug: str
    reason: str
    """What the system says."""


class SubmissionFolders(Protocol):
    """A course directory, as far as the folders of submissions go."""

    @property
    def root(self) -> Path:
        """The folder that all of it is in."""

    def folder(self, step: str, learner: str, slug: str) -> Path:
        """Return the folder of one learner's exercise at a step."""


class UnsafePath(Exception):
    """There is something where a submission belongs that must not be written to: a sentence that says what."""


class SubmissionStore:
    """The submissions of one learner's exercise that were collected."""

    def __init__(self, folders: SubmissionFolders, learner: str, slug: str) -> None:
        self.root, self._slug = folders.root, slug
        self.latest = folders.folder(names.SUBMITTED, learner, slug)
        self.earlier = folders.root / names.EARLIER / learner / slug
        self.incoming = folders.root / names.EARLIER / _INCOMING / learner / slug

    def put(self, arrival: Arrival) -> bool:
        """Store a submission, as the latest or among the earlier ones, and return whether anything changed.

        Raises UnsafePath where a link leads elsewhere, and OSError where it cannot be written.
        """
        for place in (self.latest, self.earlier, self.incoming):
            _check_no_link(place, self.root)
        stored = self._find(arrival.fingerprint)
        if stored:
            return self._update(stored, arrival)
        latest = submission_time(self.latest)
        if latest is not None and arrival.time <= latest:
            self._write(arrival, _free_folder(self.earlier, arrival.time))
            return True
        self._write(arrival, self.incoming)
        self.finish()
        return True

    def has(self, arrival: Arrival) -> bool:
        """Say whether this very submission is stored already."""
        return self._find(arrival.fingerprint) is not None

    def counting_folder(self, fingerprint: str) -> Path:
        """Return the stored submission whose time counts for this one: a reply alone is no new hand-in."""
        folder = self._find(fingerprint) or self.latest
        others = self.earlier.iterdir() if self.earlier.is_dir() else ()
        return first_with_same_answers(folder, others, self._slug)

    def finish(self) -> None:
        """Make the incoming submission the latest; the one before it is moved to the earlier ones."""
        if not self.incoming.is_dir():
            return
        if self.latest.exists():
            self.earlier.mkdir(parents=True, exist_ok=True)
            self.latest.rename(_free_folder(self.earlier, _moment(self.latest)))
        self.latest.parent.mkdir(parents=True, exist_ok=True)
        self.incoming.rename(self.latest)

    def receipts(self) -> Iterator[tuple[Path, StoredReceipt]]:
        """Yield the folder and the receipt of each submission file that is stored, the latest first."""
        earlier = sorted(self.earlier.iterdir(), reverse=True) if self.earlier.is_dir() else []
        for folder in [self.latest, *earlier]:
            receipt = read_receipt(folder)
            if receipt.fingerprint:
                yield folder, receipt

    def _find(self, fingerprint: str) -> Path | None:
        """Return where the submission with this fingerprint is stored already."""
        same = (folder for folder, receipt in self.receipts() if receipt.fingerprint == fingerprint)
        return next(same, None)

    def _update(self, folder: Path, arrival: Arrival) -> bool:
        """Write again what was lost, and what is known better now; return whether anything changed."""
        if not _is_whole(folder, arrival):
            self._write(arrival, folder)
        elif not _add_platform(folder, arrival) and self.latest.is_dir():
            return False
        self._move_latest()
        return True

    def _move_latest(self) -> None:
        """Have the latest in its place, after one turned out to be of another time or was taken away."""
        earlier = list(self.earlier.iterdir()) if self.earlier.is_dir() else []
        newest = max(earlier, key=_moment, default=None)
        if newest and (not self.latest.is_dir() or _moment(newest) > _moment(self.latest)):
            self.incoming.parent.mkdir(parents=True, exist_ok=True)
            newest.rename(self.incoming)
            self.finish()

    def _write(self, arrival: Arrival, place: Path) -> None:
        """Write a folder whole or not at all."""
        draft = self.incoming.with_name(f"{self.incoming.name}{_PART}")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        for name, data in {**arrival.files, names.TIMESTAMP: _stamp(arrival)}.items():
            (draft / name).write_bytes(data)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(place, ignore_errors=True)
        draft.rename(place)


def finish_all(folders: SubmissionFolders) -> list[UnfinishedPlace]:
    """Finish what a killed command began, and take away what it left half written.

    Return what could not be put into its place: it stays where it waits, and keeps nobody else's from theirs.
    """
    incoming = folders.root / names.EARLIER / _INCOMING
    unfinished = []
    for place in sorted(incoming.glob("*/*")):
        learner, slug = place.parent.name, place.name
        if slug.endswith(_PART):
            shutil.rmtree(place, ignore_errors=True)
            continue
        try:
            SubmissionStore(folders, learner, slug).finish()
        except OSError as error:
            unfinished.append(UnfinishedPlace(learner, slug, error.strerror or type(error).__name__))
    if not unfinished:
        shutil.rmtree(incoming, ignore_errors=True)
    return unfinished


def read_receipt(folder: Path) -> StoredReceipt:
    """Return what the receipt in a folder says, or an empty one where there is none that can be read."""
    try:
        fields = storage.read_json(folder / names.RECEIPT, largest=20_000, deepest=3)
    except (OSError, storage.Unusable):
        return StoredReceipt()
    if not isinstance(fields, dict) or not fields:
        return StoredReceipt()
    return StoredReceipt(submission_fingerprint(fields), _text(fields.get("learner")), _text(fields.get("platform")))


def submission_fingerprint(receipt: Mapping[str, object]) -> str:
    """Return what tells the submission of a receipt from every other one."""
    return json.dumps([receipt.get(name) for name in _IDENTITY], sort_keys=True)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _stamp(arrival: Arrival) -> bytes:
    return moments.nbgrader_stamp(arrival.time).encode()


def _check_no_link(place: Path, root: Path) -> None:
    """Raise UnsafePath where a folder on the way to a place is a link, which may lead elsewhere."""
    for folder in (place, *place.parents):
        if folder == root:
            return
        if folder.is_symlink():
            raise UnsafePath(trainer_words("collect.linked-folder", folder=folder.relative_to(root)))


def _is_whole(folder: Path, arrival: Arrival) -> bool:
    """Say whether a folder holds what was handed in, and when; after a loss of power it may not."""
    if submission_time(folder) is None:
        return False
    try:
        return all(
            storage.read_whole(folder / name, largest=_LARGEST) == data
            for name, data in arrival.files.items()
            if name != names.RECEIPT
        )
    except (OSError, storage.Unusable):
        return False


def _add_platform(folder: Path, arrival: Arrival) -> bool:
    """Add what a platform says of a submission that was stored without it, and say whether there was such news."""
    if read_receipt(folder).platform or not json.loads(arrival.files[names.RECEIPT])["platform"]:
        return False
    storage.put(folder / names.TIMESTAMP, _stamp(arrival))
    storage.put(folder / names.RECEIPT, arrival.files[names.RECEIPT])  # last: it says that the time is the platform's
    return True


def _moment(folder: Path) -> datetime.datetime:
    """Return when a stored submission was handed in, or else when its folder was written."""
    return submission_time(folder) or datetime.datetime.fromtimestamp(os.lstat(folder).st_mtime, datetime.UTC)


def _free_folder(parent: Path, time: datetime.datetime) -> Path:
    """Return a folder named after that moment that is not there yet."""
    name = moments.folder_stamp(time.astimezone(datetime.UTC))
    number, place = 1, parent / name
    while place.exists():
        number += 1
        place = parent / f"{name}-{number}"
    return place
