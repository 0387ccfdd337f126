"""Statements as stacked bars of many people's answers, around the middle of the scale or from end to end.

The charts of what people report (`bars`) and of how a group sees itself (`our_group`) are made of them. A bar is drawn
from whole percentages, so that its length tells no more than its numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from course.charts.chart import Chart, Table, percent_text
from course.charts.kit import drawing
from course.charts.kit.drawing import KEY_ROW, Canvas, Panel
from course.charts.kit.layout import Align, line_count, text_width, wrap
from course.charts.kit.palette import (
    BAND,
    BLUE,
    BLUE_MID,
    BLUE_SOFT,
    NARROW,
    NORMAL,
    PAPER,
    QUIET,
    RUST,
    RUST_MID,
    RUST_SOFT,
    SMALL,
    WIDTH,
)
from course.charts.kit.shapes import DOTTED, BlockStyle, Picture
from course.content import words
from course.core.percentages import percent_of_several, whole_percents

_BELOW: Final = (BlockStyle(RUST_SOFT), BlockStyle(RUST_MID), BlockStyle(RUST, PAPER))
_ABOVE: Final = (BlockStyle(BLUE_SOFT), BlockStyle(BLUE_MID), BlockStyle(BLUE, PAPER))
"""From the middle of the scale to its ends: the further, the stronger."""
_MARGIN, _NAME, _LINE, _SMALL_LINE, _BAR, _THIN_BAR, _SPACE, _FOOT = 8, 22, 19, 17, 22, 14, 12, 26
_BESIDE: Final = 0.36
"""How much of a picture's width the names take that are beside their bars."""


@dataclass(frozen=True)
class Statement:
    """One statement with what may be shown of its answers."""

    name: str
    text: str
    counts: tuple[int, ...] = ()
    """How many answers there are at each point or in each band, from the lowest to the highest; empty where nothing
    may be shown."""
    reason: str = ""
    """Why there are no counts, where there are none."""
    earlier: tuple[int, ...] = ()
    """The counts of an earlier time at the same points or in the same bands, where there was one."""

    @property
    def top(self) -> int:
        """The whole percentage of answers above the middle of the scale."""
        return percent_above(self.counts)


