"""A chart as plain data, and the frame that all charts share: question, picture, sentence, numbers."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from html import escape
from typing import Any

from course.content import edition_language, words


@dataclass(frozen=True)
class Table:
    """The numbers of a chart; the first cell of each row is its heading."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def to_html(self) -> str:
        """Return the table with its caption, column headings and row headings."""
        head = "".join(f'<th scope="col">{escape(column)}</th>' for column in self.columns)
        rows = "".join(
            f'<tr><th scope="row">{escape(first)}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in rest) + "</tr>"
            for first, *rest in self.rows
        )
        return (
            f"<table><caption>{escape(self.caption)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )


@dataclass(frozen=True)
class Chart:
    """One chart that can be read without being seen.

    It knows nothing of where its numbers come from. Without a picture (no data yet, or
    matplotlib cannot be imported) the sentence and the table still say everything.
    """

    title: str
    """The question that the chart answers."""
    alt: str
    """What there is to see, in sentences; also shown under the picture."""
    table: Table | None = None
    svg: str = ""
    note: str = ""
    """How to read the picture."""
    heading: str = ""
    """Whose view it is, above the question."""
    narrow: Callable[[], str] | None = field(default=None, compare=False, repr=False)
    """Draws the picture for a place with little room."""

    def to_parts(self, *, is_narrow: bool = False) -> dict[str, Any]:
        """Return the chart as plain data for the browser."""
        return {
            "title": self.title,
            "alt": self.alt,
            "table": asdict(self.table) if self.table else None,
            "svg": self.narrow() if is_narrow and self.svg and self.narrow else self.svg,
            "note": self.note,
            "heading": self.heading,
        }

    def to_html(self) -> str:
        """Return the chart as a page that is only read, for places without widgets."""
        heading = f'<span class="course-chart-heading">{escape(self.heading)}</span> ' if self.heading else ""
        return (
            f'<figure class="course-chart" {edition_language().attributes}>'
            f"<figcaption>{heading}<strong>{escape(self.title)}</strong></figcaption>"
            f"{self._picture()}{self._numbers()}</figure>"
        )

    _repr_html_ = to_html

    def _picture(self) -> str:
        note = f"<p>{escape(self.note)}</p>" if self.note else ""
        if not self.svg:
            return f"<p>{escape(self.alt)}</p>"
        data = base64.b64encode(self.svg.encode()).decode()
        image = f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(self.alt)}" width="480">'
        # The sentence is for those who look: a screen reader has just read it as the picture's alternative.
        return f'{image}<p aria-hidden="true">{escape(self.alt)}</p>{note}'

    def _numbers(self) -> str:
        if self.table is None:
            return ""
        return f"<details><summary>{escape(words('chart.numbers'))}</summary>{self.table.to_html()}</details>"
