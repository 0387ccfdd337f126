"""Draw pictures: palette, type, and a canvas with few primitives that becomes SVG text. Only this file draws.

A picture is made of panels, each with a scale of its own, and on them lines, blocks, marks and text. Charts draw with
these alone, so that another canvas can draw the same pictures. matplotlib is behind this one and is imported with the
first picture; a person's own settings for it stay out. Where nothing can be drawn, for whatever reason, there is no
picture, and the chart's sentence and table say everything. pyplot is never used: it would keep and show figures.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from course.charts.layout import Align, Box, Point, flow, text_size, text_width, wrap
from course.core import error_log
from course.core.design_tokens import dark, pixels, token

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PAPER, INK, QUIET, LINE, BAND = map(token, ("paper", "ink", "quiet", "line", "shade"))
BLUE, RUST, PLUM, TEAL = map(token, ("blue", "rust", "plum", "accent"))
BLUE_MID, BLUE_SOFT, RUST_MID, RUST_SOFT = map(token, ("blue-mid", "blue-soft", "rust-mid", "rust-soft"))
"""Fills, for words in ink; on blue and rust themselves words are in the colour of paper."""

_COLOURS: Final = (
    *("paper", "ink", "quiet", "line", "shade"),
    *("blue", "rust", "plum", "accent", "blue-mid", "blue-soft", "rust-mid", "rust-soft"),
)
DARK: Final = {token(name): dark(name) for name in _COLOURS}
"""Each colour's twin on a dark page. The browser swaps them in the SVG text, so they must all differ."""

SMALL, NORMAL = pixels("size-picture-small"), pixels("size-picture")
"""Sizes of type, in the units of the picture, which is shown a little larger."""
WIDTH, NARROW = 440.0, 280.0
"""How wide a picture is, and how wide where there is no room for that, such as on a phone: the type stays readable."""

_FACES = token("font").replace('"', "'")
_STYLE: Final = {
    "svg.fonttype": "none",
    "svg.hashsalt": "building-trust",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",
    "font.size": NORMAL,
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": QUIET,
    "axes.linewidth": 1,
    **dict.fromkeys(("xtick.color", "ytick.color"), QUIET),
    **dict.fromkeys(("xtick.labelsize", "ytick.labelsize"), SMALL),
    **dict.fromkeys(("xtick.major.size", "ytick.major.size"), 0),
    **dict.fromkeys(("xtick.major.pad", "ytick.major.pad"), 8),
    "figure.dpi": 72,
}

_one_at_a_time = threading.Lock()
"""Held while a picture is made: matplotlib has one style at a time for all threads."""

Dash = tuple[float, float]
"""How long a dash and the gap after it are, in widths of the line."""
Anchor = Literal["middle", "letters", "top"]
"""What of a text stands at the height of its point: the middle of its lines, the middle of its letters, or its top."""
Shape = Literal["circle", "square", "diamond", "triangle", "cross", "plus", "stroke"]

_MARKERS: Final[Mapping[Shape, str]] = {
    "circle": "o",
    "square": "s",
    "diamond": "D",
    "triangle": "^",
    "cross": "x",
    "plus": "+",
    "stroke": "|",
}
DOTTED: Final[Dash] = (1, 3)
KEY_ROW: Final = 24
_SWATCH, _SWATCH_GAP, _KEY_GAP = 18, 7, 14


@dataclass(frozen=True)
class MarkStyle:
    """How a mark looks: its shape, its size, the colours of its outline and inside, and the outline's width."""

    shape: Shape
    size: float
    outline: str
    inside: str = ""
    """The outline's colour unless another is named; `none` lets what is below show through."""
    width: float = 1


@dataclass(frozen=True)
class BlockStyle:
    """How a block looks: its colour, that of words on it, its hatching where it has any, and its outline."""

    colour: str
    words: str = INK
    hatch: str = ""
    outline: str = INK
    width: float = 0.8
    dash: Dash | None = None