def percent_above(counts: Sequence[int]) -> int:
    """Return the whole percentage of answers above the middle of a scale; that of two halves lies between them.

    It is made from the counts: of 12 answers, 2 at each of the three points above are 50 %, though each is 17 %.

    >>> percent_above((0, 6, 0, 0, 2, 2, 2)), percent_above((40, 60))
    (50, 60)
    """
    return percent_of_several(counts[(len(counts) + 1) // 2 :], sum(counts)) or 0


def top_name(points: Sequence[str]) -> str:
    """Return what is above the middle of a scale, as people read it.

    >>> top_name(["No", "Half", "Yes"]), top_name(["Never", "Rarely", "Half", "Often", "Always"])
    ('“Yes”', '“Often” or more')
    """
    first = points[(len(points) + 1) // 2]
    return f"“{first}”" if first == points[-1] else words("chart-bars.or-more", point=first)


def stacked_chart(
    title: str,
    sentence: str,
    statements: Sequence[Statement],
    points: Sequence[str],
    caption: str,
    note: str,
    *,
    plain: bool = False,
    is_drawn: bool = True,
) -> Chart:
    """Return the chart of these statements in their order, with its table and its picture.

    `points` names the points or bands of the scale, from the lowest to the highest. The bars lie around the middle of
    the scale, so that what is above and below it shows at once; `plain` ones go from 0 to 100 %, which some people
    find easier to read.
    """
    bars = [
        _Bar(
            statement.name,
            _end_of_row(statement, points),
            _share(statement),
            whole_percents(statement.counts),
            whole_percents(statement.earlier),
        )
        for statement in statements
    ]
    drawn = (_bars_picture, _columns_picture)
    picture, in_columns = (partial(make, bars, points, plain) for make in drawn)
    svg, narrow = (partial(drawing.draw_picture, partial(picture, width)) for width in (WIDTH, NARROW))

    def at_width(width: float, is_beside: bool) -> Picture:
        return in_columns(width) if is_beside else picture(width)

    columns = (words("chart-bars.statement"), *points)
    rows = [row for statement in statements for row in _table_rows(statement, points)]
    table = Table(caption, columns, tuple(rows))
    return Chart(title, sentence, table, svg() if is_drawn else "", note, narrow=narrow, at_width=at_width)


def _end_of_row(statement: Statement, points: Sequence[str]) -> str:
    """Return the words at the end of a row."""
    if not statement.counts:
        return statement.reason or words("chart-bars.not-shown")
    top = percent_text(statement.top)
    if statement.earlier:
        first = percent_text(percent_above(statement.earlier))
        return words("chart-our-group.said-moved", first=first, second=top, top=top_name(points))
    return words("chart-bars.said", percent=top, top=top_name(points))


def _share(statement: Statement) -> str:
    """Return how many answers are above the middle, before and now where there was an earlier time."""
    top = percent_text(statement.top)
    if statement.counts and statement.earlier:
        return words("chart-our-group.shares", first=percent_text(percent_above(statement.earlier)), second=top)
    return top if statement.counts else ""


def _table_rows(statement: Statement, points: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the numbers of one statement; an earlier time has a row of its own."""
    if not statement.counts:
        return [(statement.text, statement.reason or words("chart-bars.not-shown"), *[""] * (len(points) - 1))]
    rows = [(statement.text, *map(percent_text, whole_percents(statement.counts)))]
    if statement.earlier:
        text = words("chart-our-group.earlier", text=statement.text)
        rows.insert(0, (text, *map(percent_text, whole_percents(statement.earlier))))
    return rows


@dataclass(frozen=True)
class _Bar:
    """One row of the picture: its name, the words at its end, and its shares as whole percentages."""

    name: str
    words: str
    top: str
    """The share above the middle alone; empty where it is not shown."""
    shares: Sequence[int]
    """From the lowest point to the highest; empty where they are not shown."""
    earlier: Sequence[int]
    """The shares of an earlier time, drawn as a thinner bar above."""

    def fits(self, width: float) -> bool:
        """Say whether the name and the words at the end of the row fit on one line."""
        return text_width(self.name, NORMAL) + text_width(self.words, SMALL) + 2 * _MARGIN + 10 <= width

    @property
    def bars_height(self) -> float:
        """The height of the bars."""
        return (_BAR if self.shares else 0) + (_THIN_BAR + 2 if self.earlier else 0)

    def height(self, width: float) -> float:
        """Return the height of the row in a picture of that width, with its words above the bars."""
        return self.words_height(width) + self.bars_height + _SPACE

    def words_height(self, width: float) -> float:
        """Return the height of what is written above the bar."""
        return _NAME if self.fits(width) else self._wrapped_height(width)

    def _wrapped_height(self, width: float) -> float:
        name, below = self.wrapped(width)
        return _LINE * line_count(name) + (_SMALL_LINE * line_count(below) + 5 if below else 4)

    def wrapped(self, width: float) -> tuple[str, str]:
        """Return the name and the words, each in as many lines as it needs."""
        return wrap(self.name, NORMAL, width - 2 * _MARGIN), wrap(self.words, SMALL, width - 2 * _MARGIN)


def _bars_picture(bars: Sequence[_Bar], points: Sequence[str], plain: bool, width: float) -> Picture:
    """Return the picture with the words of each statement above its bars."""
    keys = drawing.key_rows(points, _MARGIN, width - _MARGIN)
    top = KEY_ROW * len(keys) + 10
    height = top + sum(bar.height(width) for bar in bars) + _FOOT

    def paint(canvas: Canvas) -> None:
        page = canvas.page()
        drawing.paint_key(page, keys, 4, _styles(len(points)), points)
        across = _Across.over(bars, plain, 0, width)
        across.paint(page, top, height - _FOOT)
        y: float = top
        for bar in bars:
            _paint_bar(page, bar, y, across, width)
            y += bar.height(width)

    return drawing.picture_of(width, height, paint)


def _columns_picture(bars: Sequence[_Bar], points: Sequence[str], plain: bool, width: float) -> Picture:
    """Return the picture with names, shares and bars in three columns: lower, where there are many statements."""
    keys = drawing.key_rows(points, _MARGIN, width - _MARGIN)
    top = KEY_ROW * len(keys) + 14 + _SMALL_LINE
    shares_end = _BESIDE * width + max(text_width(bar.top, NORMAL) for bar in bars)
    names = [wrap(bar.name, NORMAL, _BESIDE * width - _MARGIN) for bar in bars]
    reasons = ["" if bar.shares else wrap(bar.words, SMALL, width - shares_end - 3 * _MARGIN) for bar in bars]
    heights = [
        max(_LINE * line_count(name), bar.bars_height, _SMALL_LINE * line_count(reason)) + _SPACE
        for bar, name, reason in zip(bars, names, reasons, strict=True)
    ]
    height = top + sum(heights) + _FOOT

    def paint(canvas: Canvas) -> None:
        page = canvas.page()
        drawing.paint_key(page, keys, 4, _styles(len(points)), points)
        page.small_text((shares_end, top - _SMALL_LINE / 2 - 4), top_name(points), align="right")
        across = _Across.over(bars, plain, shares_end + _MARGIN, width)
        across.paint(page, top, height - _FOOT)
        y: float = top
        for bar, name, reason, row_height in zip(bars, names, reasons, heights, strict=True):
            middle = y + (row_height - _SPACE) / 2
            page.text((_MARGIN, middle), name, spacing=1.15, paper=1, layer=4)
            page.text((shares_end, middle), bar.top, align="right", layer=4)
            if reason:
                page.small_text((shares_end + 2 * _MARGIN, middle), reason, spacing=1.15)
            _paint_both(page, bar, middle - bar.bars_height / 2, across)
            y += row_height

    return drawing.picture_of(width, height, paint)


def _styles(count: int) -> list[BlockStyle]:
    """Return the styles of a scale's points; three bands, and two halves, have the middle strengths."""
    half = count // 2
    below, above = (_BELOW[:half], _ABOVE[:half]) if half > 1 else (_BELOW[1:2], _ABOVE[1:2])
    return [*reversed(below), *([BlockStyle(BAND)] if count % 2 else []), *above]


@dataclass(frozen=True)
class _Across:
    """How percentages become places across, and where the line is from which they count."""

    zero: float
    unit: float
    is_plain: bool

    @classmethod
    def over(cls, bars: Sequence[_Bar], plain: bool, start: float, end: float) -> _Across:
        """Return the largest scale on which all bars and the words below them have space between two places."""
        space = end - start - 2 * _MARGIN
        rows = [_whole(shares) for bar in bars for shares in (bar.shares, bar.earlier) if shares]
        if plain or not rows:
            return cls(start + _MARGIN, space / 100, plain)
        below = max(map(_below_middle, rows))
        above = max(sum(shares) - _below_middle(shares) for shares in rows)
        left, right = (text_width(_direction(way), SMALL) + 10 for way in ("less", "more"))
        unit = min(space / (below + above), (space - left) / max(above, 1), (space - right) / max(below, 1))
        return cls(start + _MARGIN + max(left, below * unit), unit, plain)

    def start(self, shares: Sequence[float]) -> float:
        """Return where a bar begins."""
        return self.zero if self.is_plain else self.zero - _below_middle(shares) * self.unit

    def paint(self, page: Panel, top: float, bottom: float) -> None:
        """Draw the line that the bars lie around, or the marks from 0 to 100 %."""
        for share in [0, 25, 50, 75, 100] if self.is_plain else [0]:
            x = self.zero + share * self.unit
            page.line([(x, top), (x, bottom)], QUIET, 1, dash=DOTTED, layer=1)
            if self.is_plain:
                align: Align = "left" if not share else "right" if share == 100 else "center"
                page.small_text((x, bottom + 12), percent_text(share), align=align)
        if not self.is_plain:
            page.small_text((self.zero - 6, bottom + 12), _direction("less"), align="right")
            page.small_text((self.zero + 6, bottom + 12), _direction("more"))


def _direction(way: str) -> str:
    return words(f"chart-bars.{way}")


def _whole(shares: Sequence[int]) -> list[float]:
    """Return shares that add up to 100, as whole percentages may not quite."""
    total = sum(shares) or 1
    return [share * 100 / total for share in shares]


def _below_middle(shares: Sequence[float]) -> float:
    """Return how much lies below the middle: half of the middle point too, where there is one.

    >>> _below_middle([20, 30, 50]), _below_middle([40, 60])
    (35.0, 40)
    """
    half = len(shares) // 2
    return sum(shares[:half]) + (shares[half] / 2 if len(shares) % 2 else 0)


def _paint_bar(page: Panel, bar: _Bar, y: float, across: _Across, width: float) -> None:
    if bar.fits(width):
        page.text((_MARGIN, y + _NAME / 2), bar.name, paper=1, layer=4)
        page.small_text((width - _MARGIN, y + _NAME / 2), bar.words, align="right")
    else:
        _paint_wrapped(page, bar, y, width)
    _paint_both(page, bar, y + bar.words_height(width), across)


def _paint_wrapped(page: Panel, bar: _Bar, y: float, width: float) -> None:
    """Write the name and below it the words, each in as many lines as it needs."""
    name, below = bar.wrapped(width)
    page.text((_MARGIN, y + 2), name, anchor="top", spacing=1.15, paper=1, layer=4)
    page.small_text((_MARGIN, y + 4 + _LINE * line_count(name)), below, anchor="top", spacing=1.15)


def _paint_both(page: Panel, bar: _Bar, y: float, across: _Across) -> None:
    """Draw the bar, and above it that of an earlier time."""
    if bar.earlier:
        _paint_shares(page, bar.earlier, y, _THIN_BAR, across)
        y += _THIN_BAR + 2
    _paint_shares(page, bar.shares, y, _BAR, across)


def _paint_shares(page: Panel, shares: Sequence[int], y: float, height: float, across: _Across) -> None:
    if not shares:
        return
    lengths = _whole(shares)
    x = across.start(lengths)
    for share, length, style in zip(shares, lengths, _styles(len(shares)), strict=True):
        width = length * across.unit
        if share:
            page.block((x, y), width, height, style, str(share))
        x += width
