"""Draw pictures: panels with scales of their own, and on them lines, blocks, marks and words, which become SVG text.

Charts draw with these alone. Where everything stands is worked out here, in plain arithmetic; a writer then makes SVG
text of it. On a laptop that is matplotlib, which is imported with the first picture. A browser has no matplotlib, and
the web edition's writer needs nothing but Python. Where nothing can be drawn, for whatever reason, there is no picture,
and the chart's sentence and table say everything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal, TypeVar

from course.charts.kit.layout import Align, Box, Point, flow, line_count, text_size, text_width, wrap
from course.charts.kit.palette import INK, LINE, NO_COLOUR, NORMAL, PAPER, QUIET, SMALL, is_wide
from course.charts.kit.shapes import (
    DOTTED,
    BlockStyle,
    Dash,
    DrawnBlock,
    DrawnLine,
    DrawnMark,
    DrawnText,
    MarkStyle,
    Picture,
    Shape,
)
from course.core import error_log
from course.core.pages.web_edition import is_web_edition

Anchor = Literal["middle", "letters", "top", "line"]
"""What of a text stands at the height of its point: the middle of its lines, the middle of its letters, its top, or the
line that the letters of its last line stand on."""

Made = TypeVar("Made", str, bytes)

KEY_ROW: Final = 24
_SWATCH, _SWATCH_GAP, _KEY_GAP = 18, 7, 14
_MIDDLE: Final = 0.26
"""How far the middle of a line of text is above what its letters stand on, in sizes of its type."""
_SCALE, _FRAME = 0.5, 2.5
"""The layers of a panel's scales and frame."""
_PAPER: Final = BlockStyle(PAPER, width=0)
_FRAMED: Final = BlockStyle(NO_COLOUR, outline=LINE, width=1)


class Panel:
    """A rectangle of the picture with a scale across and a scale up, in which everything on it is placed.

    What is on a higher layer is drawn over what is on a lower one; on one layer, in the order of the calls.
    """

    def __init__(self, box: Box, across: tuple[float, float], up: tuple[float, float]) -> None:
        self.box = box
        """Where the panel is, in the picture's units."""
        self._across = across
        self._up = up
        self._layers: list[tuple[float, Shape]] = []

    @property
    def shapes(self) -> list[Shape]:
        """What is on the panel, each over those before it."""
        return [shape for _, shape in sorted(self._layers, key=lambda drawn: drawn[0])]

    def to_picture(self, point: Point) -> Point:
        """Return where a point of the scales is, in the picture's units from its lower left corner."""
        (x, y), box = point, self.box
        return (
            box.left + (x - self._across[0]) / (self._across[1] - self._across[0]) * (box.right - box.left),
            box.bottom + (y - self._up[0]) / (self._up[1] - self._up[0]) * (box.top - box.bottom),
        )

    def to_scale(self, point: Point) -> Point:
        """Return a place in the picture as a point of the scales."""
        (x, y), box = point, self.box
        return (
            self._across[0] + (x - box.left) / (box.right - box.left) * (self._across[1] - self._across[0]),
            self._up[0] + (y - box.bottom) / (box.top - box.bottom) * (self._up[1] - self._up[0]),
        )

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
        places = [self.to_picture(point) for point in points]
        clip = self._clip(places, width / 2)
        self._draw(DrawnLine(places, colour, width, dash, has_flat_ends or dash is not None, clip), layer)

    def marks(self, points: Sequence[Point], style: MarkStyle, *, layer: float = 2) -> None:
        """Draw the same mark at each point, whole even where it reaches beyond the panel."""
        for point in points:
            self._draw(DrawnMark(self.to_picture(point), style), layer)

    def block(
        self, corner: Point, width: float, height: float, style: BlockStyle, words: str = "", *, layer: float = 2
    ) -> None:
        """Draw a rectangle with one corner there, and words where they fit; what lies beyond the panel is cut off."""
        x, y = corner
        corners = [self.to_picture(corner), self.to_picture((x + width, y + height))]
        self._draw(DrawnBlock(_box_of(corners), style, self._clip(corners, style.width / 2)), layer)
        words_width, words_height = text_size(words, SMALL)
        if words and words_width + 4 <= width and words_height <= height + 4:
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
        anchor: Anchor = "middle",
        is_bold: bool = False,
        is_italic: bool = False,
        spacing: float | None = None,
        paper: float | None = None,
        layer: float = 3,
    ) -> None:
        """Write a text of one or more lines at a point.

        `paper` is how far a background of the page's colour reaches beyond the text. `spacing` is how high a line is,
        in sizes of its type.
        """
        x, y = self.to_picture(point)
        lines = text.split("\n")
        step = _line_height(len(lines), spacing) * size
        first = step / 2 + _MIDDLE * size
        last = first + (len(lines) - 1) * step
        top = y + {"top": 0, "middle": len(lines) * step / 2, "letters": last / 2, "line": last}[anchor]
        if paper is not None:
            width = text_width(text, size)
            left = x - width * {"left": 0, "center": 0.5, "right": 1}[align]
            box = Box(left, top - len(lines) * step, left + width, top)
            self._draw(DrawnBlock(box.grown(paper), _PAPER, None), layer)
        for number, line in enumerate(lines):
            if line.strip():
                place = (x, top - first - number * step)
                self._draw(DrawnText(place, line, colour, size, align, is_bold, is_italic), layer)

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

    def _draw(self, shape: Shape, layer: float) -> None:
        self._layers.append((layer, shape))

    def _clip(self, points: Sequence[Point], reach: float) -> Box | None:
        """Return where to cut off what goes through these points and reaches so far, or None where it is all inside."""
        return None if self.box.holds(_box_of(points).grown(reach)) else self.box


