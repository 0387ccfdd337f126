"""Remove one learner from a trainer's course directory: `course forget-learner`.

What is stored of one learner is found in files, in the gradebook and in `inbox/`. A file is removed from a
platform's zip too; the other files in it stay as they are.
"""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import click

from course.content import any_of, trainer_words
from course.content.lessons import lessons
from course.core import names
from course.core.archive import BROKEN
from course.core.errors import BadLearnerId
from course.core.text_files import printable
from course.records.cohort_file import NAME
from course.trainer.collecting.decisions import FILE, forget_decisions, read_decisions
from course.trainer.collecting.inbox import identify_submissions
from course.trainer.collecting.inbox_scan import Trail, open_plain
from course.trainer.collecting.roster import ADDED, Roster, RosterEntry
from course.trainer.collecting.submission_store import read_receipt
from course.trainer.collecting.zip_without import rewrite_zip
from course.trainer.command_support import alone_at_work
from course.trainer.course_directory import Coursework
from course.trainer.dropped_lists import lists
from course.trainer.due_days.changes import forget_learner, text_without_learner
from course.trainer.exchange_layout import ExchangeLayout, exchange_layout, feedback_folder, inbound_folder
from course.trainer.marks_back import people_in_files
from course.trainer.mentions import any_of_words, drop_lines, mentions, naming
from course.trainer.next_steps import after_erasing
from course.trainer.opened_files import copies_in, lists_of_opened
from course.trainer.platforms import find_sender_place, read_platform
from course.trainer.reflections import replies
from course.trainer.second_marks import store as second_marks
from course.trainer.second_marks.sample import reflection_names
from course.trainer.summary import Refusal

STEPS: Final = (names.SUBMITTED, names.EARLIER, names.AUTOGRADED, names.FEEDBACK)
_REPORTS, _MARKS = "reports", "marks-files"
DERIVED: Final = (_REPORTS, "feedback-files", _MARKS, f"{second_marks.FOLDER}/{second_marks.PAGE}")
"""Files that are made from the gradebook and the hand-ins and can be made again, and folders of such files."""
LEFT_IN_PLACE: Final = ("given-out.json",)
"""What version 0.1.0 kept among its reports. It holds no name; without it, two reports could show one person."""
_BY_ENTRY: Final = (FILE, second_marks.FILE, replies.FILE, people_in_files.FILE)
"""Files of which what is a learner's is removed, entry by entry."""
_READ: Final = (".csv", ".tsv", ".txt", ".xlsx", ".ods", ".docx", ".json", ".html", ".ipynb")
"""The kinds of a trainer's own files that are looked into."""
NBGRADER_LOG: Final = ".nbgrader.log"


@dataclass(frozen=True)
class Trace:
    """One thing that is kept of a learner."""

    description: str
    """What it is, in words for a trainer."""
    remove: Callable[[], object]
    """Removes it; raises OSError, or what the reader of a bad zip raises."""


@dataclass(frozen=True)
class ErasingPlan:
    """What would be removed of a learner, and what a person has to look at."""

    learner: str
    traces: Sequence[Trace]
    look: Sequence[Path]
    """Files that name the learner and are left, by their way from the course directory."""
    is_in_opened: bool
    """Whether JupyterLab keeps names of their files, which it writes again as long as its page is open."""

    @property
    def sentences(self) -> list[str]:
        """What is said of it: what the traces are, then what to look at, and what is not reached from here."""
        return [
            trainer_words("erase.intro" if self.traces else "erase.nothing-here", learner=self.learner),
            *(trainer_words("erase.look", path=path) for path in self.look),
            *([trainer_words("erase.opened-again", learner=self.learner)] if self.is_in_opened else []),
            trainer_words("erase.not-reached"),
        ]


def submission_folders(coursework: Coursework) -> Iterator[tuple[str, Path]]:
    """Yield the learner and the folder of each submission that was collected, the earlier ones too."""
    latest = coursework.root.glob(f"{names.SUBMITTED}/*/*")
    for path in sorted([*latest, *coursework.root.glob(f"{names.EARLIER}/*/*/*")]):
        yield path.relative_to(coursework.root).parts[1], path


def identifiers(coursework: Coursework, person: RosterEntry, *, by_name: bool = True) -> re.Pattern[bytes]:
    """Return what matches a learner in any text, as whole words; `by_name` says whether their name does.

    It is the id, the full name either way round, the mail address, what a learning platform called them, and the
    numbers by which a second marker knows their reflections.
    """
    texts = {person.id, person.email}
    if by_name and person.first and person.last:
        texts |= {f"{person.first} {person.last}", f"{person.last}, {person.first}", f"{person.last} {person.first}"}
    own = (path for learner, path in submission_folders(coursework) if learner == person.id)
    texts |= {read_receipt(path).platform.rstrip("_") for path in own} | set(reflection_names(person.id))
    return any_of_words(texts)


