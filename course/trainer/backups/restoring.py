"""Restore a backup: into a course directory without anybody's work, all of it or nothing."""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Final

from course.content import trainer_words
from course.core import storage
from course.core.archive import BROKEN, ArchiveRefused, check_entry, entry_name, open_archive, read_entry
from course.core.errors import BadBackup, RestoreRefused
from course.trainer.backups.contents import (
    DATABASES,
    FILES,
    LARGEST,
    MANIFEST,
    MOST_ENTRIES,
    FileEntry,
    Manifest,
    work_files,
)
from course.trainer.backups.gradebook_copy import check_copy, check_room, restore_gradebook
from course.trainer.course_directory import Coursework

DRAFT: Final = ".restoring"
_PLACED: Final = "placed.json"
"""Names what is put into its place, in the draft: a restore that was killed there is taken back by the next."""
_LARGEST_MANIFEST: Final = 2**27


def restore_backup(coursework: Coursework, file: Path) -> Manifest:
    """Restore a backup into a course directory that nobody has worked in.

    Raises RestoreRefused where somebody has, BadBackup for a file that is no whole backup, and GradebookUnusable; then
    nothing is changed.
    """
    draft = coursework.root / DRAFT
    if found := next(_work_of_others(coursework, draft), None):
        there = Path(os.path.relpath(found, coursework.root)).as_posix()  # the gradebook may lie elsewhere
        raise RestoreRefused(trainer_words("backup.not-empty", there=there), trainer_words("backup.not-empty-hint"))
    _take_back(coursework, draft)
    try:
        manifest = _unpack(file, draft)
        check_room(coursework, manifest.database)
        copy = draft / DATABASES.get(manifest.database, "")
        if manifest.database:
            check_copy(copy, manifest.database)
        _place(coursework.root, draft)
        restore_gradebook(coursework, copy, manifest.database)
    except BaseException:
        _take_back(coursework, draft)
        raise
    (draft / _PLACED).unlink()
    shutil.rmtree(draft)
    return manifest


def _unpack(file: Path, draft: Path) -> Manifest:
    """Write all files of a backup into the draft, each as the manifest says that it was."""
    try:
        with _open(file) as stream, open_archive(stream, most_entries=MOST_ENTRIES) as archive:
            entries = {entry_name(info): info for info in archive.infolist()}
            if len(entries) != len(archive.infolist()):
                raise ArchiveRefused("twice", name="")
            for info in archive.infolist():
                check_entry(info, allows_format_signs=True)
            manifest = Manifest.read(read_entry(archive, entries.pop(MANIFEST), _LARGEST_MANIFEST, MANIFEST))
            if entries.keys() != manifest.entries.keys():
                raise ArchiveRefused("unknown", name="")
            storage.make_private(draft)
            for name, info in entries.items():
                _write(archive, info, manifest, name, draft)
            storage.write_whole(draft / MANIFEST, manifest.as_bytes())
    except BadBackup:
        raise
    except (ArchiveRefused, KeyError, *BROKEN) as error:
        if isinstance(error, OSError):  # in writing: what is read is refused
            raise
        raise BadBackup(trainer_words("backup.damaged"), trainer_words("backup.damaged-hint")) from None
    return manifest


def _open(file: Path) -> IO[bytes]:
    try:
        return file.open("rb")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        message = trainer_words("backup.not-read", file=file, reason=reason)
        raise BadBackup(message, trainer_words("backup.not-read-hint")) from None


def _write(archive: zipfile.ZipFile, info: zipfile.ZipInfo, manifest: Manifest, name: str, draft: Path) -> None:
    wanted = manifest.entries[name]
    data = read_entry(archive, info, min(wanted.size, LARGEST), name)
    if len(data) != wanted.size or hashlib.sha256(data).hexdigest() != wanted.sha256:
        raise ArchiveRefused("damaged")
    path = draft / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as target:
        target.write(data)
        target.flush()
        os.fsync(target.fileno())
    os.utime(path, ns=(wanted.changed, wanted.changed))


def _place(root: Path, draft: Path) -> None:
    """Move what was unpacked into its place; folders that are there are empty."""
    unpacked = draft / FILES
    found = sorted(path.name for path in unpacked.iterdir()) if unpacked.is_dir() else []
    storage.write_whole(draft / _PLACED, storage.as_json(found))
    for name in found:
        if (root / name).is_dir():
            shutil.rmtree(root / name)  # it has folders in it and nothing else
        (unpacked / name).rename(root / name)
    storage.flush_folder(root)


def _work_of_others(coursework: Coursework, draft: Path) -> Iterator[Path]:
    """Yield the files that people made here, but for those that a restore has put here which was then killed.

    Somebody may have gone on working in what it had put here; that is not taken back.
    """
    entries: Mapping[str, FileEntry] = {}
    gradebook = coursework.layout.gradebook_file
    if (draft / _PLACED).is_file():
        entries = Manifest.read(storage.read_whole(draft / MANIFEST, largest=_LARGEST_MANIFEST)).entries
        name = DATABASES["sqlite"]
        if gradebook and gradebook.is_file() and not _is_as_packed(gradebook, entries.get(name)):
            yield gradebook
    for path in work_files(coursework.root):
        if not _is_as_packed(path, entries.get(FILES + path.relative_to(coursework.root).as_posix())):
            yield path


def _is_as_packed(path: Path, entry: FileEntry | None) -> bool:
    if entry is None or path.stat().st_size != entry.size:
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == entry.sha256


def _take_back(coursework: Coursework, draft: Path) -> None:
    """Take away what a restore that did not come to its end had put into the folder."""
    if (draft / _PLACED).is_file():
        placed = storage.read_json(draft / _PLACED, largest=100_000, deepest=1)
        for name in placed if isinstance(placed, list) else []:
            if not (draft / FILES / str(name)).exists():  # else it had not come to its place
                _remove(coursework.root / str(name))
        file = coursework.layout.gradebook_file
        if file and not (draft / DATABASES["sqlite"]).exists():
            file.unlink(missing_ok=True)
    shutil.rmtree(draft, ignore_errors=True)


def _remove(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)
