"""`course grade`: mark what was handed in, on all cores, and say what was refused and why."""

from __future__ import annotations

import contextlib
import logging
import os
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy.exc import SAWarning

from course.core.errors import CannotMark
from course.trainer.collecting import submission_store
from course.trainer.command_support import map_in_processes, progress_bar, single_instance
from course.trainer.course_directory import Coursework
from course.trainer.marking.marker import Marked, Marker, Ready
from course.trainer.marking.staging import tidy_up
from course.trainer.summary import Refusal, Summary, printable, standings

Result = TypeVar("Result")
Task = tuple[str, str]
"""An exercise and a learner."""
FEW: Final = 300
"""So many hand-ins are marked sooner in this process than in several, which have to start."""
MOST_JOBS: Final = 4


def run(slugs: tuple[str, ...], **how: Any) -> Summary:
    """Mark the hand-ins of these exercises, or of all, in this checkout; `how` is what `grade` takes."""
    coursework = Coursework.here()
    return grade(coursework, coursework.chosen(slugs), **how)


def grade(
    coursework: Coursework,
    slugs: Sequence[str],
    *,
    jobs: int | None = None,
    again: bool = False,
    kernel: bool = False,
    quiet: bool = False,
) -> Summary:
    """Mark every hand-in of these exercises that is not marked yet, and return what became of them.

    `again` marks all of them once more, `kernel` runs each in a Jupyter kernel as nbgrader does by itself.
    Marks and comments that a trainer gave are kept. Ctrl-C stops it, and the next run goes on from there.
    """
    submission_store.finish_all(coursework)
    tasks = [(slug, learner) for slug in slugs for learner in coursework.learners_at("submitted", slug)]
    summary = Summary("grade")
    if not tasks:
        summary.notes.append("There is nothing to mark: nothing is collected. Collect first: course collect")
    jobs = jobs or _jobs(len(tasks), kernel)
    busy = "Another marking run is at work in this folder."
    with _hushed(), single_instance("grade", coursework.root, busy):
        tidy_up(coursework.root / "autograded")
        desk = _Desk(coursework.root, again=again, kernel=kernel)
        try:
            with contextlib.closing(desk), contextlib.closing(_prepared(desk, tasks, jobs)) as prepared:
                _finish(desk, prepared, summary, len(tasks), quiet=quiet)
        except KeyboardInterrupt:
            summary.stopped = True
        tidy_up(coursework.root / "autograded")
        summary.standings = standings(coursework, list(dict.fromkeys(slug for slug, _ in tasks)))
    return summary


def _prepared(desk: _Desk, tasks: list[Task], jobs: int) -> Generator[Ready | Marked, None, None]:
    """Give each hand-in prepared, by this process or by several; the gradebook is left to one."""
    if jobs > 1 and len(tasks) > 1:
        return map_in_processes(_prepare_here, tasks, jobs, _sit_down, *desk.place)
    return (desk.prepare(task) for task in tasks)


def _finish(desk: _Desk, prepared: Iterable[Ready | Marked], summary: Summary, total: int, *, quiet: bool) -> None:
    with progress_bar("Marking", total, quiet=quiet) as step:
        for one in prepared:
            marked = desk.finish(one) if isinstance(one, Ready) else one
            _tell(summary, marked)
            step(marked.learner)


class _Desk:
    """One process's markers, one an exercise, made when first needed."""

    def __init__(self, root: Path, *, again: bool, kernel: bool) -> None:
        self.place = (root, again, kernel)
        self._coursework, self._how = Coursework(root), {"again": again, "kernel": kernel}
        self._markers: dict[str, Marker | CannotMark] = {}

    def prepare(self, task: Task) -> Ready | Marked:
        """Prepare one hand-in; whatever goes wrong with it is told, and stops no other."""
        slug, learner = task
        return _or_refused(slug, learner, lambda: self._marker(slug).prepare(learner))

    def finish(self, ready: Ready) -> Marked:
        """Save the marks of one that is prepared; whatever goes wrong is told in the same way."""
        return _or_refused(ready.slug, ready.learner, lambda: self._marker(ready.slug).finish(ready))

    def _marker(self, slug: str) -> Marker:
        if slug not in self._markers:
            try:
                self._markers[slug] = Marker(self._coursework, slug, **self._how)
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


def _or_refused(slug: str, learner: str, do: Callable[[], Result]) -> Result | Marked:
    try:
        return do()
    except CannotMark as problem:
        return Marked(learner, slug, refused=f"{problem.message} {problem.hint}".strip())
    except Exception as error:  # the next learner's hand-in is marked all the same
        return Marked(learner, slug, refused=f"It could not be marked: {type(error).__name__}. Look at it by hand.")


_desk: _Desk
"""The desk of a process of the pool."""
_for_good = contextlib.ExitStack()
"""What holds in a process of the pool until it ends."""


def _sit_down(root: Path, again: bool, kernel: bool) -> None:
    """Begin a process of the pool."""
    global _desk
    _for_good.enter_context(_hushed())
    _desk = _Desk(root, again=again, kernel=kernel)


@contextlib.contextmanager
def _hushed() -> Iterator[None]:
    """Keep to ourselves what nbgrader says of its own doings; what a trainer needs to know is in the summary."""
    log = logging.getLogger("traitlets")
    level = log.level
    log.setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Object of type .* not in session", category=SAWarning)
        try:
            yield
        finally:
            log.setLevel(level)


def _prepare_here(task: Task) -> Ready | Marked:
    return _desk.prepare(task)


def _jobs(tasks: int, kernel: bool) -> int:
    return 1 if tasks < (4 if kernel else FEW) else min(os.cpu_count() or 1, MOST_JOBS)


def _tell(summary: Summary, marked: Marked) -> None:
    if marked.refused:
        summary.refused.append(Refusal(marked.learner, marked.slug, marked.refused))
    summary.left_out += [Refusal(marked.learner, marked.slug, said) for said in marked.left_out]
    if marked.changed is not None:
        changed, who = ", ".join(marked.changed) or "nothing", printable(marked.learner)
        summary.notes.append(f"{who} handed in {marked.slug} again. Changed: {changed}. Your marks are kept.")
