"""`course feedback`: make each learner's feedback page, and get it ready to go back the way the exercise came."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from course.core.errors import CannotMark, CourseError
from course.trainer.command_support import map_in_processes, progress_bar, single_instance
from course.trainer.course_directory import Coursework
from course.trainer.feedback.deliver import give_back
from course.trainer.feedback.marks import read_marks
from course.trainer.feedback.page import Marks
from course.trainer.feedback.writer import Writer
from course.trainer.summary import Refusal, Summary, standings

FEW: Final = 2_000
"""So many pages are made sooner in this process than in several, which have to start."""
MOST_JOBS: Final = 4


@dataclass(frozen=True)
class Task:
    """One page to be made, or found to be up to date."""

    slug: str
    learner: str
    marks: Marks | None


@dataclass(frozen=True)
class Done:
    """What became of one page."""

    slug: str
    learner: str
    is_new: bool = False
    refused: str = ""


def run(
    slugs: Sequence[str] = (),
    *,
    learner: str | None = None,
    jobs: int | None = None,
    code: bool = False,
    quiet: bool = False,
) -> Summary:
    """Make the feedback pages of these exercises, or of all, and of all learners or one; return what became of them.

    A page is made again where marks, comments or words changed, and kept where nothing did. Ctrl-C stops it,
    and the next run goes on from there.
    """
    coursework = Coursework.here()
    logging.getLogger("traitlets").setLevel(logging.ERROR)  # nbgrader's own account; ours is the summary
    tasks = _tasks(coursework, coursework.chosen(slugs), learner)
    summary = Summary("feedback")
    busy = "Feedback is being made in this folder already."
    with single_instance("feedback", coursework.root, busy):
        made = _made(coursework, tasks, summary, jobs or _jobs(len(tasks)), code=code, quiet=quiet)
        _say_made(summary, made)
        _send(coursework, made, summary)
    if not tasks:
        summary.notes.append("Nothing is marked yet. Mark first: course grade")
    summary.standings = standings(coursework, list(dict.fromkeys(task.slug for task in tasks)))
    _say_waiting(summary)
    return summary


def _made(
    coursework: Coursework, tasks: list[Task], summary: Summary, jobs: int, *, code: bool, quiet: bool
) -> list[Done]:
    """Return what became of each page, up to a Ctrl-C."""
    made = []
    try:
        with progress_bar("Feedback", len(tasks), quiet=quiet) as step:
            with contextlib.closing(_make_all(coursework, tasks, jobs, code=code)) as pages:
                for done in pages:
                    made.append(done)
                    step(done.learner)
    except KeyboardInterrupt:
        summary.stopped = True
    return made


def _send(coursework: Coursework, made: Sequence[Done], summary: Summary) -> None:
    """Get the pages ready to go back, when all are made."""
    try:
        if not summary.stopped:
            give_back(coursework, [(done.slug, done.learner) for done in made if not done.refused], summary)
    except KeyboardInterrupt:
        summary.stopped = True


def _tasks(coursework: Coursework, slugs: Sequence[str], learner: str | None) -> list[Task]:
    tasks = []
    with coursework.gradebook() as gradebook:
        for slug in slugs:
            people = [one for one in coursework.learners_at("autograded", slug) if learner in (None, one)]
            marks = read_marks(gradebook, slug) if people else {}
            tasks += [Task(slug, one, marks.get(one)) for one in people]
    if learner is not None and not tasks:
        raise CannotMark(f"Nothing that {learner} handed in is marked.", "Look at the id, or mark first: course grade")
    return tasks


def _make_all(coursework: Coursework, tasks: list[Task], jobs: int, *, code: bool) -> Generator[Done, None, None]:
    if jobs > 1 and len(tasks) > 1:
        pieces = [tasks[place : place + 10] for place in range(0, len(tasks), 10)]
        with contextlib.closing(map_in_processes(_make_here, pieces, jobs, _sit_down, coursework.root, code)) as made:
            for some in made:
                yield from some
    else:
        writer = Writer(coursework, code=code)
        yield from (_make(writer, task) for task in tasks)


def _make(writer: Writer, task: Task) -> Done:
    """Make one page; whatever goes wrong with it is told, and stops no other."""
    try:
        if task.marks is None:
            raise CannotMark("The gradebook has no marks for it.", f"Mark it again: course grade {task.slug}")
        return Done(task.slug, task.learner, is_new=writer.write(task.learner, task.slug, task.marks))
    except CourseError as problem:
        return Done(task.slug, task.learner, refused=f"{problem.message} {problem.hint}")
    except OSError as problem:
        return Done(task.slug, task.learner, refused=f"The page could not be written: {problem.strerror or 'no room'}.")
    except Exception as error:  # the next learner's page is made all the same
        return Done(task.slug, task.learner, refused=f"The page could not be made: {type(error).__name__}.")


_writer: Writer
"""The writer of a process of the pool."""


def _sit_down(root: Path, code: bool) -> None:
    """Begin a process of the pool."""
    global _writer
    _writer = Writer(Coursework(root), code=code)


def _make_here(tasks: list[Task]) -> list[Done]:
    return [_make(_writer, task) for task in tasks]


def _jobs(tasks: int) -> int:
    return 1 if tasks < FEW else min(os.cpu_count() or 1, MOST_JOBS)


def _say_made(summary: Summary, made: Sequence[Done]) -> None:
    summary.refused = [Refusal(done.learner, done.slug, done.refused) for done in made if done.refused]
    new, kept = (sum(not done.refused and done.is_new is is_new for done in made) for is_new in (True, False))
    summary.notes.append(f"Feedback pages: {new} written, {kept} up to date.")


def _say_waiting(summary: Summary) -> None:
    for one in summary.standings:
        if one.waiting:
            people = "1 hand-in waits" if one.waiting == 1 else f"{one.waiting} hand-ins wait"
            summary.notes.append(f"{one.exercise}: {people} for a person. Mark in the formgrader, then do this again.")
