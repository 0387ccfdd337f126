"""What a trainer reads after a command: how each exercise stands, and what was refused and why."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from course.grading.coursework import Coursework


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
        submissions = gradebook.assignment_submissions(slug)
    except MissingEntry:
        submissions = []
    marked = [one for one in submissions if one.student_id in autograded]
    return Standing(
        slug,
        handed_in=len(handed_in),
        late=sum(one.total_seconds_late > 0 for one in submissions),
        marked=sum(not one.needs_manual_grade for one in marked),
        waiting=sum(one.needs_manual_grade for one in marked),
    )


def _print(summary: Summary) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False)
    table = Table("Exercise", *("Handed in", "Late", "Marked", "Waiting for a person", "Refused"))
    for one in summary.standings:
        without = sum(other.exercise == one.exercise for other in summary.refused)
        numbers = (one.handed_in, one.late, one.marked, one.waiting, without)
        table.add_row(one.exercise, *(str(number) for number in numbers))
    if summary.standings:
        console.print(table)
    for title, refused in (("Refused", summary.refused), ("Marked, but left out", summary.left_out)):
        if refused:
            reasons = Table(title, "Exercise", "Why")
            for other in refused:
                reasons.add_row(*(escape(printable(text)) for text in (other.name, other.exercise, other.why)))
            console.print(reasons)
    for note in summary.notes:
        console.print(escape(printable(note)))
    if summary.stopped:
        console.print("Stopped. Nothing is lost: give the same command again, and it goes on where it stopped.")


def _print_taken(console: Any, taken: Sequence[Taken]) -> None:
    """Print what is new of what was collected, and count the rest."""
    from rich.markup import escape
    from rich.table import Table

    became = {"latest": "the latest", "earlier": "kept in earlier/", "duplicate": "a copy of another"}
    table = Table("Collected", "Learner", "Exercise", "Handed in (UTC)", "By the clock of", "Is")
    new = [one for one in taken if one.changed]
    for one in new:
        time = one.time[:16].replace("T", " ") + (", late" if one.late else "")
        clock = {"platform": "the platform", "learner": "the learner", "file": "the file"}[one.clock]
        cells = (one.name, one.learner, one.exercise, time, clock, became[one.became])
        table.add_row(*(escape(printable(text)) for text in cells))
    if new:
        console.print(table)
    if len(new) < len(taken):
        console.print(f"{len(taken) - len(new)} more files are copies, or were collected before.")


def printable(text: str) -> str:
    r"""Return a stranger's text so that it cannot steer a terminal.

    >>> print(printable("a" + chr(27) + "[2Jb"))
    a\x1b[2Jb
    """
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)
