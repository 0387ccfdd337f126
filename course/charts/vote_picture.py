"""Draw a vote: for each option a bar for the first vote and one for the second, told apart by shape and label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from course.charts import drawing
from course.charts.blocks import KEY_ROW, Fill, Room, block, key_rows, page, paint_key, write
from course.charts.drawing import BLUE, INK, NORMAL, PAPER, RUST_SOFT
from course.charts.labels import text_size, wrap
from course.content import words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_FILLS: Final = (Fill(RUST_SOFT, hatch="////"), Fill(BLUE, PAPER))
_MARGIN, _LINE, _BAR, _GAP, _SPACE = 8, 19, 20, 3, 14


@dataclass(frozen=True)
class Option:
    """One option: its words, and its share in each vote as a whole percentage, None where it is not shown."""

    name: str
    shares: tuple[int | None, ...]


def draw_vote(options: Sequence[Option], votes: Sequence[str], width: float = drawing.WIDTH) -> str:
    """Return the SVG text of the options, or an empty text where nothing can be drawn.

    `votes` names the votes: one, or the first and the second.
    """
    names = [wrap(option.name, NORMAL, width - 2 * _MARGIN) for option in options]
    heights = [_LINE * len(name.split("\n")) + (_BAR + _GAP) * len(votes) + _SPACE for name in names]
    fills = _FILLS if len(votes) > 1 else _FILLS[1:]
    keys = key_rows(votes, _MARGIN, width - _MARGIN) if len(votes) > 1 else []
    top = KEY_ROW * len(keys) + 8

    def paint(figure: Figure) -> None:
        axes = page(figure)
        paint_key(axes, keys, 2, fills, votes)
        y: float = top
        for option, name, high in zip(options, names, heights, strict=True):
            _paint_option(axes, option, name, fills, y, width)
            y += high

    return drawing.draw(width, top + sum(heights), paint)


def _paint_option(axes: Axes, option: Option, name: str, fills: Sequence[Fill], y: float, width: float) -> None:
    write(axes, _MARGIN, y, name, va="top", color=INK, fontsize=NORMAL, linespacing=1.15)
    y += _LINE * len(name.split("\n")) + 2
    unit = (width - 2 * _MARGIN - text_size("100 %", NORMAL)[0] - 6) / 100
    for share, fill in zip(option.shares, fills, strict=True):
        text = words("chart-vote.few") if share is None else words("chart-bars.percent", n=share)
        wide = (share or 0) * unit
        if share:
            block(axes, Room(_MARGIN, y, wide, _BAR), fill)
        elif share == 0:
            axes.plot([_MARGIN, _MARGIN], [y, y + _BAR], color=INK, linewidth=1.6)
        write(axes, _MARGIN + wide + 6, y + _BAR / 2, text, color=INK)
        y += _BAR + _GAP
