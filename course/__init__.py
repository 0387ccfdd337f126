"""Building Trust: the package that the course's notebooks import.

A notebook makes one call and gets what it needs:

    from course import lesson
    ask, show = lesson("two-questions")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from course.core import __version__

if TYPE_CHECKING:
    from course.activities import Ask
    from course.activities.marks import Mark
    from course.charts import Show
    from course.charts.chart import Chart
    from course.trainer.desk import Desk
    from course.trainer.report.notebook_cells import CohortCells

__all__ = ["__version__", "cohort", "desk", "exercise", "lesson", "my_charts", "my_journal", "my_record", "start"]


def lesson(name: str) -> tuple[Ask, Show]:
    """Return `ask`, which keeps answers on that lesson's page of the journal, and `show`, which draws from it.

    `name` is the lesson's key, or a name that it had in an earlier version.
    Raises UnknownLesson for a name that is in no list of lessons.
    """
    from course.activities import Ask
    from course.activities.notebook_cards import PastAnswers
    from course.charts import Show
    from course.content.lessons import find_page
    from course.records.journal import Journal

    journal = Journal()
    page = find_page(name)
    return Ask(journal.page(page), past=PastAnswers(journal.folder)), Show(journal, page)


def exercise(name: str, version: int = 1) -> tuple[Ask, Mark]:
    """Return `ask`, which keeps answers beside the notebook, and `mark`, which marks them.

    `version` is that of the exercise in this notebook; it goes into the file of answers, so that no answer is ever
    marked by another version's keys. A learner with an earlier version than today's is told so.
    While nbgrader marks, answers are only read. In `source/` they stay in memory,
    so that an author's tries are never released. Anywhere else the learner may share ratings
    from their journal; in those two places it is not opened. Raises UnknownLesson for an unknown name.
    """
    import os
    from pathlib import Path

    from course.activities import Ask
    from course.activities.marks import Mark
    from course.activities.notebook_cards import PastAnswers
    from course.content.lessons import find_lesson
    from course.core import names
    from course.records.answers.answers import Answers
    from course.records.journal import Journal

    key = find_lesson(name).key
    marking = os.environ.get("NBGRADER_EXECUTION", "")
    file = Path.cwd() / names.ANSWERS
    is_source = file.parent.parent.name == names.SOURCE
    if marking:
        answers = Answers.read_only(file, "exercise", key, version=version)
    else:
        answers = Answers(None if is_source else file, "exercise", key, version=version)
        if version < find_lesson(name).version:
            _say_that_it_is_earlier()
    journal = None if marking or is_source else Journal()
    past = PastAnswers(journal.folder) if journal else None
    ask = Ask(answers, is_static=bool(marking), journal=journal, past=past)
    return ask, Mark(answers, marking, ask.options)


def _say_that_it_is_earlier() -> None:
    from course.content import edition_language, words
    from course.core.pages.html import element
    from course.core.pages.output import show_html

    show_html(element("p", edition_language().declared, element("strong", words("exercise.earlier"))))


def start() -> None:
    """Show what to do next and the list of lessons, with the learner's own progress.

    It also says what became of each exercise in this working copy, where nbgrader's exchange is set up or a hand-in
    file was made, and puts feedback that came as a file into place. Once a day to come back to the plan is kept, it
    offers the days for the calendar that are still to come.
    """
    from pathlib import Path

    from course.activities.lesson_progress import progress
    from course.charts.start_page import lessons_html
    from course.content import words
    from course.core import names
    from course.core.pages.output import show_html
    from course.learner.working_copy import find_exchange, is_working_copy
    from course.records.feedback_file import put_feedback_into_place
    from course.records.journal import Journal
    from course.records.reminders import days_to_come
    from course.records.submissions import submission_statuses

    journal, copy = Journal(), Path.cwd().parent
    problems = put_feedback_into_place(copy) if is_working_copy(copy) else []
    handed_in = submission_statuses(copy / names.RELEASE, find_exchange())
    label = words("synthetic.label") if journal.is_synthetic else ""
    show_html(lessons_html(progress(journal), handed_in, label, problems, days_to_come(journal)))


def my_journal() -> None:
    """Show everything that the learner wrote in lessons, to search, to take along and to erase."""
    from course.charts import journal_charts
    from course.core.pages.output import show_widget
    from course.learner.journal.panel import JournalPanel
    from course.records.journal import Journal

    journal = Journal()
    show_widget(JournalPanel(journal, lambda: journal_charts(journal)))


def my_charts() -> None:
    """Show the learner's charts of the whole course: the map, the habits, the pulse and the look back."""
    from course.charts import Show
    from course.records.journal import Journal

    show = Show(Journal())
    show.map()
    show.items()
    show.pulse()
    show.yardstick()


def my_record() -> None:
    """Show the learner's record of completion, to fill in, to save and to print. Nothing of it is stored."""
    from course.core.pages.output import show_widget
    from course.learner.record.panel import RecordPanel
    from course.records.journal import Journal

    def charts() -> list[Chart]:
        from course.charts import journal_charts

        return journal_charts(journal)

    journal = Journal()
    show_widget(RecordPanel(journal, charts))


def cohort(synthetic: str = "") -> CohortCells:
    """Return the trainer's cohort, whose methods show the parts of its report.

    `synthetic="A"` gives a made-up one, labelled as that, so that every part can be seen before there is any data.
    """
    from course.core.packages import explain_missing_packages

    with explain_missing_packages():
        from course.trainer.report.notebook_cells import open_cohort

        return open_cohort(synthetic)


def desk() -> Desk:
    """Return the trainer's desk, whose methods show the steps from the roster to the report with buttons."""
    from course.core.packages import explain_missing_packages

    with explain_missing_packages():
        from course.trainer.desk import Desk

        return Desk()
