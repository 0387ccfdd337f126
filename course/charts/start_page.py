"""The list of lessons on the start page, with the learner's own progress and what became of the exercises."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import quote

from course.charts.chart import table_of_blocks
from course.content import all_of, edition_language, say_day, words
from course.content.lessons import Lesson, follow_up
from course.content.reminders import Reminder
from course.core.calendar_file import MEDIA_TYPE, CalendarEvent, calendar_bytes
from course.core.errors import AnswersTooNew
from course.core.pages.design_tokens import stylesheet
from course.core.pages.html import Content, Markup, element, fragment, style_element
from course.records.progress import Progress, next_step
from course.records.submissions import SubmissionStatus

_STYLE: Final = stylesheet(Path(__file__).with_name("start_page.css"))
_LINK: Final = "\ue000"
"""The placeholder of a link in a sentence, until the sentence is split there."""


def lessons_html(
    steps: Sequence[Progress],
    handed_in: Sequence[SubmissionStatus] = (),
    label: str = "",
    problems: Sequence[str] = (),
    days: Sequence[tuple[Reminder, CalendarEvent]] = (),
) -> Markup:
    """Return what to do next, and the lessons as an HTML table with links, minutes and progress.

    `handed_in` is empty where nothing is known of handing in; `label` says above all what kind of data this is,
    and `problems` come after it. `days` are offered for the calendar.
    """
    by_key = {status.exercise: status for status in handed_in}
    names = ["lesson", "time", "state", *(["exercise"] if by_key else [])]
    rows = [_row(step, by_key) for step in steps]
    return fragment(
        style_element(_STYLE),
        element(
            "div",
            {"class": f"course-lessons{' course-exercises' if by_key else ''}", **edition_language().declared},
            [element("p", {"class": "course-label"}, line) for line in (label, *_unread(steps), *problems) if line],
            _next(steps, handed_in),
            table_of_blocks([words(f"start.{name}") for name in names], rows, words("start.caption")),
            [element("p", note) for note in _notes(steps, handed_in)],
            _days(days),
        ),
    )


def _unread(steps: Sequence[Progress]) -> list[str]:
    """Return what is wrong with pages of the journal that cannot be read: a sentence for each kind of trouble."""
    too_new = [step for step in steps if isinstance(step.problem, AnswersTooNew)]
    others = [step for step in steps if step.problem and step not in too_new]
    kinds = (("too-new", too_new), ("unread", others))
    return [
        words(f"start.{key}", lessons=all_of(_title(step.lesson) for step in unread)) for key, unread in kinds if unread
    ]


def _notes(steps: Sequence[Progress], handed_in: Sequence[SubmissionStatus]) -> list[str]:
    """Return what is said below the table."""
    notes = [words("start.guess")] if any(step.state == "started" for step in steps) else []
    if waiting := [status for status in handed_in if status.is_waiting]:
        assignment = waiting[0].assignment or waiting[0].exercise
        notes.append(words("start.fetch", command=f"nbgrader fetch_feedback {assignment}"))
    return notes


def _next(steps: Sequence[Progress], handed_in: Sequence[SubmissionStatus]) -> Markup:
    """Return the next thing to do as a sentence with a link."""
    step = next_step(steps)
    is_later = step is not None and step.lesson == follow_up()
    not_handed_in = [
        step.lesson
        for step in steps
        for status in handed_in
        if status.exercise == step.lesson.key and not (status.day or status.made)
    ]
    if not_handed_in and (step is None or is_later):
        return _sentence("next-hand-in", _exercise_link(not_handed_in[0]))
    if step is None:
        is_known = all(step.state != "unknown" for step in steps)
        return _sentence("next-nothing" if is_known else "next-unknown", None)
    return _sentence(f"next-{'later' if is_later else step.state}", _lesson_link(step.lesson), step.minutes_left)


def _days(days: Sequence[tuple[Reminder, CalendarEvent]]) -> Markup | None:
    """Return the days for the calendar, each as a link to its file, which is in the link itself."""
    links = []
    for reminder, event in days:
        data = base64.b64encode(calendar_bytes(event)).decode()
        attributes = {
            "href": f"data:{MEDIA_TYPE};base64,{data}",
            "download": words("reminder.later-file", days=reminder.days),
            "data-lm-suppress-shortcuts": "true",
        }
        label = words("reminder.later-link", days=reminder.days, day=say_day(event.day))
        links.append(element("li", element("a", attributes, label)))
    return fragment(element("p", words("reminder.start")), element("ul", links)) if links else None


def _sentence(name: str, link: Markup | None, minutes: int = 0) -> Markup:
    before, _, after = words(f"start.{name}", link=_LINK, minutes=minutes).partition(_LINK)
    return element("p", {"class": "course-next"}, before, link, after)


def _row(step: Progress, by_key: Mapping[str, SubmissionStatus]) -> list[Content]:
    title = _title(step.lesson) if step.state == "in-preparation" else _lesson_link(step.lesson)
    is_started = step.state == "started"
    minutes = step.minutes_left if is_started else step.lesson.minutes
    time = words("start.minutes-left" if is_started else "start.minutes", minutes=minutes)
    state = words(f"start.{step.state}", finished=step.finished, total=step.total)
    cells: list[Content] = [title, time, state]
    return [*cells, _exercise(step.lesson, by_key.get(step.lesson.key))] if by_key else cells


def _exercise(lesson: Lesson, status: SubmissionStatus | None) -> Markup | None:
    """Return the exercise of a lesson with what became of it, a line for each."""
    if status is None:
        return None
    lines = [_exercise_link(lesson), *_status_lines(status)]
    if status.page:
        lines.append(_link(_address(status.page), words("start.feedback-link", number=lesson.number)))
    first, *others = lines
    return fragment(first, [fragment(element("br"), line) for line in others])


def _status_lines(status: SubmissionStatus) -> list[str]:
    lines = []
    if status.day:
        lines.append(words("start.handed-in", day=say_day(status.day)))
    if status.made:
        lines.append(words("start.file-made", day=say_day(status.made)))
    if not lines and not status.page:
        lines.append(words("start.not-handed-in"))
    if status.is_changed:
        lines.append(words("start.changed"))
    if status.is_reply_new:
        lines.append(words("start.reply-new"))
    if status.is_waiting:
        lines.append(words("start.feedback-waiting"))
    return lines


def _address(page: Path) -> str:
    """Return the address of a feedback page as seen from the start page."""
    *_, exercise, feedback, time, name = page.parts
    return quote(f"../exercises/{exercise}/{feedback}/{time}/{name}")


def _title(lesson: Lesson) -> str:
    return lesson.title if lesson == follow_up() else words("start.title", number=lesson.number, title=lesson.title)


def _lesson_link(lesson: Lesson) -> Markup:
    return _link(f"{lesson.key}.ipynb", _title(lesson))


def _exercise_link(lesson: Lesson) -> Markup:
    address = f"../exercises/{lesson.key}/{lesson.key}.ipynb"
    return _link(address, words("start.exercise-link", number=lesson.number))


def _link(address: str, text: str) -> Markup:
    return element("a", {"href": address, "data-lm-suppress-shortcuts": "true"}, text)
