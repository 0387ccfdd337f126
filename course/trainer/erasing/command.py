"""Remove one learner from a trainer's course directory: `course forget-learner`."""

from __future__ import annotations

import contextlib
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import click

from course.content.lessons import lessons
from course.core.errors import BadLearnerId
from course.core.settings import COURSE_ID
from course.records.packed import BROKEN
from course.trainer.collecting.inbox_scan import open_plain
from course.trainer.collecting.roster import Person, Roster
from course.trainer.collecting.submission_store import is_folder_name, read_receipt
from course.trainer.course_directory import Coursework
from course.trainer.erasing.inbox import in_inbox
from course.trainer.erasing.trace import Trace

STEPS: Final = ("submitted", "earlier", "autograded", "feedback")
MADE: Final = ("reports", "feedback-files")
"""Folders of files that are made from the gradebook, and can be made again."""
KEPT: Final = ("given-out.json",)
"""Holds no name; without it, two reports could show one person."""
_NOT_REACHED: Final = (
    "Not reached from here: backups and copies of this folder, the learning platform, mails, reports that were "
    "given out, and the learner’s own copy of the course."
)


def run(learner: str, *, yes: bool) -> int:
    """Forget a learner in this checkout; return the exit code."""
    return forget(Coursework.here(), learner, yes=yes)


def forget(coursework: Coursework, learner: str, *, yes: bool) -> int:
    """Say what will be removed and what cannot be, ask, and remove it; return the exit code."""
    if not is_folder_name(learner):
        raise BadLearnerId(f"“{learner}” is no learner’s id.", "Give the id as it stands in the gradebook.")
    found = list(traces(coursework, learner))
    unsure = [path for path in _others(coursework) if _mentions(path, _words(coursework, learner))]
    unsure += _claimed(coursework, learner)
    if not found:
        click.echo(f"Nothing of {learner} is kept here.")
    else:
        click.echo(f"This will be removed of {learner}, for good:")
        for trace in found:
            click.echo(f"  {trace.what}")
    for path in unsure:
        click.echo(f"Look at this yourself, the learner is named in it: {path.relative_to(coursework.root)}")
    click.echo(_NOT_REACHED)
    if not found:
        return 0
    if not yes and not click.confirm("Remove it?"):
        click.echo("Nothing was removed.")
        return 1
    return _remove(found)


def _remove(found: list[Trace]) -> int:
    failed = 0
    for trace in found:
        try:
            trace.remove()
            click.echo(f"Removed: {trace.what}")
        except BROKEN as error:
            failed = 1
            click.echo(f"Not removed: {trace.what}: {error}. Remove it yourself.", err=True)
    return failed


def traces(coursework: Coursework, learner: str) -> Iterator[Trace]:
    """Yield everything of a learner that is kept here. The gradebook comes last: the others are found by it."""
    words = _words(coursework, learner)
    with coursework.gradebook() as gradebook:
        roster = Roster.read(gradebook)
    yield from in_inbox(coursework, learner, roster, lambda text: bool(words.search(text.encode())))
    yield from _in_exchange(coursework, learner)
    for step in STEPS:
        for place in (coursework.root / step / learner, coursework.root / step / ".arriving" / learner):
            if place.exists() or place.is_symlink():
                yield Trace(f"the folder {place.relative_to(coursework.root)}", _removing(place))
    for path in _made(coursework):
        if path.name == f"feedback-{learner}.zip" or _mentions(path, words):
            yield Trace(f"{path.relative_to(coursework.root)}, which can be made again without them", _removing(path))
    log = coursework.root / ".nbgrader.log"
    if log.is_file() and _mentions(log, words):
        yield Trace("lines in .nbgrader.log", lambda: _drop_lines(log, words))
    if learner in roster.people:
        yield Trace(
            "the name, the marks and the comments in the gradebook", lambda: _from_gradebook(coursework, learner)
        )


