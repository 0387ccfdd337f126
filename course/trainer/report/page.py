"""The report as one web page that needs nothing else: no other file, no other host, no script."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from course.charts.chart import Chart
from course.content import ENGLISH, edition_language
from course.core.design_tokens import stylesheet
from course.trainer.configuration import TEMPLATES
from course.trainer.report.section import IN_SHORT, LIMITS, LIMITS_TITLE, Section

FOLDER: Final = TEMPLATES / "report"


@dataclass(frozen=True)
class Heading:
    """What stands above a report: whose it is, from when, and what it may be used for."""

    title: str
    day: str
    notice: str
    label: str = ""


def page(heading: Heading, sections: Sequence[Section]) -> str:
    """Return the page of a report; whatever anyone wrote is shown as text."""
    return _render("page.html.j2", heading=heading, sections=sections)


def section_html(section: Section, label: str = "") -> str:
    """Return one section for a notebook, with the limits in short below it."""
    return _render("cell.html.j2", section=section, label=label)


def _render(template: str, **given: object) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)
    environment.filters["picture"] = _picture
    style = stylesheet(FOLDER / "report.css")
    return environment.get_template(template).render(
        **given,
        style=style,
        language=ENGLISH,  # the words of the report are here; those of charts and labels are the edition’s
        edition=edition_language(),
        limits=LIMITS,
        limits_title=LIMITS_TITLE,
        in_short=IN_SHORT,
    )


def _picture(chart: Chart, narrow: bool = False) -> str:
    """Return the address of a chart's picture, which holds the picture itself."""
    svg = chart.picture(is_narrow=narrow)
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
