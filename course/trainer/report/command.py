"""Make the cohort report: what the trainer keeps, with names and marks, and what may be passed on."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from course.content import say_day, trainer_words
from course.core import moments, storage
from course.core.text_files import printable
from course.records.cohort_file import CohortFile
from course.trainer.command_support import REFUSED, progress_bar, single_instance
from course.trainer.course_directory import Coursework
from course.trainer.marks_back.filling import moodle_marks
from course.trainer.report import public_report, trainer_report
from course.trainer.report.agreement_section import agreement
from course.trainer.report.cohort_data import CohortData, read_cohort
from course.trainer.report.ratings import rating_sections, rating_units
from course.trainer.report.release_log import ReleaseLog, ReleaseUnit, ReleaseUnits, release_all
from course.trainer.report.release_record import RecordUnusable, ReleaseRecord, explained_writing
from course.trainer.report.sections import (
    LABEL,
    ReportHeading,
    ReportSection,
    csv_files,
    labelled_section,
    limits,
    limits_section,
    report_page,
)
from course.trainer.report.synthetic_cohort import synthetic_cohort
from course.trainer.summary import Standing, json_for, print_standings

PAGE: Final = "report.html"
LIMITS_FILE: Final = "LIMITS.txt"
MOODLE: Final = "marks-for-moodle.csv"
TRAINER, SHAREABLE = "trainer", "shareable"
_TABLES: Final = ("completion", "missing", "people", "questions", "levels", "agreement", "bars", "map", "change")
_REPORT_FILE: Final = re.compile(rf"({'|'.join(_TABLES)})(-\d+)?\.csv|{re.escape(PAGE)}|{LIMITS_FILE}|{MOODLE}")
"""The names of all files that a report may have had."""
_STEPS: Final = 4
_DRAFT: Final = ".new-"
_MODES: Final = {TRAINER: 0o700, SHAREABLE: 0o755}


@dataclass
class ReportSummary:
    """What was made, and what the trainer should know of it."""

    folder: str = ""
    people: int = 0
    standings: list[Standing] = field(default_factory=list)
    """The progress of each exercise, of those on the roster."""
    files: list[str] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)
    """What the shareable report says as it did before, because too few people have changed since."""
    notes: list[str] = field(default_factory=list)
    withheld: bool = False
    """Whether the shareable report was not made, because what was given out before is not known."""
    stopped: bool = False

    def show(self, *, as_json: bool) -> int:
        """Print it for a person, or as JSON; return the command's exit code."""
        if as_json:
            sys.stdout.write(json_for(sys.stdout, asdict(self)))
        else:
            print_standings(self.standings)
            sys.stdout.write("".join(f"{line}\n" for line in self._lines()))
        return 130 if self.stopped else REFUSED if self.withheld else 0

    def _lines(self) -> Iterator[str]:
        if self.stopped:
            yield trainer_words("report.stopped")
            return
        yield trainer_words("report.for-trainer", path=f"{self.folder}/{TRAINER}/{PAGE}")
        if not self.withheld:
            yield trainer_words("report.to-pass-on", path=f"{self.folder}/{SHAREABLE}/{PAGE}")
        yield from map(printable, self.notes)


def run(
    folder: Path | None = None, *, synthetic: str = "", quiet: bool = False, new_record: bool = False
) -> ReportSummary:
    """Make the report in a folder, `reports` in the course directory if none is named; of a made-up cohort if asked.

    An old report is replaced when the new one is complete. Ctrl-C leaves the old one. `new_record` is the trainer's
    word that the shareable report may be made although what was given out before is not known.
    """
    coursework = Coursework.here()
    place = (folder or coursework.root / "reports").absolute()
    place = place / f"synthetic-{synthetic}" if synthetic else place
    try:
        with (
            progress_bar(trainer_words("report.bar"), _STEPS, quiet=quiet) as advance,
            explained_writing(place),
            contextlib.ExitStack() as stack,
        ):
            busy = "Another report of this course is being made."
            with explained_writing(coursework.root):
                # The second needs what the first released, whatever folders they go to.
                stack.enter_context(single_instance("report", coursework.root, busy, seconds=30))
            data = synthetic_cohort(synthetic, coursework.root) if synthetic else read_cohort(coursework)
            advance("read")
            record = ReleaseRecord(coursework.root, place)
            return make_report(data, coursework.cohort, place, record, advance, new_record=new_record)
    except KeyboardInterrupt:
        return ReportSummary(str(place), stopped=True)


def make_report(
    data: CohortData,
    cohort: CohortFile,
    place: Path,
    record: ReleaseRecord,
    advance: Callable[[str], object] = lambda _step: None,
    *,
    new_record: bool = False,
) -> ReportSummary:
    """Make both copies of a cohort's report in a folder; without the shareable one where the record cannot be used."""
    day = say_day(moments.today(cohort.zone))
    units = rating_units(data, cohort.fewest)
    copies = {TRAINER: _trainer_copy(data, units, day, cohort)}
    notes = _notes(data)
    advance("trainer")
    log = _log(data, record, cohort.fewest, day, new_record=new_record)
    if isinstance(log, ReleaseLog):
        to_share = shareable_sections(data, units, cohort.fewest, log.release, marks=cohort.marks)
        copies[SHAREABLE] = _copy_files(data, to_share, day, SHAREABLE)
        if log.unchanged:
            notes.append(trainer_words("report.unchanged", n=len(log.unchanged), fewest=cohort.fewest))
    else:
        notes += [log.message, log.hint]
    advance("shareable")
    _write(place, copies, partial(record.write, log) if isinstance(log, ReleaseLog) and not data.label else None)
    advance("written")
    files = sorted(f"{copy}/{name}" for copy, contents in copies.items() for name in contents)
    is_withheld, unchanged = (False, log.unchanged) if isinstance(log, ReleaseLog) else (True, [])
    standings = trainer_report.standings(data)
    return ReportSummary(str(place), len(data.people), standings, files, unchanged, notes, is_withheld)