class Panel:
    """A rectangle of the picture with a scale across and a scale up, in which everything on it is placed."""

    def __init__(self, axes: Axes) -> None:
        self._axes = axes

    @property
    def box(self) -> Box:
        """Where the panel is, in the picture's units."""
        return Box(*map(float, self._axes.bbox.extents))

    def to_picture(self, point: Point) -> Point:
        """Return where a point of the scales is, in the picture's units from its lower left corner."""
        x, y = self._axes.transData.transform(point)
        return float(x), float(y)

    def to_scale(self, point: Point) -> Point:
        """Return a place in the picture as a point of the scales."""
        x, y = self._axes.transData.inverted().transform(point)
        return float(x), float(y)

    def line(
        self,
        points: Sequence[Point],
        colour: str,
        width: float,
        *,
        dash: Dash | None = None,
        has_flat_ends: bool = False,
        layer: float = 2,
    ) -> None:
        """Draw a line through the points; what lies beyond the panel is cut off."""
        self._axes.plot(
            [x for x, _ in points],
            [y for _, y in points],
            color=colour,
            linewidth=width,
            linestyle=(0, dash) if dash else "-",
            solid_capstyle="butt" if has_flat_ends else "projecting",
            zorder=layer,
        )

    def marks(self, points: Sequence[Point], style: MarkStyle, *, layer: float = 2) -> None:
        """Draw the same mark at each point, whole even where it reaches beyond the panel."""
        self._axes.plot(
            [x for x, _ in points],
            [y for _, y in points],
            linestyle="none",
            marker=_MARKERS[style.shape],
            markersize=style.size,
            markeredgecolor=style.outline,
            markerfacecolor=style.inside or style.outline,
            markeredgewidth=style.width,
            clip_on=False,
            zorder=layer,
        )

    def block(
        self, corner: Point, width: float, height: float, style: BlockStyle, words: str = "", *, layer: float = 2
    ) -> None:
        """Draw a rectangle with one corner there, and words in it where they fit."""
        from matplotlib.patches import Rectangle

        self._axes.add_patch(
            Rectangle(
                corner,
                width,
                height,
                facecolor=style.colour,
                edgecolor=style.outline,
                linewidth=style.width,
                linestyle=(0, style.dash) if style.dash else "-",
                hatch=style.hatch or None,
                zorder=layer,
            )
        )
        words_width, words_height = text_size(words, SMALL)
        if words and words_width + 4 <= width and words_height <= height + 4:
            x, y = corner
            middle = (x + width / 2, y + height / 2)
            self.text(middle, words, colour=style.words, size=SMALL, align="center", anchor="letters")

    def text(
        self,
        point: Point,
        text: str,
        *,
        colour: str = INK,
        size: float = NORMAL,
        align: Align = "left",
        align_lines: Align | None = None,
        anchor: Anchor = "middle",
        is_bold: bool = False,
        is_italic: bool = False,
        spacing: float | None = None,
        paper: float | None = None,
        layer: float = 3,
    ) -> None:
        """Write a text of one or more lines at a point.

        `paper` is how far a background of the page's colour reaches beyond the text. Lines are aligned as the text is,
        unless `align_lines` says otherwise.
        """
        vertical = {"middle": "center", "letters": "center_baseline", "top": "top"}[anchor]
        self._axes.text(
            *point,
            text,
            color=colour,
            fontsize=size,
            ha=align,
            multialignment=align_lines or align,
            va=vertical,
            fontweight="bold" if is_bold else "normal",
            fontstyle="italic" if is_italic else "normal",
            linespacing=spacing,
            bbox=None if paper is None else {"facecolor": PAPER, "edgecolor": "none", "pad": paper},
            zorder=layer,
        )

    def small_text(
        self,
        point: Point,
        text: str,
        *,
        align: Align = "left",
        anchor: Anchor = "middle",
        spacing: float | None = None,
    ) -> None:
        """Write a quiet, small text that covers what is below it."""
        self.text(point, text, colour=QUIET, size=SMALL, align=align, anchor=anchor, spacing=spacing, paper=1, layer=4)


class ScaledPanel(Panel):
    """A panel whose scales are written beside it."""

    def scale_across(self, places: Sequence[float], labels: Sequence[str], gap: float = 8) -> None:
        """Write labels below the panel at these places, so far away from it."""
        self._axes.set_xticks(places, labels)
        self._axes.tick_params(axis="x", pad=gap)

    def scale_up(
        self, places: Sequence[float], labels: Sequence[str], gap: float = 8, *, has_lines: bool = False
    ) -> None:
        """Write labels in front of the panel at these places, with a dotted line at each where there are to be any."""
        self._axes.set_yticks(places, labels)
        self._axes.tick_params(axis="y", pad=gap)
        if has_lines:
            self._axes.grid(axis="y", color=LINE, linewidth=0.7, linestyle=(0, DOTTED))

    def name_across(self, name: str, gap: float) -> None:
        """Write what the scale across measures, so far below its labels."""
        self._axes.set_xlabel(name, color=INK, labelpad=gap)

    def name_up(self, name: str, across: float, up: float) -> None:
        """Write what the scale up measures, so far from the panel's upper left corner."""
        self._axes.annotate(name, (0, 1), xytext=(across, up), xycoords="axes fraction", textcoords="offset points")


