"""Blocks with words in or beside them, and the key to their fills: what bars and cells are drawn with.

All places are in the picture's units, from its upper left corner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from course.charts import drawing
from course.charts.drawing import INK, PAPER, QUIET, SMALL
from course.charts.labels import text_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

KEY_ROW = 24
_SWATCH, _GAP = 18, 7


@dataclass(frozen=True)
class Fill:
    """How a block looks: its colour, that of words on it, and its hatching where it has any."""

    colour: str
    words: str = INK
    hatch: str = ""


@dataclass(frozen=True)
class Room:
    """Where a block goes: its left and upper edge, its width and its height."""

    x: float
    y: float
    wide: float
    high: float


def page(figure: Figure) -> Axes:
    """Return axes over the whole picture, whose units are the picture's, from its upper left corner."""
    wide, high = (float(side) * 72 for side in figure.get_size_inches())
    axes = drawing.place_axes(figure, 0, 0, wide, high)
    axes.set(xlim=(0, wide), ylim=(high, 0))
    axes.axis("off")
    return axes


def block(axes: Axes, room: Room, fill: Fill, text: str = "") -> None:
    """Draw a block with an edge of its own, and its words in it where they fit."""
    from matplotlib.patches import Rectangle

    look = {"facecolor": fill.colour, "edgecolor": INK, "linewidth": 0.8, "hatch": fill.hatch or None, "zorder": 2}
    axes.add_patch(Rectangle((room.x, room.y), room.wide, room.high, **look))
    wide, high = text_size(text, SMALL)
    if text and wide + 4 <= room.wide and high <= room.high + 4:
        place = {"ha": "center", "va": "center_baseline", "zorder": 3}
        axes.text(room.x + room.wide / 2, room.y + room.high / 2, text, color=fill.words, fontsize=SMALL, **place)


def write(axes: Axes, x: float, y: float, text: str, **look: Any) -> None:
    """Write words in the middle of a line at `y`, from `x` on; quiet and small unless it is said otherwise."""
    paper = {"facecolor": PAPER, "edgecolor": "none", "pad": 1}
    axes.text(x, y, text, **{"va": "center", "color": QUIET, "fontsize": SMALL, "zorder": 4, "bbox": paper, **look})


def key_rows(labels: Sequence[str], left: float, right: float) -> list[list[tuple[int, float]]]:
    """Return the number of each label with its place across, in as many rows as they need."""
    rows: list[list[tuple[int, float]]] = [[]]
    x = left
    for number, label in enumerate(labels):
        wide = _SWATCH + _GAP + text_size(label, SMALL)[0]
        if rows[-1] and x + wide > right:
            rows.append([])
            x = left
        rows[-1].append((number, x))
        x += wide + 14
    return rows


def paint_key(
    axes: Axes, rows: Sequence[Sequence[tuple[int, float]]], y: float, fills: Sequence[Fill], labels: Sequence[str]
) -> None:
    """Draw a swatch and a label for each fill, in the rows that `key_rows` made."""
    for number, row in enumerate(rows):
        middle = y + (number + 0.5) * KEY_ROW
        for which, x in row:
            block(axes, Room(x, middle - 7, _SWATCH, 14), fills[which])
            write(axes, x + _SWATCH + _GAP, middle, labels[which], color=INK)
