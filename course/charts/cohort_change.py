"""How a cohort changed: whether people's own ratings shift, and for how many (Ch7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from course.charts import drawing
from course.charts.chart import Chart, Table, percent_text
from course.charts.drawing import (
    BAND,
    BLUE,
    INK,
    NARROW,
    NORMAL,
    PAPER,
    RUST_MID,
    SMALL,
    WIDTH,
    BlockStyle,
    Canvas,
    Panel,
)
from course.charts.layout import line_count, text_width, wrap
from course.content import row_of, words
from course.content.scales import side_name
from course.core.percentages import whole_percent

WAYS: Final = ("up", "same", "down")
_STYLES: Final[Mapping[str, BlockStyle]] = {
    "up": BlockStyle(BLUE, PAPER),
    "same": BlockStyle(BAND),
    "down": BlockStyle(RUST_MID, hatch="////"),
}
_MARGIN, _NAME, _BAR, _GAP, _LINE, _SPACE = 8, 30, 22, 5, 18, 20


@dataclass(frozen=True)
class SideChange:
    """One side with what may be shown of its linked pairs."""

    side: str
    """`competence` or `caring`."""
    pairs: int
    """How many people rated themselves both times."""
    counts: Mapping[str, int | None]
    """How many went `up`, stayed the `same` and went `down`; None for a number that is not shown."""
    median: float | None = None
    """The median change in points of the scale."""
    effect: float | None = None
    """The matched rank-biserial correlation, from -1 to 1."""
    interval: tuple[float, float] | None = None
    """The effect's 95 % interval."""

    def share(self, way: str) -> int | None:
        """Return how many went this way as a whole percentage, or None where it is not shown."""
        count = self.counts.get(way)
        return None if count is None else whole_percent(count, self.pairs)


def cohort_change_chart(sides: Sequence[SideChange]) -> Chart:
    """Return for each side how many went up, stayed about the same and went down.

    Without any side, the chart is a sentence that says so.
    """
    title = words("chart-cohort-change.title")
    if not sides:
        return Chart(title, words("chart-bars.too-few"))
    sentences = " ".join([*map(_sentence, sides), words("chart-cohort-change.limits")])
    draw = partial(_draw_sides, sides)
    note = words("chart-cohort-change.note")
    return Chart(title, sentences, _table(sides), draw(WIDTH), note, narrow=partial(draw, NARROW))


def _share_text(share: int | None) -> str:
    return words("chart-cohort-change.not-shown") if share is None else percent_text(share)


def _points(value: float) -> str:
    """Return a change with its sign.

    >>> _points(0.5), _points(-0.25), _points(0)
    ('+0.5', '−0.2', '0.0')
    """
    text = f"{value:+.1f}".replace("-", "−")
    return "0.0" if text[1:] == "0.0" else text


def _effect(value: float) -> str:
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")  # −0.004 is no fall


def _sentence(side: SideChange) -> str:
    shares = {way: side.share(way) for way in WAYS}
    shown = [
        words(f"chart-cohort-change.said-{way}", percent=percent_text(share))
        for way, share in shares.items()
        if share is not None
    ]
    rest = [words("chart-cohort-change.rest")] if len(shown) < len(shares) else []
    key = "sentence" if shown else "hidden"
    ways = row_of([*shown, *rest])
    sentence = words(f"chart-cohort-change.{key}", side=side_name(side.side), pairs=side.pairs, ways=ways)
    median = [] if side.median is None else [words("chart-cohort-change.median", median=_points(side.median))]
    return " ".join([sentence, *median])


def _small_print(side: SideChange) -> str:
    sentences = [words("chart-cohort-change.pairs", pairs=side.pairs)]
    if side.median is not None:
        sentences.append(words("chart-cohort-change.median-small", median=_points(side.median)))
    if side.effect is not None and side.interval:
        low, high = map(_effect, side.interval)
        sentences.append(words("chart-cohort-change.effect-interval", effect=_effect(side.effect), low=low, high=high))
    elif side.effect is not None:
        sentences.append(words("chart-cohort-change.effect", effect=_effect(side.effect)))
    return " ".join(sentences)


def _table(sides: Sequence[SideChange]) -> Table:
    names = ("column-side", "column-pairs", *WAYS, "column-median", "column-effect", "column-interval")
    columns = tuple(words(f"chart-cohort-change.{name}") for name in names)
    return Table(words("chart-cohort-change.caption"), columns, tuple(map(_table_row, sides)))


def _table_row(side: SideChange) -> tuple[str, ...]:
    none = words("chart-cohort-change.none")
    median = none if side.median is None else _points(side.median)
    effect = none if side.effect is None else _effect(side.effect)
    interval = none
    if side.interval:
        low, high = map(_effect, side.interval)
        interval = words("chart-cohort-change.range", low=low, high=high)
    shares = [_share_text(side.share(way)) for way in WAYS]
    return (side_name(side.side), str(side.pairs), *shares, median, effect, interval)


def _draw_sides(sides: Sequence[SideChange], width: float) -> str:
    """Return the SVG text of a bar for each way on each side, or an empty text where nothing can be drawn."""
    small_prints = [wrap(_small_print(side), SMALL, width - 2 * _MARGIN) for side in sides]
    heights = [_NAME + (_BAR + _GAP) * len(WAYS) + _LINE * line_count(text) + _SPACE for text in small_prints]

    def paint(canvas: Canvas) -> None:
        page = canvas.page()
        y = 0.0
        for side, small_print, height in zip(sides, small_prints, heights, strict=True):
            _paint_side(page, side, small_print, y, width)
            y += height

    return drawing.draw(width, sum(heights), paint)


def _paint_side(page: Panel, side: SideChange, small_print: str, y: float, width: float) -> None:
    page.text((_MARGIN, y + _NAME / 2), side_name(side.side), is_bold=True, paper=1, layer=4)
    y += _NAME
    names = {way: words(f"chart-cohort-change.{way}") for way in WAYS}
    left = _MARGIN + max(text_width(name, NORMAL) for name in names.values()) + 8
    unit = (width - left - _MARGIN - text_width("100 %", NORMAL) - 6) / 100
    for way, name in names.items():
        share = side.share(way)
        page.text((_MARGIN, y + _BAR / 2), name, paper=1, layer=4)
        length = (share or 0) * unit
        if share:
            page.block((left, y), length, _BAR, _STYLES[way])
        elif share == 0:
            page.line([(left, y), (left, y + _BAR)], INK, 1.6)
        page.text((left + length + 6, y + _BAR / 2), _share_text(share), paper=1, layer=4)
        y += _BAR + _GAP
    page.small_text((_MARGIN, y + 2), small_print, anchor="top", spacing=1.15)
