"""Write the names of the map's regions where they are in nobody's way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from course.charts.drawing import QUIET, SMALL
from course.charts.labels import Box, text_size, wrap
from course.content.scales import find_scale, map_lines

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SPARE = 0.45
"""How far the square reaches beyond its first and last point, so that marks there are whole."""
_PADDING = 6


def paint_regions(axes: Axes, taken: Sequence[Box]) -> list[Box]:
    """Write each region's name in the corner of its region that is most free, and return the boxes of the names."""
    boxes: list[Box] = []
    for name, region in _regions().items():
        room = Box(*axes.transData.transform([region[:2], region[2:]]).flatten())
        words = map_lines().names[name]
        longest = max(text_size(word, SMALL)[0] for word in words.split())
        text = wrap(words, SMALL, max(room.right - room.left - 2 * _PADDING, longest))
        spots = _spots(room, text_size(text, SMALL), is_low=name in ("unknown", "respected"))
        best = min(spots, key=lambda spot: sum(spot.overlap(box) for box in (*taken, *boxes)))
        x, y = axes.transData.inverted().transform((best.left, best.top))
        axes.text(x, y, text, ha="left", va="top", color=QUIET, fontsize=SMALL, fontstyle="italic", zorder=1)
        boxes.append(best)
    return boxes


def _regions() -> dict[str, tuple[float, float, float, float]]:
    """Return each region's left, lower, right and upper edge, as points of the scale."""
    lines = map_lines()
    low, high = 1 - SPARE, len(find_scale("habits").points) + SPARE
    before, after = lines.line - lines.band, lines.line + lines.band
    return {
        "liked": (low, after, before, high),
        "trusted": (after, after, high, high),
        "unknown": (low, low, before, before),
        "respected": (after, low, high, before),
        "between": (low, before, before, after),
    }


def _spots(room: Box, size: tuple[float, float], *, is_low: bool) -> list[Box]:
    """Return where a name could stand in its region, the outer corners first."""
    wide, high = size
    top, bottom = room.top - high - _PADDING + 2, room.bottom + _PADDING - 2
    middle = (room.top + room.bottom - high) / 2
    ups = (bottom, middle, top) if is_low else (top, middle, bottom)
    acrosses = (room.left + _PADDING, room.right - wide - _PADDING)
    if wide > room.right - room.left - 2 * _PADDING:  # a long word: let it begin in the band rather than leave the map
        acrosses = acrosses[1:] + acrosses[1:]
    return [Box(x, y, x + wide, y + high) for y in ups for x in acrosses]
