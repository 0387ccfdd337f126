"""Make the cohort report: what the trainer keeps, with names and marks, and what may leave the room."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from course.content.dates import say_day
from course.core import storage
from course.core.errors import ReportNotMade
from course.records.cohort_file import CohortFile
from course.trainer.command_support import progress_bar, single_instance
from course.trainer.course_directory import Coursework
from course.trainer.report import public_report, trainer
from course.trainer.report.data import CohortData, read_cohort
from course.trainer.report.page import Heading, page
from course.trainer.report.public_report import Settle, Settled, Unit
from course.trainer.report.ratings import rating_units, ratings
from course.trainer.report.release_log import NAME as RECORD
from course.trainer.report.release_log import Published
from course.trainer.report.section import LIMITS, LIMITS_TITLE, Section, labelled_section
from course.trainer.report.synthetic_cohort import made_up_cohort
from course.trainer.report.tables import csv_files, moodle_marks
from course.trainer.summary import Standing, print_standings, printable

PAGE: Final = "report.html"
LIMITS_FILE: Final = "LIMITS.txt"
MOODLE: Final = "marks-for-moodle.csv"
TRAINER, SHAREABLE = "trainer", "shareable"
_TABLES: Final = ("completion", "missing", "people", "questions", "levels", "bars", "map", "change")
_STEPS: Final = 4
_DRAFT: Final = ".new-"
_MODES: Final = {TRAINER: 0o700, SHAREABLE: 0o755}


@dataclass
class Report:
    """What was made, and what the trainer should know of it."""

    folder: str = ""
    people: int = 0
    standings: list[Standing] = field(default_factory=list)
    """How each exercise stands, of those on the roster."""
    files: list[str] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)
    """What the shareable report says as it did before, because too few people have changed since."""
    notes: list[str] = field(default_factory=list)
    stopped: bool = False

    def show(self, *, as_json: bool) -> int:
        """Print it for a person, or as JSON; return the command's exit code."""
        lines = [json.dumps(asdict(self), ensure_ascii=False, indent=1)] if as_json else list(self._lines())
        if not as_json:
            print_standings(self.standings)
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        return 130 if self.stopped else 0

    def _lines(self) -> Iterator[str]:
        if self.stopped:
            yield "Stopped. The report before this one, if there is one, is as it was."
            return
        yield f"For you alone, with names: {self.folder}/{TRAINER}/{PAGE}"
        yield f"To pass on, without names: {self.folder}/{SHAREABLE}/{PAGE}"
        yield from map(printable, self.notes)


def run(folder: Path | None = None, *, synthetic: str = "", quiet: bool = False) -> Report:
    """Make the report in a folder, `reports` in the course directory if none is named; of a made-up cohort if asked.

    An old report is replaced when the new one is complete. Ctrl-C leaves the old one.
    """
    coursework = Coursework.here()
    place = (folder or coursework.root / "reports").absolute()
    place = place / f"synthetic-{synthetic}" if synthetic else place
    try:
        with progress_bar("Making the report", _STEPS, quiet=quiet) as advance:
            data = made_up_cohort(synthetic, coursework.root) if synthetic else read_cohort(coursework)
            advance("read")
            busy = "Another report is being made in this folder."
            with single_instance("report", place, busy, seconds=30):  # the second has to know what the first gave out
                return make_report(data, coursework.cohort, place, advance)
    except KeyboardInterrupt:
        return Report(str(place), stopped=True)
    except OSError as error:
        if isinstance(error, ReportNotMade):
            raise
        raise ReportNotMade(
            f"The report could not be written: {error.strerror or type(error).__name__}.",
            f"Make room or allow writing in {place}, then try once more. The old report is as it was.",
        ) from error


def make_report(
    data: CohortData, cohort: CohortFile, place: Path, advance: Callable[[str], object] = lambda _step: None
) -> Report:
    """Make both copies of a cohort's report in a folder."""
    fewest, marks = cohort.fewest, cohort.marks
    day = say_day(datetime.date.today())
    published = Published.read(place / TRAINER / RECORD, fewest, day)
    shared = rating_units(data, fewest)
    kept = trainer_sections(data, shared, day, marks=marks)
    advance("trainer")
    given = shareable_sections(data, shared, fewest, published.settle, marks=marks)
    advance("shareable")
    for_trainer = {**_folder_files(data, kept, day, _FOR_TRAINER), **_trainer_files(data, published, marks=marks)}
    for_others = _folder_files(data, given, day, _FOR_OTHERS)
    _write(place, {TRAINER: for_trainer, SHAREABLE: for_others})
    advance("written")
    written = [f"{TRAINER}/{name}" for name in for_trainer] + [f"{SHAREABLE}/{name}" for name in for_others]
    notes = _notes(data, published, fewest)
    return Report(str(place), len(data.people), trainer.standings(data), sorted(written), published.old, notes)


