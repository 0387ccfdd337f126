"""The trainer's course directory: its folders, settings and gradebook, as nbgrader has them.

Where folders and gradebook are is read from nbgrader's settings without nbgrader, which works it out itself where a
setting is not a plain text.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from course.content import trainer_words
from course.content.lessons import Lesson, find_lesson, lesson_key, lessons
from course.core import moments, names, storage
from course.core.errors import BadSetting, CourseError, NotACourseDirectory
from course.core.notebooks import course_directory
from course.core.settings import COURSE_ID
from course.records.cohort_file import CohortFile, read_cohort_file
from course.trainer.gradebook_errors import explained_gradebook
from course.trainer.gradebook_reader import GradebookReader, open_database_reader, open_reader

if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from nbgrader.coursedir import CourseDirectory
    from sqlalchemy.engine import Connection
    from traitlets.config import Config


_WRITTEN: Final = ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")
"""nbgrader's tables that marking writes to, in the one order in which they are locked where whole databases are not."""
PLATFORM_CLOCK: Final = "platform"
"""What the receipt of a collected hand-in file says where the platform's clock tells its time."""
_SETTINGS: Final = "nbgrader_config.py"
_MESSAGE: Final = ("", "-hint")
_DEFAULTS: Final[Mapping[str, str]] = {
    "directory_structure": os.path.join("{nbgrader_step}", "{student_id}", "{assignment_id}"),
    "source_directory": "source",
    "release_directory": "release",
    "submitted_directory": "submitted",
    "autograded_directory": "autograded",
    "feedback_directory": "feedback",
}
"""nbgrader's own values of the settings of its CourseDirectory that are used here."""
_SQLITE: Final = "sqlite:///"
_BASES: Final = ("Configurable", "LoggingConfigurable")
"""The classes of which nbgrader's CourseDirectory is one: their settings would be its own too."""


@dataclass(frozen=True)
class DirectoryLayout:
    """Where things are."""

    root: str
    db_url: str
    settings: Mapping[str, str]

    def folder(self, step: str, learner: str, slug: str) -> Path:
        """Return the folder of one learner's exercise at a step: `release`, `submitted`, `autograded` or `feedback`."""
        step = self.settings[f"{step}_directory"]
        structure = self.settings["directory_structure"]
        return Path(self.root, structure.format(nbgrader_step=step, student_id=learner, assignment_id=slug))

    @property
    def gradebook_file(self) -> Path | None:
        """The gradebook, where it is a file of SQLite's; it need not be there."""
        plain = self.db_url.startswith(_SQLITE) and "?" not in self.db_url and ":memory:" not in self.db_url
        path = self.db_url.removeprefix(_SQLITE)
        return Path(path) if plain and path else None


def read_layout(config: Config) -> DirectoryLayout | None:
    """Return what plain settings say; None where nbgrader has to work it out."""
    section = config.get("CourseDirectory", {})
    used = {name: section.get(name, default) for name, default in _DEFAULTS.items()}
    root = section.get("root", os.getcwd())
    if any(config.get(base) for base in _BASES) or type(root) is not str:
        return None
    root = os.path.abspath(root)
    db_url = section.get("db_url", _SQLITE + os.path.join(root, "gradebook.db"))
    if any(type(value) is not str for value in (db_url, *used.values())):
        return None
    return DirectoryLayout(root, db_url, used)


def layout_of(coursedir: CourseDirectory) -> DirectoryLayout:
    """Return what nbgrader itself worked out."""
    used = {name: str(getattr(coursedir, name)) for name in _DEFAULTS}
    return DirectoryLayout(str(coursedir.root), str(coursedir.db_url), used)


def _line_of(error: Exception, file: Path) -> int:
    """Return the line of a file at which an error began; 1 where it does not say."""
    if isinstance(error, SyntaxError):
        return error.lineno or 1
    return next(
        (line for frame, line in traceback.walk_tb(error.__traceback__) if Path(frame.f_code.co_filename) == file), 1
    )


