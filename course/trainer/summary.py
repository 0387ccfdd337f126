"""What a trainer reads after a command: the progress of each exercise, and what was refused and why."""

from __future__ import annotations

import json
import sys
import zoneinfo
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Final, TextIO

from course.content import say_moment, trainer_words
from course.core import moments, names
from course.core.text_files import printable
from course.trainer.command_support import REFUSED
from course.trainer.course_directory import Coursework
from course.trainer.due_moments import DueMoments, is_late, read_due_moments
from course.trainer.gradebook_reader import GradebookReader
from course.trainer.platforms import read_trail
from course.trainer.terminal_tables import SummaryTable, print_tables

_MOST_NAMED: Final = 3
"""How many are named that were refused for one reason; the others are counted. As JSON, all are named."""


@dataclass(frozen=True)
class Refusal:
    """Something that was not used, by the name under which a trainer knows it."""

    name: str
    """The learner, or the file."""
    exercise: str
    why: str


@dataclass(frozen=True)
class Candidate:
    """Somebody whose a hand-in could be."""

    learner: str
    reason: str
    """What speaks for it, in words."""


@dataclass(frozen=True)
class UndecidedHandIn(Refusal):
    """A hand-in that waits until a trainer says whose it is; until then nothing is stored or replaced."""

    item: str = ""
    """What names it in the queue."""
    candidates: tuple[Candidate, ...] = ()
    doubt: str = ""
    """`why` without what to do about it, for where the decision is asked for."""


@dataclass(frozen=True)
class SetAside(Refusal):
    """A hand-in that a trainer said is nobody's."""


@dataclass(frozen=True)
class CollectedFile:
    """One submission file that was collected."""

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
    refused: int | None = None
    """How many hand-ins collecting refused; None where nobody has looked."""


@dataclass
class Summary:
    """What one command did."""

    command: str
    standings: list[Standing] = field(default_factory=list)
    collected: list[CollectedFile] = field(default_factory=list)
    """What came by submission file; what came through the exchange is counted with the standings."""
    refused: list[Refusal] = field(default_factory=list)
    left_out: list[Refusal] = field(default_factory=list)
    """Parts of submissions that were not used; the rest of each was."""
    notes: list[str] = field(default_factory=list)
    """Sentences for the trainer, such as whose answers changed since they were marked."""
    next_steps: list[str] = field(default_factory=list)
    """What comes next, in order; for who works in a terminal, since the desk has buttons for it."""
    zone: str = "UTC"
    """The cohort's time zone, by whose clocks times are shown; for programs they stay in UTC."""
    stopped: bool = False
    """Whether Ctrl-C ended it before it was through."""

    @property
    def marked(self) -> int:
        """How many hand-ins of these exercises are marked and read."""
        return sum(standing.marked for standing in self.standings)

    @property
    def waiting(self) -> int:
        """How many of them wait for a person to read them."""
        return sum(standing.waiting for standing in self.standings)

    def show(self, *, as_json: bool) -> int:
        """Print it for a person, or as JSON; return the command's exit code: `REFUSED`, or 130 when it was stopped."""
        if as_json:
            fields = asdict(self)
            fields["taken"] = fields.pop("collected")  # the name that programs have read since 0.1.0
            sys.stdout.write(json_for(sys.stdout, fields))
        else:
            _print(self)
        return 130 if self.stopped else REFUSED if self.refused else 0


def json_for(stream: TextIO, fields: Mapping[str, object]) -> str:
    """Return fields as JSON for a stream; in one with a code page it has its escapes, so that no letter is lost."""
    has_every_letter = (stream.encoding or "").lower().startswith("utf")
    return json.dumps(fields, ensure_ascii=not has_every_letter, indent=1) + "\n"


def standings(coursework: Coursework, slugs: Sequence[str]) -> list[Standing]:
    """Return the progress of each exercise now, from the folders and the gradebook."""
    with coursework.read_gradebook() as gradebook:
        due = read_due_moments(coursework, gradebook)
        return [_standing(coursework, gradebook, slug, due) for slug in slugs]


def _standing(coursework: Coursework, gradebook: GradebookReader, slug: str, due: DueMoments) -> Standing:
    handed_in, autograded = (set(coursework.learners_at(step, slug)) for step in (names.SUBMITTED, names.AUTOGRADED))
    marked = [submission for submission in gradebook.submissions(slug) if submission.student_id in autograded]
    return Standing(
        slug,
        handed_in=len(handed_in),
        late=sum(is_late(coursework, due, learner, slug) for learner in handed_in),
        marked=sum(not submission.needs_manual_grade for submission in marked),
        waiting=sum(submission.needs_manual_grade for submission in marked),
    )


