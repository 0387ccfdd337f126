"""What lies in nbgrader's exchange, seen without nbgrader, and whether any of it is to be collected.

nbgrader has the last word: where anything is out of the ordinary, it is asked.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from course.content.lessons import lesson_names
from course.core import moments, names
from course.trainer.collecting.roster import Roster
from course.trainer.course_directory import Coursework, submission_time
from course.trainer.exchange_layout import ExchangeLayout, exchange_layout, inbound_folder

if TYPE_CHECKING:
    from traitlets.config import Config

_USUAL: Final[Mapping[str, frozenset[str]]] = {
    "CourseDirectory": frozenset({"course_id", "root", "release_directory", "db_url"}),
    "Exchange": frozenset({"root", "cache"}),
    "ExchangeCollect": frozenset(),
    "Collect": frozenset(),
    "Configurable": frozenset(),
    "LoggingConfigurable": frozenset(),
}
"""The settings of collecting that change nothing of what is collected."""


@dataclass(frozen=True)
class InboundFolder:
    """One folder in the exchange: what its name and its place tell of it."""

    learner: str
    time: datetime
    path: Path
    exercise: str
    """What the learner's version of the course calls the exercise: its key, or a former name."""
    layout: ExchangeLayout = ExchangeLayout.SHARED
    """Where each learner has a folder, that folder says whose it is, and the name in the hand-in's own does not."""


@dataclass(frozen=True)
class OddFolder:
    """Something in the exchange that cannot be a hand-in."""

    path: Path
    name: str
    """What to call it before a trainer: with the learner's folder, where it lies in one."""
    why: str
    """The last part of a key in `trainer.toml`, in `collect`."""


def inbound_folders(
    inbound: Path, slug: str, layout: ExchangeLayout, wanted: str = "*"
) -> Iterator[InboundFolder | OddFolder]:
    """Yield what was handed in of an exercise, by everybody or one learner, and what cannot be a hand-in of it."""
    everybodys = _by_learner if layout is ExchangeLayout.BY_LEARNER else _shared
    for found in everybodys(inbound, lesson_names(slug)):
        if isinstance(found, OddFolder) or wanted in ("*", "", found.learner):
            yield found


def _shared(inbound: Path, exercises: Sequence[str]) -> Iterator[InboundFolder | OddFolder]:
    """Yield what lies in the one folder of everybody: its name says whose it is."""
    for path in sorted(inbound.iterdir()):
        if exercise := _exercise_of(path, exercises):
            yield _read(path, exercise) or OddFolder(path, path.name, "folder-name")
        elif "+" not in path.name and _is_open(path):
            for inside in sorted(path.iterdir()):
                if _exercise_of(inside, exercises):
                    yield OddFolder(inside, f"{path.name}/{inside.name}", "layout-shared")


def _by_learner(inbound: Path, exercises: Sequence[str]) -> Iterator[InboundFolder | OddFolder]:
    """Yield what lies in the folders of single learners: the folder says whose it is, whatever the name says."""
    for folder in sorted(inbound.iterdir()):
        if folder.is_symlink() or _exercise_of(folder, exercises):
            yield OddFolder(folder, folder.name, "in-no-folder")
        elif not folder.is_dir():
            continue
        elif not names.is_folder_name(folder.name):
            if not folder.name.startswith("."):  # what a drive keeps for itself
                yield OddFolder(folder, folder.name, "learners-folder")
        elif not _is_open(folder):
            yield OddFolder(folder, folder.name, "folder-unreadable")
        else:
            yield from _of_learner(folder, exercises)


def _of_learner(folder: Path, exercises: Sequence[str]) -> Iterator[InboundFolder | OddFolder]:
    for path in sorted(folder.iterdir()):
        if exercise := _exercise_of(path, exercises):
            found = _read(path, exercise)
            if found:
                yield replace(found, learner=folder.name, layout=ExchangeLayout.BY_LEARNER)
            else:
                yield OddFolder(path, f"{folder.name}/{path.name}", "folder-name")


def _exercise_of(path: Path, exercises: Sequence[str]) -> str | None:
    return next((name for name in exercises if f"+{name}+" in path.name), None)


