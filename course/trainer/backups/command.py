"""`course backup` and `course restore`: what they do and say, and a backup as it is written.

It is one file, whole or not at all, that its owner alone can read.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import click

from course.content import trainer_words
from course.core import moments, storage
from course.core.errors import FolderUnusable
from course.trainer.backups.contents import DATABASES, FILES, MANIFEST, FileEntry, Manifest, work_files
from course.trainer.backups.gradebook_copy import copy_gradebook
from course.trainer.backups.restoring import restore_backup
from course.trainer.command_support import alone_at_work
from course.trainer.course_directory import Coursework


def backup(file: Path) -> None:
    """Write a backup of the course directory in use, and say what is in it."""
    coursework = Coursework.here()
    file = file.expanduser().absolute()
    with alone_at_work(coursework.root):
        manifest = write_backup(coursework, file)
    click.echo(trainer_words("backup.written", file=file, n=_number_of_files(manifest)))
    click.echo(trainer_words("backup.has-people"))


def restore(file: Path) -> None:
    """Restore a backup into the course directory in use, and say what came back."""
    coursework = Coursework.here()
    with alone_at_work(coursework.root):
        manifest = restore_backup(coursework, file.expanduser().absolute())
    click.echo(trainer_words("backup.restored", folder=coursework.root, n=_number_of_files(manifest)))


def _number_of_files(manifest: Manifest) -> int:
    return len(manifest.entries)


def write_backup(coursework: Coursework, file: Path) -> Manifest:
    """Write a backup of a course directory, in which no other command may be at work.

    Raises FolderUnusable where the file is there already or cannot be written, and GradebookUnusable.
    """
    if file.exists() or file.is_symlink():
        raise FolderUnusable(trainer_words("backup.file-there", file=file), trainer_words("backup.file-there-hint"))
    try:
        return _write(coursework, file)
    except FolderUnusable:
        raise
    except OSError as error:
        if isinstance(error, FileNotFoundError | PermissionError | NotADirectoryError):
            reason = error.strerror or type(error).__name__
            raise FolderUnusable(
                trainer_words("backup.not-written", file=file, reason=reason), trainer_words("backup.not-written-hint")
            ) from error
        raise


def _write(coursework: Coursework, file: Path) -> Manifest:
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=f".{file.name}.") as draft:
        folder = Path(draft)
        kind = copy_gradebook(coursework, folder / "gradebook")
        entries: dict[str, FileEntry] = {}
        packed = folder / "backup"
        with os.fdopen(os.open(packed, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as stream:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, path in _named(coursework, folder / "gradebook", kind):
                    data, changed = path.read_bytes(), path.stat().st_mtime_ns
                    archive.writestr(name, data)
                    entries[name] = FileEntry.of(data, changed)
                manifest = Manifest(kind, entries, moments.now().isoformat(timespec="seconds"))
                archive.writestr(MANIFEST, manifest.as_bytes())
            stream.flush()
            os.fsync(stream.fileno())
        packed.replace(file)
    storage.flush_folder(file.parent)
    return manifest


def _named(coursework: Coursework, copy: Path, kind: str) -> Iterator[tuple[str, Path]]:
    """Yield what goes into the archive, by the name that it has there."""
    if kind:
        yield DATABASES[kind], copy
    for path in work_files(coursework.root):
        yield FILES + path.relative_to(coursework.root).as_posix(), path
