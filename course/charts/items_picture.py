"""Draw the habits: a row each, its name above its line, a circle for the first rating and a square for the latest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from course.charts import drawing
from course.charts.drawing import BLUE, INK, LINE, NORMAL, PAPER, PLUM, QUIET, RUST, SMALL
from course.charts.labels import text_size
from course.content.scales import find_scale

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
_NARROW_ROW = 66
"""How high a row is where its last words stand on a line of their own."""


@dataclass(frozen=True)
class Row:
    """One habit: its name, the first, latest, looking-back and between rating or None, and the words at its end."""

    name: str
    marks: tuple[int | None, ...]
    said: str


def draw_items(rows: Sequence[Row], labels: Sequence[str], width: float = drawing.WIDTH) -> str:
    """Return the SVG text of the rows, or an empty text where nothing can be drawn.

    `labels` name the kinds of marks; a label is empty where there is no such rating.
    """
    keys = _key_rows(labels, width) if sum(map(bool, labels)) > 1 else []
    high = (_ROW if width >= drawing.WIDTH else _NARROW_ROW) * len(rows)

    def paint(figure: Figure) -> None:
        axes = drawing.place_axes(figure, _MARGIN, _SCALE, width - 2 * _MARGIN, high)
        drawing.prepare_rows(axes, find_scale("habits").points, len(rows), width)
        for number, row in enumerate(rows):
            _paint_row(axes, len(rows) - number - 1, row, width)
        for number, entries in enumerate(reversed(keys)):
            _paint_key(figure, entries, _SCALE + high + 4 + number * _KEY, labels)

    return drawing.draw(width, _SCALE + high + _KEY * len(keys) + 8, paint)


def _paint_row(axes: Axes, bottom: int, row: Row, width: float) -> None:
    is_wide = width >= drawing.WIDTH
    middle, name, said = (bottom + up for up in ((0.3, 0.74, 0.74) if is_wide else (0.2, 0.8, 0.53)))
    points = len(find_scale("habits").points)
    given = [mark for mark in row.marks[:2] if mark is not None]
    axes.plot([1, points], [middle, middle], color=LINE, linewidth=1, zorder=1)
    axes.plot(given, [middle] * len(given), color=INK, linewidth=3, zorder=2, solid_capstyle="butt")
    for look, mark in reversed([*zip(_LOOKS, row.marks, strict=True)]):
        if mark is not None:
            axes.plot([mark], [middle], linestyle="none", clip_on=False, zorder=3 + _LOOKS.index(look) % 2, **look)
    edge = (_MARGIN - 8) / (width - 2 * _MARGIN) * (points - 1)
    paper = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5}
    axes.text(1 - edge, name, row.name, va="center", color=INK, fontsize=NORMAL, bbox=paper, zorder=2)
    at, side = (points + edge, "right") if is_wide else (1 - edge, "left")
    axes.text(at, said, row.said, va="center", ha=side, color=QUIET, fontsize=SMALL, bbox=paper, zorder=2)


def _key_rows(labels: Sequence[str], width: float) -> list[list[tuple[int, float]]]:
    """Return the kinds of marks with their places across, from first to looking back, in as many rows as they need."""
    rows: list[list[tuple[int, float]]] = [[]]
    x = 16.0
    for kind in (kind for kind in (0, 3, 1, 2) if labels[kind]):
        wide = text_size(labels[kind], NORMAL)[0] + 16
        if rows[-1] and x + wide > width:
            rows.append([])
            x = 16.0
        rows[-1].append((kind, x))
        x += wide + 28
    return rows


def _paint_key(figure: Figure, entries: Sequence[tuple[int, float]], bottom: float, labels: Sequence[str]) -> None:
    width = figure.get_size_inches()[0] * 72
    axes = drawing.place_axes(figure, 0, bottom, width, _KEY)
    axes.set(xlim=(0, width), ylim=(0, 1))
    axes.axis("off")
    for kind, x in entries:
        axes.plot([x], [0.5], linestyle="none", clip_on=False, **_LOOKS[kind])
        axes.text(x + 16, 0.5, labels[kind], va="center", color=INK)
