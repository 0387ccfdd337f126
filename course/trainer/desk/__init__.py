"""The trainer's desk: each step from the roster to the report with buttons, in `notebooks/for-trainers.ipynb`.

A step does what the command of its name does, in a process of its own, and can be stopped as that can.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence

from course.content import trainer_words
from course.content.lessons import lessons
from course.core.errors import CourseError
from course.core.pages.output import show_widget
from course.trainer.course_directory import Coursework
from course.trainer.desk.due_steps import due_fields, more_time_fields
from course.trainer.desk.panel import StepPanel
from course.trainer.desk.shown import Field, StepButton, button, control, file_field, one_of, several
from course.trainer.dropped_lists import WHEN_OPENED, clear_lists


class Desk:
    """The parts of the desk. Each method shows one; after a step, all that are on the page are read anew."""

    def __init__(self) -> None:
        self._panels: list[StepPanel] = []
        with contextlib.suppress(CourseError):  # each part says it in its own place
            clear_lists(Coursework.here(), WHEN_OPENED)

    def roster(self) -> None:
        """Show where a list of people is dropped; what it changes is shown before anything is written."""
        self._show("roster", [_button("look-at-roster")], lambda: [_people(), control("tick", "remove")])

    def due(self) -> None:
        """Show when each exercise is due, to look at and to change."""
        buttons = [_button("look-at-due"), _button("due")]
        self._show("due", buttons, lambda: due_fields(_names_of_exercises()))

    def more_time(self) -> None:
        """Show what gives one learner more time, or takes it back."""
        buttons = [button("look-at-due", trainer_words("desk.do-look-at-more-time"))]
        self._show("more-time", buttons, lambda: more_time_fields(_names_of_exercises()))

    def release(self) -> None:
        """Show what releases exercises."""
        self._show("release", [_button("release")], lambda: [_exercises()])

    def collect(self) -> None:
        """Show where hand-in files are dropped, and what collects them."""
        self._show("collect", [_button("collect")], lambda: [_inbox()])

    def missing(self) -> None:
        """Show what lists who has not handed in what is due."""
        self._show("missing", [_button("missing")], lambda: [_exercises()])

    def mark(self) -> None:
        """Show what marks, and what leads to the reflections that a person has to read."""
        self._show("mark", [_button("grade"), _button("read")], lambda: [_exercises(), control("tick", "again")])

    def second_marks(self) -> None:
        """Show what has a colleague mark one in ten reflections too, and what reads their marks."""
        buttons = [_button("second-marks"), _button("read-second-marks")]
        self._show("second-marks", buttons, lambda: [_exercises(), _filled(), control("line", "by")])

    def feedback(self) -> None:
        """Show what makes feedback."""
        self._show("feedback", [_button("feedback")], lambda: [_exercises(), control("tick", "unread")])

    def marks(self) -> None:
        """Show what makes the file that takes marks back to a learning platform."""
        self._show("marks", [_button("marks")], lambda: [_exercise(), _sheet(), control("line", "column")])

    def report(self) -> None:
        """Show what makes the report."""
        self._show("report", [_button("report")], lambda: [control("tick", "new-record")])

    def forget(self) -> None:
        """Show what removes a learner who leaves, with all that is kept of them."""
        self._show("forget", [_button("look-at-learner")], lambda: [control("line", "learner")])

    def _show(self, name: str, buttons: Sequence[StepButton], fields: Callable[[], Sequence[Field]]) -> None:
        panel = StepPanel(trainer_words(f"desk.title-{name}"), buttons, fields, on_change=self._refresh)
        self._panels.append(panel)
        show_widget(panel)

    def _refresh(self) -> None:
        self._panels = [panel for panel in self._panels if panel.comm is not None]
        for panel in self._panels:
            panel.refresh()


def _button(step: str) -> StepButton:
    return button(step, trainer_words(f"desk.do-{step}"))


def _exercises() -> Field:
    """Return the list of exercises to choose from."""
    hint = trainer_words("desk.exercises-hint")
    return several("exercises", trainer_words("desk.exercises"), _names_of_exercises(), hint)


def _names_of_exercises() -> list[tuple[str, str]]:
    return [(lesson.key, f"{lesson.number}. {lesson.title}") for lesson in lessons()]


def _inbox() -> Field:
    inbox = Coursework.here().inbox
    held = sum(1 for path in inbox.iterdir() if not path.name.startswith(".")) if inbox.is_dir() else 0
    hint = trainer_words("desk.inbox-hint", n=held) if held else trainer_words("desk.inbox-empty")
    return file_field("files", trainer_words("desk.inbox"), "inbox", "", hint)


def _people() -> Field:
    """Return the place for a list of people."""
    count = 0
    coursework = Coursework.here()
    if coursework.has_gradebook:
        with coursework.read_gradebook() as gradebook:
            count = len(gradebook.students)
    hint = " ".join([trainer_words("desk.list-hint"), trainer_words("desk.people", n=count)])
    return file_field("list", trainer_words("desk.list"), "list", ".csv,.tsv,.txt,text/csv", hint)


def _exercise() -> Field:
    """Return the list of exercises of which one is chosen."""
    return one_of("exercise", trainer_words("desk.exercise"), _names_of_exercises())


def _filled() -> Field:
    return file_field("list", trainer_words("desk.filled"), "list", "", trainer_words("desk.filled-hint"))


def _sheet() -> Field:
    return file_field("list", trainer_words("desk.sheet"), "list", "", trainer_words("desk.sheet-hint"))
