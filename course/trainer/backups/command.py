"""`course backup` and `course restore`: what they do and say."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from course.content import trainer_words
from course.trainer.backups.contents import Manifest
from course.trainer.backups.restoring import restore_backup
from course.trainer.backups.writing import write_backup
from course.trainer.command_support import single_instance
from course.trainer.course_directory import Coursework

_COMMANDS: Final = ("collect", "due", "feedback", "grade", "report", "roster", "second-marks")
"""The commands that change a course directory, by the names of their locks."""


def backup(file: Path) -> None:
    """Write a backup of the course directory in use, and say what is in it."""
    coursework = Coursework.here()
    file = file.expanduser().absolute()
    with _alone(coursework):
        manifest = write_backup(coursework, file)
    click.echo(trainer_words("backup.written", file=file, n=_number_of_files(manifest)))
    click.echo(trainer_words("backup.has-people"))


def restore(file: Path) -> None:
    """Restore a backup into the course directory in use, and say what came back."""
    coursework = Coursework.here()
    with _alone(coursework):
        manifest = restore_backup(coursework, file.expanduser().absolute())
    click.echo(trainer_words("backup.restored", folder=coursework.root, n=_number_of_files(manifest)))


@contextlib.contextmanager
def _alone(coursework: Coursework) -> Iterator[None]:
    """Keep every other command out of the course directory in this block."""
    with contextlib.ExitStack() as stack:
        for command in _COMMANDS:
            stack.enter_context(single_instance(command, coursework.root, trainer_words("backup.busy")))
        yield


def _number_of_files(manifest: Manifest) -> int:
    return len(manifest.entries)
