"""The errors that people meet, each with what happened and what to do next.

CourseError
├── BadContent          a file of words or scales cannot be used
├── BadWords            the words given to an exercise cannot be read
├── UnknownLesson       no lesson or exercise has this name
├── UnknownFigure       no figure has this name
├── RatingOutOfRange    a rating does not fit its scale
├── TextTooLong         a text is longer than can be saved
├── AnswersNotKept      answers cannot be read or saved
│   ├── AnswersDamaged  the file is not what the course wrote
│   └── AnswersTooNew   the file comes from a newer course
├── BadJournalFile      a file to load is no journal that the course saved
├── BadTally            a table of counted forms cannot be used
├── RealJournal         made-up answers would go into a person's own journal
├── BadHandIn           a submission file cannot be made or used
│   └── BadLearnerId    a learner's id is not one that can name a folder
├── NoAnswerYet         Validate found a question without an answer
├── NotACourseDirectory the command needs the exercises with their answers, and they are not there
├── FolderUnusable      a folder cannot be written to, or must not be
│   └── LocksMissing    the drive of a folder cannot lock files
├── PortUnavailable     a network port is taken or not allowed
├── BadCertificate      the TLS certificate or its key is missing or unusable
├── BadAddress          the public address of the live session cannot be used
├── AlreadyRunning      another command of this kind is at work in the folder
├── ReleaseFailed       an exercise cannot be released
├── CannotMark          a submission or an exercise cannot be marked
├── BadBackup           a file is no whole backup that the course made
├── RestoreRefused      a backup cannot be restored into this course directory
├── GradebookUnusable   the gradebook is locked, older, damaged, or there is no room for it
├── DiskFull            there is no room left to write
├── FileInUse           a file cannot be written: it is open elsewhere, somebody else's, or a folder
├── ExtraMissing        a package that trainers or facilitators need is not installed
├── ReportNotMade       a cohort report cannot be made or written
├── SessionRefused      the live session does not take what was sent
├── BadSessionFile      a file is not what a live session was saved in
├── RoundRefused        a server of rounds cannot be reached, or does not do what a notebook asks for
├── StoreUnusable       the store of live sessions cannot be read or written
├── BadSetting          a setting in the environment has a value that it cannot have
├── BadCohort           the cohorts of a Hub are not what they have to be
├── SiteNotBuilt        the web edition cannot be built
├── ServerNotRunning    the live session's server does not run, or did not start
└── BadNotebook         a notebook breaks one of the course's rules

Each also inherits the built-in error that a Python reader expects.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from typing import Final


class CourseError(Exception):
    """Something that a person can put right.

    The message says what happened, the hint says what to do next.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message

    def _render_traceback_(self) -> list[str]:
        """Give notebooks two plain lines in place of a traceback."""
        return [line for line in (self.message, self.hint) if line]


class BadContent(CourseError, ValueError):
    """A file in `course/content` is missing something or says something impossible."""


class BadWords(CourseError, ValueError):
    """The words given to an exercise do not have the shape that its kind needs."""


class UnknownLesson(CourseError, LookupError):
    """No lesson or exercise has this name."""


class UnknownFigure(CourseError, LookupError):
    """No figure has this name."""


class RatingOutOfRange(CourseError, ValueError):
    """The rating does not fit its question's scale."""


class TextTooLong(CourseError, ValueError):
    """A text is longer than can be saved; nothing of it was."""


class AnswersNotKept(CourseError, OSError):
    """Answers could not be read or saved."""


class AnswersDamaged(AnswersNotKept):
    """The file of answers is not one that the course wrote, or is too large."""


class AnswersTooNew(AnswersNotKept):
    """The file of answers was written by a newer version of the course."""


class BadJournalFile(CourseError, ValueError):
    """A file that was to be loaded is no journal that the course saved, or one that cannot be used here."""


class BadTally(CourseError, ValueError):
    """A table of counted forms is not one, does not add up, or is of too few forms; nothing of it was kept."""


class RealJournal(CourseError, FileExistsError):
    """A journal that is not labelled as made up lies where made-up answers were to go."""


class BadHandIn(CourseError, ValueError):
    """A submission file cannot be made, or is not one that can be used."""


class BadLearnerId(BadHandIn):
    """A learner's id is missing, or has signs in it that an id cannot have."""


class NoAnswerYet(CourseError, LookupError):
    """A question of an exercise has no answer yet."""


class NotACourseDirectory(CourseError, FileNotFoundError):
    """The command needs a course directory with `source/`, or a clone to fill one from, and there is none."""


class FolderUnusable(CourseError, OSError):
    """A folder that was named cannot be written to, or is one that must not be."""


class LocksMissing(FolderUnusable):
    """A folder is on a drive that cannot lock files: two windows could overwrite each other there."""


