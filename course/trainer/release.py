"""Release exercises: make the learners' version from `source/`, and put it where learners fetch it.

nbgrader's own converter and exchange do it; releasing again is safe. What a self-check needs is written beside each.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nbgrader.apps.api import capture_log
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.config import LoggingConfigurable

from course.activities.self_check_data import self_check_bytes
from course.content import trainer_words
from course.content.lessons import lesson_key
from course.core import names, storage
from course.core.errors import BadNotebook, ReleaseFailed
from course.trainer.command_support import progress_bar, single_instance
from course.trainer.course_directory import Coursework
from course.trainer.due_moments import write_due_moments
from course.trainer.next_steps import after_releasing
from course.trainer.summary import Summary, standings

if TYPE_CHECKING:
    from nbconvert.exporters.exporter import ResourcesDict
    from nbformat import NotebookNode


class WriteSelfCheck(NbGraderPreprocessor):
    """The first of nbgrader's `GenerateAssignment.preprocessors`: the keys are still in the notebook then."""

    def preprocess(self, notebook: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Return the notebook as it is, with the file beside it written."""
        converter = self.parent.parent
        assignment = resources["nbgrader"]["assignment"]
        folder = Path(converter.coursedir.root) / converter._format_dest(assignment, ".")
        storage.put(folder / names.SELF_CHECK, self_check_bytes(notebook))
        return notebook, resources


BUSY: Final = "Exercises are being released from this folder already."
_DRAFTS: Final = ".releasing"
_SOURCES: Final = ".releasing-source"
_CELLS_CHANGED: Final = "Cannot add or remove cells"
"""What nbgrader says where marks hang on questions that are there no more."""
Review = Callable[[Iterable[Path], Path], tuple[list[Path], Sequence[object]]]
"""Looks at folders of exercises below a root; returns the notebooks it read and the problems in them."""


def run(slugs: tuple[str, ...], *, review: Review, quiet: bool) -> Summary:
    """Release the exercises of these names, or all, in the course directory."""
    coursework = Coursework.here()
    return release_all(coursework, coursework.chosen(slugs), review=review, quiet=quiet)


def release_all(coursework: Coursework, slugs: Sequence[str], *, review: Review, quiet: bool = False) -> Summary:
    """Release these exercises; raises BadNotebook where one breaks a rule for notebooks, and releases none then.

    Raises GradebookUnusable, too, before anything is released.
    """
    _check(coursework, slugs, review)
    summary = Summary("release", notes=[_where(coursework)])
    with single_instance("release", coursework.root, BUSY):
        with coursework.gradebook():
            pass  # where it cannot be opened, nbgrader would say so in many lines of its own
        try:
            with progress_bar(trainer_words("release.bar"), len(slugs), quiet=quiet) as step:
                for slug in slugs:
                    generate(coursework, slug)
                    release(coursework, slug)
                    step(slug)
        except KeyboardInterrupt:
            summary.stopped = True
        finally:
            _remove_drafts(coursework)
        summary.notes += write_due_moments(coursework)
        summary.standings = standings(coursework, slugs)
    summary.next_steps = after_releasing()
    return summary


def generate(coursework: Coursework, assignment: str) -> None:
    """Write `exercises/KEY` from `source/KEY`, and register the exercise with the gradebook under nbgrader's name.

    The folder is made beside its place, so that a stopped release leaves what learners have.
    """
    key = lesson_key(assignment)
    _remove_drafts(coursework)
    place = coursework.folder("release", ".", key)
    coursedir = CourseDirectory(config=coursework.config)
    coursedir.release_directory, coursedir.assignment_id = _DRAFTS, assignment
    if assignment != key:
        coursedir.source_directory = _SOURCES
        _copy_source(coursework, key, assignment)
    _run(GenerateAssignment(coursedir=coursedir, config=coursework.config), assignment)
    draft, renamed = coursework.root / _DRAFTS / assignment, {names.notebook_name(assignment): names.notebook_name(key)}
    files = {path.relative_to(draft).as_posix(): path.read_bytes() for path in draft.rglob("*") if path.is_file()}
    files = {renamed.get(name, name): data for name, data in files.items()}
    for name, data in files.items():
        storage.put(place / name, data)
    for path in [path for path in place.rglob("*") if path.is_file()]:
        if path.relative_to(place).as_posix() not in files:
            path.unlink()


def _copy_source(coursework: Coursework, key: str, assignment: str) -> None:
    """Give nbgrader the source of an exercise under the name that this cohort has for it."""
    copy = coursework.root / _SOURCES / assignment
    shutil.copytree(coursework.root / names.SOURCE / key, copy)
    (copy / names.notebook_name(key)).rename(copy / names.notebook_name(assignment))


def _remove_drafts(coursework: Coursework) -> None:
    for name in (_DRAFTS, _SOURCES):
        shutil.rmtree(coursework.root / name, ignore_errors=True)


def release(coursework: Coursework, assignment: str) -> None:
    """Put an exercise into the exchange, where there is one.

    A cohort that goes on with a former name has it there under its key too, since nbgrader takes hand-ins only of
    what was released, and learners may have either version of the course.
    """
    if not coursework.exchange.is_dir():
        return
    key = lesson_key(assignment)
    _put_into_exchange(coursework, key)
    if assignment != key:
        _put_into_exchange(coursework, assignment, release_directory=_DRAFTS)


def _put_into_exchange(coursework: Coursework, assignment: str, *, release_directory: str = "") -> None:
    from nbgrader.exchange import ExchangeFactory  # not everywhere: Windows has no exchange

    coursedir = CourseDirectory(config=coursework.config)
    coursedir.assignment_id = assignment
    if release_directory:
        coursedir.release_directory = release_directory
    releasing = ExchangeFactory(config=coursework.config).ReleaseAssignment(coursedir=coursedir)
    releasing.force = True
    _run(releasing, assignment)


def _check(coursework: Coursework, slugs: Sequence[str], review: Review) -> None:
    sources = [coursework.root / names.SOURCE / lesson_key(slug) for slug in slugs]
    for folder in sources:
        if not folder.is_dir():
            raise ReleaseFailed(
                f"The exercise {folder.name} has no folder in source/.", "Look at its name, or write it."
            )
        if (folder / names.ANSWERS).exists():
            raise BadNotebook(
                f"source/{folder.name}/{names.ANSWERS} would overwrite every learner’s answers.",
                "Move it away, and release again.",
            )
    _, problems = review(sources, coursework.root)
    if problems:
        raise BadNotebook("\n".join(map(str, problems)), "Nothing was released. Correct this, and release again.")


def _run(step: LoggingConfigurable, slug: str) -> None:
    """Run one of nbgrader's steps; its own long log is shown only where it fails."""
    result = capture_log(step)
    if result["success"]:
        return
    if "KeyboardInterrupt" in result["error"]:
        raise KeyboardInterrupt
    if _CELLS_CHANGED in (result.get("log") or "") + result["error"]:
        raise ReleaseFailed(trainer_words("release.handed-in", exercise=slug), trainer_words("release.handed-in-hint"))
    lines = (result.get("log") or result["error"]).strip().splitlines()
    raise ReleaseFailed(
        f"The exercise {slug} could not be released: {lines[-1]}", f"nbgrader said:\n{chr(10).join(lines)}"
    )


def _where(coursework: Coursework) -> str:
    if coursework.exchange.is_dir():
        return trainer_words("release.exchange", folder=coursework.exchange)
    return trainer_words("release.no-exchange")
