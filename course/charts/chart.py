"""A chart as plain data: question, picture, sentence and numbers, and the phrases that several charts use."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypedDict

from course.charts.kit.drawing import DrawnSvg, write, write_png
from course.charts.kit.palette import FACES, INK, PAPER, SMALL
from course.charts.kit.shapes import LABEL_DOWN, LABEL_LEFT, LABEL_STRIP, Picture
from course.content import all_of, edition_language, words
from course.core.pages.html import Content, Markup, element, fragment
from course.core.percentages import whole_percent

_SVG_SIZE: Final = re.compile(r'height="[\d.]+pt" viewBox="0 0 ([\d.]+) ([\d.]+)"')


class TableMessage(TypedDict):
    """A table as the browser gets it."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class ChartMessage(TypedDict):
    """A chart as the browser gets it."""

    title: str
    alt: str
    table: TableMessage | None
    svg: str
    note: str
    heading: str
    is_narrow: bool
    """Whether the picture is the one for a narrow place."""


@dataclass(frozen=True)
class Table:
    """The numbers of a chart; the first cell of each row is its heading."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def to_html(self) -> Markup:
        """Return the table with its caption, column headings and row headings."""
        head = element("tr", [element("th", {"scope": "col"}, column) for column in self.columns])
        rows = [
            element("tr", element("th", {"scope": "row"}, first), [element("td", cell) for cell in rest])
            for first, *rest in self.rows
        ]
        return element("table", element("caption", self.caption), element("thead", head), element("tbody", rows))

    def to_message(self) -> TableMessage:
        """Return the table as plain data for the browser."""
        return {"caption": self.caption, "columns": self.columns, "rows": self.rows}


@dataclass(frozen=True)
class Chart:
    """One chart that can be read without being seen.

    It knows nothing of where its numbers come from. Without a picture (no data yet, or
    nothing can be drawn here) the sentence and the table still say everything.
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
    at_width: Callable[[float, bool], Picture] | None = field(default=None, compare=False, repr=False)
    """Returns the picture at a width, with the names of its rows beside their bars or above them."""

    def picture(self, *, is_narrow: bool = False) -> str:
        """Return the SVG text for a wide or a narrow place, or an empty text where there is no picture."""
        return self.narrow() if is_narrow and self.svg and self.narrow else self.svg

    def png(self) -> bytes:
        """Return the wide picture as a PNG file, or nothing where there is none or it cannot be made."""
        return write_png(self.svg.picture) if isinstance(self.svg, DrawnSvg) else b""

    def with_label(self, label: str) -> Chart:
        """Return the chart with a label, such as that its data is made up, in its heading, words, table and picture."""
        narrow = self.narrow
        return replace(
            self,
            heading=f"{label} {self.heading}".strip(),
            alt=f"{label} {self.alt}",
            table=self.table and replace(self.table, caption=f"{label} {self.table.caption}"),
            svg=_stamped(self.svg, label),
            narrow=(lambda: _stamped(narrow(), label)) if narrow else None,
        )

    def to_message(self, *, is_narrow: bool = False) -> ChartMessage:
        """Return the chart as plain data for the browser."""
        return {
            "title": self.title,
            "alt": self.alt,
            "table": self.table.to_message() if self.table else None,
            "svg": str(self.picture(is_narrow=is_narrow)),
            "is_narrow": is_narrow,
            "note": self.note,
            "heading": self.heading,
        }

    def to_html(self) -> Markup:
        """Return the chart as a page that is only read, for places without widgets."""
        heading = [element("span", {"class": "course-chart-heading"}, self.heading), " "] if self.heading else None
        return element(
            "figure",
            {"class": "course-chart", **edition_language().declared},
            element("figcaption", heading, element("strong", self.title)),
            self._picture_html(),
            self._numbers_html(),
        )

    _repr_html_ = to_html

    def _picture_html(self) -> Markup:
        if not self.svg:
            return element("p", self.alt)
        data = base64.b64encode(self.svg.encode()).decode()
        return fragment(
            element("img", {"src": f"data:image/svg+xml;base64,{data}", "alt": self.alt, "width": 480}),
            # The sentence is for those who look: a screen reader has just read it as the picture's alternative.
            element("p", {"aria-hidden": "true"}, self.alt),
            element("p", self.note) if self.note else None,
        )

    def _numbers_html(self) -> Markup | None:
        if self.table is None:
            return None
        return element("details", element("summary", words("chart.numbers")), self.table.to_html())


