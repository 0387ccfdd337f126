"""`course grade`: mark what was handed in, on all cores, and say what was refused and why."""

from __future__ import annotations

import contextlib
import importlib
import itertools
import logging
import os
import time
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from course.content import trainer_words
from course.core import names, storage
from course.core.errors import AlreadyRunning, CannotMark, GradebookUnusable, is_disk_full
from course.core.text_files import printable
from course.trainer.collecting import submission_store
from course.trainer.command_support import (
    collect_garbage_rarely,
    interrupts_postponed,
    map_in_processes,
    prepare_processes,
    progress_bar,
    report_unexpected,
    single_instance,
)
from course.trainer.course_directory import Coursework
from course.trainer.due_moments import write_due_moments
from course.trainer.marking.unchanged import MarkingResult, Task, results_without_marking
from course.trainer.next_steps import after_marking
from course.trainer.summary import Refusal, Summary, standings

if TYPE_CHECKING:
    from course.trainer.marking.marker import Marker
    from course.trainer.marking.saving import PreparedSubmission

Result = TypeVar("Result")
_READY: Final = "course.trainer.marking.ready"
"""The module that loads all that marking needs, which takes long."""
WORTH_PROCESSES: Final = 1000
"""From so many submissions on, several processes are sooner through than this one, although they have to start."""
WORTH_PROCESSES_WITH_KERNEL: Final = 4
MOST_JOBS: Final = 4
BATCH: Final = 50
"""How many submissions are saved at once, at most."""
PROCESS_BATCH: Final = 8
"""How many submissions a worker process is given at once, at most, where no kernel runs them."""
LONGEST_WAIT: Final = 1
"""After how many seconds those that wait are saved, however few they are."""


def run(
    slugs: tuple[str, ...], *, jobs: int | None = None, again: bool = False, kernel: bool = False, quiet: bool = False
) -> Summary:
    """Mark the submissions of these exercises, or of all, in the course directory; see `grade`."""
    if jobs and jobs > 1:
        prepare_processes(_READY)
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
    with contextlib.suppress(AlreadyRunning), single_instance("collect", coursework.root, ""):
        submission_store.finish_all(coursework)  # who collects at this moment finishes it, and would be disturbed
    tasks = [(slug, learner) for slug in slugs for learner in coursework.learners_at(names.SUBMITTED, slug)]
    summary = Summary("grade")
    if not tasks:
        summary.notes.append(trainer_words("marking.nothing"))
    busy = "Marking is already running in this folder."
    with single_instance("grade", coursework.root, busy):
        storage.restore_folders(coursework.root / names.AUTOGRADED)
        if tasks:
            summary.notes += write_due_moments(coursework)
        try:
            done = {} if again else results_without_marking(coursework, tasks)
            for result in done.values():
                _add_to_summary(summary, result)
            if left := [task for task in tasks if task not in done]:
                _mark(_Markers(coursework.root, again=again, kernel=kernel), left, summary, jobs, quiet=quiet)
        except KeyboardInterrupt:
            summary.stopped = True
        places = {task: place for place, task in enumerate(tasks)}
        for rows in (summary.refused, summary.left_out):
            rows.sort(key=lambda row: places[row.exercise, row.name])
        storage.restore_folders(coursework.root / names.AUTOGRADED)
        summary.standings = standings(coursework, list(dict.fromkeys(slug for slug, _ in tasks)))
    summary.next_steps = after_marking(waiting=summary.waiting, marked=summary.marked)
    return summary


def _mark(markers: _Markers, tasks: list[Task], summary: Summary, jobs: int | None, *, quiet: bool) -> None:
    """Mark these submissions, with as many processes as are given or worth it."""
    jobs = jobs or _jobs(len(tasks), markers.kernel)
    if jobs > 1:
        prepare_processes(_READY)
        importlib.import_module(_READY)  # on another core meanwhile: later on, the workers would have to share theirs
    with (
        _quiet_nbgrader(),
        contextlib.closing(markers),
        contextlib.closing(_prepared(markers, tasks, jobs)) as prepared,
    ):
        _finish(markers, prepared, summary, len(tasks), quiet=quiet)


