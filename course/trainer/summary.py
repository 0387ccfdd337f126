"""What a trainer reads after a command: how each exercise stands, and what was refused and why."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from course.trainer.course_directory import Coursework
from course.trainer.due import is_late
from course.trainer.platforms import read_name


@dataclass(frozen=True)
class Refused:
    """Something that was left out, by the name under which a trainer knows it."""

    name: str
    """The learner, or the file."""
    exercise: str
    why: str


@dataclass(frozen=True)
class Taken:
    """One hand-in file that was collected."""

    name: str
    """The file, by its way from the inbox."""
    learner: str
    exercise: str
    time: str
    """When it was handed in, in UTC."""
    clock: str
    """Whose clock says so: `platform`, `learner` or `file`."""
    late: bool = False
    became: str = ""
    """`latest`, `earlier` or `duplicate`."""
    changed: bool = True
    """Whether it was not collected before."""


@dataclass(frozen=True)
class Standing:
    """How one exercise stands."""

    exercise: str
    handed_in: int = 0
    late: int = 0
    marked: int = 0
    waiting: int = 0
    """How many wait for a person to read them."""


@dataclass
class Summary:
    """What one command did."""

    command: str
    standings: list[Standing] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    """What came by hand-in file; what came through the exchange is counted with the standings."""
    refused: list[Refused] = field(default_factory=list)
    left_out: list[Refused] = field(default_factory=list)
    """Parts of hand-ins that were not used; the rest of each was."""
    notes: list[str] = field(default_factory=list)
    """Sentences for the trainer, such as whose answers changed since they were marked."""
    stopped: bool = False
    """Whether Ctrl-C ended it before it was through."""

    def show(self, *, as_json: bool) -> int:
        """Print it for a person, or as JSON; return the command's exit code: 1 after a refusal, 130 when stopped."""
        if as_json:
            sys.stdout.write(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n")
        else:
            _print(self)
        return 130 if self.stopped else 1 if self.refused else 0


def standings(coursework: Coursework, slugs: Sequence[str]) -> list[Standing]:
    """Return how each exercise stands now, from the folders and the gradebook."""
    with coursework.gradebook() as gradebook:
        return [_standing(coursework, gradebook, slug) for slug in slugs]


def _standing(coursework: Coursework, gradebook: Any, slug: str) -> Standing:
    from nbgrader.api import MissingEntry

    handed_in, autograded = (set(coursework.learners_at(step, slug)) for step in ("submitted", "autograded"))
    try:
        due, submissions = gradebook.find_assignment(slug).duedate, gradebook.assignment_submissions(slug)
    except MissingEntry:
        due, submissions = None, []
    marked = [one for one in submissions if one.student_id in autograded]
    own = {one.student_id: one.duedate for one in submissions}  # with more time for some
    return Standing(
        slug,
        handed_in=len(handed_in),
        late=sum(is_late(coursework, learner, slug, own.get(learner, due)) for learner in handed_in),
        marked=sum(not one.needs_manual_grade for one in marked),
        waiting=sum(one.needs_manual_grade for one in marked),
    )


def _print(summary: Summary) -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    _print_taken(console, summary.taken)
    for title, refused in (("Refused", summary.refused), ("Marked, but left out", summary.left_out)):
        if refused:
            reasons = _table(title, "Exercise", "Why")
            for other in refused:
                _add(reasons, other.name, other.exercise, other.why)
            console.print(reasons)
    print_standings(summary.standings, summary.refused)
    for note in summary.notes:
        console.print(escape(printable(note)))
    if summary.stopped:
        console.print("Stopped. Nothing is lost: give the same command again, and it goes on where it stopped.")


def print_standings(standings: Sequence[Standing], refused: Sequence[Refused] = ()) -> None:
    """Print how each exercise stands, and how many of its hand-ins were refused; nothing where there is none."""
    from rich.console import Console

    if not standings:
        return
    table = _table("Exercise", *("Handed in", "Late", "Marked", "Waiting for a person", "Refused"))
    for one in standings:
        without = sum(other.exercise == one.exercise for other in refused)
        numbers = (one.handed_in, one.late, one.marked, one.waiting, without)
        table.add_row(one.exercise, *(str(number) for number in numbers))
    Console(highlight=False).print(table)


def _print_taken(console: Any, taken: Sequence[Taken]) -> None:
    """Print what is new of what was collected, and what is a copy, by exercise; count the rest."""
    told = [one for one in taken if one.changed or one.became == "duplicate"]
    for slug in dict.fromkeys(one.exercise for one in told):
        table = _table(f"Collected: {slug}", "Learner", "Handed in (UTC)", "Is")
        for one in told:
            if one.exercise == slug:
                _add(table, _short(one.name), one.learner, one.time[:16].replace("T", " "), _said_of(one))
        console.print(table)
    if old := len(taken) - len(told):
        console.print("1 file was collected before." if old == 1 else f"{old} files were collected before.")


def _said_of(one: Taken) -> str:
    became = {"latest": "the latest", "earlier": "kept in earlier/", "duplicate": "a copy of another"}
    clocks = {"platform": "", "learner": "by the learner’s clock", "file": "by the file’s date"}
    return ", ".join(filter(None, (became[one.became], "late" if one.late else "", clocks[one.clock])))


def _table(*names: str) -> Any:
    """Return an empty table that also fits a narrow terminal: no exercise and no time is cut."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in names:
        table.add_column(name, no_wrap=name in ("Exercise", "Handed in (UTC)"), overflow="fold")
    return table


def _add(table: Any, *cells: str) -> None:
    """Add a row, in which strangers' text neither steers a terminal nor is taken for a style."""
    from rich.markup import escape

    table.add_row(*(escape(printable(cell)) for cell in cells))


def _short(name: str) -> str:
    """Return what tells a file from the others: the platform's name for who sent it, or the file's own.

    >>> _short("all.zip/Ada Lovelace_1234567_assignsubmission_file_/hand-in-repair.zip")
    'Ada Lovelace_1234567_assignsubmission_file_'
    """
    parts = name.split("/")
    return next(filter(read_name, parts), parts[-1])


def printable(text: str) -> str:
    r"""Return a stranger's text so that it cannot steer a terminal.

    >>> print(printable("a" + chr(27) + "[2Jb"))
    a\x1b[2Jb
    """
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)
