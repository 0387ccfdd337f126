"""Offer a day for the calendar, on which the learner is reminded of the lesson's one thing to try."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Sequence
from typing import Final

from course.activities import controls
from course.activities.card import Card
from course.activities.controls import Control
from course.activities.past_words import PastWords, Reference, first_in_words
from course.content import say_day
from course.content import words as say
from course.content.lessons import lessons
from course.content.reminders import USUAL_DAYS, lesson_reminder
from course.core.calendar_file import MEDIA_TYPE, CalendarEvent, calendar_bytes
from course.core.moments import today
from course.records.answers.answers import Answers
from course.records.reminders import calendar_id, lesson_event

SOONEST: Final = 1
LATEST: Final = 365
_OWN: Final = "own"


class Remind(Card):
    """Offer a calendar file for so many days from now; nothing is kept among the answers.

    What the learner planned in the lesson goes into it only where they tick that.
    """

    kind = "remind"
    asks = False

    def __init__(self, key: str, answers: Answers, past: PastWords | None = None) -> None:
        super().__init__(key, answers)
        reminder = lesson_reminder(answers.name)
        self._days = reminder.days if reminder else USUAL_DAYS
        self._past = past
        self._is_own = False
        self._is_number_wrong = False

    @functools.cached_property
    def _calendar_id(self) -> str:
        return calendar_id(self.answers)

    @property
    def references(self) -> Sequence[Reference]:
        """The cards of this lesson on which the learner plans something."""
        plans = next((lesson.plans for lesson in lessons() if lesson.key == self.answers.name), ())
        return [Reference(self.answers.name, card) for card in plans]

    @property
    def day(self) -> datetime.date:
        """The day of the reminder."""
        return today() + datetime.timedelta(days=self._days)

    @property
    def event(self) -> CalendarEvent:
        """The day as it goes into the calendar."""
        return lesson_event(self.answers.name, self.day, self._calendar_id, self._own_words() if self._is_own else "")

    def controls(self) -> list[Control]:
        """Return everything on the card; it has no Skip, because no answer is asked for."""
        lesson = next((lesson for lesson in lessons() if lesson.key == self.answers.name), None)
        if lesson is None:  # nothing is known of what to try
            return []
        name = say("reminder.lesson-file", number=lesson.number)
        data = calendar_bytes(self.event)
        return [
            *self.body(),
            controls.text("day", say("reminder.day", day=say_day(self.day)), "plain", live=True),
            controls.download("download", say("reminder.download"), name, data, MEDIA_TYPE),
            controls.text("how", say("reminder.how"), "help"),
        ]

    def body(self) -> list[Control]:
        """Return what the day says, in how many days it is, and the tick for one's own words in it."""
        has_own = bool(self._own_words())
        inside = say("reminder.inside-own" if has_own and self._is_own else "reminder.inside")
        option = controls.choice(_OWN, say("reminder.own-option"))
        ticked = [_OWN] if self._is_own else []
        notice = controls.text("notice", say("reminder.not-days", low=SOONEST, high=LATEST), "warning", live=True)
        wrong = [notice] if self._is_number_wrong else []
        return [
            controls.text("question", say("reminder.ask"), "question"),
            controls.text("inside", inside, "plain", live=True),
            controls.number(
                "days", say("reminder.days"), self._days, SOONEST, LATEST, 1, wrong=notice["id"] if wrong else ""
            ),
            *wrong,
            *([controls.checks("own", say("reminder.own-legend"), [option], ticked)] if has_own else []),
        ]

    def _own_words(self) -> str:
        """Return what the learner planned in this lesson, or an empty text."""
        return first_in_words(self._past, self.references) if self._past else ""

    def change(self, control: str, value: object) -> None:
        """Take the number of days, or the tick; both hold for this window."""
        if control == "days":
            if isinstance(value, int) and not isinstance(value, bool) and SOONEST <= value <= LATEST:
                self._days, self._is_number_wrong = value, False
            else:
                self._is_number_wrong = True
        elif control == "own" and isinstance(value, dict) and isinstance(value.get(_OWN), bool):
            self._is_own = value[_OWN]

    def press(self, button: str) -> None:
        """Do nothing: the browser has the file already."""

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return nothing: this card asks no question."""
        return []
