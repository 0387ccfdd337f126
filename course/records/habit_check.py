"""One person's ratings of the twelve habits at one moment, as they go to a trainer: numbers, and of which version.

Version 0.1.0 of the course sent a list of numbers alone: that is version 1 of the questions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from course.content.scales import VERSION, Scale, find_scale, instrument_version, read_ratings
from course.records.answers.units import Json
from course.records.journal import answered_version

_SCALE: Final = "habits"
_RATINGS: Final = "ratings"

Ratings = list[int | None]
"""An answer to each of the twelve statements in screen order, None where there is none."""


@dataclass(frozen=True)
class HabitCheck:
    """An answer to each statement of one version of the questions."""

    version: int
    ratings: Ratings = field(repr=False)

    @property
    def scale(self) -> Scale:
        """The statements that were rated, and their points."""
        return find_scale(_SCALE).in_version(self.version)

    def by_item(self) -> dict[str, int]:
        """Return the ratings by item code, without those that are missing."""
        rated = zip(self.scale.items, self.ratings, strict=True)
        return {item.code: rating for item, rating in rated if rating is not None}

    def to_json(self) -> dict[str, Json]:
        """Return it as it is kept in a hand-in."""
        return {VERSION: self.version, _RATINGS: self.ratings}


def read_habit_check(saved: object) -> HabitCheck | None:
    """Return what was shared, or None for anything but a point or None for each statement of a known version.

    >>> read_habit_check([4] * 12).version, read_habit_check({"version": 2, "ratings": [4] * 12}).version
    (1, 2)
    >>> read_habit_check([None] * 12), read_habit_check({"version": 99, "ratings": [4] * 12})
    (None, None)
    """
    version, ratings = (saved.get(VERSION), saved.get(_RATINGS)) if isinstance(saved, Mapping) else (1, saved)
    if type(version) is not int or not 1 <= version <= instrument_version() or not isinstance(ratings, list):
        return None
    scale = find_scale(_SCALE).in_version(version)
    points = range(1, len(scale.points) + 1)
    fits = all(rating is None or (type(rating) is int and rating in points) for rating in ratings)
    return HabitCheck(version, ratings) if fits and any(ratings) and len(ratings) == len(scale.items) else None


def journal_habit_check(saved: object) -> HabitCheck | None:
    """Return the ratings in an answer of the journal, in the latest version that was answered; None without any."""
    scale = answered_version(find_scale(_SCALE), saved)
    by_item = read_ratings(scale, saved)
    version = instrument_version() if scale == find_scale(_SCALE) else scale.since
    return HabitCheck(version, [by_item.get(item.code) for item in scale.items]) if by_item else None
