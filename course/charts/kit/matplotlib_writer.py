"""Write a picture with matplotlib: on a laptop, in reports and in the live session.

It is imported with the first picture; a person's own settings for it stay out. pyplot is never used: it would keep and
show figures. matplotlib places nothing: it writes what it is given where it is told to.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from course.charts.kit.layout import Box
from course.charts.kit.palette import FACES, PAPER
from course.charts.kit.shapes import DrawnBlock, DrawnLine, DrawnMark, DrawnText, MarkName, Picture, Shape

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure
    from matplotlib.transforms import Transform

_STYLE: Final = {
    "svg.fonttype": "none",
    "svg.hashsalt": "building-trust",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",
    "figure.dpi": 72,
}
_MARKERS: Final[Mapping[MarkName, str]] = {
    "circle": "o",
    "square": "s",
    "diamond": "D",
    "triangle": "^",
    "cross": "x",
    "plus": "+",
    "stroke": "|",
}
_HATCH: Final = "////"
_DOTS: Final = 216
"""Of a PNG file, to the inch: three to each unit."""

_one_at_a_time = threading.Lock()
"""Held while a picture is made: matplotlib has one style at a time for all threads."""


def svg_text(picture: Picture) -> str:
    """Return the SVG text of a picture; raises ImportError where matplotlib is missing."""
    with _one_at_a_time, _style():
        file = io.StringIO()
        no_metadata = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        _figure(picture).savefig(file, format="svg", facecolor=PAPER, metadata=no_metadata)
    return _tidy(file.getvalue())


def png_bytes(picture: Picture) -> bytes:
    """Return a picture as a PNG file, sharp on paper; raises ImportError where matplotlib is missing."""
    with _one_at_a_time, _style():
        file = io.BytesIO()
        _figure(picture).savefig(file, format="png", dpi=_DOTS, facecolor=PAPER, metadata={"Software": None})
    return file.getvalue()


@contextmanager
def _style() -> Iterator[None]:
    """Have the course's own style for a while, and nothing of a person's."""
    from matplotlib import rc_context, rcParams, rcParamsDefault

    defaults = {key: value for key, value in dict.items(rcParamsDefault) if key != "backend"}
    own = [key for key in defaults if dict.get(rcParams, key) != defaults[key]]
    with rc_context({key: defaults[key] for key in own} | _STYLE):
        yield


def _figure(picture: Picture) -> Figure:
    from matplotlib.figure import Figure
    from matplotlib.transforms import Affine2D

    figure = Figure(figsize=(picture.width / 72, picture.height / 72), facecolor=PAPER)
    units = Affine2D().scale(1 / 72) + figure.dpi_scale_trans
    for layer, shape in enumerate(picture.shapes):
        artist = _artist(shape, units)
        artist.set_zorder(layer)
        figure.add_artist(artist)
        if not isinstance(shape, DrawnMark | DrawnText) and shape.clip:
            artist.set_clip_box(_clip_box(shape.clip, units))
    return figure


def _artist(shape: Shape, units: Transform) -> Artist:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle
    from matplotlib.text import Text

    match shape:
        case DrawnLine():
            return Line2D(
                [x for x, _ in shape.points],
                [y for _, y in shape.points],
                color=shape.colour,
                linewidth=shape.width,
                linestyle=(0, shape.dash) if shape.dash else "-",
                solid_capstyle="butt" if shape.has_flat_ends else "projecting",
                transform=units,
            )
        case DrawnMark(point=(x, y), style=style):
            return Line2D(
                [x],
                [y],
                linestyle="none",
                marker=_MARKERS[style.shape],
                markersize=style.size,
                markeredgecolor=style.outline,
                markerfacecolor=style.inside or style.outline,
                markeredgewidth=style.width,
                transform=units,
            )
        case DrawnBlock(box=box, style=block):
            return Rectangle(
                (box.left, box.bottom),
                box.right - box.left,
                box.top - box.bottom,
                facecolor=block.colour,
                edgecolor=block.outline,
                linewidth=block.width,
                linestyle=(0, block.dash) if block.dash else "-",
                hatch=_HATCH if block.is_hatched else None,
                transform=units,
            )
        case DrawnText():
            return Text(
                *shape.point,
                shape.text,
                color=shape.colour,
                fontsize=shape.size,
                ha=shape.align,
                va="baseline",
                fontweight="bold" if shape.is_bold else "normal",
                fontstyle="italic" if shape.is_italic else "normal",
                transform=units,
            )


def _clip_box(box: Box, units: Transform) -> object:
    from matplotlib.transforms import Bbox, TransformedBbox

    return TransformedBbox(Bbox.from_extents(box.left, box.bottom, box.right, box.top), units)


def _tidy(svg: str) -> str:
    """Drop the XML prologue, and let the reader's own system choose the face of the type."""
    svg = svg[svg.index("<svg") :]
    return re.sub(r"(font(?:-family)?:[^;\"]*?)'DejaVu Sans'[^;\"]*", rf"\1{FACES}", svg)
