"""The walls: what people in a room thanked, promised and parked, as a plain list in large type (Ch10).

Each line was approved by a person before it comes here, and carries neither a time nor a name of its writer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from course.charts.chart import table_of_blocks
from course.content import words
from course.core.design_tokens import stylesheet
from course.core.html import Markup, element, fragment, style_element

_STYLE: Final = stylesheet(Path(__file__).with_name("wall.css"))


@dataclass(frozen=True)
class Parked:
    """A line that a group cannot settle now: who takes it, where, and by when."""

    text: str
    owner: str = ""
    place: str = ""
    date: str = ""


def wall_html(title: str, lines: Sequence[str], label: str = "") -> Markup:
    """Return a wall of approved lines in the order in which they were shuffled, or a sentence while it is empty.

    `label` says above it what kind of data this is.
    """
    if not lines:
        return _wall(title, label, element("p", words("chart-wall.empty")))
    return _wall(title, label, element("ul", {"role": "list"}, [element("li", line) for line in lines]))


def parked_html(title: str, lines: Sequence[Parked], label: str = "") -> Markup:
    """Return the parked lines with owner, place and date, or a sentence while there are none."""
    if not lines:
        return _wall(title, label, element("p", words("chart-wall.nothing-parked")))
    columns = [words(f"chart-wall.{name}") for name in ("line", "owner", "place", "date")]
    return _wall(title, label, table_of_blocks(columns, [_cells(line) for line in lines]))


def _cells(line: Parked) -> tuple[str, str, str, str]:
    return (line.text, line.owner or words("chart-wall.needed"), line.place, line.date)


def _wall(title: str, label: str, body: Markup) -> Markup:
    above = element("p", {"class": "course-label"}, label) if label else None
    section = element("section", {"class": "course-wall", "aria-label": title}, above, element("h2", title), body)
    return fragment(style_element(_STYLE), section)