_FOR_TRAINER: Final = (
    "Cohort report for the trainer",
    "With names, and with marks where there are any: for those who mark, and nobody else. Do not pass it on.",
)
_FOR_OTHERS: Final = (
    "Cohort report",
    "Without names or anyone’s marks. Small groups are not shown. To be read with the limits below.",
)


def trainer_sections(data: CohortData, shared: list[Unit], day: str, *, marks: bool) -> list[Section]:
    """Return what the trainer keeps. Shared ratings are of groups here too."""
    own = [trainer.completion(data), trainer.missing(data), trainer.people(data, marks=marks), trainer.questions(data)]
    levels = [trainer.levels(data)] if marks else []
    return [labelled_section(one, data.label) for one in (*own, *levels, *ratings(shared, as_it_is(day)))]


def shareable_sections(
    data: CohortData, shared: list[Unit], fewest: int, settle: Settle, *, marks: bool
) -> list[Section]:
    """Return what may leave the room."""
    own = [public_report.completion(data, fewest, settle), public_report.questions(data, fewest, settle)]
    levels = [public_report.levels(data, fewest, settle)] if marks else []
    return [labelled_section(one, data.label) for one in (*own, *levels, *ratings(shared, settle))]


def as_it_is(day: str) -> Settle:
    """Return what takes every unit as it is today, for eyes that see everything anyway."""
    return lambda unit: Settled(unit.content, day)


def _folder_files(data: CohortData, sections: list[Section], day: str, words: tuple[str, str]) -> dict[str, bytes]:
    """Return the page, the tables and the limits of one copy by file name."""
    title, notice = words
    on_page = [trainer.short_names(one) if one.name == "missing" else one for one in sections]
    limits = [*([data.label] if data.label else []), LIMITS_TITLE, *(f"- {limit}" for limit in LIMITS), "", notice]
    return {
        **csv_files(sections, data.label),
        LIMITS_FILE: ("\n".join(limits) + "\n").encode(),
        PAGE: page(Heading(title, f"Made on {day}.", notice, data.label), on_page).encode(),
    }


def _trainer_files(data: CohortData, published: Published, *, marks: bool) -> dict[str, bytes]:
    moodle = {MOODLE: moodle_marks(data)} if marks and not data.people.empty else {}
    return {**moodle, **({} if data.label else {RECORD: published.as_bytes()})}


def _notes(data: CohortData, published: Published, fewest: int) -> list[str]:
    notes = [data.label] if data.label else []
    if data.people.empty:
        notes.append("Nobody is on the roster yet, so the report is empty.")
    if data.strangers:
        notes.append(f"Not on the roster, and not counted: {', '.join(data.strangers)}.")
    if published.old:
        notes.append(
            f"In the shareable report, {len(published.old)} parts stay as they were: since they were given out, fewer "
            f"than {fewest} people have changed in them, and two reports together would show those people."
        )
    return notes


def _write(place: Path, copies: Mapping[str, Mapping[str, bytes]]) -> None:
    """Replace the files of both copies: all are written aside first, and then put into place."""
    place.mkdir(parents=True, exist_ok=True)
    for left_over in place.glob(f"{_DRAFT}*"):
        shutil.rmtree(left_over, ignore_errors=True)
    draft = Path(tempfile.mkdtemp(dir=place, prefix=_DRAFT))
    try:
        for copy, contents in copies.items():
            (draft / copy).mkdir()
            for name, data in contents.items():
                storage.write_whole(draft / copy / name, data)
        for copy, contents in copies.items():
            _put(draft / copy, place / copy, contents, _MODES[copy])
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _put(draft: Path, folder: Path, contents: Mapping[str, bytes], mode: int) -> None:
    """Move the files of one copy into place, the record first and the page last; what it no longer has goes."""
    folder.mkdir(exist_ok=True)
    folder.chmod(mode)
    for name in sorted(contents, key=lambda name: (name != RECORD, name == PAGE)):
        os.replace(draft / name, folder / name)
    for name in _ours() - contents.keys():
        (folder / name).unlink(missing_ok=True)


def _ours() -> set[str]:
    """Return the names of all files that a report may have had, but for the record of what was given out."""
    numbered = {f"{name}{number}.csv" for name in _TABLES for number in ("", "-1", "-2", "-3")}
    return {*numbered, PAGE, LIMITS_FILE, MOODLE}