class ScaledPanel(Panel):
    """A panel whose scales are written beside it."""

    def __init__(self, box: Box, across: tuple[float, float], up: tuple[float, float]) -> None:
        super().__init__(box, across, up)
        self._labels_end = box.bottom

    def frame(self) -> None:
        """Draw a line around the panel."""
        self._draw(DrawnBlock(self.box, _FRAMED, None), _FRAME)

    def scale_across(self, places: Sequence[float], labels: Sequence[str], gap: float = 8) -> None:
        """Write labels below the panel at these places, so far away from it."""
        top = self.box.bottom - gap
        for place, label in zip(places, labels, strict=True):
            x, _ = self.to_picture((place, self._up[0]))
            self._write((x, top), label, align="center", anchor="top")
        self._labels_end = top - SMALL * max(count * _line_height(count) for count in map(line_count, labels))

    def scale_up(
        self, places: Sequence[float], labels: Sequence[str], gap: float = 8, *, has_lines: bool = False
    ) -> None:
        """Write labels in front of the panel at these places, with a dotted line at each where there are to be any."""
        for place, label in zip(places, labels, strict=True):
            if has_lines:
                self.line([(end, place) for end in self._across], LINE, 0.7, dash=DOTTED, layer=_SCALE)
            _, y = self.to_picture((self._across[0], place))
            self._write((self.box.left - gap, y), label, align="right", anchor="letters")

    def name_across(self, name: str, gap: float) -> None:
        """Write what the scale across measures, so far below its labels."""
        middle = ((self.box.left + self.box.right) / 2, self._labels_end - gap)
        self.text(self.to_scale(middle), name, align="center", anchor="top", layer=_SCALE)

    def name_up(self, name: str, across: float, up: float) -> None:
        """Write what the scale up measures, so far from the panel's upper left corner."""
        self.text(self.to_scale((self.box.left + across, self.box.top + up)), name, anchor="line")

    def _write(self, place: Point, label: str, align: Align, anchor: Anchor) -> None:
        self.text(self.to_scale(place), label, colour=QUIET, size=SMALL, align=align, anchor=anchor, layer=_SCALE)


