"""Many people: every rule by which a small group stays hidden. No chart, page, table or export goes round it.

| Module | Rule | For |
|---|---|---|
| `kept` | R2 | reports that are kept: ten people or more, parts of five or more, no hidden part to be worked out |
| `live`, `pictures` | R1 | one question of a live room: what may be on the wire, and when |
| `earlier` | R1 | whether a question that is asked again may be shown beside the first time |
| `change` | R1, R2 | how many answers differ between two pictures of one group |
| `wall` | R4 | lines that people wrote: approved, five at a time, shuffled |

Plain Python without input, output or clock.
"""

from __future__ import annotations

from course.privacy.cells import MIN_CELL, SUPPRESSED, Cell, PublishedCount, Suppressed
from course.privacy.differencing import changed
from course.privacy.live_release import LiveQuestion, rounded_down
from course.privacy.release import Distribution, Notice, Release, ResponseType
from course.privacy.suppression import MIN_GROUP, Group, SuppressedTable, suppress_counts
from course.privacy.text_release import TextRelease

__all__ = [
    "MIN_CELL",
    "MIN_GROUP",
    "SUPPRESSED",
    "Cell",
    "Distribution",
    "Group",
    "LiveQuestion",
    "Notice",
    "PublishedCount",
    "Release",
    "ResponseType",
    "Suppressed",
    "SuppressedTable",
    "TextRelease",
    "changed",
    "rounded_down",
    "suppress_counts",
]
