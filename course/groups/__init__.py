"""Many people: every rule by which a small group stays hidden. No chart, page, table or export goes round it.

| Module | Rule | For |
|---|---|---|
| `kept` | R2 | reports that are kept: ten people or more, parts of five or more, no hidden part to be worked out |

Plain Python without input, output or clock.
"""

from __future__ import annotations

from course.groups.kept import FEWEST, Group, Kept, KeptBlocks, kept_blocks, kept_counts
from course.groups.parts import FEW, HIDDEN, Hidden, Part, Shown

__all__ = [
    "FEW",
    "FEWEST",
    "HIDDEN",
    "Group",
    "Hidden",
    "Kept",
    "KeptBlocks",
    "Part",
    "Shown",
    "kept_blocks",
    "kept_counts",
]