def table_of_blocks(columns: Sequence[Content], rows: Iterable[Sequence[Content]], caption: Content = None) -> Markup:
    """Return a table whose first column has the row headings.

    Its roles say that it is a table also on a narrow page, where its rows are set as blocks.
    """
    head = [element("th", {"scope": "col", "role": "columnheader"}, column) for column in columns]
    body = [
        element(
            "tr",
            {"role": "row"},
            element("th", {"scope": "row", "role": "rowheader"}, first),
            [element("td", {"role": "cell"}, cell) for cell in rest],
        )
        for first, *rest in rows
    ]
    return element(
        "table",
        {"role": "table"},
        element("caption", caption) if caption else None,
        element("thead", {"role": "rowgroup"}, element("tr", {"role": "row"}, head)),
        element("tbody", {"role": "rowgroup"}, body),
    )


def _stamped(svg: str, label: str) -> str:
    """Return a picture with a label in a strip below it; of one that was kept as text, the text is changed."""
    if isinstance(svg, DrawnSvg):
        return write(svg.picture.labelled(label))
    size = _SVG_SIZE.search(svg)
    if size is None:
        return svg
    width, height = size[1], float(size[2])
    style = f"font: {SMALL:g}px {FACES}; fill: {INK}"
    strip = fragment(
        element("rect", {"x": 0, "y": f"{height:g}", "width": width, "height": LABEL_STRIP, "style": f"fill: {PAPER}"}),
        element("text", {"x": LABEL_LEFT, "y": f"{height + LABEL_DOWN:g}", "style": style}, label),
    )
    taller = f'height="{height + LABEL_STRIP:g}pt" viewBox="0 0 {width} {height + LABEL_STRIP:g}"'
    return svg.replace(size[0], taller, 1).replace("</svg>", f"{strip}</svg>")


_FEW = 3
"""How many names a sentence can carry."""


def percent_of(count: int, total: int) -> str:
    """Return a part of a whole as people read it; a part of nothing is 0%.

    >>> percent_of(1, 8), percent_of(6, 12)
    ('13%', '50%')
    """
    return percent_text(whole_percent(count, total) or 0)


def percent_text(share: int) -> str:
    """Return a whole percentage as people read it.

    >>> percent_text(40)
    '40%'
    """
    return words("chart-bars.percent", n=share)


def as_sentence(text: str) -> str:
    """Return a text with a full stop, unless it ends a sentence already.

    >>> as_sentence("Answers were spread"), as_sentence("Five or more chose “Shall we talk?”")
    ('Answers were spread.', 'Five or more chose “Shall we talk?”')
    """
    return text if text.rstrip("”")[-1:] in (*".?!…", "") else words("chart-bars.sentence", text=text)


def quoted_list(names: Sequence[str], too_many: str = "chart-bars.many") -> str:
    """Return names in quotation marks, or how many there are where a sentence cannot carry them all.

    `too_many` is the key of the words for the latter.

    >>> quoted_list(["Came prepared", "Kept commitments"])
    '“Came prepared” and “Kept commitments”'
    >>> quoted_list(["A", "B", "C", "D"])
    '4 of them'
    """
    if len(names) > _FEW:
        return words(too_many, n=len(names))
    return all_of(f"“{name.rstrip('.')}”" for name in names)
