"""`course grade`: mark what was handed in, on all cores, and say what was refused and why."""

from __future__ import annotations

import contextlib
import logging
import os
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy.exc import SAWarning

from course.content import trainer_words
from course.core import names, storage
from course.core.errors import CannotMark, GradebookUnusable, is_disk_full
from course.core.text_files import printable
from course.trainer.collecting import submission_store
from course.trainer.command_support import map_in_processes, progress_bar, report_unexpected, single_instance
from course.trainer.course_directory import Coursework
from course.trainer.marking.marker import Marker, MarkingResult, PreparedSubmission
from course.trainer.summary import Refusal, Summary, standings

Result = TypeVar("Result")
Task = tuple[str, str]
"""An exercise and a learner."""
WORTH_PROCESSES: Final = 300
"""From so many submissions on, several processes are sooner through than this one, although they have to start."""
WORTH_PROCESSES_WITH_KERNEL: Final = 4
MOST_JOBS: Final = 4


def run(
    slugs: tuple[str, ...], *, jobs: int | None = None, again: bool = False, kernel: bool = False, quiet: bool = False
) -> Summary:
    """Mark the submissions of these exercises, or of all, in this checkout; see `grade`."""
    coursework = Coursework.here()
    return grade(coursework, coursework.chosen(slugs), jobs=jobs, again=again, kernel=kernel, quiet=quiet)


def grade(
    coursework: Coursework,
    slugs: Sequence[str],
    *,
    jobs: int | None = None,
    again: bool = False,
    kernel: bool = False,
    quiet: bool = False,
) -> Summary:
    """Mark every submission of these exercises that is not marked yet, and return what became of them.

    `again` marks all of them once more, `kernel` runs each in a Jupyter kernel as nbgrader does by itself.
    Marks and comments that a trainer gave are kept. Ctrl-C stops it, and the next run goes on from there.
    """
    submission_store.finish_all(coursework)
    tasks = [(slug, learner) for slug in slugs for learner in coursework.learners_at(names.SUBMITTED, slug)]
    summary = Summary("grade")
    if not tasks:
        summary.notes.append(trainer_words("marking.nothing"))
    jobs = jobs or _jobs(len(tasks), kernel)
    busy = "Marking is already running in this folder."
    with _quiet_nbgrader(), single_instance("grade", coursework.root, busy):
        storage.restore_folders(coursework.root / names.AUTOGRADED)
        markers = _Markers(coursework.root, again=again, kernel=kernel)
        try:
            with contextlib.closing(markers), contextlib.closing(_prepared(markers, tasks, jobs)) as prepared:
                _finish(markers, prepared, summary, len(tasks), quiet=quiet)
        except KeyboardInterrupt:
            summary.stopped = True
        storage.restore_folders(coursework.root / names.AUTOGRADED)
        summary.standings = standings(coursework, list(dict.fromkeys(slug for slug, _ in tasks)))
    return summary


def _prepared(
    markers: _Markers, tasks: list[Task], jobs: int
) -> Generator[PreparedSubmission | MarkingResult, None, None]:
    """Yield each submission prepared, by this process or by several; the gradebook is left to one."""
    if jobs > 1 and len(tasks) > 1:
        return map_in_processes(_prepare_in_worker, tasks, jobs, _start_worker, *markers.settings)
    return (markers.prepare(task) for task in tasks)


def _finish(
    markers: _Markers,
    prepared: Iterable[PreparedSubmission | MarkingResult],
    summary: Summary,
    total: int,
    *,
    quiet: bool,
) -> None:
    with progress_bar(trainer_words("marking.bar"), total, quiet=quiet) as step:
        for item in prepared:
            result = markers.finish(item) if isinstance(item, PreparedSubmission) else item
            _add_to_summary(summary, result)
            step(result.learner)


class _Markers:
    """One process's markers, one an exercise, made when first needed."""

    def __init__(self, root: Path, *, again: bool, kernel: bool) -> None:
        self.settings = (root, again, kernel)
        self._coursework, self._again, self._kernel = Coursework(root), again, kernel
        self._markers: dict[str, Marker | CannotMark] = {}

    def prepare(self, task: Task) -> PreparedSubmission | MarkingResult:
        """Prepare one submission; whatever goes wrong becomes its reason, and stops no other."""
        slug, learner = task
        return _or_refused(slug, learner, lambda: self._marker(slug).prepare(learner))

    def finish(self, prepared: PreparedSubmission) -> MarkingResult:
        """Save the marks of one that is prepared; whatever goes wrong becomes its reason."""
        return _or_refused(prepared.slug, prepared.learner, lambda: self._marker(prepared.slug).finish(prepared))

    def _marker(self, slug: str) -> Marker:
        if slug not in self._markers:
            try:
                self._markers[slug] = Marker(self._coursework, slug, again=self._again, kernel=self._kernel)
            except CannotMark as problem:
                self._markers[slug] = problem
        marker = self._markers[slug]
        if isinstance(marker, CannotMark):
            raise marker
        return marker

    def close(self) -> None:
        """Close the gradebook of each marker."""
        for marker in self._markers.values():
            if isinstance(marker, Marker):
                marker.close()


def _or_refused(slug: str, learner: str, work: Callable[[], Result]) -> Result | MarkingResult:
    try:
        return work()
    except CannotMark as problem:
        return MarkingResult(learner, slug, refused=f"{problem.message} {problem.hint}".strip())
    except GradebookUnusable:
        raise  # it is the same for the next learner
    except OSError as error:
        if is_disk_full(error):
            raise
        return _unexpected(slug, learner, error)
    except Exception as error:  # the next learner's submission is marked nevertheless
        return _unexpected(slug, learner, error)


def _unexpected(slug: str, learner: str, error: Exception) -> MarkingResult:
    why = trainer_words("marking.unexpected", error=report_unexpected(error, "grade"))
    return MarkingResult(learner, slug, refused=why)


_markers: _Markers
"""The markers of a worker process."""
_until_exit = contextlib.ExitStack()
"""What holds in a worker process until it ends."""


def _start_worker(root: Path, again: bool, kernel: bool) -> None:
    """Begin a worker process."""
    global _markers
    _until_exit.enter_context(_quiet_nbgrader())
    _markers = _Markers(root, again=again, kernel=kernel)


def _prepare_in_worker(task: Task) -> PreparedSubmission | MarkingResult:
    return _markers.prepare(task)


@contextlib.contextmanager
def _quiet_nbgrader() -> Iterator[None]:
    """Leave out what nbgrader says of its own steps; what a trainer needs to know is in the summary."""
    log = logging.getLogger("traitlets")
    level = log.level
    log.setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Object of type .* not in session", category=SAWarning)
        try:
            yield
        finally:
            log.setLevel(level)


def _jobs(tasks: int, kernel: bool) -> int:
    worth = WORTH_PROCESSES_WITH_KERNEL if kernel else WORTH_PROCESSES
    return 1 if tasks < worth else min(os.cpu_count() or 1, MOST_JOBS)


def _add_to_summary(summary: Summary, result: MarkingResult) -> None:
    if result.refused:
        summary.refused.append(Refusal(result.learner, result.slug, result.refused))
    summary.left_out += [Refusal(result.learner, result.slug, sentence) for sentence in result.left_out]
    if result.changed is not None:
        questions = ", ".join(result.changed) or trainer_words("marking.nothing-changed")
        learner = printable(result.learner)
        note = trainer_words("marking.changed", learner=learner, exercise=result.slug, questions=questions)
        summary.notes.append(note)
