"""The one place where pictures are made: palette, type, and a figure turned into SVG text.

matplotlib is imported with the first picture. Where it cannot be, there is no picture
and the chart's sentence and table stand alone. pyplot is never used: it would keep and show figures.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from course.charts.labels import wrap
from course.core.design_tokens import dark, pixels, token

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PAPER, INK, QUIET, LINE, BAND = map(token, ("paper", "ink", "quiet", "line", "shade"))
BLUE, RUST, PLUM = map(token, ("blue", "rust", "plum"))
BLUE_MID, BLUE_SOFT, RUST_MID, RUST_SOFT = map(token, ("blue-mid", "blue-soft", "rust-mid", "rust-soft"))
"""Fills, for words in ink; on blue and rust themselves words are in the colour of paper."""

_COLOURS: Final = (
    *("paper", "ink", "quiet", "line", "shade"),
    *("blue", "rust", "plum", "blue-mid", "blue-soft", "rust-mid", "rust-soft"),
)
DARK: Final = {token(name): dark(name) for name in _COLOURS}
"""Each colour's twin on a dark page. The browser swaps them in the SVG text, so they must all differ."""

SMALL, NORMAL = pixels("size-picture-small"), pixels("size-picture")
"""Sizes of type, in the units of the picture, which is shown a little larger."""
WIDTH, NARROW = 440.0, 280.0
"""How wide a picture is, and how wide where there is no room for that, such as on a phone: the type stays readable."""

_FACES = token("font").replace('"', "'")
_STYLE: Final[dict[str, Any]] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "building-trust",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",
    "font.size": NORMAL,
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": QUIET,
    "axes.linewidth": 1,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "xtick.major.pad": 8,
    "ytick.major.pad": 8,
    "figure.dpi": 72,
}

_one_at_a_time = threading.Lock()
"""Held while a picture is made: matplotlib has one style at a time for all threads."""


def draw(width: float, height: float, paint: Callable[[Figure], None]) -> str:
    """Return the SVG text of what `paint` puts on a figure, the same text for the same data.

    The answer is empty where matplotlib cannot be imported. Width and height are in the units
    of sizes of type and of lines.
    """
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError:
        return ""
    with _one_at_a_time, rc_context(_STYLE):
        figure = Figure(figsize=(width / 72, height / 72), facecolor=PAPER)
        paint(figure)
        file = io.StringIO()
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(file, format="svg", facecolor=PAPER, metadata=nothing)
    return _tidy(file.getvalue())


def place_axes(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Add axes at a place given in the picture's units, from its lower left corner."""
    across, up = figure.get_size_inches() * 72
    axes = figure.add_axes((left / across, bottom / up, width / across, height / up))
    axes.set_facecolor(PAPER)
    axes.set_axisbelow(True)
    return axes


def prepare_rows(axes: Axes, points: Sequence[str], count: int, width: float) -> None:
    """Lay out so many rows, one above the other, over a scale whose points are named below them."""
    axes.set(xlim=(1, len(points)), ylim=(0, count))
    axes.spines[:].set_visible(False)
    _label_points(axes, points, width)
    axes.set_yticks([])
    axes.tick_params(axis="x", pad=2)


def _label_points(axes: Axes, points: Sequence[str], width: float) -> None:
    """Write the points of a scale under the axes: each, or every other one in a narrow picture."""
    step, room = (1, 62) if width >= WIDTH else (2, 76)
    axes.set_xticks(range(1, len(points) + 1, step), [wrap(point, SMALL, room) for point in points[::step]])
    for at in range(1, len(points) + 1):
        axes.axvline(at, color=LINE, linewidth=0.7, linestyle=(0, (1, 3)), zorder=0)


def _tidy(svg: str) -> str:
    """Drop the XML prologue, and let the reader's own system choose the face of the type."""
    svg = svg[svg.index("<svg") :]
    return re.sub(r"(font(?:-family)?:[^;\"]*?)'DejaVu Sans'[^;\"]*", rf"\1{_FACES}", svg)