def numbers_in_sheets(coursework: Coursework, person: RosterEntry) -> re.Pattern[bytes]:
    """Return what matches a learner in the files of marks for a platform: its own number or account of them.

    Elsewhere such a number may be anything.
    """
    receipts = (read_receipt(path) for learner, path in submission_folders(coursework) if learner == person.id)
    senders = [sender for receipt in receipts if (sender := read_platform(receipt.platform))]
    texts = {
        person.id,
        *({person.number} - {ADDED}),
        *(text for one in senders for text in (one.number, *one.accounts)),
    }
    return any_of_words(texts)


def remover(path: Path) -> Callable[[], object]:
    """Return what removes a file, a folder or a link, never what a link leads to."""
    if path.is_dir() and not path.is_symlink():
        return partial(shutil.rmtree, path)
    return partial(path.unlink, missing_ok=True)


def inbox_traces(
    coursework: Coursework, learner: str, roster: Roster, is_named: Callable[[str], bool]
) -> Iterator[Trace]:
    """Yield what lies in the inbox of a learner: what was collected as theirs, and what is named after them."""
    if not coursework.inbox.is_dir():
        return
    paths: dict[Path, set[Trail]] = {}
    for trail in sorted(set(_trails(coursework, learner, roster, is_named))):
        path, inside = _split_at_file(coursework.inbox, trail)
        paths.setdefault(path, set()).add(inside)
    for path, trails in paths.items():
        name = path.relative_to(coursework.root).as_posix()
        if () in trails:
            yield Trace(name, partial(_remove_from_inbox, remover(path), path, coursework.inbox))
        else:
            entries = ", ".join(sorted("/".join(trail) for trail in trails))
            description = trainer_words("erase.in-zip", name=name, entries=entries)
            rewrite = partial(rewrite_zip, path, trails)
            yield Trace(description, partial(_remove_from_inbox, rewrite, path, coursework.inbox))


def _remove_from_inbox(remove: Callable[[], object], path: Path, inbox: Path) -> None:
    """Remove something, and the folders around it that are empty then: a trainer may have named one after somebody."""
    remove()
    with contextlib.suppress(OSError):  # what is not empty stays
        for folder in path.parents[: len(path.relative_to(inbox).parts) - 1]:
            folder.rmdir()


def _trails(coursework: Coursework, learner: str, roster: Roster, is_named: Callable[[str], bool]) -> Iterator[Trail]:
    """Yield the names that lead to each of a learner's things, up to the platform's folder for them."""
    companions: list[Trail] = []
    things: list[tuple[Trail, bool]] = []
    for item in identify_submissions(coursework, roster, companions):
        if isinstance(item, Refusal):
            things.append((tuple(item.name.split("/")), False))
        elif item.learner == learner:
            things.append((item.source.trail, True))
    for trail, is_theirs in [*things, *((trail, False) for trail in companions)]:
        found = find_sender_place(trail)
        is_anothers = found and learner not in trail and roster.is_anothers(found[1], learner)
        if (
            is_theirs
            or (is_named("/".join(trail)) and not is_anothers)
            or (found and roster.is_sender(found[1], learner))
        ):
            yield trail[: found[0] + 1] if found else trail


def _of_namesakes(coursework: Coursework, learner: str, roster: Roster, pattern: re.Pattern[bytes]) -> Iterator[Path]:
    """Yield what in the inbox the name alone makes a learner's, where somebody else has the same name."""
    if not coursework.inbox.is_dir() or not roster.has_namesake(learner):
        return
    certain = identifiers(coursework, roster.people[learner], by_name=False)
    named, theirs = (set(_trails(coursework, learner, roster, naming(words))) for words in (pattern, certain))
    yield from (coursework.inbox.joinpath(*trail) for trail in sorted(named - theirs))


def _split_at_file(inbox: Path, trail: Trail) -> tuple[Path, Trail]:
    """Return the file or folder that a trail leads to on the disk, and what is left of it inside that zip."""
    path = inbox
    for number, name in enumerate(trail):
        path = path / name
        if not path.is_dir() or path.is_symlink():
            return path, trail[number + 1 :]
    return path, ()


def run(learner: str, *, yes: bool) -> int:
    """Remove a learner from this checkout; return the exit code."""
    return erase(Coursework.here(), learner, yes=yes)


