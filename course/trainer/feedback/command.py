"""`course feedback`: make each learner's feedback page, and get it ready to go back the way the exercise came."""

from __future__ import annotations

import contextlib
import logging
import os
from collections import Counter
from collections.abc import Collection, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from course.content import trainer_words
from course.core import names
from course.core.errors import CannotMark, CourseError, is_disk_full
from course.trainer.collecting.roster import Roster
from course.trainer.command_support import map_in_processes, progress_bar, report_unexpected, single_instance
from course.trainer.course_directory import Coursework
from course.trainer.feedback.deliver import deliver
from course.trainer.feedback.files import PageKey
from course.trainer.feedback.marks import SubmissionMarks, read_marks
from course.trainer.feedback.writer import FeedbackWriter
from course.trainer.next_steps import after_feedback
from course.trainer.summary import Refusal, Summary, standings

WORTH_PROCESSES: Final = 2_000
"""From so many pages on, several processes are faster than this one, although they have to start."""
MOST_JOBS: Final = 4
_BATCH: Final = 10
"""How many pages a worker process is given at once, at most."""


@dataclass(frozen=True)
class FeedbackTask:
    """One page to make, unless it is up to date."""

    slug: str
    learner: str
    marks: SubmissionMarks | None


@dataclass(frozen=True)
class FeedbackResult:
    """What became of one page."""

    slug: str
    learner: str
    is_new: bool = False
    refused: str = ""
    """Why there is none."""


def run(
    slugs: Sequence[str] = (),
    *,
    learner: str | None = None,
    jobs: int | None = None,
    code: bool = False,
    unread: bool = False,
    quiet: bool = False,
) -> Summary:
    """Make the feedback pages of these exercises, or of all, and of all learners or one; return what became of them.

    Where a person has yet to read a reflection, its feedback is held back, except with `unread`.

    A page is made again where marks, comments or words changed, and kept where nothing did. Ctrl-C stops it,
    and the next run goes on from there.
    """
    coursework = Coursework.here()
    logging.getLogger("traitlets").setLevel(logging.ERROR)  # nbgrader's own report; the summary replaces it
    found = _tasks(coursework, coursework.chosen(slugs), learner)
    with coursework.read_gradebook() as gradebook:
        roster = Roster.read(gradebook)  # a gradebook that has none that can be read is refused before a page is made
    held = [] if unread else [task for task in found if task.marks and task.marks.is_unread]
    tasks = [task for task in found if task not in held]
    summary = Summary("feedback")
    busy = "Feedback is being made in this folder already."
    with single_instance("feedback", coursework.root, busy):
        results = _results(coursework, tasks, summary, jobs or _jobs(len(tasks)), code=code, quiet=quiet)
        _add_to_summary(summary, results)
        _deliver(coursework, results, set() if unread else _unread_pages(coursework), roster, summary)
    if not found:
        summary.notes.append(trainer_words("feedback.nothing-marked"))
    summary.standings = standings(coursework, list(dict.fromkeys(task.slug for task in found)))
    unread_notes = _waiting_notes(found, key="waiting" if unread else "held-back")
    summary.notes += unread_notes
    if found and not unread_notes:
        summary.next_steps = after_feedback(has_marks=coursework.cohort.marks)
    return summary


def _waiting_notes(tasks: Sequence[FeedbackTask], *, key: str) -> list[str]:
    """Return a sentence for each exercise of which reflections wait to be read."""
    waiting = Counter(task.slug for task in tasks if task.marks and task.marks.is_unread)
    return [trainer_words(f"feedback.{key}", exercise=slug, n=number) for slug, number in waiting.items()]


def _results(
    coursework: Coursework, tasks: list[FeedbackTask], summary: Summary, jobs: int, *, code: bool, quiet: bool
) -> list[FeedbackResult]:
    """Return what became of each page, up to a Ctrl-C."""
    results = []
    try:
        with progress_bar(trainer_words("feedback.bar"), len(tasks), quiet=quiet) as step:
            with contextlib.closing(_make_all(coursework, tasks, jobs, code=code)) as pages:
                for result in pages:
                    results.append(result)
                    step(result.learner)
    except KeyboardInterrupt:
        summary.stopped = True
    return results


