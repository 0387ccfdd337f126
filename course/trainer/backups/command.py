"""`course backup` and `course restore`: what they do and say."""

from __future__ import annotations

from pathlib import Path

import click

from course.content import trainer_words
from course.trainer.backups.contents import Manifest
from course.trainer.backups.restoring import restore_backup
from course.trainer.backups.writing import write_backup
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