@dataclass(frozen=True)
class Coursework:
    """One course directory: `exercises/`, `inbox/`, `submitted/`, `autograded/`, `feedback/` and the gradebook."""

    root: Path

    @classmethod
    def here(cls) -> Coursework:
        """Return the course directory in use; raises NotACourseDirectory where there is none, or not all of one."""
        root = course_directory()
        if not (root / _SETTINGS).is_file():
            message, hint = (trainer_words(f"settings.missing{part}", file=_SETTINGS, folder=root) for part in _MESSAGE)
            raise NotACourseDirectory(message, hint)
        return cls(root)

    @property
    def inbox(self) -> Path:
        """Where a trainer drops hand-in files."""
        return self.root / "inbox"

    @property
    def exchange(self) -> Path:
        """The folder that nbgrader exchanges files through: `exchange` where none is set. It may be missing."""
        return Path(self.config.Exchange.get("root") or self.root / "exchange")

    @cached_property
    def cohort(self) -> CohortFile:
        """What `cohort.toml` says."""
        return read_cohort_file(self.root)

    @cached_property
    def config(self) -> Config:
        """Nbgrader's settings as its own commands would have them in this folder.

        Raises BadSetting for a file of settings with a mistake in it: trainers may have added some of their own.
        """
        from jupyter_core.paths import jupyter_config_path
        from traitlets.config import Config
        from traitlets.config.loader import PyFileConfigLoader

        config = Config()
        for folder in [*reversed(jupyter_config_path()), str(self.root)]:
            path = Path(folder, _SETTINGS)
            if not path.is_file():
                continue
            try:
                config.merge(PyFileConfigLoader(path.name, path=folder).load_config())
            except CourseError:
                raise  # it says what to do
            except Exception as error:
                blanks = {"file": path, "line": _line_of(error, path), "error": f"{type(error).__name__}: {error}"}
                message, hint = (trainer_words(f"settings.mistake{part}", **blanks) for part in _MESSAGE)
                raise BadSetting(message, hint) from error
        if not any(config.get(section, {}).get("root") for section in (*_BASES, "CourseDirectory")):
            config.CourseDirectory.root = str(self.root)  # nbgrader's own commands take the folder they are given in
        return config

    @cached_property
    def coursedir(self) -> CourseDirectory:
        """Nbgrader's CourseDirectory."""
        from nbgrader.coursedir import CourseDirectory

        return CourseDirectory(config=self.config)

    @cached_property
    def layout(self) -> DirectoryLayout:
        """Where the folders and the gradebook are."""
        return read_layout(self.config) or layout_of(self.coursedir)

    @property
    def has_gradebook(self) -> bool:
        """Whether there is a gradebook; none is made by asking."""
        if file := self.layout.gradebook_file:
            return file.is_file()
        from sqlalchemy.engine import make_url

        url = make_url(self.layout.db_url)
        return not url.drivername.startswith("sqlite") or bool(url.database and Path(url.database).is_file())

    @cached_property
    def assignments(self) -> Mapping[str, str]:
        """The name that nbgrader has for each exercise here, by the exercise's key, in the order of the course.

        It is the key, or a former name in a cohort that began under that one: nothing of a running cohort is renamed.
        """
        registered: set[str] = set()
        if self.has_gradebook:
            with self.read_gradebook() as gradebook:
                registered = {assignment.name for assignment in gradebook.assignments}
        return {lesson.key: self._assignment(lesson, registered) for lesson in lessons()}

    def assignment(self, name: str) -> str:
        """Return nbgrader's name here of an exercise, given by its key or any former name; raises UnknownLesson."""
        return self.assignments[find_lesson(name).key]

    def chosen(self, exercises: Sequence[str]) -> list[str]:
        """Return nbgrader's names of these exercises, or of all, in the order of the course; raises UnknownLesson.

        A trainer may give an exercise by its number too, such as 04.
        """
        numbered = {f"{lesson.number:0{width}}": lesson.key for lesson in lessons() for width in (1, 2)}
        keys = {find_lesson(numbered.get(name, name)).key for name in exercises}
        return [assignment for key, assignment in self.assignments.items() if not keys or key in keys]

    def _assignment(self, lesson: Lesson, registered: set[str]) -> str:
        for name in (*lesson.former, lesson.key):
            if name in registered:
                return name
        return next((name for name in lesson.former if self._has_folder(name)), lesson.key)

    def _has_folder(self, assignment: str) -> bool:
        """Say whether anything was handed in or released under a name."""
        if (self.exchange / COURSE_ID / "outbound" / assignment).is_dir():
            return True
        steps = (self.root / step for step in (names.SUBMITTED, names.AUTOGRADED))
        return any(next(folder.glob(f"*/{assignment}"), None) for folder in steps)

    @contextlib.contextmanager
    def gradebook(self) -> Iterator[Gradebook]:
        """Open nbgrader's gradebook, and close it after use; it is made where there is none.

        Raises GradebookUnusable where it cannot be read or written.
        """
        from nbgrader.api import Gradebook

        with explained_gradebook(), Gradebook(self.coursedir.db_url, COURSE_ID) as gradebook:
            yield gradebook

    @contextlib.contextmanager
    def read_gradebook(self) -> Iterator[GradebookReader]:
        """Read the gradebook without nbgrader, or where it has to be, with it: then it is made where there is none.

        Raises GradebookUnusable where it cannot be read.
        """
        reader = self._reader()
        if reader is None:
            with self.gradebook() as gradebook:
                yield GradebookReader.of(gradebook)
        else:
            with contextlib.closing(reader), explained_gradebook():
                yield reader

    def _reader(self) -> GradebookReader | None:
        """Return a reader without nbgrader, or None where there has to be one with it."""
        if file := self.layout.gradebook_file:
            return open_reader(file, COURSE_ID) if file.is_file() else None
        with explained_gradebook():
            return open_database_reader(self.layout.db_url, COURSE_ID)

    def folder(self, step: str, learner: str, slug: str) -> Path:
        """Return the folder of one learner's exercise at a step: `submitted`, `autograded` or `feedback`."""
        return self.layout.folder(step, learner, slug)

    def learners_at(self, step: str, slug: str) -> list[str]:
        """Return who has a folder of an exercise at a step, in order of their ids; links do not count."""
        try:
            with os.scandir(self.root / step) as folders:
                return sorted(
                    entry.name
                    for entry in folders
                    if not entry.is_symlink() and os.path.isdir(os.path.join(entry.path, slug))
                )
        except (FileNotFoundError, NotADirectoryError):
            return []


