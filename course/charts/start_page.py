"""The list of lessons on the start page, with the learner's own progress and what became of the exercises."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import quote

from course.content import edition_language
from course.content import words as say
from course.content.dates import say_day
from course.content.lessons import Lesson, follow_up
from course.core.design_tokens import stylesheet
from course.records.progress import Progress, next_step
from course.records.submissions import SubmissionStatus

_STYLE: Final = stylesheet(Path(__file__).with_name("start_page.css"))
_CELL: Final = '<td role="cell">'
"""The roles say that it is a table also on a narrow page, where its rows are set as blocks."""
_LINK: Final = "\ue000"
"""Stands for a link in a sentence until the sentence is made safe."""


def lessons_html(
    steps: Sequence[Progress], handed_in: Sequence[SubmissionStatus] = (), label: str = "", problems: Sequence[str] = ()
) -> str:
    """Return what to do next, and the lessons as an HTML table with links, minutes and progress.

    `handed_in` is empty where nothing is known of handing in; `label` says above all what kind of data this is,
    and `problems` come after it.
    """
    by_key = {exercise.exercise: exercise for exercise in handed_in}
    columns = ["lesson", "time", "state", *(["exercise"] if by_key else [])]
    head = "".join(f'<th scope="col" role="columnheader">{html.escape(say(f"start.{name}"))}</th>' for name in columns)
    rows = "".join(_row(step, by_key) for step in steps)
    above = "".join(f'<p class="course-label">{html.escape(line)}</p>' for line in (label, *problems) if line)
    notes = [say("start.guess")] if any(step.state == "started" for step in steps) else []
    if waiting := [exercise for exercise in handed_in if exercise.is_waiting]:
        notes.append(
            say("start.fetch", command=f"nbgrader fetch_feedback {waiting[0].assignment or waiting[0].exercise}")
        )
    below = "".join(f"<p>{html.escape(note)}</p>" for note in notes)
    return (
        f"<style>{_STYLE}</style>"
        f'<div class="course-lessons{" course-exercises" if by_key else ""}" {edition_language().attributes}>'
        f"{above}{_next(steps, handed_in)}"
        f'<table role="table"><caption>{html.escape(say("start.caption"))}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{rows}</tbody></table>'
        f"{below}</div>"
    )


def _next(steps: Sequence[Progress], handed_in: Sequence[SubmissionStatus]) -> str:
    """Return the next thing to do as a sentence with a link."""
    step = next_step(steps)
    is_later = step is not None and step.lesson == follow_up()
    left = [
        step.lesson
        for step in steps
        for exercise in handed_in
        if exercise.exercise == step.lesson.key and not (exercise.day or exercise.made)
    ]
    if left and (step is None or is_later):
        return _sentence("next-hand-in", _exercise_link(left[0]))
    if step is None:
        return _sentence("next-nothing", "")
    return _sentence(f"next-{'later' if is_later else step.state}", _lesson_link(step.lesson), step.minutes_left)


def _sentence(name: str, link: str, minutes: int = 0) -> str:
    words = html.escape(say(f"start.{name}", link=_LINK, minutes=minutes))
    return f'<p class="course-next">{words.replace(_LINK, link)}</p>'


def _row(step: Progress, by_key: Mapping[str, SubmissionStatus]) -> str:
    title = html.escape(_title(step.lesson)) if step.state == "in-preparation" else _lesson_link(step.lesson)
    state = html.escape(say(f"start.{step.state}", finished=step.finished, total=step.total))
    name = "minutes-left" if step.state == "started" else "minutes"
    minutes = step.minutes_left if step.state == "started" else step.lesson.minutes
    time = html.escape(say(f"start.{name}", minutes=minutes))
    exercise = f"{_CELL}{_exercise(step.lesson, by_key.get(step.lesson.key))}</td>" if by_key else ""
    cells = f"{_CELL}{time}</td>{_CELL}{state}</td>{exercise}"
    return f'<tr role="row"><th scope="row" role="rowheader">{title}</th>{cells}</tr>'


def _exercise(lesson: Lesson, exercise: SubmissionStatus | None) -> str:
    """Return the exercise of a lesson with what became of it."""
    if exercise is None:
        return ""
    lines = [_exercise_link(lesson), *map(html.escape, _told(exercise))]
    if exercise.page:
        lines.append(_link(_address(exercise.page), say("start.feedback-link", number=lesson.number)))
    return "<br>".join(lines)


def _told(exercise: SubmissionStatus) -> list[str]:
    told = []
    if exercise.day:
        told.append(say("start.handed-in", day=say_day(exercise.day)))
    if exercise.made:
        told.append(say("start.file-made", day=say_day(exercise.made)))
    if not told and not exercise.page:
        told.append(say("start.not-handed-in"))
    if exercise.is_changed:
        told.append(say("start.changed"))
    if exercise.is_waiting:
        told.append(say("start.feedback-waiting"))
    return told


def _address(page: Path) -> str:
    """Return the address of a feedback page as seen from the start page."""
    *_, exercise, feedback, time, name = page.parts
    return quote(f"../exercises/{exercise}/{feedback}/{time}/{name}")


def _title(lesson: Lesson) -> str:
    return lesson.title if lesson == follow_up() else say("start.title", number=lesson.number, title=lesson.title)


def _lesson_link(lesson: Lesson) -> str:
    return _link(f"{lesson.key}.ipynb", _title(lesson))


def _exercise_link(lesson: Lesson) -> str:
    return _link(f"../exercises/{lesson.key}/{lesson.key}.ipynb", say("start.exercise-link", number=lesson.number))


def _link(address: str, words: str) -> str:
    return f'<a href="{html.escape(address)}" data-lm-suppress-shortcuts="true">{html.escape(words)}</a>'
