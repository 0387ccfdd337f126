"""Draw the cohort's map: nine cells with how many people are in each, and no dots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from course.charts import drawing
from course.charts.blocks import Fill, Room, block, page, write
from course.charts.drawing import BLUE_MID, BLUE_SOFT, INK, NORMAL, PAPER, SMALL
from course.charts.labels import text_size, wrap
from course.content import words
from course.content.scales import side_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEVELS: Final = ("low", "between", "high")
"""Of each side, from the left and from below."""
_LEFT, _RIGHT, _TOP, _BELOW = 76, 8, 34, 54
_BIG, _ROOMY = 24, 100
"""The size of the numbers, and how wide a cell is in which the name of its region fits too."""


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: a number or words, the name of its region, and what part of the people is there."""

    text: str
    region: str = ""
    share: float | None = 0
    """From 0 to 1; None where it is not shown."""


def draw_cohort_map(cells: Mapping[tuple[str, str], Cell], width: float = drawing.WIDTH) -> str:
    """Return the SVG text of nine cells by their level across and up, or an empty text where nothing can be drawn."""
    side = (width - _LEFT - _RIGHT) / len(LEVELS)
    high = _TOP + side * len(LEVELS) + _BELOW

    def paint(figure: Figure) -> None:
        axes = page(figure)
        for (across, up), cell in cells.items():
            x = _LEFT + LEVELS.index(across) * side
            y = _TOP + (len(LEVELS) - 1 - LEVELS.index(up)) * side
            _paint_cell(axes, Room(x, y, side, side), cell)
        _paint_sides(axes, side, width)

    return drawing.draw(width, high, paint)


def _paint_cell(axes: Axes, room: Room, cell: Cell) -> None:
    block(axes, room, _fill(cell.share))
    is_roomy = room.wide >= _ROOMY
    middle, y = room.x + room.wide / 2, room.y + room.high * (0.7 if is_roomy else 0.5)
    paper = {"facecolor": PAPER, "edgecolor": "none", "pad": 3} if cell.share is None else {"visible": False}
    look = {"ha": "center", "color": INK, "bbox": paper}
    if cell.share is None:
        write(axes, middle, y, wrap(cell.text, SMALL, room.wide - 16), **look, linespacing=1.15)
    else:
        write(axes, middle, y, cell.text, **look, fontsize=_BIG)
    if cell.region and is_roomy:
        name = wrap(cell.region, SMALL, room.wide - 12)
        write(axes, middle, room.y + 6, name, **look, va="top", fontstyle="italic", linespacing=1.1)


def _fill(share: float | None) -> Fill:
    """Return a stronger colour for more people, and hatching where their number is not shown."""
    if share is None:
        return Fill(PAPER, hatch="////")
    return Fill(BLUE_MID if share >= 0.25 else BLUE_SOFT if share else PAPER)


def _paint_sides(axes: Axes, side: float, width: float) -> None:
    bottom = _TOP + side * len(LEVELS)
    for number, level in enumerate(LEVELS):
        name = words(f"chart-cohort-map.{level}")
        write(axes, _LEFT + (number + 0.5) * side, bottom + 14, name, ha="center")
        up = bottom - (number + 0.5) * side
        write(axes, _LEFT - 6, up, wrap(name, SMALL, _LEFT - 12), ha="right", linespacing=1.1)
    across = f"{side_name('competence')} →"
    x = max(0, min(_LEFT, width - text_size(across, NORMAL)[0] - 4))
    write(axes, x, bottom + 38, across, color=INK, fontsize=NORMAL)
    write(axes, 6, 14, f"↑ {side_name('caring')}", color=INK, fontsize=NORMAL)