class Canvas:
    """A picture that is being drawn. Its units are those of sizes of type and widths of lines."""

    def __init__(self, figure: Figure, width: float, height: float) -> None:
        self._figure = figure
        self.width = width
        self.height = height

    def page(self) -> Panel:
        """Return a panel over the whole picture, whose units are the picture's, from its upper left corner."""
        return self.panel((0, 0), self.width, self.height, across=(0, self.width), up=(self.height, 0))

    def panel(
        self, corner: Point, width: float, height: float, *, across: tuple[float, float], up: tuple[float, float]
    ) -> Panel:
        """Return a panel at a place in the picture's units, from its lower left corner, without frame or scales.

        `across` are the scale's ends at the left and right edge, `up` at the lower and upper edge.
        """
        axes = self._axes(corner, width, height, across, up)
        axes.axis("off")
        return Panel(axes)

    def scaled_panel(
        self,
        corner: Point,
        width: float,
        height: float,
        *,
        across: tuple[float, float],
        up: tuple[float, float],
        has_frame: bool = False,
    ) -> ScaledPanel:
        """Return a panel with room for its scales, which are empty until they are written."""
        axes = self._axes(corner, width, height, across, up)
        axes.spines[:].set_visible(has_frame)
        axes.set_yticks([])
        return ScaledPanel(axes)

    def text(self, point: Point, text: str, *, colour: str = INK, size: float = NORMAL) -> None:
        """Write a text from a place in the picture on, in its units from the lower left corner."""
        x, y = point
        self._figure.text(x / self.width, y / self.height, text, va="center", color=colour, fontsize=size)

    def _axes(
        self, corner: Point, width: float, height: float, across: tuple[float, float], up: tuple[float, float]
    ) -> Axes:
        left, bottom = corner
        place = (left / self.width, bottom / self.height, width / self.width, height / self.height)
        axes = self._figure.add_axes(place)
        axes.set_facecolor(PAPER)
        axes.set_axisbelow(True)
        axes.set(xlim=across, ylim=up)
        return axes


def draw(width: float, height: float, paint: Callable[[Canvas], None]) -> str:
    """Return the SVG text of what `paint` puts on a canvas, the same text for the same data.

    The answer is empty where matplotlib is missing, or fails, which is logged. Width and height are in the units of
    sizes of type and of lines.
    """
    try:
        return _tidy(_drawn(width, height, paint))
    except ImportError:
        return ""
    except Exception as error:  # whatever matplotlib meets on this machine: the sentence and the table are shown
        error_log.log_error(error, "draw")
        return ""


def _drawn(width: float, height: float, paint: Callable[[Canvas], None]) -> str:
    from matplotlib import rc_context, rcParams, rcParamsDefault
    from matplotlib.figure import Figure

    defaults = {key: value for key, value in dict.items(rcParamsDefault) if key != "backend"}
    with _one_at_a_time:
        own = [key for key in defaults if dict.get(rcParams, key) != defaults[key]]
        with rc_context({key: defaults[key] for key in own} | _STYLE):
            figure = Figure(figsize=(width / 72, height / 72), facecolor=PAPER)
            paint(Canvas(figure, width, height))
            file = io.StringIO()
            no_metadata = dict.fromkeys(("Creator", "Date", "Format", "Type"))
            figure.savefig(file, format="svg", facecolor=PAPER, metadata=no_metadata)
    return file.getvalue()


def is_wide(width: float) -> bool:
    """Say whether a picture is wide enough for all that it says, and not one for a narrow page."""
    return width >= WIDTH


def rows_on_points(
    canvas: Canvas, points: Sequence[str], count: int, margin: float, bottom: float, height: float
) -> Panel:
    """Return a panel of so many rows, one above the other, over a scale whose points are named below them.

    Across, the scale goes from 1 to the number of points; up, a row is 1 high.
    """
    width = canvas.width - 2 * margin
    panel = canvas.scaled_panel((margin, bottom), width, height, across=(1, len(points)), up=(0, count))
    step, label_width = (1, 62) if is_wide(canvas.width) else (2, 76)
    labels = [wrap(point, SMALL, label_width) for point in points[::step]]
    panel.scale_across(range(1, len(points) + 1, step), labels, gap=2)
    for place in range(1, len(points) + 1):
        panel.line([(place, 0), (place, count)], LINE, 0.7, dash=DOTTED, layer=0)
    return panel


def key_rows(labels: Sequence[str], left: float, right: float) -> list[list[tuple[int, float]]]:
    """Return the number of each label with its place across, in as many rows as a key with swatches needs."""
    return flow([_SWATCH + _SWATCH_GAP + text_width(label, SMALL) for label in labels], left, right, _KEY_GAP)


def paint_key(
    page: Panel,
    rows: Sequence[Sequence[tuple[int, float]]],
    top: float,
    styles: Sequence[BlockStyle],
    labels: Sequence[str],
) -> None:
    """Draw a swatch and a label for each style, in the rows that `key_rows` made."""
    for number, row in enumerate(rows):
        middle = top + (number + 0.5) * KEY_ROW
        for which, x in row:
            page.block((x, middle - 7), _SWATCH, 14, styles[which])
            place = (x + _SWATCH + _SWATCH_GAP, middle)
            page.text(place, labels[which], size=SMALL, paper=1, layer=4)


def _tidy(svg: str) -> str:
    """Drop the XML prologue, and let the reader's own system choose the face of the type."""
    svg = svg[svg.index("<svg") :]
    return re.sub(r"(font(?:-family)?:[^;\"]*?)'DejaVu Sans'[^;\"]*", rf"\1{_FACES}", svg)
