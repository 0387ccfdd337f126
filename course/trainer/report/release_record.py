"""Where the log of what was released is kept: beside the gradebook, whatever folder a report goes to.

A log that is gone, damaged or put back from a copy that is too old protects nobody: what was released since is not in
it. A note in the trainer's own data folder says how many reports each course directory has released, so that this is
noticed, also in a copy of the directory. Then no shareable report is made until the trainer says that it may.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, TypeAlias

from course.content import trainer_words
from course.core import storage
from course.core.errors import CourseError, ReportNotMade
from course.core.settings import settings
from course.trainer.report.release_log import FORMAT, ReleaseLog

NAME: Final = "given-out.json"
_NOTE: Final = "released-reports.json"
_LARGEST, _DEEPEST = 100_000_000, 12
_WAIT: Final = 30
"""Seconds for which a report waits while that of another course directory writes the note."""

Fault: TypeAlias = Literal["missing", "damaged", "older"]


class RecordUnusable(CourseError):
    """The log of what was released cannot be relied on."""

    def __init__(self, fault: Fault, path: Path) -> None:
        self.fault = fault
        self.path = path
        super().__init__(trainer_words(f"report.record-{fault}", path=path), trainer_words("report.record-hint"))


@contextlib.contextmanager
def explained_writing(folder: Path) -> Iterator[None]:
    """Raise ReportNotMade, which names this folder, where something in it cannot be written."""
    try:
        yield
    except CourseError:
        raise
    except OSError as error:
        raise ReportNotMade(
            f"The report could not be written: {error.strerror or type(error).__name__}.",
            f"Make room or allow writing in {folder}, then try once more. The old report is as it was.",
        ) from error


class ReleaseRecord:
    """The file of the log of one course directory."""

    def __init__(self, root: Path, place: Path) -> None:
        """`place` is the folder of this report: version 0.1.0 kept its log there, or in the usual folder."""
        self.path = root.resolve() / NAME
        self._usual = self.path.with_name("reports")
        self._former = [folder / "trainer" / NAME for folder in (place, self._usual)]
        self._taken_over: Path | None = None
        """Where the log was read that goes on at `path`."""
        self._note = settings().data / _NOTE

    def read(self, min_group: int, day: str) -> ReleaseLog:
        """Return the log; an empty one before the first report. Raises RecordUnusable."""
        log = self._log(min_group, day)
        notes = self._notes()
        noted_id, _ = notes.get(str(self.path), ("", 0))
        if log is None:
            # The usual folder is this course's own: a report in it was once in the log.
            if noted_id or (self._usual / "shareable" / "report.html").exists():
                raise RecordUnusable("missing", self.path)
            return ReleaseLog({}, min_group, day)
        if (noted_id and log.id != noted_id) or log.reports < _most_reports(notes, log.id):
            raise RecordUnusable("older", self.path)
        return log

    def begin_anew(self, min_group: int, day: str) -> ReleaseLog:
        """Return the log to go on with after the trainer's word: what there is of it, or an empty one.

        A damaged file is kept under another name.
        """
        try:
            return self._log(min_group, day) or ReleaseLog({}, min_group, day)
        except RecordUnusable as error:
            error.path.replace(error.path.with_suffix(".damaged.json"))
            return ReleaseLog({}, min_group, day)

    def write(self, log: ReleaseLog) -> None:
        """Keep the log with one report more. It is there before the report is, so that a report is never without.

        Where this stops between the log and its note, the log holds more than was shown, and the next report goes on
        with it. Raises ReportNotMade, with the folder that cannot be written.
        """
        with explained_writing(self._note.parent), storage.locked(self._note.with_suffix(".lock"), _WAIT):
            notes = self._notes()
            # Its number is above that of every copy, so that no other branch of the log passes for the newest.
            log.reports = max(log.reports, _most_reports(notes, log.id)) + 1
            with explained_writing(self.path.parent):
                storage.write_whole(self.path, log.as_bytes())
            storage.write_whole(self._note, storage.as_json({**notes, str(self.path): (log.id, log.reports)}))
        if self._taken_over and self._taken_over != self.path:
            with contextlib.suppress(OSError):  # what is left of it does no harm
                self._taken_over.unlink(missing_ok=True)

    def _log(self, min_group: int, day: str) -> ReleaseLog | None:
        for path in (self.path, *self._former):
            try:
                record = storage.read_json(path, largest=_LARGEST, deepest=_DEEPEST)
                if not isinstance(record, dict) or record["format"] != FORMAT or not isinstance(record["units"], dict):
                    raise storage.Unusable
                log = ReleaseLog(record, min_group, day)
            except (FileNotFoundError, NotADirectoryError):
                continue
            except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
                raise RecordUnusable("damaged", path) from error
            self._taken_over = path
            return log
        return None

    def _notes(self) -> dict[str, tuple[str, int]]:
        """Return, by the place of its log, the id of the log of each course directory and how many reports it had."""
        try:
            notes = storage.read_json(self._note, largest=_LARGEST, deepest=_DEEPEST)
        except (OSError, storage.Unusable):
            return {}
        return dict(_whole_notes(notes)) if isinstance(notes, dict) else {}


def _whole_notes(notes: dict[str, object]) -> Iterator[tuple[str, tuple[str, int]]]:
    for path, note in notes.items():
        match note:
            case [str(id), int(reports)]:
                yield path, (id, reports)


def _most_reports(notes: dict[str, tuple[str, int]], id: str) -> int:
    """Return how many reports a log had released when it was last noted, here or in a copy of the course directory."""
    return max((reports for noted_id, reports in notes.values() if noted_id == id), default=0)
