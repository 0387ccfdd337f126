"""The table of a report for those who ask for tests: of how far a side moved, and how its statements hang together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from course.charts.chart import Table
from course.content.scales import SIDES, find_scale, side_name
from course.trainer.report.public_report import Settled
from course.trainer.report.section import table
from course.trainer.report.statistics import Change, alpha

COLUMNS: Final = (
    "Side",
    "What",
    "People",
    "Median change",
    "Wilcoxon p",
    "Rank-biserial",
    "95% interval",
    "dz",
    "Alpha",
)


def test_row(side: str, what: str, found: Change, effect: float | None) -> list[str]:
    """Return the line of one side for those who ask for a test."""
    p = "under 0.001" if found.p < 0.001 else f"{found.p:.3f}"
    line = [side_name(side), what, str(found.pairs), f"{found.median:.1f}", p]
    if effect is None:
        return [*line, "–", "–", "–", "–"]
    interval = "{:.2f} to {:.2f}".format(*found.interval) if found.interval else "–"
    return [*line, f"{effect:.2f}", interval, "–" if found.dz is None else f"{found.dz:.2f}", "–"]


def alpha_rows(rated: Mapping[str, Mapping[str, int]], when: str) -> Iterator[list[str]]:
    """Return how well each side's statements hang together, from 30 people who answered them all."""
    for side in SIDES:
        codes = [item.code for item in find_scale("habits").side(side)]
        found = alpha([[person.get(code) for code in codes] for person in rated.values()])
        if found is not None:
            yield [side_name(side), when.rstrip("."), str(len(rated)), "–", "–", "–", "–", "–", f"{found:.2f}"]


def analysts_table(settled: Sequence[Settled]) -> tuple[Table, ...]:
    """Return the rows of what is given out as one table, the change first; none where there are no rows."""
    rows = [row for one in reversed(settled) for row in one.content["rows"]]
    caption = (
        "For analysts. p: Wilcoxon signed-rank, two-sided. Rank-biserial: matched, from -1 to 1, with a bootstrap "
        "interval. dz: mean change by the spread of changes. Alpha needs 30 people. A dash: unknown or not shown."
    )
    return table(caption, COLUMNS, rows)