def _in_exchange(coursework: Coursework, learner: str) -> Iterator[Trace]:
    """Yield what lies in the exchange: what was handed in, and the feedback on it, whose name is made of a secret."""
    from nbgrader.utils import notebook_hash

    course = coursework.exchange / COURSE_ID
    secrets: set[tuple[str, str]] = set()
    for lesson in lessons():
        begins = f"{learner}+{lesson.key}+"
        handed_in = [path for path in course.glob(f"inbound/*+{lesson.key}+*") if path.name.startswith(begins)]
        kept = [coursework.root / step / learner / lesson.key for step in STEPS]
        for file in [one for folder in (*handed_in, *kept) for one in folder.rglob("submission_secret.txt")]:
            with contextlib.suppress(OSError), open_plain(file) as opened:
                secrets.add((lesson.key, opened.read(1_000).decode("utf-8", "replace") or "-"))
        for path in handed_in:
            yield Trace(f"in the exchange: {path.name}", _removing(path))
    for slug, secret in sorted(secrets):
        page = course / "feedback" / f"{notebook_hash(secret=secret, notebook_id=slug)}.html"
        if page.exists():
            yield Trace(f"in the exchange: feedback on {slug}", _removing(page))


def _from_gradebook(coursework: Coursework, learner: str) -> None:
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


def _words(coursework: Coursework, learner: str) -> re.Pattern[bytes]:
    """Return what finds a learner in any text, as whole words.

    It is the id, the full name either way round, the mail address, and what a learning platform called them.
    """
    with coursework.gradebook() as gradebook:
        person = Roster.read(gradebook).people.get(learner, Person(learner))
    names = {learner, person.email}
    if person.first and person.last:
        names |= {f"{person.first} {person.last}", f"{person.last}, {person.first}", f"{person.last} {person.first}"}
    kept = [*coursework.root.glob("submitted/*/*"), *coursework.root.glob("earlier/*/*/*")]
    own = [path for path in kept if path.relative_to(coursework.root).parts[1] == learner]
    names |= {str(read_receipt(path).get("platform", "")).rstrip("_") for path in own}
    ways = b"|".join(re.escape(name.encode()) for name in sorted(names) if name)
    return re.compile(rb"(?<![A-Za-z0-9.@-])(" + ways + rb")(?![A-Za-z0-9@-])", re.IGNORECASE)


def _made(coursework: Coursework) -> Iterator[Path]:
    for name in MADE:
        for path in sorted((coursework.root / name).rglob("*")):
            if path.is_file() and path.name not in KEPT:
                yield path


def _others(coursework: Coursework) -> Iterator[Path]:
    """Yield what else a trainer keeps beside the course's own files: lists, exports, copies of the gradebook."""
    for path in sorted(coursework.root.iterdir()):
        is_table = path.suffix in (".csv", ".tsv", ".txt", ".xlsx", ".json")
        if path.is_file() and (is_table or re.fullmatch(r"gradebook\.db(?!-).+", path.name)):
            yield path


def _claimed(coursework: Coursework, learner: str) -> Iterator[Path]:
    """Yield the hand-ins that are kept as somebody else's, and whose receipt gives this learner's id."""
    for path in sorted([*coursework.root.glob("submitted/*/*"), *coursework.root.glob("earlier/*/*/*")]):
        owner = path.relative_to(coursework.root).parts[1]
        if owner != learner and read_receipt(path).get("learner") == learner:
            yield path


def _mentions(path: Path, words: re.Pattern[bytes]) -> bool:
    """Say whether a file names somebody: in its own name, in its words, or in what is packed in it."""
    if words.search(path.name.encode()):
        return True
    with contextlib.suppress(*BROKEN):
        with open_plain(path) as file:
            if words.search(file.read()):
                return True
            if path.suffix in (".zip", ".xlsx"):
                with zipfile.ZipFile(file) as zipped:
                    return any(
                        words.search(one.filename.encode()) or words.search(zipped.read(one))
                        for one in zipped.infolist()
                        if one.file_size < 50_000_000
                    )
    return False


def _drop_lines(path: Path, words: re.Pattern[bytes]) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if not words.search(line)))


def _removing(path: Path) -> Callable[[], Any]:
    """Return what removes a file, a folder or a link, never what a link leads to."""
    if path.is_dir() and not path.is_symlink():
        return lambda: shutil.rmtree(path)
    return lambda: path.unlink(missing_ok=True)
