"""Statistical disclosure control: every rule by which a small group stays hidden.

No chart, page, table or export goes round it.

| Module | Rule | Decides |
|---|---|---|
| `cells` | all | the thresholds, and what a published or a suppressed cell is |
| `suppression` | R2 | the tables of a report: threshold, primary and complementary suppression |
| `release` | R1 | one release of a live question: threshold, banding, no homogeneous group |
| `repeat_release` | R1 | whether a question asked again may be released: protection against differencing |
| `earlier_session` | R1 | the same beside the totals of an earlier session, of which only the publication is known |
| `live_release` | R1 | the life of one live question: when it may be released, and how a release may grow |
| `two_sources` | R1 | the same for answers on phones and on paper, of which somebody knows one exactly |
| `rater_release` | R3 | what the owner of a round may see of what raters answered about them |
| `text_release` | R4 | lines that people wrote: approved, in groups of five writers, shuffled |
| `reading_batches` | R4 | when these lines come to the facilitator: in batches of five writers, at odd moments |
| `shuffling` | R4 | the order of people, and of their lines, which nobody can foresee |
| `admissions` | R1, R4 | who is admitted, and what leaves with phones that are removed, as all that came in last are |

Terms and methods are those of A. Hundepool and others, *Statistical Disclosure Control* (Wiley, 2012,
doi:10.1002/9781118348239): a frequency table's cells, a minimum cell count (threshold rule), primary suppression of
small cells, complementary (secondary) suppression so that margins do not give them back, group attribute disclosure
where a group is homogeneous, and differencing between two releases. For how such outputs are checked in the United
Kingdom see the *SDC Handbook* (Safe Data Access Professionals, version 1.0, 2019). The thresholds, five in a cell and
ten in a group, are the course's own choice.

Each module says which attacker it guards against and what it does not promise; the tests try every small group.
Plain Python without input, output or clock.
"""

from __future__ import annotations

from course.privacy.admissions import Admissions
from course.privacy.cells import MIN_CELL, SUPPRESSED, Cell, PublishedCount, Suppressed
from course.privacy.live_release import LiveQuestion, rounded_down
from course.privacy.reading_batches import ReadingBatches
from course.privacy.release import Distribution, Notice, Release, ResponseType
from course.privacy.suppression import MIN_GROUP, Group, SuppressedTable, suppress_counts
from course.privacy.text_release import TextRelease
from course.privacy.two_sources import TwoSourceQuestion

__all__ = [
    "MIN_CELL",
    "MIN_GROUP",
    "SUPPRESSED",
    "Admissions",
    "Cell",
    "Distribution",
    "Group",
    "LiveQuestion",
    "Notice",
    "PublishedCount",
    "ReadingBatches",
    "Release",
    "ResponseType",
    "Suppressed",
    "SuppressedTable",
    "TextRelease",
    "TwoSourceQuestion",
    "rounded_down",
    "suppress_counts",
]
