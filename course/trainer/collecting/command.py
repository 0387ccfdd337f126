"""Collect what was handed in, both ways: through nbgrader's exchange, and as files in `inbox/`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

from course.content import trainer_words
from course.core.names import is_folder_name
from course.trainer.collecting.exchange_folders import count_unproven
from course.trainer.collecting.inbox import InboxResults, collect_inbox
from course.trainer.collecting.inbox_scan import count_inbox_files
from course.trainer.collecting.roster import Roster
from course.trainer.collecting.submission_store import finish_all
from course.trainer.command_support import progress_bar, single_instance
from course.trainer.course_directory import Coursework
from course.trainer.due_moments import read_due_moments, write_due_moments
from course.trainer.exchange_layout import ExchangeLayout, exchange_layout, inbound_folder
from course.trainer.next_steps import after_collecting
from course.trainer.summary import Refusal, Summary, UndecidedHandIn, standings, with_refused

_SHOWN: Final = 5
"""How many folders of nobody on the roster are named."""


def run(slugs: tuple[str, ...], *, quiet: bool) -> Summary:
    """Collect these exercises, or all, in the course directory."""
    coursework = Coursework.here()
    return collect(coursework, coursework.chosen(slugs), quiet=quiet)


def collect(coursework: Coursework, slugs: Sequence[str], *, quiet: bool = False) -> Summary:
    """Collect these exercises. Collecting again changes nothing that was collected."""
    summary = Summary("collect", zone=str(coursework.cohort.zone))
    busy = "This folder is being collected already."
    with single_instance("collect", coursework.root, busy):
        for place in finish_all(coursework):
            why = trainer_words("collect.not-stored", reason=place.reason)
            summary.refused.append(Refusal(place.learner, place.slug, why))
        summary.notes += write_due_moments(coursework)
        try:
            _from_exchange(coursework, slugs, summary, quiet=quiet)
            _from_inbox(coursework, slugs, summary, quiet=quiet)
        except KeyboardInterrupt:
            summary.stopped = True
            finish_all(coursework)
        now = standings(coursework, slugs)
        summary.standings = now if summary.stopped else with_refused(now, summary.refused)
    summary.next_steps = after_collecting(
        coursework,
        slugs,
        undecided=sum(isinstance(refusal, UndecidedHandIn) for refusal in summary.refused),
        waiting=summary.waiting,
        refused=len(summary.refused),
    )
    return summary


def _from_exchange(coursework: Coursework, slugs: Sequence[str], summary: Summary, *, quiet: bool) -> None:
    if sys.platform == "win32" or not inbound_folder(coursework.exchange).is_dir():
        summary.notes.append(trainer_words("collect.no-exchange"))
        return
    with coursework.read_gradebook() as gradebook:
        unproven = count_unproven(coursework, slugs, Roster.read(gradebook))
    if unproven is None:
        unproven = _collect_exchange(coursework, slugs, summary, quiet=quiet)
    if unproven:
        summary.notes.append(trainer_words("collect.unproven", n=unproven))
    if strangers := _strangers(coursework):
        shown = ", ".join(strangers[:_SHOWN]) + (", …" if len(strangers) > _SHOWN else "")
        summary.notes.append(trainer_words("collect.strangers", n=len(strangers), names=shown))


def _strangers(coursework: Coursework) -> list[str]:
    """Return whose folders have hand-ins and are of nobody on the roster, where each learner has a folder."""
    if exchange_layout() is not ExchangeLayout.BY_LEARNER:
        return []
    with coursework.read_gradebook() as gradebook:
        roster = Roster.read(gradebook)
    folders = [path for path in sorted(inbound_folder(coursework.exchange).iterdir()) if is_folder_name(path.name)]
    unknown = [path for path in folders if path.is_dir() and path.name not in roster.people] if roster.is_closed else []
    return [path.name for path in unknown if not path.is_symlink() and any(path.iterdir())]


def _collect_exchange(coursework: Coursework, slugs: Sequence[str], summary: Summary, *, quiet: bool) -> int:
    """Collect through nbgrader; return of how many learners nothing but a name says whose folder it is."""
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
    return unproven


def _from_inbox(coursework: Coursework, slugs: Sequence[str], summary: Summary, *, quiet: bool) -> None:
    if not coursework.inbox.is_dir():
        summary.notes.append(trainer_words("collect.no-inbox"))
        return
    with coursework.read_gradebook() as gradebook:
        roster, due = Roster.read(gradebook), read_due_moments(coursework, gradebook)
    results = InboxResults(due)
    label, total = trainer_words("collect.inbox-bar"), count_inbox_files(coursework.inbox)
    try:
        with progress_bar(label, total, quiet=quiet) as step:
            collect_inbox(coursework, slugs, roster, results, step)
    finally:
        if roster.newcomers:
            with coursework.gradebook() as own:
                roster.save(own)
        summary.collected, summary.refused = results.collected, [*summary.refused, *results.refused]
        summary.notes += results.notes
