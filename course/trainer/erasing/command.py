"""Remove one learner from a trainer's course directory: `course forget-learner`."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

import click

from course.content import trainer_words
from course.content.lessons import lessons
from course.core import names
from course.core.archive import BROKEN
from course.core.errors import BadLearnerId
from course.core.settings import COURSE_ID
from course.trainer.collecting.inbox_scan import open_plain
from course.trainer.collecting.roster import Roster, RosterEntry
from course.trainer.collecting.submission_store import read_receipt
from course.trainer.course_directory import Coursework
from course.trainer.erasing.traces import (
    Trace,
    drop_lines,
    identifiers,
    inbox_traces,
    mentions,
    remover,
    submission_folders,
)

STEPS: Final = (names.SUBMITTED, names.EARLIER, names.AUTOGRADED, names.FEEDBACK)
DERIVED: Final = ("reports", "feedback-files")
"""Folders of files that are made from the gradebook, and can be made again."""
LEFT_IN_PLACE: Final = ("given-out.json",)
"""Holds no name; without it, two reports could show one person."""
NBGRADER_LOG: Final = ".nbgrader.log"


def run(learner: str, *, yes: bool) -> int:
    """Remove a learner from this checkout; return the exit code."""
    return erase(Coursework.here(), learner, yes=yes)


def erase(coursework: Coursework, learner: str, *, yes: bool) -> int:
    """Say what will be removed and what cannot be, ask, and remove it; return the exit code."""
    if not names.is_folder_name(learner):
        raise BadLearnerId(f"“{learner}” is not a learner’s id.", "Give the id as it stands in the gradebook.")
    with coursework.gradebook() as gradebook:
        roster = Roster.read(gradebook)
    pattern = identifiers(coursework, roster.people.get(learner, RosterEntry(learner)))
    traces = list(find_traces(coursework, learner, roster, pattern))
    _announce(coursework, learner, traces, pattern)
    if not traces:
        return 0
    if not yes and not click.confirm(trainer_words("erase.confirm")):
        click.echo(trainer_words("erase.nothing-removed"))
        return 1
    return _remove(traces)


def find_traces(coursework: Coursework, learner: str, roster: Roster, pattern: re.Pattern[bytes]) -> Iterator[Trace]:
    """Yield everything of a learner that is kept here. The gradebook comes last: the others are found by it."""
    yield from inbox_traces(coursework, learner, roster, lambda text: bool(pattern.search(text.encode())))
    yield from _exchange_traces(coursework, learner)
    for step in STEPS:
        for place in (coursework.root / step / learner, coursework.root / step / ".arriving" / learner):
            if place.exists() or place.is_symlink():
                yield _trace("folder", remover(place), path=place.relative_to(coursework.root))
    for path in _derived_files(coursework):
        if path.name == f"feedback-{learner}.zip" or mentions(path, pattern):
            yield _trace("derived", remover(path), path=path.relative_to(coursework.root))
    log = coursework.root / NBGRADER_LOG
    if log.is_file() and mentions(log, pattern):
        yield _trace("log", partial(drop_lines, log, pattern), name=NBGRADER_LOG)
    if learner in roster.people:
        yield _trace("gradebook", partial(_erase_from_gradebook, coursework, learner))


def _announce(coursework: Coursework, learner: str, traces: list[Trace], pattern: re.Pattern[bytes]) -> None:
    """Say what will be removed, what a person has to look at, and what is not reached."""
    click.echo(trainer_words("erase.intro" if traces else "erase.nothing-here", learner=learner))
    for trace in traces:
        click.echo(f"  {trace.description}")
    mentioned = [path for path in _other_files(coursework) if mentions(path, pattern)]
    for path in [*mentioned, *_claimed_submissions(coursework, learner)]:
        click.echo(trainer_words("erase.look", path=path.relative_to(coursework.root)))
    click.echo(trainer_words("erase.not-reached"))


def _remove(traces: list[Trace]) -> int:
    exit_code = 0
    for trace in traces:
        try:
            trace.remove()
            click.echo(trainer_words("erase.removed", description=trace.description))
        except BROKEN as error:
            exit_code = 1
            message = trainer_words("erase.not-removed", description=trace.description, reason=error)
            click.echo(message, err=True)
    return exit_code


def _exchange_traces(coursework: Coursework, learner: str) -> Iterator[Trace]:
    """Yield what lies in the exchange: what was handed in, and the feedback on it, whose name is made of a secret."""
    course = coursework.exchange / COURSE_ID
    secrets: set[tuple[str, bytes]] = set()
    for slug, other_names in [(name, lesson.names) for lesson in lessons() for name in lesson.names]:
        start = names.submission_folder(learner, slug, "")
        inbound = [path for path in course.glob(f"inbound/*+{slug}+*") if path.name.startswith(start)]
        stored = [coursework.root / step / learner / slug for step in STEPS]
        for file in [file for folder in (*inbound, *stored) for file in folder.rglob(names.SECRET)]:
            with contextlib.suppress(OSError), open_plain(file) as opened:
                secret = opened.read(1_000) or b"-"
                secrets |= {(name, secret) for name in other_names}
        for path in inbound:
            yield _trace("exchange-submission", remover(path), name=path.name)
    for slug, secret in sorted(secrets):
        page = course / "feedback" / names.feedback_exchange_name(secret, slug)
        if page.exists():
            yield _trace("exchange-feedback", remover(page), exercise=slug)


def _trace(key: str, remove: Callable[[], object], **blanks: object) -> Trace:
    return Trace(trainer_words(f"erase.{key}", **blanks), remove)


def _erase_from_gradebook(coursework: Coursework, learner: str) -> None:
    """Remove a student with all marks and comments, and leave nothing of them in the file."""
    from sqlalchemy import text

    with coursework.gradebook() as gradebook:
        is_sqlite = gradebook.engine.dialect.name == "sqlite"
        if is_sqlite:
            gradebook.db.execute(text("PRAGMA secure_delete = ON"))
        gradebook.remove_student(learner)
        if is_sqlite:
            gradebook.db.remove()
            with gradebook.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM"))
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


def _derived_files(coursework: Coursework) -> Iterator[Path]:
    for name in DERIVED:
        for path in sorted((coursework.root / name).rglob("*")):
            if path.is_file() and path.name not in LEFT_IN_PLACE:
                yield path


def _other_files(coursework: Coursework) -> Iterator[Path]:
    """Yield what else a trainer keeps beside the course's own files: lists, exports, copies of the gradebook."""
    for path in sorted(coursework.root.iterdir()):
        is_table = path.suffix in (".csv", ".tsv", ".txt", ".xlsx", ".json")
        if path.is_file() and (is_table or re.fullmatch(r"gradebook\.db(?!-).+", path.name)):
            yield path


def _claimed_submissions(coursework: Coursework, learner: str) -> Iterator[Path]:
    """Yield the submissions that are stored as somebody else's, and whose receipt gives this learner's id."""
    for owner, path in submission_folders(coursework):
        if owner != learner and read_receipt(path).learner == learner:
            yield path
