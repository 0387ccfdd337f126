"""Draw shares of the points of a scale as stacked bars, around the middle of the scale or from end to end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from course.charts import drawing
from course.charts.blocks import KEY_ROW, Fill, Room, block, key_rows, page, paint_key, write
from course.charts.drawing import BAND, BLUE, BLUE_MID, BLUE_SOFT, INK, NORMAL, PAPER, QUIET, RUST, RUST_MID, RUST_SOFT
from course.charts.labels import text_size, wrap
from course.content import words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BELOW: Final = (Fill(RUST_SOFT), Fill(RUST_MID), Fill(RUST, PAPER))
_ABOVE: Final = (Fill(BLUE_SOFT), Fill(BLUE_MID), Fill(BLUE, PAPER))
"""From the middle of the scale to its ends: the further, the stronger."""
_MARGIN, _NAME, _LINE, _SMALL_LINE, _BAR, _THIN, _SPACE, _FOOT = 8, 22, 19, 17, 22, 14, 12, 26


@dataclass(frozen=True)
class Bar:
    """One statement: its name, its shares as whole percentages from the lowest point to the highest, and its words."""

    name: str
    shares: tuple[int, ...]
    """Empty where they are not shown; then the words say so."""
    said: str = ""
    earlier: tuple[int, ...] = ()
    """The shares of an earlier time, drawn as a thinner bar above."""


def draw_bars(bars: Sequence[Bar], points: Sequence[str], *, plain: bool = False, width: float = drawing.WIDTH) -> str:
    """Return the SVG text of the bars, or an empty text where nothing can be drawn.

    The bars lie around the middle of the scale, so that what is above and below it shows at once; `plain` ones go
    from 0 to 100 %, which some people find easier to read.
    """
    keys = key_rows(points, _MARGIN, width - _MARGIN)
    top = KEY_ROW * len(keys) + 10
    high = top + sum(_height(bar, width) for bar in bars) + _FOOT

    def paint(figure: Figure) -> None:
        axes = page(figure)
        paint_key(axes, keys, 4, _fills(len(points)), points)
        across = _Across.over(bars, plain, width)
        across.paint(axes, top, high - _FOOT)
        y: float = top
        for bar in bars:
            _paint_bar(axes, bar, y, across, width)
            y += _height(bar, width)

    return drawing.draw(width, high, paint)


def _fills(count: int) -> list[Fill]:
    """Return the fills of a scale's points; three bands, and two halves, have the middle strengths."""
    half = count // 2
    below, above = (_BELOW[:half], _ABOVE[:half]) if half > 1 else (_BELOW[1:2], _ABOVE[1:2])
    return [*reversed(below), *([Fill(BAND)] if count % 2 else []), *above]


def _height(bar: Bar, width: float) -> float:
    bars = (_BAR if bar.shares else 0) + (_THIN + 2 if bar.earlier else 0)
    return _words_height(bar, width) + bars + _SPACE


def _words_height(bar: Bar, width: float) -> float:
    if _fits(bar, width):
        return _NAME
    said = _wrapped(bar.said, drawing.SMALL, width)
    return _LINE * _lines(_wrapped(bar.name, NORMAL, width)) + (_SMALL_LINE * _lines(said) + 5 if said else 4)


def _wrapped(text: str, size: float, width: float) -> str:
    return wrap(text, size, width - 2 * _MARGIN)


def _lines(text: str) -> int:
    return len(text.split("\n"))


def _fits(bar: Bar, width: float) -> bool:
    """Say whether the name and the words at the end of a row fit on one line."""
    wide = text_size(bar.name, NORMAL)[0] + text_size(bar.said, drawing.SMALL)[0]
    return wide + 2 * _MARGIN + 10 <= width


@dataclass(frozen=True)
class _Across:
    """How percentages become places across, and where the line is from which they count."""

    zero: float
    unit: float
    is_plain: bool

    @classmethod
    def over(cls, bars: Sequence[Bar], plain: bool, width: float) -> _Across:
        room = width - 2 * _MARGIN
        shown = [_parts(shares) for bar in bars for shares in (bar.shares, bar.earlier) if shares]
        if plain or not shown:
            return cls(_MARGIN, room / 100, plain)
        below = max(map(_below, shown))
        above = max(sum(parts) - _below(parts) for parts in shown)
        left, right = (text_size(_direction(way), drawing.SMALL)[0] + 10 for way in ("less", "more"))
        unit = min(room / (below + above), (room - left) / max(above, 1), (room - right) / max(below, 1))
        return cls(_MARGIN + max(left, below * unit), unit, plain)

    def start(self, parts: Sequence[float]) -> float:
        """Return where a bar begins."""
        return self.zero if self.is_plain else self.zero - _below(parts) * self.unit

    def paint(self, axes: Axes, top: float, bottom: float) -> None:
        """Draw the line that the bars lie around, or the marks from 0 to 100 %."""
        marks = [0, 25, 50, 75, 100] if self.is_plain else [0]
        for mark in marks:
            x = self.zero + mark * self.unit
            axes.plot([x, x], [top, bottom], color=QUIET, linewidth=1, linestyle=(0, (1, 3)), zorder=1)
            if self.is_plain:
                side = "left" if not mark else "right" if mark == 100 else "center"
                write(axes, x, bottom + 12, words("chart-bars.percent", n=mark), ha=side)
        if not self.is_plain:
            write(axes, self.zero - 6, bottom + 12, _direction("less"), ha="right")
            write(axes, self.zero + 6, bottom + 12, _direction("more"))


def _direction(way: str) -> str:
    return words(f"chart-bars.{way}")


def _parts(shares: Sequence[int]) -> list[float]:
    """Return shares that add up to 100, as whole percentages may not quite."""
    whole = sum(shares) or 1
    return [share * 100 / whole for share in shares]


def _below(parts: Sequence[float]) -> float:
    """Return how much lies below the middle: half of the middle point too, where there is one.

    >>> _below([20, 30, 50]), _below([40, 60])
    (35.0, 40)
    """
    half = len(parts) // 2
    return sum(parts[:half]) + (parts[half] / 2 if len(parts) % 2 else 0)


def _paint_bar(axes: Axes, bar: Bar, y: float, across: _Across, width: float) -> None:
    if _fits(bar, width):
        write(axes, _MARGIN, y + _NAME / 2, bar.name, color=INK, fontsize=NORMAL)
        write(axes, width - _MARGIN, y + _NAME / 2, bar.said, ha="right")
    else:
        name = _wrapped(bar.name, NORMAL, width)
        write(axes, _MARGIN, y + 2, name, va="top", color=INK, fontsize=NORMAL, linespacing=1.15)
        below = y + 4 + _LINE * _lines(name)
        write(axes, _MARGIN, below, _wrapped(bar.said, drawing.SMALL, width), va="top", linespacing=1.15)
    y += _words_height(bar, width)
    if bar.earlier:
        _paint_shares(axes, bar.earlier, Room(0, y, 0, _THIN), across)
        y += _THIN + 2
    _paint_shares(axes, bar.shares, Room(0, y, 0, _BAR), across)


def _paint_shares(axes: Axes, shares: Sequence[int], row: Room, across: _Across) -> None:
    if not shares:
        return
    parts = _parts(shares)
    x = across.start(parts)
    for share, part, fill in zip(shares, parts, _fills(len(parts)), strict=True):
        wide = part * across.unit
        if share:
            block(axes, Room(x, row.y, wide, row.high), fill, str(share))
        x += wide