def erase(coursework: Coursework, learner: str, *, yes: bool) -> int:
    """Say what will be removed and what cannot be, ask, and remove it; return the exit code."""
    plan = plan_erasing(coursework, learner)
    intro, *found = plan.sentences
    for sentence in [intro, *(f"  {trace.description}" for trace in plan.traces), *found]:
        click.echo(printable(sentence))
    if not plan.traces:
        return 0
    if not yes and not click.confirm(trainer_words("erase.confirm")):
        click.echo(trainer_words("erase.nothing-removed"))
        return 1
    reports = coursework.root / _REPORTS
    exit_code, had_report = 0, any(path.is_relative_to(reports) for path in _derived_files(coursework))
    for is_removed, sentence in remove_learner(coursework, learner):
        click.echo(printable(sentence), err=not is_removed)
        exit_code = exit_code if is_removed else 1
    for step in after_erasing() if had_report else ():
        click.echo(step)
    return exit_code


def plan_erasing(coursework: Coursework, learner: str) -> ErasingPlan:
    """Return all that is kept of a learner; nothing is removed.

    Raises BadLearnerId for what is no id, and for another way to write somebody's: files that can be made again would
    be found by it, and their work would not.
    """
    if not names.is_folder_name(learner):
        raise BadLearnerId(f"“{learner}” is not a learner’s id.", "Give the id as it stands in the gradebook.")
    with coursework.gradebook() as gradebook:
        roster = Roster.read(gradebook)
    meant = [id for id in roster.people if roster.means(learner, id)]
    if meant and learner not in meant and not any((coursework.root / step / learner).exists() for step in STEPS):
        ids = any_of(sorted(meant))
        raise BadLearnerId(trainer_words("erase.other-id", learner=learner, ids=ids), trainer_words("erase.exact"))
    pattern = identifiers(coursework, roster.people.get(learner, RosterEntry(learner)))
    traces = list(find_traces(coursework, learner, roster, pattern))
    derived = set(_derived_files(coursework))
    mentioned = [path for path in _other_files(coursework) if path not in derived and mentions(path, pattern)]
    if pattern.search(text_without_learner(coursework, learner).encode()):
        mentioned.append(coursework.root / NAME)  # in a comment beside the settings
    mentioned += [*_commented(coursework, learner, pattern), *_claimed_submissions(coursework, learner)]
    mentioned += _of_namesakes(coursework, learner, roster, pattern)
    look = [path.relative_to(coursework.root) for path in mentioned]
    is_in_opened = any(mentions(path, pattern) for path in lists_of_opened())
    return ErasingPlan(learner, traces, look, is_in_opened)


def remove_learner(coursework: Coursework, learner: str) -> Generator[tuple[bool, str], None, None]:
    """Remove all that is kept of a learner now; yield of each thing whether it is gone, and the sentence that says so.

    Raises AlreadyRunning while another command is at work, which could write again what is removed here.
    """
    with alone_at_work(coursework.root):
        for trace in plan_erasing(coursework, learner).traces:
            try:
                trace.remove()
            except BROKEN as error:
                yield False, trainer_words("erase.not-removed", description=trace.description, reason=error)
            else:
                yield True, trainer_words("erase.removed", description=trace.description)


def find_traces(coursework: Coursework, learner: str, roster: Roster, pattern: re.Pattern[bytes]) -> Iterator[Trace]:
    """Yield everything of a learner that is kept here. What the others are found by comes last.

    These are the hand-ins, whose receipts say what a platform called the learner, and then the gradebook.
    """
    person = roster.people.get(learner, RosterEntry(learner))
    certain = identifiers(coursework, person, by_name=not roster.has_namesake(learner))
    yield from inbox_traces(coursework, learner, roster, naming(certain))
    yield from _exchange_traces(coursework, learner)
    for path in lists(coursework):
        if mentions(path, pattern):
            yield _trace("list", remover(path), path=path.relative_to(coursework.root))
    for path in copies_in(_trainers_folders(coursework)):
        if mentions(path, pattern):
            yield _trace("copy", remover(path), path=path.relative_to(coursework.root))
    for path in lists_of_opened():
        if mentions(path, pattern):
            yield _trace("opened", remover(path), path=path)
    numbers = numbers_in_sheets(coursework, person)
    marks = coursework.root / _MARKS
    known = {marks / name for name, learners in people_in_files.read_people(marks).items() if learner in learners}
    for path in _derived_files(coursework):
        place = path.relative_to(coursework.root)
        is_theirs = path.name == f"feedback-{learner}.zip" or path in known or mentions(path, pattern)
        if is_theirs or (place.parts[0] == _MARKS and mentions(path, numbers)):
            yield _trace("derived", remover(path), path=place)
    if known:
        forget_person = partial(people_in_files.forget_person, marks, learner)
        yield _trace("people-in-files", forget_person, path=f"{_MARKS}/{people_in_files.FILE}")
    log = coursework.root / NBGRADER_LOG
    if log.is_file() and mentions(log, pattern):
        yield _trace("log", partial(drop_lines, log, pattern), name=NBGRADER_LOG)
    if learner in read_decisions(coursework.root).values():
        yield _trace("decisions", partial(forget_decisions, coursework.root, learner), name=FILE)
    if any(mark.learner == learner for mark in second_marks.read_second_marks(coursework.root)):
        forget = partial(second_marks.forget_second_marks, coursework.root, learner)
        yield _trace("second-marks", forget, name=second_marks.FILE)
    if replies.has_read_marks(coursework.root, learner):
        forget_read = partial(replies.forget_read_marks, coursework.root, learner)
        yield _trace("replies-read", forget_read, name=replies.FILE)
    if learner in coursework.cohort.extensions:
        yield _trace("more-time", partial(forget_learner, coursework, learner), name=NAME)
    for step in STEPS:
        for place in (coursework.root / step / learner, coursework.root / step / ".arriving" / learner):
            if place.exists() or place.is_symlink():
                yield _trace("folder", remover(place), path=place.relative_to(coursework.root))
    if learner in roster.people.keys() - roster.newcomers.keys():  # who is only in the inbox is in no gradebook yet
        yield _trace("gradebook", partial(_erase_from_gradebook, coursework, learner))


