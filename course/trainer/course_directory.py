"""The trainer's course directory: its folders, settings, gradebook and due dates, as nbgrader has them."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from course.content.lessons import Lesson, find_lesson, lesson_key, lessons
from course.core import moments, names, storage
from course.core.errors import NotACourseDirectory
from course.core.notebooks import material
from course.core.settings import COURSE_ID
from course.records.cohort_file import NAME, CohortFile, read_cohort_file
from course.trainer.gradebook_errors import explained_gradebook

if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config


PLATFORM_CLOCK: Final = "platform"
"""What the receipt of a collected hand-in file says where the platform's clock tells its time."""


@dataclass(frozen=True)
class Coursework:
    """One course directory: `exercises/`, `inbox/`, `submitted/`, `autograded/`, `feedback/` and the gradebook."""

    root: Path

    @classmethod
    def here(cls) -> Coursework:
        """Return the checkout that this package runs from; raises NotACourseDirectory where there is none."""
        root = material()
        if not (root / names.SOURCE).is_dir():
            raise NotACourseDirectory(
                "The exercises with their answers are not installed here, so there is nothing to teach from.",
                "Clone the course's repository, and start this in it.",
            )
        return cls(root)

    @property
    def inbox(self) -> Path:
        """Where a trainer drops hand-in files."""
        return self.root / "inbox"

    @property
    def exchange(self) -> Path:
        """The folder that nbgrader exchanges files through; it need not be there."""
        return Path(self.config.Exchange.root)

    @cached_property
    def cohort(self) -> CohortFile:
        """What `cohort.toml` says."""
        return read_cohort_file(self.root)

    @cached_property
    def config(self) -> Config:
        """Nbgrader's settings as its own commands would have them in this folder."""
        from jupyter_core.paths import jupyter_config_path
        from traitlets.config import Config
        from traitlets.config.loader import PyFileConfigLoader

        config = Config()
        for folder in [*reversed(jupyter_config_path()), str(self.root)]:
            if (Path(folder) / "nbgrader_config.py").is_file():
                config.merge(PyFileConfigLoader("nbgrader_config.py", path=folder).load_config())
        return config

    @cached_property
    def coursedir(self) -> CourseDirectory:
        """Nbgrader's CourseDirectory."""
        from nbgrader.coursedir import CourseDirectory

        return CourseDirectory(config=self.config)

    @property
    def has_gradebook(self) -> bool:
        """Whether there is a gradebook; none is made by asking."""
        from sqlalchemy.engine import make_url

        url = make_url(self.coursedir.db_url)
        return not url.drivername.startswith("sqlite") or bool(url.database and Path(url.database).is_file())

    @cached_property
    def assignments(self) -> Mapping[str, str]:
        """The name that nbgrader has for each exercise here, by the exercise's key, in the order of the course.

        It is the key, or a former name in a cohort that began under that one: nothing of a running cohort is renamed.
        """
        registered: set[str] = set()
        if self.has_gradebook:
            with self.gradebook() as gradebook:
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
        exchange = self.config.Exchange.get("root")  # not set in a folder without nbgrader's settings
        if exchange and (Path(exchange) / COURSE_ID / "outbound" / assignment).is_dir():
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

    def folder(self, step: str, learner: str, slug: str) -> Path:
        """Return the folder of one learner's exercise at a step: `submitted`, `autograded` or `feedback`."""
        return Path(self.coursedir.format_path(getattr(self.coursedir, f"{step}_directory"), learner, slug))

    def learners_at(self, step: str, slug: str) -> list[str]:
        """Return who has a folder of an exercise at a step, in order of their ids; links do not count."""
        folder = self.root / step
        if not folder.is_dir():
            return []
        return sorted(path.name for path in folder.iterdir() if not path.is_symlink() and (path / slug).is_dir())


def released_notebook(coursedir: CourseDirectory, assignment: str) -> Path:
    """Return the released notebook of an assignment: its own, or that of the exercise that now has another name."""
    paths = [
        Path(coursedir.root, coursedir.format_path(coursedir.release_directory, ".", name), names.notebook_name(name))
        for name in (assignment, lesson_key(assignment))
    ]
    return next(filter(Path.is_file, paths), paths[-1])


def write_due_dates(coursework: Coursework, gradebook: Gradebook) -> None:
    """Have the gradebook's exercises due when `cohort.toml` says, and not due where it names no day.

    Without that file nothing is changed, because a trainer may set the days in the formgrader.
    """
    if not (coursework.root / NAME).is_file():
        return
    registered = {assignment.name: assignment for assignment in gradebook.assignments}
    for key, slug in coursework.assignments.items():
        due = coursework.cohort.due.get(key)
        naive = due.replace(tzinfo=None) if due else None
        if slug in registered and registered[slug].duedate != naive:
            gradebook.update_or_create_assignment(slug, duedate=naive)


def due_moments(coursework: Coursework, gradebook: Gradebook) -> Mapping[str, datetime.datetime]:
    """Return when each assignment is due, in UTC: by `cohort.toml`, or without that file by the gradebook."""
    if (coursework.root / NAME).is_file():
        return {coursework.assignment(key): moment for key, moment in coursework.cohort.due.items()}
    dated = [assignment for assignment in gradebook.assignments if assignment.duedate]
    return {assignment.name: assignment.duedate.replace(tzinfo=datetime.UTC) for assignment in dated}


def submission_time(folder: Path) -> datetime.datetime | None:
    """Return in UTC when the submission in a folder was handed in, or None where its `timestamp.txt` does not say."""
    try:
        stamp = storage.read_whole(folder / names.TIMESTAMP, largest=moments.LARGEST_STAMP)
        return moments.read_nbgrader_stamp(stamp.decode())
    except (OSError, ValueError):
        return None


def is_late(coursework: Coursework, learner: str, slug: str, due: datetime.datetime | None) -> bool:
    """Say whether what a learner handed in, marked or not, came after a moment as the gradebook keeps it: naive UTC.

    A hand-in whose time only the learner's own clock or its file tells is not late.
    """
    folder = coursework.folder(names.SUBMITTED, learner, slug)
    time = submission_time(folder) if due else None
    return bool(due and time and time > due.replace(tzinfo=datetime.UTC) and _has_known_time(folder))


def _has_known_time(folder: Path) -> bool:
    """Say whether a platform or the exchange tells when the submission in a folder was handed in."""
    try:
        receipt = storage.read_json(folder / names.RECEIPT, largest=20_000, deepest=3)
    except FileNotFoundError:
        return True  # it came through the exchange
    except (OSError, storage.Unusable):
        return False
    return isinstance(receipt, dict) and receipt.get("time-from") == PLATFORM_CLOCK