def _prepared(
    markers: _Markers, tasks: list[Task], jobs: int
) -> Generator[PreparedSubmission | MarkingResult, None, None]:
    """Yield each submission prepared, by this process or by several; the gradebook is left to one."""
    if jobs > 1 and len(tasks) > 1:
        batch = 1 if markers.kernel else PROCESS_BATCH
        return map_in_processes(_prepare_in_worker, tasks, jobs, _start_worker, *markers.settings, batch=batch)
    return (markers.prepare(task) for task in tasks)


def _finish(
    markers: _Markers,
    prepared: Iterable[PreparedSubmission | MarkingResult],
    summary: Summary,
    total: int,
    *,
    quiet: bool,
) -> None:
    """Save what is prepared, in batches; what waits is saved too where Ctrl-C or an error stops the rest."""
    waiting: list[PreparedSubmission | MarkingResult] = []
    with progress_bar(trainer_words("marking.bar"), total, quiet=quiet) as step:

        def save() -> None:
            batch, waiting[:] = list(waiting), []
            with interrupts_postponed():
                for result in markers.finish(batch):
                    _add_to_summary(summary, result)
                    step(result.learner)

        try:
            last = time.monotonic()
            for item in prepared:
                waiting.append(item)
                if len(waiting) >= BATCH or time.monotonic() - last >= LONGEST_WAIT:
                    save()
                    last = time.monotonic()
        finally:
            save()


class _Markers:
    """One process's markers, one an exercise, made when first needed."""

    def __init__(self, root: Path, *, again: bool, kernel: bool) -> None:
        self.settings = (root, again, kernel)
        self._coursework, self._again, self.kernel = Coursework(root), again, kernel
        self._markers: dict[str, Marker | CannotMark] = {}

    def prepare(self, task: Task) -> PreparedSubmission | MarkingResult:
        """Prepare one submission; whatever goes wrong becomes its reason, and stops no other."""
        slug, learner = task
        return _or_refused(slug, learner, lambda: self._marker(slug).prepare(learner))

    def finish(self, batch: Sequence[PreparedSubmission | MarkingResult]) -> Iterator[MarkingResult]:
        """Save the marks of those that are prepared, and yield what became of each; one's fault is that one's alone."""
        prepared = [item for item in batch if not isinstance(item, MarkingResult)]
        by_slug = itertools.groupby(sorted(prepared, key=lambda item: item.slug), key=lambda item: item.slug)
        saved = {slug for slug, group in by_slug if self._save_together(slug, list(group))}
        for item in batch:
            if isinstance(item, MarkingResult):
                yield item
            else:
                yield _or_refused(item.slug, item.learner, lambda: self._finish(item, is_saved=item.slug in saved))  # noqa: B023

    def _save_together(self, slug: str, group: list[PreparedSubmission]) -> bool:
        return _or_refused(slug, "", lambda: self._marker(slug).save_together(group)) is True

    def _finish(self, prepared: PreparedSubmission, *, is_saved: bool) -> MarkingResult:
        marker = self._marker(prepared.slug)
        if not is_saved:
            marker.save(prepared)
        return marker.put_in_place(prepared)

    def _marker(self, slug: str) -> Marker:
        from course.trainer.marking.marker import Marker

        if slug not in self._markers:
            try:
                self._markers[slug] = Marker(self._coursework, slug, again=self._again, kernel=self.kernel)
            except CannotMark as problem:
                self._markers[slug] = problem
        marker = self._markers[slug]
        if isinstance(marker, CannotMark):
            raise marker
        return marker

    def close(self) -> None:
        """Close the gradebook of each marker."""
        for marker in self._markers.values():
            if not isinstance(marker, CannotMark):
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
    collect_garbage_rarely()
    _until_exit.enter_context(_quiet_nbgrader())
    _markers = _Markers(root, again=again, kernel=kernel)


def _prepare_in_worker(task: Task) -> PreparedSubmission | MarkingResult:
    return _markers.prepare(task)


@contextlib.contextmanager
def _quiet_nbgrader() -> Iterator[None]:
    """Leave out what nbgrader says of its own steps; what a trainer needs to know is in the summary."""
    from sqlalchemy.exc import SAWarning

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
    if result.replied:
        learner = printable(result.learner)
        summary.notes.append(trainer_words("replies.came", learner=learner, exercise=result.slug))