def _log(
    data: CohortData, record: ReleaseRecord, min_group: int, day: str, *, new_record: bool
) -> ReleaseLog | RecordUnusable:
    """Return what was released before, or why that is not known; of made-up people nothing is recorded."""
    if data.label:
        return ReleaseLog({}, min_group, day)
    try:
        return record.begin_anew(min_group, day) if new_record else record.read(min_group, day)
    except RecordUnusable as error:
        return error


def trainer_sections(data: CohortData, units: list[ReleaseUnit], day: str, *, marks: bool) -> list[ReportSection]:
    """Return what the trainer keeps. Shared ratings are of groups here too."""
    sections = [
        trainer_report.completion(data),
        trainer_report.missing(data),
        trainer_report.people(data, marks=marks),
        trainer_report.questions(data),
        *([trainer_report.levels(data), agreement(data)] if marks else []),
        limits_section(),
        *rating_sections(units, release_all(day)),
    ]
    return [labelled_section(section, data.label) for section in sections]


def shareable_sections(
    data: CohortData, units: list[ReleaseUnit], min_group: int, release: ReleaseUnits, *, marks: bool
) -> list[ReportSection]:
    """Return what may be passed on."""
    sections = [
        public_report.completion(data, min_group, release),
        public_report.questions(data, min_group, release),
        *([public_report.levels(data, min_group, release)] if marks else []),
        *rating_sections(units, release),
    ]
    return [labelled_section(section, data.label) for section in sections]


def _copy_files(data: CohortData, sections: list[ReportSection], day: str, copy: str) -> dict[str, bytes]:
    """Return the page, the tables and the limits of one copy by file name."""
    title, notice = (trainer_words(f"report.{part}-{copy}") for part in ("title", "notice"))
    on_page = [
        trainer_report.with_fewer_names(section) if section.name == "missing" else section for section in sections
    ]
    label = [data.label] if data.label else []
    limits_text = [*label, trainer_words("report-limits.title"), *(f"- {limit}" for limit in limits()), "", notice]
    heading = ReportHeading(title, trainer_words("report.made-on", day=day), notice, data.label)
    return {
        **csv_files(sections, data.label),
        LIMITS_FILE: ("\n".join(limits_text) + "\n").encode(),
        PAGE: report_page(heading, on_page).encode(),
    }


def _trainer_copy(data: CohortData, units: list[ReleaseUnit], day: str, cohort: CohortFile) -> dict[str, bytes]:
    files = _copy_files(data, trainer_sections(data, units, day, marks=cohort.marks), day, TRAINER)
    return {**files, MOODLE: _moodle_marks(data, cohort)} if cohort.marks and data.people else files


def _moodle_marks(data: CohortData, cohort: CohortFile) -> bytes:
    """Return the marks of whatever is wholly marked, as `course marks` writes marks too."""
    totals = data.totals()
    marks = {
        (submission.learner, submission.exercise): totals.get((submission.learner, submission.exercise), 0)
        for submission in data.submissions
        if submission.is_marked and not submission.is_waiting
    }
    before = [(LABEL, data.label)] if data.label else []
    return moodle_marks(data.people, marks, has_decimal_comma=cohort.decimal_comma, before=before)


def _notes(data: CohortData) -> list[str]:
    notes = [data.label] if data.label else []
    if not data.people:
        notes.append(trainer_words("report.nobody"))
    if data.strangers:
        notes.append(trainer_words("report.note-strangers", learners=", ".join(data.strangers)))
    return notes


def _write(
    place: Path, copies: Mapping[str, Mapping[str, bytes]], record_release: Callable[[], None] | None = None
) -> None:
    """Replace the files of the copies: all are written aside first; then the release is recorded; then they appear."""
    place.mkdir(parents=True, exist_ok=True)
    for left_over in place.glob(f"{_DRAFT}*"):
        shutil.rmtree(left_over, ignore_errors=True)
    draft = Path(tempfile.mkdtemp(dir=place, prefix=_DRAFT))
    try:
        for copy, contents in copies.items():
            (draft / copy).mkdir()
            for name, data in contents.items():
                storage.write_whole(draft / copy / name, data)
        if record_release:
            record_release()
        for copy, contents in copies.items():
            _move(draft / copy, place / copy, contents, _MODES[copy])
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _move(draft: Path, folder: Path, contents: Mapping[str, bytes], mode: int) -> None:
    """Move the files of one copy into place, the page last; what it no longer has goes."""
    folder.mkdir(exist_ok=True)
    folder.chmod(mode)
    for name in sorted(contents, key=lambda name: name == PAGE):
        os.replace(draft / name, folder / name)
    for path in [path for path in folder.iterdir() if path.name not in contents and _REPORT_FILE.fullmatch(path.name)]:
        path.unlink(missing_ok=True)
