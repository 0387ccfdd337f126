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

from course.privacy.cells import FEW, HIDDEN, Hidden, Part, Shown
from course.privacy.differencing import changed
from course.privacy.live_release import LiveQuestion, by_fives
from course.privacy.release import Kind, Picture, Sentence, Wire
from course.privacy.suppression import FEWEST, Group, Kept, kept_counts
from course.privacy.text_release import Wall

__all__ = [
    "FEW",
    "FEWEST",
    "HIDDEN",
    "Group",
    "Hidden",
    "Kept",
    "Kind",
    "LiveQuestion",
    "Part",
    "Picture",
    "Sentence",
    "Shown",
    "Wall",
    "Wire",
    "by_fives",
    "changed",
    "kept_counts",
]