def _read(path: Path, exercise: str) -> InboundFolder | None:
    """Return what the name of a hand-in says; None where it is not one that nbgrader gives."""
    name = names.read_submission_folder(path.name, exercise)
    time = moments.read_nbgrader_stamp(name.time) if name else None
    if name is None or time is None or not names.is_folder_name(name.learner):
        return None
    return InboundFolder(name.learner, time, path, exercise)


def _is_open(path: Path) -> bool:
    return not path.is_symlink() and path.is_dir() and os.access(path, os.R_OK | os.X_OK)


def proven_learner(folder: InboundFolder) -> str | None:
    """Return whose a folder is, as more than its name proves it; None where nothing does.

    Where each learner has a folder, nobody else can put anything into it. Elsewhere the account that owns the hand-in
    proves it, unless everything belongs to the account that collects.
    """
    if folder.layout is ExchangeLayout.BY_LEARNER:
        return folder.learner
    owner = os.lstat(folder.path).st_uid
    return account_name(owner) if owner != os.getuid() else None


def account_name(user: int) -> str:
    """Return the name of an account on this machine, or its number where it has none here."""
    import pwd  # which not every system has; there is no exchange on those

    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def count_unproven(coursework: Coursework, slugs: Sequence[str], roster: Roster) -> int | None:
    """Return of how many learners nothing but a name says whose folder it is, if collecting would change nothing else.

    None means that nbgrader has to look: there is something to collect or to refuse, or it is set in a way of its own.
    """
    root, inbound = coursework.exchange, inbound_folder(coursework.exchange)
    is_open = os.access(root, os.W_OK | os.X_OK) and os.access(inbound, os.R_OK | os.X_OK)
    if not is_open or not _is_usual(coursework.config):
        return None
    counts = [_unproven(coursework, inbound, slug, roster) for slug in slugs]
    return None if None in counts else sum(filter(None, counts))


def _unproven(coursework: Coursework, inbound: Path, slug: str, roster: Roster) -> int | None:
    """Return the same of one exercise."""
    unproven, latest = set(), dict[str, datetime]()
    for folder in inbound_folders(inbound, slug, exchange_layout()):
        if isinstance(folder, OddFolder):
            return None
        proven = proven_learner(folder)
        if proven is None:
            unproven.add(folder.learner)
        elif proven != folder.learner:
            return None
        latest[folder.learner] = max(folder.time, latest.get(folder.learner, folder.time))
    is_current = all(_is_collected(coursework, learner, slug, time) for learner, time in latest.items())
    is_known = roster.is_closed or roster.people.keys() >= latest.keys()
    return len(unproven) if is_current and is_known else None


def count_uncollected(coursework: Coursework, slug: str) -> int:
    """Return how many hand-ins of an exercise in the exchange are refused, or were not collected yet.

    Of a learner's own, only the latest is looked at.
    """
    inbound = inbound_folder(coursework.exchange)
    if os.name != "posix" or not os.access(inbound, os.R_OK | os.X_OK):
        return 0
    looks_at_owners = coursework.config.get("ExchangeCollect", {}).get("check_owner", True)
    refused, latest = 0, dict[str, datetime]()
    for folder in inbound_folders(inbound, slug, exchange_layout()):
        if isinstance(folder, OddFolder) or (looks_at_owners and proven_learner(folder) not in (None, folder.learner)):
            refused += 1
        else:
            latest[folder.learner] = max(folder.time, latest.get(folder.learner, folder.time))
    return refused + sum(not _is_collected(coursework, learner, slug, time) for learner, time in latest.items())


def _is_collected(coursework: Coursework, learner: str, slug: str, time: datetime) -> bool:
    collected = coursework.folder(names.SUBMITTED, learner, slug)
    before = submission_time(collected) if collected.is_dir() else None
    return before is not None and time <= before


def _is_usual(config: Config) -> bool:
    collects = config.get("ExchangeFactory", {}).get("collect")
    is_ours = collects == "course.trainer.collecting.exchange.Collect"
    return is_ours and all(config.get(section, {}).keys() <= usual for section, usual in _USUAL.items())