def _deliver(
    coursework: Coursework,
    results: Sequence[FeedbackResult],
    held: Collection[PageKey],
    roster: Roster,
    summary: Summary,
) -> None:
    """Get the pages ready to go back, when all are made."""
    try:
        if not summary.stopped:
            pages = [(result.slug, result.learner) for result in results if not result.refused]
            deliver(coursework, pages, held, roster, summary)
    except KeyboardInterrupt:
        summary.stopped = True


def _unread_pages(coursework: Coursework) -> set[PageKey]:
    """Return all that waits to be read, whoever's pages are made: a zip has the pages of other people too."""
    tasks = _tasks(coursework, coursework.chosen(()), None)
    return {(task.slug, task.learner) for task in tasks if task.marks and task.marks.is_unread}


def _tasks(coursework: Coursework, slugs: Sequence[str], learner: str | None) -> list[FeedbackTask]:
    tasks = []
    with coursework.read_gradebook() as gradebook:
        for slug in slugs:
            learners = [name for name in coursework.learners_at(names.AUTOGRADED, slug) if learner in (None, name)]
            marks = read_marks(gradebook, slug) if learners else {}
            tasks += [FeedbackTask(slug, name, marks.get(name)) for name in learners]
    if learner is not None and not tasks:
        raise CannotMark(f"Nothing that {learner} handed in is marked.", "Look at the id, or mark first: course grade")
    return tasks


def _make_all(
    coursework: Coursework, tasks: list[FeedbackTask], jobs: int, *, code: bool
) -> Generator[FeedbackResult, None, None]:
    if jobs > 1 and len(tasks) > 1:
        pages = map_in_processes(_make_in_worker, tasks, jobs, _start_worker, coursework.root, code, batch=_BATCH)
        with contextlib.closing(pages):
            yield from pages
    else:
        writer = FeedbackWriter(coursework, code=code)
        yield from (_make(writer, task) for task in tasks)


def _make(writer: FeedbackWriter, task: FeedbackTask) -> FeedbackResult:
    """Make one page; whatever goes wrong becomes its reason, and stops no other."""
    try:
        if task.marks is None:
            raise CannotMark("The gradebook has no marks for it.", f"Mark it again: course grade {task.slug}")
        is_new = writer.write(task.learner, task.slug, task.marks)
        return FeedbackResult(task.slug, task.learner, is_new=is_new)
    except CourseError as problem:
        refused = f"{problem.message} {problem.hint}"
    except OSError as problem:
        if is_disk_full(problem):
            raise  # it is the same for the next page
        reason = problem.strerror or trainer_words("feedback.no-room")
        refused = trainer_words("feedback.not-written", reason=reason)
    except Exception as error:  # the next learner's page is made nevertheless
        refused = trainer_words("feedback.unexpected", error=report_unexpected(error, "feedback"))
    return FeedbackResult(task.slug, task.learner, refused=refused)


_writer: FeedbackWriter
"""The writer of a worker process."""


def _start_worker(root: Path, code: bool) -> None:
    """Begin a worker process."""
    global _writer
    _writer = FeedbackWriter(Coursework(root), code=code)


def _make_in_worker(task: FeedbackTask) -> FeedbackResult:
    return _make(_writer, task)


def _jobs(tasks: int) -> int:
    return 1 if tasks < WORTH_PROCESSES else min(os.cpu_count() or 1, MOST_JOBS)


def _add_to_summary(summary: Summary, results: Sequence[FeedbackResult]) -> None:
    summary.refused = [Refusal(result.learner, result.slug, result.refused) for result in results if result.refused]
    pages = [result for result in results if not result.refused]
    new = sum(result.is_new for result in pages)
    summary.notes.append(trainer_words("feedback.pages", new=new, current=len(pages) - new))
