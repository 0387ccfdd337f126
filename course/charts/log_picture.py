"""Draw a log: a row of squares with letters, the day under each, and what the letters mean."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from course.charts import drawing
from course.charts.drawing import BLUE, INK, NORMAL, PAPER, QUIET, RUST, SMALL
from course.charts.labels import text_size
from course.content import words
from course.content.dates import short_month

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LOOKS: Final = (
    {"facecolor": BLUE, "edgecolor": BLUE, "ink": PAPER},
    {"facecolor": PAPER, "edgecolor": BLUE, "ink": BLUE},
    {"facecolor": PAPER, "edgecolor": RUST, "ink": RUST, "linestyle": (0, (3, 2))},
)
"""Full, outlined, dashed: in the order of the marks, and the last one for all that follow."""
_NONE: Final = {"facecolor": PAPER, "edgecolor": QUIET, "ink": QUIET, "linestyle": (0, (1, 2))}
_SQUARE, _STEP, _ROW, _KEY, _EDGE = 30, 40, 80, 30, 8


@dataclass(frozen=True)
class Square:
    """One entry: its day, and the letter of its mark or an empty text."""

    day: datetime.date
    mark: str


def draw_log(squares: Sequence[Square], marks: Mapping[str, str], width: float = drawing.WIDTH) -> str:
    """Return the SVG text of the squares, or an empty text where nothing can be drawn."""
    across = int(width - 2 * _EDGE) // _STEP
    rows = -(-len(squares) // across)
    shown = {**marks, **({"": words("chart-log.no-mark")} if any(not square.mark for square in squares) else {})}
    keys = _key_rows(shown, width)
    below = _KEY * len(keys) + 6

    def paint(figure: Figure) -> None:
        high = below + _ROW * rows
        axes = drawing.place_axes(figure, 0, 0, width, high)
        axes.set(xlim=(0, width), ylim=(0, high))
        axes.axis("off")
        for number, square in enumerate(squares):
            x, y = _EDGE + number % across * _STEP, high - _ROW * (number // across) - _SQUARE - 4
            _paint_square(axes, x, y, square.mark, marks)
            day = f"{square.day.day}\n{short_month(square.day)}"
            axes.text(x + _SQUARE / 2, y - 6, day, ha="center", va="top", color=QUIET, fontsize=SMALL, linespacing=1.1)
        for row, entries in enumerate(keys):
            _paint_key(axes, below - 6 - _KEY * (row + 1), entries, marks)

    return drawing.draw(width, below + _ROW * rows, paint)


def _paint_square(axes: Axes, x: float, y: float, mark: str, marks: Mapping[str, str], size: float = _SQUARE) -> None:
    from matplotlib.patches import Rectangle

    look: dict[str, Any] = dict(_LOOKS[min([*marks].index(mark), len(_LOOKS) - 1)] if mark else _NONE)
    ink = look.pop("ink")
    axes.add_patch(Rectangle((x, y), size, size, linewidth=2, **look))
    axes.text(
        x + size / 2, y + size / 2, mark, ha="center", va="center_baseline", color=ink, fontsize=NORMAL, weight="bold"
    )


def _key_rows(shown: Mapping[str, str], width: float) -> list[list[tuple[str, str, float]]]:
    """Return the marks with their names and places across, as many in a row as there is room for."""
    rows: list[list[tuple[str, str, float]]] = [[]]
    x = float(_EDGE)
    for mark, name in shown.items():
        wide = 28 + text_size(name, NORMAL)[0]
        if rows[-1] and x + wide > width:
            rows.append([])
            x = _EDGE
        rows[-1].append((mark, name, x))
        x += wide + 14
    return rows


def _paint_key(axes: Axes, y: float, entries: Sequence[tuple[str, str, float]], marks: Mapping[str, str]) -> None:
    for mark, name, x in entries:
        _paint_square(axes, x, y + 4, mark, marks, 22)
        axes.text(x + 30, y + 15, name, va="center", color=INK)
