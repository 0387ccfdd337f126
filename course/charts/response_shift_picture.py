"""Draw the yardstick: a line for each side, and on it the first rating, the one looking back and the one now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from course.charts import drawing
from course.charts.drawing import BLUE, INK, LINE, NORMAL, PAPER, PLUM, QUIET, RUST
from course.charts.labels import Box, box_around, place
from course.content.scales import find_scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LOOKS: Final = (
    {"marker": "o", "markersize": 14, "color": BLUE, "markerfacecolor": PAPER, "markeredgewidth": 2.2},
    {"marker": "D", "markersize": 17, "color": PLUM, "markerfacecolor": "none", "markeredgewidth": 2},
    {"marker": "s", "markersize": 8, "color": RUST},
)
"""First, looking back, now: the same shapes as on the chart of habits."""
_MARGIN, _SCALE, _ROW = 34, 66, 128


@dataclass(frozen=True)
class Line:
    """One side: its name and its scores, in the order of the labels; none where it has no score at all."""

    name: str
    points: tuple[float | None, ...]


def draw_yardstick(lines: Sequence[Line], labels: Sequence[str], width: float = drawing.WIDTH) -> str:
    """Return the SVG text of the lines, or an empty text where nothing can be drawn."""
    high = _ROW * len(lines)

    def paint(figure: Figure) -> None:
        axes = drawing.place_axes(figure, _MARGIN, _SCALE, width - 2 * _MARGIN, high)
        drawing.prepare_rows(axes, find_scale("habits").points, len(lines), width)
        for number, line in enumerate(lines):
            _paint_line(axes, len(lines) - number - 1, line, labels, width)

    return drawing.draw(width, _SCALE + high + 8, paint)


def _paint_line(axes: Axes, bottom: int, line: Line, labels: Sequence[str], width: float) -> None:
    points = len(find_scale("habits").points)
    middle = bottom + 0.36
    edge = (_MARGIN - 8) / (width - 2 * _MARGIN) * (points - 1)
    paper = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5}
    axes.text(1 - edge, bottom + 0.86, line.name, va="center", color=INK, fontweight="bold", bbox=paper, zorder=2)
    axes.plot([1, points], [middle, middle], color=LINE, linewidth=1, zorder=1)
    given = [(look, at, label) for look, at, label in zip(_LOOKS, line.points, labels, strict=False) if at is not None]
    for look, at, _ in given:
        axes.plot([at], [middle], linestyle="none", clip_on=False, zorder=3, **look)
    page = Box(8, axes.transData.transform((1, bottom))[1], width - 8, _top(axes, bottom))
    taken = [box_around(*_at(axes, at, middle), 10) for _, at, _ in given]
    for look, at, label in given:
        taken.append(_paint_label(axes, f"{label} {at:.1f}", _at(axes, at, middle), page, taken, str(look["color"])))


def _paint_label(axes: Axes, text: str, at: tuple[float, float], page: Box, taken: Sequence[Box], colour: str) -> Box:
    """Write a point's name and score beside it, with a line to it where it stands far off."""
    label = place(text, NORMAL, [at], 10, page, taken)
    to_data = axes.transData.inverted()
    x, y = to_data.transform((label.x, label.y))
    paper = {"facecolor": PAPER, "edgecolor": "none", "pad": 1}
    axes.text(x, y, text, ha=label.align, va="center", color=colour, fontweight="bold", bbox=paper, zorder=2.5)
    if label.is_far:
        axes.plot([to_data.transform(at)[0], x], [to_data.transform(at)[1], y], color=QUIET, linewidth=0.8, zorder=2)
    return label.box


def _top(axes: Axes, bottom: int) -> float:
    """Return where a side's own room ends: under its name."""
    return float(axes.transData.transform((1, bottom + 0.78))[1])


def _at(axes: Axes, x: float, y: float) -> tuple[float, float]:
    across, up = axes.transData.transform((x, y))
    return float(across), float(up)