class PortUnavailable(CourseError, OSError):
    """A network port is taken, or this person may not use it."""


class BadCertificate(CourseError, ValueError):
    """The certificate for TLS or its key is missing, or cannot be used."""


class BadAddress(CourseError, ValueError):
    """The public address of the live session is none that phones could open."""


class AlreadyRunning(CourseError, RuntimeError):
    """Another command of the same kind is at work in the folder."""


class ReleaseFailed(CourseError, RuntimeError):
    """An exercise cannot be released: its source is missing, or nbgrader stopped with an error."""


class CannotMark(CourseError, RuntimeError):
    """A submission cannot be marked as it is, or an exercise is not ready to be marked."""


class BadBackup(CourseError, ValueError):
    """A file that was to be restored is no whole backup that the course made."""


class RestoreRefused(CourseError, FileExistsError):
    """A backup cannot be restored here: somebody has worked in the course directory, or its database is another."""


class GradebookUnusable(CourseError, OSError):
    """The gradebook cannot be read or written."""

    def __reduce__(self) -> tuple[type[GradebookUnusable], tuple[str, str]]:
        """Let it come back from a worker process as it is."""
        return GradebookUnusable, (self.message, self.hint)


class DiskFull(CourseError, OSError):
    """There is no room left to write: said the same wherever it is met."""

    def __init__(self) -> None:
        super().__init__(
            "There is no room left on the disk, so not all of it was done.",
            "Nothing is lost. Make room, then do the same once more.",
        )


class FileInUse(CourseError, OSError):
    """A file or a folder cannot be read or written as it is: a program has it open, or it is somebody else's."""

    def __init__(self, error: OSError) -> None:
        path = error.filename2 if error.filename2 is not None else error.filename  # where a draft was to be put
        super().__init__(
            f"{os.fsdecode(path)} cannot be used: {error.strerror}.",
            "A link there leads back to itself: put what it should lead to in its place, then do the same once more."
            if error.errno == errno.ELOOP
            else "Close the program that has it open, or allow reading and writing there. Then do the same once more.",
        )


_IN_USE: Final = frozenset(
    {
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
        errno.EEXIST,
        errno.ENOTDIR,
        errno.EISDIR,
        errno.EBUSY,
        errno.ENOTEMPTY,
        errno.ELOOP,
    }
)
"""What systems answer for a file that is open elsewhere, somebody else's, or not what it is taken for."""


def explain_file_error(error: OSError) -> CourseError | None:
    """Return in words what a person can put right about a file; None for what nobody expected."""
    if is_disk_full(error):
        return DiskFull()
    is_about_a_file = isinstance(error.filename, str | bytes) or isinstance(error.filename2, str | bytes)
    return FileInUse(error) if error.errno in _IN_USE and is_about_a_file else None


def is_disk_full(error: OSError) -> bool:
    """Say whether an error means that there is no room left, so that the next write would fail as well."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # the last where files may grow no further


class SessionRefused(CourseError, ValueError):
    """The live session does not take what was sent: `status` is for HTTP, `wait` in seconds until the next try.

    `fields` says what is wrong with each field of a form, by its name.
    """

    def __init__(
        self, message: str, hint: str = "", status: int = 400, wait: int = 0, fields: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message, hint)
        self.status = status
        self.wait = wait
        self.fields = dict(fields or {})


class RoundRefused(CourseError, OSError):
    """A server of rounds cannot be reached, or does not do what a notebook asks for.

    `is_gone` says that it has no such round, which may be over; `is_away`, that none answers at its address.
    """

    def __init__(self, message: str, hint: str = "", *, is_gone: bool = False, is_away: bool = False) -> None:
        super().__init__(message, hint)
        self.is_gone, self.is_away = is_gone, is_away


class StoreUnusable(CourseError, OSError):
    """The live session's store cannot be read or written."""


class BadSessionFile(CourseError, ValueError):
    """A file is not one that a live session was saved in, or cannot be used for what it was named for."""


class ServerNotRunning(CourseError, RuntimeError):
    """The live session's server does not run, or did not start."""


class ExtraMissing(CourseError, ImportError):
    """A package is missing that not everyone needs; the hint names the extra that brings it."""


class ReportNotMade(CourseError, OSError):
    """A cohort report cannot be made, or cannot be written whole."""


class BadSetting(CourseError, ValueError):
    """A setting in the environment has a value that it cannot have, or a file of nbgrader's settings has a mistake."""


class BadCohort(CourseError, ValueError):
    """A cohort in the configuration of a Hub has a name, a folder or people that it cannot have."""


class SiteNotBuilt(CourseError, RuntimeError):
    """The web edition cannot be built: something that it needs is missing, or is not what was expected."""


class BadNotebook(CourseError, ValueError):
    """A notebook breaks one of the course's rules."""