def _exchange_traces(coursework: Coursework, learner: str) -> Iterator[Trace]:
    """Yield what lies in the exchange: what was handed in, and the feedback on it, whose name is made of a secret."""
    if exchange_layout() is ExchangeLayout.BY_LEARNER:
        for place in (inbound_folder(coursework.exchange, learner), feedback_folder(coursework.exchange, learner)):
            if place.exists() or place.is_symlink():
                yield _trace("exchange-folder", remover(place), path=place.relative_to(coursework.exchange))
        return
    handed_in, feedback = inbound_folder(coursework.exchange), feedback_folder(coursework.exchange)
    secrets: set[tuple[str, bytes]] = set()
    for slug, other_names in [(name, lesson.names) for lesson in lessons() for name in lesson.names]:
        start = names.submission_folder(learner, slug, "")
        inbound = [path for path in handed_in.glob(f"*+{slug}+*") if path.name.startswith(start)]
        stored = [coursework.root / step / learner / slug for step in STEPS]
        for file in [file for folder in (*inbound, *stored) for file in folder.rglob(names.SECRET)]:
            with contextlib.suppress(OSError), open_plain(file) as opened:
                secret = opened.read(1_000) or b"-"
                secrets |= {(name, secret) for name in other_names}
        for path in inbound:
            yield _trace("exchange-submission", remover(path), name=path.name)
    for slug, secret in sorted(secrets):
        page = feedback / names.feedback_exchange_name(secret, slug)
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
    for place in (coursework.root / name for name in DERIVED):
        for path in [place] if place.is_file() else sorted(place.rglob("*")):
            if path.is_file() and path.name not in (*LEFT_IN_PLACE, *_BY_ENTRY):
                yield path


def _other_files(coursework: Coursework) -> Iterator[Path]:
    """Yield what else a trainer keeps: lists, exports, notebooks with what they showed, copies of the gradebook."""
    for path in [path for folder in _trainers_folders(coursework) for path in sorted(folder.iterdir())]:
        is_read = path.suffix in _READ and path.name not in _BY_ENTRY
        if path.is_file() and (is_read or re.fullmatch(r"gradebook\.db(?!-).+", path.name)):
            yield path


def _trainers_folders(coursework: Coursework) -> list[Path]:
    """Return the folders in which a trainer's own files may lie beside those of the course."""
    folders = [coursework.root / name for name in ("", second_marks.FOLDER, "notebooks")]
    return [folder for folder in folders if folder.is_dir()]


def _commented(coursework: Coursework, learner: str, pattern: re.Pattern[bytes]) -> Iterator[Path]:
    """Yield the file of second marks where a comment on somebody else's reflection names this learner."""
    others = [mark for mark in second_marks.read_second_marks(coursework.root) if mark.learner != learner]
    if any(pattern.search(mark.comment.encode()) for mark in others):
        yield coursework.root / second_marks.FILE


def _claimed_submissions(coursework: Coursework, learner: str) -> Iterator[Path]:
    """Yield the submissions that are stored as somebody else's, and whose receipt gives this learner's id."""
    for owner, path in submission_folders(coursework):
        if owner != learner and read_receipt(path).learner == learner:
            yield path
