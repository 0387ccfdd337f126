"""The charts of a session as the screen shows them: as wide as the page, and in type that reads from the back.

How large the screen is, only the browser knows. A picture is drawn for screens of several shapes, and the browser shows
the one that suits it. Lengths are in hundredths of the screen's height.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Final

from course.charts.chart import Chart
from course.charts.layout import line_count, wrap
from course.charts.palette import SMALL
from course.charts.shapes import Picture
from course.charts.svg_writer import svg_text
from course.content import edition_language
from course.core.html import Markup, element, fragment
from course.workshop.charts.session_charts import charts_of
from course.workshop.view_parts import ChartSpec

_SMALLEST, _LARGEST, _SIZES = 2.3, 3.6, 6
"""The smallest type of a picture where it is tight and where there is plenty of room, and how many sizes are tried."""
_SHAPES: Final = (
    ("(min-aspect-ratio: 16/9)", 173.0),
    ("(min-aspect-ratio: 3/2)", 145.0),
    ("(min-aspect-ratio: 4/3)", 128.0),
    ("", 120.0),
)
"""For which screens a picture is drawn, and how wide the page is there at least. The last one is for all others."""
_GAP: Final = 4.0
_SHEET: Final = 74.0
"""How high a page is without what is between its words and its picture."""
_TITLE, _TEXT, _LEADING = 3.2, 2.5, 1.35
"""The sizes of its words where they are small, and how high a line of them is."""


def screen_html(spec: ChartSpec) -> str:
    """Return the charts of one page of the screen as HTML."""
    charts = charts_of(spec)
    return "".join(_figure(chart, charts) for chart in charts)


def _figure(chart: Chart, beside: Sequence[Chart]) -> Markup:
    return element(
        "figure",
        {"class": "course-chart", **edition_language().declared},
        element("figcaption", element("strong", chart.title)),
        _picture(chart, beside) if chart.svg and chart.at_width else element("p", {"class": "said"}, chart.alt),
        element("div", {"class": "unseen"}, chart.table.to_html()) if chart.table else None,
    )


def _picture(chart: Chart, beside: Sequence[Chart]) -> Markup:
    *sources, last = [(media, _fitted(chart, beside, page)) for media, page in _SHAPES]
    picture = element(
        "picture",
        [element("source", {"media": media, "srcset": _address(picture)}) for media, picture in sources],
        element("img", {"src": _address(last[1]), "alt": chart.alt}),
    )
    note = element("p", {"class": "quiet"}, chart.note) if chart.note else None
    return fragment(
        element("p", {"class": "said", "aria-hidden": "true"}, chart.alt),
        element("div", {"class": "picture"}, picture, note),
    )


def _fitted(chart: Chart, beside: Sequence[Chart], page: float) -> Picture:
    """Return the picture with the largest type with which it is no higher than the words of all charts leave room."""
    assert chart.at_width
    width = (page - _GAP * (len(beside) - 1)) / len(beside)
    height = _SHEET - max(_words_height(other, width) for other in beside)
    pictures = []
    for is_beside in (False, True):
        for number in range(_SIZES):
            size = _LARGEST - number * (_LARGEST - _SMALLEST) / (_SIZES - 1)
            picture = chart.at_width(width * SMALL / size, is_beside)
            if picture.height * size / SMALL <= height:
                return picture
            pictures.append(picture)
    return pictures[-1]


def _words_height(chart: Chart, width: float) -> float:
    """Return how high the words of a chart are in a column of that width."""
    sizes = {chart.title: _TITLE, chart.alt: _TEXT, chart.note: _TEXT}
    return sum(line_count(wrap(text, size, width)) * size * _LEADING for text, size in sizes.items() if text)


def _address(picture: Picture) -> str:
    """Return a picture as an address. Written by the writer that needs no library, it is there at once."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg_text(picture).encode()).decode()}"
