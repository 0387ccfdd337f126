"""The trainer's course directory: its folders, its settings and its gradebook, as nbgrader has them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from course.content.lessons import find_lesson, lessons
from course.core.errors import NotACourseDirectory
from course.core.notebooks import material
from course.core.settings import COURSE_ID
from course.records.cohort_file import CohortFile, read_cohort_file


@dataclass(frozen=True)
class Coursework:
    """One course directory: `exercises/`, `inbox/`, `submitted/`, `autograded/`, `feedback/` and the gradebook."""

    root: Path

    @classmethod
    def here(cls) -> Coursework:
        """Return the checkout that this package runs from; raises NotACourseDirectory where there is none."""
        root = material()
        if not (root / "source").is_dir():
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
    def config(self) -> Any:
        """Nbgrader's settings as its own commands would have them in this folder, as a traitlets Config."""
        from jupyter_core.paths import jupyter_config_path
        from traitlets.config import Config
        from traitlets.config.loader import PyFileConfigLoader

        config = Config()
        for folder in [*reversed(jupyter_config_path()), str(self.root)]:
            if (Path(folder) / "nbgrader_config.py").is_file():
                config.merge(PyFileConfigLoader("nbgrader_config.py", path=folder).load_config())
        return config

    @cached_property
    def coursedir(self) -> Any:
        """Nbgrader's CourseDirectory."""
        from nbgrader.coursedir import CourseDirectory

        return CourseDirectory(config=self.config)

    @contextlib.contextmanager
    def gradebook(self) -> Iterator[Any]:
        """Open nbgrader's gradebook, and close it after use; it is made where there is none."""
        from nbgrader.api import Gradebook

        with Gradebook(self.coursedir.db_url, COURSE_ID) as gradebook:
            yield gradebook

    def folder(self, step: str, learner: str, slug: str) -> Path:
        """Return the folder of one learner's exercise at a step: `submitted`, `autograded` or `feedback`."""
        return Path(self.coursedir.format_path(getattr(self.coursedir, f"{step}_directory"), learner, slug))

    def learners_at(self, step: str, slug: str) -> list[str]:
        """Return who has a folder of an exercise at a step, in order of their ids; links do not count."""
        steps = self.root / step
        if not steps.is_dir():
            return []
        return sorted(one.name for one in steps.iterdir() if not one.is_symlink() and (one / slug).is_dir())


def chosen(slugs: tuple[str, ...]) -> list[str]:
    """Return the slugs that were named, or all of the course's, in its order; raises UnknownLesson."""
    for slug in slugs:
        find_lesson(slug)
    return [lesson.key for lesson in lessons() if not slugs or lesson.key in slugs]
