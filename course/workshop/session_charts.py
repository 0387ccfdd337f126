"""The charts of a session: of ratings one for all, of votes one for each, and each as wide as the screen has it.

How large the screen is, only the browser knows. A picture is drawn for screens of several shapes, and the browser shows
the one that suits it. Lengths are in hundredths of the screen's height.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from course.charts.chart import Chart
from course.charts.kit.layout import line_count, wrap
from course.charts.kit.palette import SMALL
from course.charts.kit.shapes import Picture
from course.charts.kit.svg_writer import svg_text
from course.content import edition_language
from course.core.pages.html import Markup, element, fragment
from course.workshop.rules.counts import notice_text
from course.workshop.view_parts import ChartPart, ChartSpec, Shown

if TYPE_CHECKING:
    from course.charts.chart import Chart
    from course.charts.room import Vote
    from course.charts.stacked_bars import Statement

MOST_STATEMENTS: Final = 6
MOST_VOTES: Final = 3
"""How many statements, and how many votes with short options, one page of the screen has room for."""
_SHORT: Final = 20
"""How many letters a short option has at most."""
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


def charts_of(spec: ChartSpec, *, is_drawn: bool = True) -> list[Chart]:
    """Return the charts of a question: one for all ratings, one for each vote; with or without their pictures."""
    if spec["kind"] == "rate":
        return _ratings(spec, is_drawn)
    from course.charts.room import vote_chart

    earlier = _earlier(spec)
    charts = []
    for part in spec["parts"]:
        before, now = earlier.get(_key(part)), _vote(part)
        first, second = (_vote(before), now) if before else (now, None)
        charts.append(vote_chart(part["options"], first, second, part["text"], is_drawn=is_drawn))
    return charts if len(charts) == 1 else [_beside_others(chart) for chart in charts]


def _beside_others(chart: Chart) -> Chart:
    """Return a chart drawn for a column, so that its letters can be read beside other charts."""
    return replace(chart, svg=chart.narrow()) if chart.svg and chart.narrow else chart


def _vote(part: ChartPart) -> Vote:
    from course.charts.room import Vote

    shown = part["shown"]
    return Vote(_people(shown), _counts(shown), notice_text(shown, part["options"]))


def _ratings(spec: ChartSpec, is_drawn: bool) -> list[Chart]:
    """Return one chart of bars, or two where some items can be shown in full and others in bands."""
    from course.charts.statement_charts import our_group_chart
    from course.content import words

    charts = []
    for in_bands in (False, True):
        parts = [part for part in spec["parts"] if is_banded(part, spec["parts"]) is in_bands]
        if parts:
            points = next((list(_counts(part["shown"])) for part in parts if _counts(part["shown"])), [])
            labels = [label for value, label in parts[0]["options"].items() if value.isdecimal()]
            if in_bands:
                labels = [_band(name, labels) for name in points]
            earlier = _earlier(spec)
            whole = spec.get("whole", parts)
            every = {part["part"]: _statement(part, earlier.get(_key(part)), points) for part in whole}
            statements = [every[part["part"]] for part in parts]
            people = max(_people(part["shown"]) for part in whole)
            names, day = labels or [words("chart-bars.not-shown")], spec.get("earlier_day", "")
            others = [statement for name, statement in every.items() if name not in {part["part"] for part in parts}]
            charts.append(our_group_chart(statements, people, names, day, others, is_drawn=is_drawn))
    return charts


def is_banded(part: ChartPart, parts: list[ChartPart]) -> bool:
    """Say whether a part is shown in bands; one that is not shown at all goes with the others."""
    if part["shown"] and "counts" in part["shown"]:
        return part["shown"]["in_bands"]
    banded = [other["shown"]["in_bands"] for other in parts if other["shown"] and "counts" in other["shown"]]
    return bool(banded) and all(banded)


def _statement(part: ChartPart, earlier: ChartPart | None, points: list[str]) -> Statement:
    from course.charts.stacked_bars import Statement

    shown, before = part["shown"], earlier["shown"] if earlier else None
    then = _counts(before) if list(_counts(before)) == points else {}
    return Statement(
        name=part["short"],
        text=part["text"],
        counts=tuple(_counts(shown).values()),
        reason=notice_text(shown, part["options"]),
        earlier=tuple(then.values()) if _counts(shown) else (),
    )


def _band(name: str, labels: list[str]) -> str:
    """Return a band such as 1–3 in the words of its points."""
    from course.content import words

    low, _, high = name.partition("–")
    first = labels[int(low) - 1]
    return words("chart-our-group.band", low=first, high=labels[int(high) - 1]) if high else first


def _counts(shown: Shown | None) -> dict[str, int]:
    return shown["counts"] if shown and "counts" in shown and shown["people"] else {}


def _people(shown: Shown | None) -> int:
    return shown["people"] if shown and "counts" in shown else 0


def _earlier(spec: ChartSpec) -> dict[str, ChartPart]:
    """Return the parts of the same question asked before, by what they have in common with its parts."""
    return {_key(part): part for part in spec["earlier"]["parts"]} if spec["earlier"] else {}


def _key(part: ChartPart) -> str:
    return part["part"].partition(".")[2]


def most_parts(spec: ChartSpec) -> int:
    """Return how many parts of a question one page of the screen has room for."""
    if spec["kind"] == "rate":
        return MOST_STATEMENTS
    labels = [label for part in spec["parts"] for label in part["options"].values()]
    is_short = len(labels) <= 4 * len(spec["parts"]) and max(map(len, labels), default=0) <= _SHORT
    return MOST_VOTES if is_short and not spec["earlier"] else 1


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
