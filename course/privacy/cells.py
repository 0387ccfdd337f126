"""What may be said of one part of a group: a number that is safe to show, or that it is hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

MIN_CELL: Final = 5
"""No part smaller than this is ever shown: not in a room, not on paper."""


@dataclass(frozen=True)
class PublishedCount:
    """A number of people that may be shown. Only the rules in `course.privacy` make one; a chart takes nothing else."""

    count: int
    of: int
    """How many people the whole has."""

    @property
    def percent(self) -> int:
        """The share in whole percent, a half going up.

        With fewer than a hundred people it tells the count. That is allowed: the count itself may be shown.

        >>> PublishedCount(7, 24).percent, PublishedCount(1, 8).percent
        (29, 13)
        """
        return (200 * self.count + self.of) // (2 * self.of) if self.of else 0


@dataclass(frozen=True)
class Suppressed:
    """A number that is not shown. It says nothing else: neither how small it is, nor why it is hidden."""


SUPPRESSED: Final = Suppressed()
Cell: TypeAlias = PublishedCount | Suppressed
