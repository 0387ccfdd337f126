"""The sections of a cohort report: as plain data, as one web page, as a notebook's cell and as CSV files.

The page needs no other file, and no spreadsheet runs anything in a CSV file. Every copy states the limits of such
numbers.
"""

from __future__ import annotations

import base64
import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from course.charts.chart import Chart, Table
from course.content import edition_language, read_texts, trainer_words
from course.core.pages.design_tokens import stylesheet
from course.core.pages.html import Markup
from course.core.pages.templates import template_environment
from course.core.tables import csv_bytes
from course.trainer.configuration import TEMPLATES

if TYPE_CHECKING:
    from jinja2 import Environment

UNKNOWN: Final = "–"
"""Shown in a table for what is not known."""
_LIMITS: Final = (
    "own-accounts",
    "no-comparison",
    "who-stays",
    "standards",
    "chance",
    "versions",
    "half-point",
    "not-validated",
    "use",
)
_FOLDER: Final = TEMPLATES / "report"


@dataclass(frozen=True)
class ReportSection:
    """One section: its heading, sentences, charts and tables."""

    name: str
    """Names its CSV files and its method in a notebook."""
    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True)
class ReportHeading:
    """The heading of a report: whose it is, from when, and what it may be used for."""

    title: str
    day: str
    notice: str
    label: str = ""
    """What is said of made-up people."""


def limits() -> tuple[str, ...]:
    """Return what such numbers cannot say, in sentences."""
    return tuple(trainer_words(f"report-limits.{name}") for name in _LIMITS)


def limits_section() -> ReportSection:
    """Return the limits as a section of their own."""
    return ReportSection("limits", trainer_words("report-limits.title"), limits())


def section_table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> tuple[Table, ...]:
    """Return a table of what can be printed, or none where it has no rows."""
    printed = tuple(tuple(UNKNOWN if cell is None else str(cell) for cell in row) for row in rows)
    return (Table(caption, tuple(columns), printed),) if printed else ()


def labelled_section(section: ReportSection, label: str) -> ReportSection:
    """Return a section whose charts and tables all say what kind of data they show, where there is a label."""
    if not label:
        return section
    charts = tuple(chart.with_label(label) for chart in section.charts)
    tables = tuple(replace(table, caption=f"{label} {table.caption}") for table in section.tables)
    return replace(section, charts=charts, tables=tables)


def report_page(heading: ReportHeading, sections: Sequence[ReportSection]) -> str:
    """Return the page of a report; whatever anyone wrote is shown as text.

    The limits stand where they are among the sections, with a way to them at the top, else before all sections.
    """
    stated = limits_section()
    later = any(section.name == stated.name for section in sections)
    return _render(
        "page.html.j2",
        heading=heading,
        sections=sections if later else [stated, *sections],
        not_to_rank=trainer_words("report-limits.not-to-rank") if later else "",
    )


def section_html(section: ReportSection, label: str = "") -> str:
    """Return one section for a notebook, with the limits in short below it."""
    return _render("cell.html.j2", section=section, label=label)


def _render(template: str, **values: object) -> str:
    return (
        _templates()
        .get_template(template)
        .render(
            **values,
            style=Markup(stylesheet(_FOLDER / "report.css")),
            language=read_texts("trainer.toml").language,  # an edition may leave trainers’ words in English
            edition=edition_language(),  # of the words in charts and labels
            limits_title=trainer_words("report-limits.title"),
            in_short=trainer_words("report-limits.in-short"),
        )
    )


@functools.cache
def _templates() -> Environment:
    return template_environment(_FOLDER, filters={"picture": _picture})


def _picture(chart: Chart, narrow: bool = False) -> str:
    """Return the address of a chart's picture, which holds the picture itself."""
    svg = chart.picture(is_narrow=narrow)
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


LABEL: Final = "label"
"""The column that says of made-up people, in every line, that they are."""


def csv_files(sections: Iterable[ReportSection], label: str = "") -> dict[str, bytes]:
    """Return the tables of sections, those of charts too, by file name: one table a file, its columns named above."""
    files = {}
    for section in sections:
        tables = [*section.tables, *(chart.table for chart in section.charts if chart.table)]
        for number, table in enumerate(tables, start=1):
            name = section.name if len(tables) == 1 else f"{section.name}-{number}"
            files[f"{name}.csv"] = _csv(table.columns, table.rows, label)
    return files


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]], label: str) -> bytes:
    """Return a table below its column names; a label, where there is one, is repeated in each line."""
    if not label:
        return csv_bytes([columns, *rows])
    return csv_bytes([[LABEL, *columns], *([label, *row] for row in rows)])
