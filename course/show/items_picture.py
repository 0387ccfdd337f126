"""Draw the habits: a row each, its name above its line, a circle for the first rating and a square for the latest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from course.scales import find_scale
from course.show import drawing
from course.show.drawing import BLUE, INK, LINE, NORMAL, PAPER, PLUM, QUIET, RUST, SMALL
from course.show.labels import text_size, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LOOKS: Final = (
    {"marker": "o", "markersize": 14, "color": BLUE, "markerfacecolor": PAPER, "markeredgewidth": 2.2},
    {"marker": "s", "markersize": 8, "color": RUST},
    {"marker": "D", "markersize": 17, "color": PLUM, "markerfacecolor": "none", "markeredgewidth": 2},
    {"marker": "|", "markersize": 20, "color": INK, "markeredgewidth": 3},
)
"""First, latest, looking back, between: each is still seen where they coincide."""
_ROW, _SCALE, _KEY, _MARGIN = 47, 66, 30, 34


@dataclass(frozen=True)
class Row:
    """One habit: its name, the first, latest, looking-back and between rating or None, and the words at its end."""

    name: str
    marks: tuple[int | None, ...]
    said: str


def draw_items(rows: Sequence[Row], labels: Sequence[str]) -> str:
    """Return the SVG text of the rows, or an empty text where nothing can be drawn.

    `labels` name the kinds of marks; a label is empty where there is no such rating.
    """
    key = _KEY if sum(map(bool, labels)) > 1 else 0
    high = _ROW * len(rows)

    def paint(figure: Figure) -> None:
        axes = drawing.place_axes(figure, _MARGIN, _SCALE, drawing.WIDTH - 2 * _MARGIN, high)
        _paint_scale(axes, len(rows))
        for number, row in enumerate(rows):
            _paint_row(axes, len(rows) - number - 1, row)
        if key:
            _paint_key(figure, labels, high)

    return drawing.draw(_SCALE + high + key + 8, paint)


def _paint_scale(axes: Axes, count: int) -> None:
    points = find_scale("habits").points
    axes.set(xlim=(1, len(points)), ylim=(0, count))
    axes.spines[:].set_visible(False)
    axes.set_xticks(range(1, len(points) + 1), [wrap(point, SMALL, 62) for point in points])
    axes.set_yticks([])
    axes.tick_params(axis="x", pad=2)
    axes.grid(axis="x", color=LINE, linewidth=0.7, linestyle=(0, (1, 3)))


def _paint_row(axes: Axes, bottom: int, row: Row) -> None:
    middle, name = bottom + 0.3, bottom + 0.74
    points = len(find_scale("habits").points)
    given = [mark for mark in row.marks[:2] if mark is not None]
    axes.plot([1, points], [middle, middle], color=LINE, linewidth=1, zorder=1)
    axes.plot(given, [middle] * len(given), color=INK, linewidth=3, zorder=2, solid_capstyle="butt")
    for look, mark in reversed([*zip(_LOOKS, row.marks, strict=True)]):
        if mark is not None:
            axes.plot([mark], [middle], linestyle="none", clip_on=False, zorder=3 + _LOOKS.index(look) % 2, **look)
    edge = (_MARGIN - 8) / (drawing.WIDTH - 2 * _MARGIN) * (points - 1)
    paper = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5}
    axes.text(1 - edge, name, row.name, va="center", color=INK, fontsize=NORMAL, bbox=paper, zorder=2)
    axes.text(points + edge, name, row.said, va="center", ha="right", color=QUIET, fontsize=SMALL, bbox=paper, zorder=2)


def _paint_key(figure: Figure, labels: Sequence[str], high: float) -> None:
    axes = drawing.place_axes(figure, 0, _SCALE + high + 4, drawing.WIDTH, _KEY)
    axes.set(xlim=(0, drawing.WIDTH), ylim=(0, 1))
    axes.axis("off")
    shown = [(_LOOKS[kind], labels[kind]) for kind in (0, 3, 1, 2) if labels[kind]]
    x = 16.0
    for look, label in shown:
        axes.plot([x], [0.5], linestyle="none", clip_on=False, **look)
        axes.text(x + 16, 0.5, label, va="center", color=INK)
        x += text_size(label, NORMAL)[0] + 44
