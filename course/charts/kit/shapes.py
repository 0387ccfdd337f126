"""What a picture is made of: lines, marks, blocks and words, each at its place in the picture.

Places and lengths are in the picture's units, which are those of sizes of type; the origin is its lower left corner.
Panels (`drawing.py`) turn what a chart draws into these, and a writer makes a file of them: how a picture looks is
decided before, once, and both writers' pictures are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from course.charts.kit.layout import Align, Box, Point
from course.charts.kit.palette import INK, SMALL

Dash = tuple[float, float]
"""How long a dash and the gap after it are, in widths of the line."""
DOTTED: Final[Dash] = (1, 3)
LABEL_STRIP, LABEL_LEFT, LABEL_DOWN = 24, 8, 16
"""How high the strip for a label is, and where in it the label stands: from the left, and down to its letters' line."""
MarkName = Literal["circle", "square", "diamond", "triangle", "cross", "plus", "stroke"]


@dataclass(frozen=True)
class MarkStyle:
    """How a mark looks: its shape, its size, the colours of its outline and inside, and the outline's width."""

    shape: MarkName
    size: float
    outline: str
    inside: str = ""
    """The outline's colour unless another is named; `none` lets what is below show through."""
    width: float = 1


@dataclass(frozen=True)
class BlockStyle:
    """How a block looks: its colour, that of words on it, whether it is hatched, and its outline."""

    colour: str
    words: str = INK
    is_hatched: bool = False
    """Whether lines of the outline's colour go up across it."""
    outline: str = INK
    width: float = 0.8
    """Of the outline; 0 for none."""
    dash: Dash | None = None


@dataclass(frozen=True)
class DrawnLine:
    """A line through points."""

    points: Sequence[Point]
    colour: str
    width: float
    dash: Dash | None
    has_flat_ends: bool
    """Whether it ends at its first and last point, and not half its width beyond. One with dashes always does."""
    clip: Box | None
    """What lies beyond this is cut off."""


@dataclass(frozen=True)
class DrawnMark:
    """A mark around a point."""

    point: Point
    style: MarkStyle


@dataclass(frozen=True)
class DrawnBlock:
    """A rectangle."""

    box: Box
    style: BlockStyle
    clip: Box | None
    """What lies beyond this is cut off."""


@dataclass(frozen=True)
class DrawnText:
    """Words on one line."""

    point: Point
    """Where they begin, end or have their middle, as `align` says, at the height of the line that letters stand on."""
    text: str
    colour: str
    size: float
    align: Align
    is_bold: bool = False
    is_italic: bool = False


Shape = DrawnLine | DrawnMark | DrawnBlock | DrawnText


@dataclass(frozen=True)
class Picture:
    """A drawn picture: its size, and its shapes, each over those before it."""

    width: float
    height: float
    shapes: Sequence[Shape]

    def labelled(self, label: str) -> Picture:
        """Return the picture with a label in a strip of its own below, so that it goes wherever the picture goes."""
        words = DrawnText((LABEL_LEFT, LABEL_STRIP - LABEL_DOWN), label, INK, SMALL, "left")
        return Picture(
            self.width, self.height + LABEL_STRIP, [*(_raised(shape, LABEL_STRIP) for shape in self.shapes), words]
        )


def _raised(shape: Shape, by: float) -> Shape:
    """Return a shape that is so much higher in the picture."""
    match shape:
        case DrawnLine(points=points, clip=clip):
            return replace(shape, points=[(x, y + by) for x, y in points], clip=clip and clip.raised(by))
        case DrawnMark(point=(x, y)):
            return replace(shape, point=(x, y + by))
        case DrawnBlock(box=box, clip=clip):
            return replace(shape, box=box.raised(by), clip=clip and clip.raised(by))
        case DrawnText(point=(x, y)):
            return replace(shape, point=(x, y + by))
