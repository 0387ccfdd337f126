"""Get feedback pages ready to go back the way the exercises came: the exchange, a zip a learner, one a platform."""

from __future__ import annotations

import glob
from collections.abc import Collection, Sequence
from typing import Final

from course.content import trainer_words
from course.content.lessons import lesson_names
from course.core import names
from course.trainer.collecting.roster import Roster
from course.trainer.course_directory import Coursework
from course.trainer.exchange_layout import released_feedback
from course.trainer.feedback.files import FOLDER, PageKey, beside, came_by_exchange, feedback_file, put_zip
from course.trainer.feedback.platform_files import write_platform_zips
from course.trainer.summary import Refusal, Summary

_OWN_RELEASE: Final = "course.trainer.collecting.exchange.ReleaseFeedback"


def deliver(
    coursework: Coursework, pages: Sequence[PageKey], held: Collection[PageKey], roster: Roster, summary: Summary
) -> None:
    """Send what can be sent, make files of the rest, and say in the summary what a trainer does next.

    `held` are pages that wait to be read: an older page of one, which may be there, goes into no new zip.
    """
    by_exchange = [page for page in pages if came_by_exchange(coursework, page)]
    in_files = [page for page in pages if page not in set(by_exchange)]
    if by_exchange:
        _release(coursework, by_exchange, summary)
    _write_learner_zips(coursework, in_files, held, summary)
    if in_files:
        write_platform_zips(coursework, in_files, held, roster, summary)


def _release(coursework: Coursework, pages: Sequence[PageKey], summary: Summary) -> None:
    """Release pages as `nbgrader release_feedback` does; those that are there already need no nbgrader."""
    if not coursework.exchange.is_dir():
        note = trainer_words("feedback.no-exchange", n=len(pages), folder=coursework.exchange)
        summary.notes.append(note)
        return
    left = [page for page in pages if not _is_released(coursework, page)]
    refused = _release_by_nbgrader(coursework, left) if left else []
    summary.refused += refused
    summary.notes.append(trainer_words("feedback.by-exchange", n=len(pages) - len(refused)))


def _is_released(coursework: Coursework, page: PageKey) -> bool:
    """Say whether releasing a page would change nothing, in the course's own way of releasing."""
    if coursework.config.get("ExchangeFactory", {}).get("release_feedback") != _OWN_RELEASE:
        return False
    slug, learner = page
    folder = coursework.folder(names.FEEDBACK, learner, slug)
    secret = beside(coursework, page, names.FEEDBACK, names.SECRET)
    own = folder / names.feedback_page_name(slug)
    if not (folder / names.TIMESTAMP).is_file() or list(folder.glob("*.html")) != [own]:
        return False
    released = released_feedback(coursework.exchange, learner)
    try:
        data = own.read_bytes()
        return all(
            (released / names.feedback_exchange_name(secret, name)).read_bytes() == data for name in lesson_names(slug)
        )
    except OSError:
        return False


def _release_by_nbgrader(coursework: Coursework, pages: Sequence[PageKey]) -> list[Refusal]:
    """Release one learner's page at a time, so that none stops the others, and return those that cannot be."""
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange import ExchangeError, ExchangeFactory

    directory, factory = CourseDirectory(config=coursework.config), ExchangeFactory(config=coursework.config)
    refused = []
    for slug, learner in pages:
        directory.assignment_id, directory.student_id = slug, glob.escape(learner)
        try:
            factory.ReleaseFeedback(coursedir=directory, config=coursework.config).start()
        except (ExchangeError, OSError) as error:
            why = trainer_words("feedback.exchange-refused", reason=error)
            refused.append(Refusal(learner, slug, why))
    return refused


def _write_learner_zips(
    coursework: Coursework, pages: Sequence[PageKey], held: Collection[PageKey], summary: Summary
) -> None:
    """Make one zip a learner, with all of that learner's feedback on exercises that came as files."""
    folder = coursework.root / FOLDER / "for-learners"
    learners = list(dict.fromkeys(learner for _, learner in pages))
    given = {
        (slug, learner)
        for slug in coursework.assignments.values()
        for learner in coursework.learners_at(names.FEEDBACK, slug)
    }.difference(held)
    written = 0
    for learner in learners:
        slugs = [slug for slug in coursework.assignments.values() if (slug, learner) in given]
        if contents := feedback_file(coursework, learner, slugs):
            put_zip(folder / f"feedback-{learner}.zip", contents)
            written += 1
    if written:
        summary.notes.append(trainer_words("feedback.learner-zips", folder=f"{FOLDER}/{folder.name}", n=written))
    if written < len(learners):
        note = trainer_words("feedback.no-time", n=len(learners) - written, folder=names.FEEDBACK)
        summary.notes.append(note)
