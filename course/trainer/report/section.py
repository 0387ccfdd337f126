"""One section of a cohort report as plain data, and the limits that stand on every copy of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from course.charts.chart import Chart, Table

LIMITS: Final = (
    "These are people’s own accounts. They do not show what others see, or what changed in anyone’s work.",
    "There is no comparison group, so nothing here shows that the course caused a change.",
    "People who stay may differ from people who leave, and people who share from people who do not.",
    "Yardsticks shift: someone who has learned what to look for may rate the same habits lower than before.",
    "Twelve statements are looked at, and many questions. With so many, some stand out by chance alone.",
    "The statements were written for this course. They have not been validated, and they are no test of people.",
    "They must not be used to rank, select, appraise or compare people or organisations, "
    "or be reported as proof that training worked.",
)
"""What such numbers cannot say."""
IN_SHORT: Final = (
    "People’s own accounts, without a comparison group. People who stay may differ from people who leave, yardsticks "
    "shift, and with so many numbers some stand out by chance. Not to rank, select, appraise or compare anyone."
)
"""The same in two lines, for a copy with little room."""
LIMITS_TITLE: Final = "What these numbers cannot say"
NOTHING_YET: Final = "There is nothing to show here yet."


@dataclass(frozen=True)
class Section:
    """One section: its heading, sentences, charts and tables."""

    name: str
    """Names its CSV files and its method in a notebook."""
    title: str
    said: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> tuple[Table, ...]:
    """Return a table of what can be printed, or none where it has no rows."""
    printed = tuple(tuple("–" if cell is None else str(cell) for cell in row) for row in rows)
    return (Table(caption, tuple(columns), printed),) if printed else ()


def labelled_section(section: Section, label: str) -> Section:
    """Return a section whose charts and tables all say what kind of data they show, where there is a label."""
    if not label:
        return section
    charts = tuple(chart.with_label(label) for chart in section.charts)
    tables = tuple(replace(one, caption=f"{label} {one.caption}") for one in section.tables)
    return replace(section, charts=charts, tables=tables)


def limits_section() -> Section:
    """Return the limits as a section of their own."""
    return Section("limits", LIMITS_TITLE, LIMITS)


def percent(part: int, whole: int) -> int | None:
    """Return a share in whole per cent, or None of nobody.

    >>> percent(2, 3), percent(0, 0)
    (67, None)
    """
    return int(100 * part / whole + 0.5) if whole else None
