"""Where the log of what was released is kept: beside the gradebook, whatever folder a report goes to.

A log that is gone, damaged or put back from a copy that is too old protects nobody: what was released since is not in
it. A note in the trainer's own data folder says how many reports each course directory has released, so that this is
noticed. Then no shareable report is made until the trainer says that it may.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal, TypeAlias

from course.content import trainer_words
from course.core import storage
from course.core.errors import CourseError
from course.core.settings import settings
from course.trainer.report.release_log import FORMAT, ReleaseLog

NAME: Final = "given-out.json"
_NOTE: Final = "released-reports.json"
_LARGEST, _DEEPEST = 100_000_000, 12

Fault: TypeAlias = Literal["missing", "damaged", "older"]


class RecordUnusable(CourseError):
    """The log of what was released cannot be relied on."""

    def __init__(self, fault: Fault, path: Path) -> None:
        self.fault = fault
        self.path = path
        super().__init__(trainer_words(f"report.record-{fault}", path=path), trainer_words("report.record-hint"))


class ReleaseRecord:
    """The file of the log of one course directory."""

    def __init__(self, root: Path, place: Path) -> None:
        """`place` is the folder of this report: version 0.1.0 kept its log there."""
        self.path = root.resolve() / NAME
        self._before = place / "trainer" / NAME
        self._note = settings().data / _NOTE

    def read(self, min_group: int, day: str) -> ReleaseLog:
        """Return the log; an empty one before the first report. Raises RecordUnusable."""
        log = self._log(min_group, day)
        noted = self._noted()
        if log is None and noted:
            raise RecordUnusable("missing", self.path)
        if log and noted and (log.id != noted[0] or log.reports < noted[1]):
            raise RecordUnusable("older", self.path)
        return log or ReleaseLog({}, min_group, day)

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
        """Keep the log with one report more. It is there before the report is, so that a report is never without."""
        log.reports += 1
        storage.put(self.path, log.as_bytes(), 0o600)
        notes = self._notes()
        self._note.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        storage.put(self._note, storage.as_json({**notes, str(self.path): [log.id, log.reports]}), 0o600)
        if self._before != self.path:
            self._before.unlink(missing_ok=True)

    def _log(self, min_group: int, day: str) -> ReleaseLog | None:
        for path in (self.path, self._before):
            try:
                record = storage.read_json(path, largest=_LARGEST, deepest=_DEEPEST)
                if not isinstance(record, dict) or record["format"] != FORMAT or not isinstance(record["units"], dict):
                    raise storage.Unusable
                return ReleaseLog(record, min_group, day)
            except (FileNotFoundError, NotADirectoryError):
                continue
            except (storage.Unusable, KeyError, TypeError, ValueError, AttributeError) as error:
                raise RecordUnusable("damaged", path) from error
        return None

    def _noted(self) -> tuple[str, int] | None:
        """Return the id of the log that last released something here, and how many reports it had released."""
        match self._notes().get(str(self.path)):
            case [str(id), int(reports)]:
                return id, reports
        return None

    def _notes(self) -> dict[str, object]:
        try:
            notes = storage.read_json(self._note, largest=_LARGEST, deepest=_DEEPEST)
        except (OSError, storage.Unusable):
            return {}
        return notes if isinstance(notes, dict) else {}