def summary_tables(summary: Summary) -> list[SummaryTable]:
    """Return what a summary has to say as tables: what was collected, refused and left out, and how exercises stand."""
    refused = [
        SummaryTable(
            name, (name, *_headings("exercise", "why")), tuple(_refusal_row(refusal) for refusal in _grouped(refusals))
        )
        for name, refusals in (
            (trainer_words("summary.refused"), summary.refused),
            (trainer_words("summary.left-out"), summary.left_out),
        )
        if refusals
    ]
    return [
        *_collected_tables(summary.collected, summary.zone),
        *refused,
        *standings_table(summary.standings, sum(not refusal.exercise for refusal in summary.refused)),
    ]


def _refusal_row(refusal: Refusal) -> tuple[str, ...]:
    return refusal.name, refusal.exercise, refusal.why


def with_refused(standings: Sequence[Standing], refused: Sequence[Refusal]) -> list[Standing]:
    """Return the standings with how many hand-ins of each exercise were refused, when all were looked at."""
    counts = Counter(refusal.exercise for refusal in refused)
    return [replace(standing, refused=counts[standing.exercise]) for standing in standings]


def standings_table(standings: Sequence[Standing], unknown: int = 0) -> list[SummaryTable]:
    """Return the progress of each exercise, and how many were refused where that is known; nothing without any.

    `unknown` is how many were refused of which nobody knows the exercise: they have a row of their own.
    """
    if not standings:
        return []
    keys = ["exercise", "handed-in", "late", "marked", "waiting"]
    rows = [[row.exercise, *map(str, (row.handed_in, row.late, row.marked, row.waiting))] for row in standings]
    if all(row.refused is not None for row in standings):
        keys.append("refused")
        for cells, row in zip(rows, standings, strict=True):
            cells.append(str(row.refused))
        if unknown:
            rows.append([trainer_words("summary.not-known"), "", "", "", "", str(unknown)])
    return [SummaryTable(trainer_words("summary.standings"), tuple(_headings(*keys)), tuple(map(tuple, rows)))]


def _collected_tables(files: Sequence[CollectedFile], zone: str) -> list[SummaryTable]:
    """Return what is new of what was collected, and what is a copy, by exercise."""
    tables = []
    news = _news(files)
    for slug in dict.fromkeys(file.exercise for file in news):
        title = trainer_words("summary.collected", exercise=slug)
        rows = [
            (_short(file.name), file.learner, _said(file.time, zone), _state(file))
            for file in news
            if file.exercise == slug
        ]
        tables.append(SummaryTable(title, (title, *_headings("learner", "time", "standing")), tuple(rows)))
    return tables


def _said(time: str, zone: str) -> str:
    moment = moments.read_iso_stamp(time)
    return say_moment(moment, zoneinfo.ZoneInfo(zone)) if moment else time


def _news(files: Sequence[CollectedFile]) -> list[CollectedFile]:
    return [file for file in files if file.changed or file.became == "duplicate"]


def summary_notes(summary: Summary) -> list[str]:
    """Return the sentences of a summary."""
    news = len(_news(summary.collected))
    known = len(summary.collected) - news
    return [
        *([trainer_words("summary.time-zone", zone=summary.zone)] if news else []),
        *([trainer_words("summary.before", n=known)] if known else []),
        *summary.notes,
    ]


def _print(summary: Summary) -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    print_tables(console, summary_tables(summary))
    for note in summary_notes(summary):
        console.print(escape(printable(note)))
    if summary.stopped:
        console.print(trainer_words("summary.stopped"))
        return
    for step in summary.next_steps:
        console.print(escape(printable(step)))


def _grouped(refusals: Sequence[Refusal]) -> Iterator[Refusal]:
    """Yield refusals; those of one exercise for one reason, where they are many, as one with the first few names."""
    groups: dict[tuple[str, str], list[str]] = {}
    for refusal in refusals:
        groups.setdefault((refusal.exercise, refusal.why), []).append(refusal.name)
    for (exercise, why), together in groups.items():
        for name in together[:_MOST_NAMED]:
            yield Refusal(name, exercise, why)
        if (rest := len(together) - _MOST_NAMED) > 0:
            yield Refusal(trainer_words("summary.more", n=rest), exercise, why)


def print_standings(standings: Sequence[Standing]) -> None:
    """Print the progress of each exercise; nothing where there is none."""
    from rich.console import Console

    print_tables(Console(highlight=False), standings_table(standings))


def _state(file: CollectedFile) -> str:
    keys = [file.became, "is-late" if file.late else "", "" if file.clock == "platform" else f"{file.clock}-clock"]
    return ", ".join(trainer_words(f"summary.{key}") for key in keys if key)


def _headings(*keys: str) -> list[str]:
    return [trainer_words(f"summary.{key}") for key in keys]


def _short(name: str) -> str:
    """Return what tells a file from the others: the platform's name for who sent it, or the file's own.

    >>> _short("all.zip/Ada Lovelace_1234567_assignsubmission_file_/hand-in-repair.zip")
    'Ada Lovelace_1234567_assignsubmission_file_'
    """
    path = name.split("/")
    sender = read_trail(path)
    return sender.platform if sender else path[-1]