@contextlib.contextmanager
def one_transaction(gradebook: Gradebook) -> Iterator[Connection]:
    """Write all that is done to a gradebook in this block at its end, or nothing of it.

    nbgrader commits after each mark. Its session joins the outer transaction opened here, which alone decides
    (SQLAlchemy 2.0, "Joining a Session into an External Transaction"). Nobody else writes from its beginning on:
    a mark that a trainer gives meanwhile waits, and is neither overlooked nor lost.
    """
    with gradebook.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # by itself it would begin at the first row written
        else:
            connection.exec_driver_sql(f"LOCK TABLE {', '.join(_WRITTEN)} IN SHARE ROW EXCLUSIVE MODE")
        gradebook.db.remove()
        gradebook.db.configure(bind=connection, join_transaction_mode="rollback_only")
        try:
            yield connection
        finally:
            gradebook.db.remove()
            gradebook.db.configure(bind=gradebook.engine)


def released_notebook(layout: DirectoryLayout, assignment: str) -> Path:
    """Return the released notebook of an assignment: its own, or that of the exercise that now has another name."""
    paths = [
        layout.folder("release", ".", name) / names.notebook_name(name) for name in (assignment, lesson_key(assignment))
    ]
    return next(filter(Path.is_file, paths), paths[-1])


def submission_time(folder: Path) -> datetime.datetime | None:
    """Return in UTC when the submission in a folder was handed in, or None where its `timestamp.txt` does not say."""
    try:
        stamp = storage.read_whole(folder / names.TIMESTAMP, largest=moments.LARGEST_STAMP)
        return moments.read_nbgrader_stamp(stamp.decode())
    except (OSError, ValueError):
        return None
