"""Collect what was handed in, both ways: through nbgrader's exchange, and as files in `inbox/`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from course.content import trainer_words
from course.core.settings import COURSE_ID
from course.trainer.collecting.inbox import InboxResults, collect_inbox
from course.trainer.collecting.inbox_scan import count_inbox_files
from course.trainer.collecting.roster import Roster
from course.trainer.collecting.submission_store import finish_all
from course.trainer.command_support import progress_bar, single_instance
from course.trainer.course_directory import Coursework, due_moments, write_due_dates
from course.trainer.summary import Refusal, Summary, standings


def run(slugs: tuple[str, ...], *, quiet: bool) -> Summary:
    """Collect these exercises, or all, in this checkout."""
    coursework = Coursework.here()
    return collect(coursework, coursework.chosen(slugs), quiet=quiet)


def collect(coursework: Coursework, slugs: Sequence[str], *, quiet: bool = False) -> Summary:
    """Collect these exercises. Collecting again changes nothing that was collected."""
    summary = Summary("collect")
    busy = "This folder is being collected already."
    with single_instance("collect", coursework.root, busy):
        finish_all(coursework)
        with coursework.gradebook() as gradebook:
            write_due_dates(coursework, gradebook)
        try:
            _from_exchange(coursework, slugs, summary, quiet=quiet)
            _from_inbox(coursework, slugs, summary, quiet=quiet)
        except KeyboardInterrupt:
            summary.stopped = True
            finish_all(coursework)
        summary.standings = standings(coursework, slugs)
    return summary


def _from_exchange(coursework: Coursework, slugs: Sequence[str], summary: Summary, *, quiet: bool) -> None:
    if sys.platform == "win32" or not (coursework.exchange / COURSE_ID / "inbound").is_dir():
        summary.notes.append(trainer_words("collect.no-exchange"))
        return
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange import ExchangeError, ExchangeFactory

    unproven = 0
    with progress_bar(trainer_words("collect.exchange-bar"), len(slugs), quiet=quiet) as step:
        for slug in slugs:
            coursedir = CourseDirectory(config=coursework.config)
            coursedir.assignment_id = slug
            collecting = ExchangeFactory(config=coursework.config).Collect(coursedir=coursedir)
            collecting.update = True
            try:
                collecting.start()
            except ExchangeError as error:
                why = trainer_words("collect.exchange-unreadable", error=error)
                summary.refused.append(Refusal(trainer_words("collect.exchange-name"), slug, why))
            else:
                summary.refused += collecting.refused
                unproven += len(collecting.unproven)
            step(slug)
    if unproven:
        summary.notes.append(trainer_words("collect.unproven", n=unproven))


def _from_inbox(coursework: Coursework, slugs: Sequence[str], summary: Summary, *, quiet: bool) -> None:
    if not coursework.inbox.is_dir():
        summary.notes.append(trainer_words("collect.no-inbox"))
        return
    with coursework.gradebook() as gradebook:
        roster, results = Roster.read(gradebook), InboxResults(due_moments(coursework, gradebook))
        label, total = trainer_words("collect.inbox-bar"), count_inbox_files(coursework.inbox)
        try:
            with progress_bar(label, total, quiet=quiet) as step:
                collect_inbox(coursework, slugs, roster, results, step)
        finally:
            roster.save(gradebook)
            summary.collected, summary.refused = results.collected, [*summary.refused, *results.refused]
            summary.notes += results.notes
