"""The thresholds, and a cell of a table: a count that may be published, or that it is suppressed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from course.core.percentages import whole_percent

MIN_CELL: Final = 5
"""The minimum cell count of reports, where no cell of fewer people is published.

It is also how many answers a live question, a wall or a round needs before anything of it is published. What is then
published of a live question may have smaller cells: see `release`.
"""
MIN_CHANGE: Final = 2 * MIN_CELL
"""By how many people at least a release grows, and how many must have acted before another may follow it."""


@dataclass(frozen=True)
class PublishedCount:
    """A number of people that may be published. Only `course.privacy` makes one; a chart takes nothing else."""

    count: int
    of: int
    """How many people the whole table has."""

    @property
    def percent(self) -> int:
        """The share in whole percent, a half going up.

        With fewer than a hundred people it tells the count. That is allowed: the count itself may be published.

        >>> PublishedCount(7, 24).percent, PublishedCount(1, 8).percent
        (29, 13)
        """
        return whole_percent(self.count, self.of) or 0


@dataclass(frozen=True)
class Suppressed:
    """A cell that is not published. It says nothing else: neither how small it is, nor why."""


SUPPRESSED: Final = Suppressed()
Cell: TypeAlias = PublishedCount | Suppressed
