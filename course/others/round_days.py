"""The days of a round: until when raters can answer, when the owner can open, and when it is over.

All of them end at midnight by the server's clock. The count is looked at then too, and at no other time: whoever
watches it never learns more than on which day the fifth person had answered.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from course.core import moments


@dataclass(frozen=True)
class RoundDays:
    """The days of one round, all told by the day on which it is over."""

    over_on: datetime.date
    """The day at whose beginning all of the round is erased."""

    @classmethod
    def beginning(cls, now: datetime.datetime, days: int) -> RoundDays:
        """Return the days of a round that is made now and lasts so many days, today being the first.

        >>> made = datetime.datetime(2026, 11, 30, 15, 0).astimezone()
        >>> week = RoundDays.beginning(made, 7)
        >>> str(week.last_answers), str(week.last_opening)
        ('2026-12-05', '2026-12-06')
        """
        return cls(moments.local(now).date() + datetime.timedelta(days=days))

    @property
    def last_answers(self) -> datetime.date:
        """The last day on which raters can answer: one before the last, so that the last of them are counted too."""
        return self.over_on - datetime.timedelta(days=2)

    @property
    def last_opening(self) -> datetime.date:
        """The last day on which the owner can open the result."""
        return self.over_on - datetime.timedelta(days=1)

    @property
    def end(self) -> datetime.datetime:
        """The moment at which all of the round is erased."""
        return moments.start_of_day(self.over_on)

    def takes_answers(self, now: datetime.datetime) -> bool:
        """Say whether raters can answer."""
        return now < moments.start_of_day(self.last_opening)

    def is_over(self, now: datetime.datetime) -> bool:
        """Say whether all of the round is to be erased."""
        return now >= self.end


def next_look(now: datetime.datetime) -> datetime.datetime:
    """Return when the answers are next counted: as the day ends."""
    return moments.start_of_day(moments.local(now).date() + datetime.timedelta(days=1))