class Canvas:
    """A picture that is being drawn. Its units are those of sizes of type and widths of lines."""

    def __init__(self, width: float, height: float) -> None:
        self.width = width
        self.height = height
        self._panels: list[Panel] = []
        self._above = Panel(Box(0, 0, width, height), (0, width), (0, height))

    @property
    def picture(self) -> Picture:
        """What has been drawn: each panel over those before it."""
        return Picture(
            self.width, self.height, [shape for panel in (*self._panels, self._above) for shape in panel.shapes]
        )

    def page(self) -> Panel:
        """Return a panel over the whole picture, whose units are the picture's, from its upper left corner."""
        return self.panel((0, 0), self.width, self.height, across=(0, self.width), up=(self.height, 0))

    def panel(
        self, corner: Point, width: float, height: float, *, across: tuple[float, float], up: tuple[float, float]
    ) -> Panel:
        """Return a panel at a place in the picture's units, from its lower left corner, without frame or scales.

        `across` are the scale's ends at the left and right edge, `up` at the lower and upper edge.
        """
        panel = Panel(_box(corner, width, height), across, up)
        self._panels.append(panel)
        return panel

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
        panel = ScaledPanel(_box(corner, width, height), across, up)
        if has_frame:
            panel.frame()
        self._panels.append(panel)
        return panel

    def text(self, point: Point, text: str, *, colour: str = INK, size: float = NORMAL) -> None:
        """Write a text from a place in the picture on, in its units from the lower left corner, over all panels."""
        self._above.text(point, text, colour=colour, size=size)


def draw(width: float, height: float, paint: Callable[[Canvas], None]) -> str:
    """Return the SVG text of what `paint` puts on a canvas, the same text for the same data.

    The answer is empty where matplotlib is needed and missing, or fails, which is logged. Width and height are in the
    units of sizes of type and of lines.
    """
    return draw_picture(lambda: picture_of(width, height, paint))


def draw_picture(make: Callable[[], Picture]) -> str:
    """Return the SVG text of a picture that is made; empty as with `draw`."""
    return _or_nothing(lambda: _svg(make()), "")


def picture_of(width: float, height: float, paint: Callable[[Canvas], None]) -> Picture:
    """Return what `paint` puts on a canvas of that size."""
    canvas = Canvas(width, height)
    paint(canvas)
    return canvas.picture


def write(picture: Picture) -> str:
    """Return the SVG text of a picture; empty as with `draw`."""
    return draw_picture(lambda: picture)


def write_png(picture: Picture) -> bytes:
    """Return a picture as a PNG file; empty where matplotlib is missing, or fails, which is logged."""

    def png() -> bytes:
        from course.charts.kit.matplotlib_writer import png_bytes

        return png_bytes(picture)

    return _or_nothing(png, b"")


class DrawnSvg(str):
    """The SVG text of a picture, and the picture itself."""

    picture: Picture


def _svg(picture: Picture) -> DrawnSvg:
    svg = DrawnSvg(_writer()(picture))
    svg.picture = picture
    return svg


def _or_nothing(make: Callable[[], Made], nothing: Made) -> Made:
    """Return what is made, or nothing where matplotlib is missing or fails: the sentence and the table say it all."""
    try:
        return make()
    except ImportError:
        return nothing
    except Exception as error:  # whatever matplotlib meets on this machine
        error_log.log_error(error, "draw")
        return nothing


def _writer() -> Callable[[Picture], str]:
    """Return what makes SVG text of a picture here."""
    if is_web_edition():
        from course.charts.kit.svg_writer import svg_text

        return svg_text
    from course.charts.kit.matplotlib_writer import svg_text as svg_text_of_matplotlib

    return svg_text_of_matplotlib


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


def _box(corner: Point, width: float, height: float) -> Box:
    left, bottom = corner
    return Box(left, bottom, left + width, bottom + height)


def _box_of(points: Sequence[Point]) -> Box:
    """Return the smallest box that all these points are in."""
    across, up = zip(*points, strict=True)
    return Box(min(across), min(up), max(across), max(up))


def _line_height(count: int, spacing: float | None = None) -> float:
    """Return how high each of so many lines of a text is, in sizes of its type."""
    return spacing or (1.2 if count > 1 else 1)
