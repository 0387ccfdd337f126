"""Rounds for tests: where they are stored, and people who answer in them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from course.content.scales import find_scale
from course.others.round_table import RoundTable
from course.others.rounds import Rounds
from course.records.raters.round_wire import RoundSecret
from course.workshop.store.session_keys import KeyFolder

MONDAY: Final = datetime.datetime(2026, 11, 30, 15, 20).astimezone()
"""When the rounds of these tests are made."""
CODES: Final = [item.code for item in find_scale("habits").items]


@dataclass(frozen=True)
class RoundPlace:
    """A database and the folder of its keys."""

    url: str
    keys: Path

    def open(self) -> Rounds:
        """Return the rounds there, as a server or a command that has just started has them."""
        return Rounds(RoundTable(self.url), KeyFolder(self.keys))

    def key_files(self) -> list[Path]:
        return sorted(self.keys.glob("*-*.json*"))


def days(number: float) -> datetime.datetime:
    """Return the moment so many days after MONDAY."""
    return MONDAY + datetime.timedelta(days=number)


def form_of(point: int | None) -> Mapping[str, int | None]:
    """Return a form with the same answer on each item."""
    return dict.fromkeys(CODES, point)


def send(
    rounds: Rounds,
    secret: RoundSecret,
    form: Mapping[str, int | None],
    now: datetime.datetime = MONDAY,
    token: str = "",
) -> str:
    """Send a form as one rater does who opens the link; return the rater's token."""
    opened = rounds.find_link(secret.link, now)
    assert opened
    token = token or opened.new_token()
    rater = opened.rater(token)
    assert rater
    rounds.save(opened, rater, form, now)
    return token


def answered_round(rounds: Rounds, points: list[int | None], number_of_days: int = 7) -> RoundSecret:
    """Return the secret of a round made on MONDAY in which people have answered since."""
    secret = RoundSecret.new()
    rounds.create(secret, number_of_days, MONDAY)
    for point in points:
        send(rounds, secret, form_of(point))
    return secret
