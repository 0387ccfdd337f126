"""Choose a day."""

from __future__ import annotations

import datetime

from course.activities import controls
from course.activities.card import Card
from course.activities.controls import Button, Control
from course.activities.syntax import read_words
from course.content import read_day, say_day
from course.content import words as say
from course.core.moments import today
from course.records.answers.answers import Answers


class Date(Card):
    """Ask for a day. Until one is kept, the card offers the day that is `days` from now.

    The answer is a text such as 2026-11-22.
    """

    kind = "date"

    def __init__(self, key: str, answers: Answers, words: str, days: int = 30) -> None:
        super().__init__(key, answers)
        self.words = read_words(words, key)
        self.days = days

    @property
    def day(self) -> str:
        """The day that was chosen, or an empty text."""
        return _day(self.value)

    @property
    def offered(self) -> str:
        """The day on the card: the one that was kept, else so many days from now."""
        return self.day or (today() + datetime.timedelta(days=self.days)).isoformat()

    def body(self) -> list[Control]:
        """Return the field for the day."""
        return [*controls.lead(self.words.lead), controls.date("date", self.words.question, self.offered)]

    def change(self, control: str, value: object) -> None:
        """Keep a day; an empty field takes it away again."""
        if control == "date" and (value == "" or _day(value)):
            self.save(_day(value) or None)

    def is_offered(self, control: str) -> bool:
        """Say whether no day is kept: the one on the card is another one tomorrow."""
        return not self.day

    def actions(self) -> list[Button]:
        """Offer to keep the day that is shown."""
        return [] if self.day else [controls.button("keep", say("button.keep-day"), main=True)]

    def act(self, button: str) -> None:
        """Keep the day that is shown."""
        if button == "keep" and not self.day:
            self.save(self.offered)

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return the question and the day, with its month by name."""
        day = read_day(self.value)
        return [(self.words.question, say_day(day) if day else "")]


def _day(value: object) -> str:
    """Return a day as it is kept, or an empty text for what is none.

    >>> _day("2026-02-03"), _day("soon"), _day(5)
    ('2026-02-03', '', '')
    """
    day = read_day(value)
    return day.isoformat() if day else ""
