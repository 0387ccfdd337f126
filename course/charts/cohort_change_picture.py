"""Draw how a cohort's reports shifted: for each side how many went up, stayed about the same, and went down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from course.charts import drawing
from course.charts.blocks import Fill, Room, block, page, write
from course.charts.drawing import BAND, BLUE, INK, NORMAL, PAPER, RUST_MID, SMALL
from course.charts.labels import text_size, wrap
from course.content import words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WAYS: Final = ("up", "same", "down")
_FILLS: Final = {"up": Fill(BLUE, PAPER), "same": Fill(BAND), "down": Fill(RUST_MID, hatch="////")}
_MARGIN, _NAME, _BAR, _GAP, _LINE, _SPACE = 8, 30, 22, 5, 18, 20


@dataclass(frozen=True)
class Shift:
    """One side: its name, the shares of up, same and down as whole percentages, and the small print below."""

    name: str
    shares: tuple[int | None, ...]
    """None for one that is not shown."""
    small_print: str


def draw_cohort_change(shifts: Sequence[Shift], width: float = drawing.WIDTH) -> str:
    """Return the SVG text of a bar for each way on each side, or an empty text where nothing can be drawn."""
    prints = [wrap(shift.small_print, SMALL, width - 2 * _MARGIN) for shift in shifts]
    heights = [_height(shift, text) for shift, text in zip(shifts, prints, strict=True)]

    def paint(figure: Figure) -> None:
        axes = page(figure)
        y = 0.0
        for shift, text, high in zip(shifts, prints, heights, strict=True):
            _paint_shift(axes, shift, text, y, width)
            y += high

    return drawing.draw(width, sum(heights), paint)


def _height(shift: Shift, small_print: str) -> float:
    bars = (_BAR + _GAP) * len(shift.shares)
    return _NAME + bars + _LINE * len(small_print.split("\n")) + _SPACE


def _paint_shift(axes: Axes, shift: Shift, small_print: str, y: float, width: float) -> None:
    write(axes, _MARGIN, y + _NAME / 2, shift.name, color=INK, fontsize=NORMAL, fontweight="bold")
    y += _NAME
    names = [words(f"chart-cohort-change.{way}") for way in WAYS]
    left = _MARGIN + max(text_size(name, NORMAL)[0] for name in names) + 8
    unit = (width - left - _MARGIN - text_size("100 %", NORMAL)[0] - 6) / 100
    for way, name, share in zip(WAYS, names, shift.shares, strict=False):
        middle = y + _BAR / 2
        write(axes, _MARGIN, middle, name, color=INK, fontsize=NORMAL)
        wide = (share or 0) * unit
        if share:
            block(axes, Room(left, y, wide, _BAR), _FILLS[way])
        elif share == 0:
            axes.plot([left, left], [y, y + _BAR], color=INK, linewidth=1.6)
        text = words("chart-cohort-change.not-shown") if share is None else words("chart-bars.percent", n=share)
        write(axes, left + wide + 6, middle, text, color=INK, fontsize=NORMAL)
        y += _BAR + _GAP
    write(axes, _MARGIN, y + 2, small_print, va="top", linespacing=1.15)
