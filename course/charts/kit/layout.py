"""Where text goes in a picture: how large it is, where it wraps, and a place for each label. Plain geometry.

All lengths are in the picture's units.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]
Align = Literal["left", "center", "right"]

_LETTER_WIDTH, _LINE_HEIGHT = 0.58, 1.25
"""How wide an average letter and how high a line is, as shares of the size of the type."""

_HARD = 20
"""How much worse it is to cover a mark or a label than a line."""
_SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
_GAPS = (0, 14, 30, 50, 75)


@dataclass(frozen=True)
class Box:
    """A rectangle, with the origin in the lower left corner of the picture."""

    left: float
    bottom: float
    right: float
    top: float

    def overlap(self, other: Box) -> float:
        """Return the area that both cover.

        >>> Box(0, 0, 10, 10).overlap(Box(8, 8, 20, 20))
        4
        """
        across = min(self.right, other.right) - max(self.left, other.left)
        up = min(self.top, other.top) - max(self.bottom, other.bottom)
        return max(0, across) * max(0, up)

    def grown(self, reach: float) -> Box:
        """Return the box that stretches so far beyond this one on every side.

        >>> Box(10, 10, 20, 30).grown(2)
        Box(left=8, bottom=8, right=22, top=32)
        """
        return Box(self.left - reach, self.bottom - reach, self.right + reach, self.top + reach)

    def raised(self, by: float) -> Box:
        """Return the box that is so much higher."""
        return Box(self.left, self.bottom + by, self.right, self.top + by)

    def holds(self, other: Box) -> bool:
        """Say whether the other box is all in this one, give or take what nobody sees.

        >>> Box(0, 0, 10, 10).holds(Box(0, 0, 10.001, 10)), Box(0, 0, 10, 10).holds(Box(0, 0, 10.5, 10))
        (True, False)
        """
        return self.grown(0.01).overlap(other) >= other.overlap(other)

    def distance(self, point: Point) -> float:
        """Return how far a point is from this box; within it, that is nothing.

        >>> Box(0, 0, 10, 10).distance((13, 14)), Box(0, 0, 10, 10).distance((5, 5))
        (5.0, 0.0)
        """
        x, y = point
        return math.hypot(max(self.left - x, 0, x - self.right), max(self.bottom - y, 0, y - self.top))

    def outside(self, bounds: Box) -> float:
        """Return how much of this box lies beyond the bounds."""
        return (self.right - self.left) * (self.top - self.bottom) - self.overlap(bounds)


@dataclass(frozen=True)
class Label:
    """Where a label was put: the text's anchor point, how it is aligned to it, and the space it takes."""

    text: str
    x: float
    y: float
    align: Align
    box: Box
    is_far: bool
    """Whether it stands so far from what it names that a line should lead to it."""


def box_around(point: Point, reach: float) -> Box:
    """Return the square around a mark that stretches so far from its middle."""
    x, y = point
    return Box(x - reach, y - reach, x + reach, y + reach)


def boxes_along(points: Sequence[Point], step: float = 8) -> list[Box]:
    """Return small boxes that cover a line through these points."""
    boxes = []
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        count = max(1, round(max(abs(x1 - x0), abs(y1 - y0)) / step))
        boxes += [box_around((x0 + (x1 - x0) * i / count, y0 + (y1 - y0) * i / count), 2) for i in range(count + 1)]
    return boxes


def text_size(text: str, size: float) -> tuple[float, float]:
    """Return the width and height of a text of one or more lines, rather too much than too little."""
    lines = text.split("\n")
    return max(map(len, lines)) * size * _LETTER_WIDTH, len(lines) * size * _LINE_HEIGHT


def text_width(text: str, size: float) -> float:
    """Return the width of a text, rather too much than too little."""
    return text_size(text, size)[0]


def line_count(text: str) -> int:
    """Return how many lines a wrapped text has."""
    return text.count("\n") + 1


def wrap(text: str, size: float, width: float) -> str:
    r"""Return a text broken between words so that no line is wider than that, unless one word is.

    >>> wrap("About half the time", 13, 70)
    'About\nhalf the\ntime'
    """
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)


def flow(widths: Sequence[float], left: float, right: float, gap: float) -> list[list[tuple[int, float]]]:
    """Return the number of each entry with its place across, in as many rows as the entries need.

    >>> flow([50, 40, 60], left=10, right=130, gap=10)
    [[(0, 10), (1, 70)], [(2, 10)]]
    """
    rows: list[list[tuple[int, float]]] = [[]]
    x = left
    for number, width in enumerate(widths):
        if rows[-1] and x + width > right:
            rows.append([])
            x = left
        rows[-1].append((number, x))
        x += width + gap
    return rows


def place_label(
    text: str,
    size: float,
    anchors: Sequence[Point],
    reach: float,
    bounds: Box,
    obstacles: Iterable[Box],
    soft_obstacles: Iterable[Box] = (),
) -> Label:
    """Return the nearest place beside a mark where a label covers nothing.

    Where there is no such place, it is the one that covers least.

    Parameters
    ----------
    anchors
        The marks that the label may stand beside, the best one first.
    reach
        How far a mark itself stretches from its middle.
    bounds
        The box that labels must stay in.
    obstacles
        The boxes of marks and other labels, which a label must not cover.
    soft_obstacles
        The boxes of lines and faint words, which it should not cover.
    """
    weighted = [*((box, _HARD) for box in obstacles), *((box, 1) for box in soft_obstacles)]

    def cost(label: Label, most: float) -> float:
        """Return how bad a place is, or where it is at least so bad, no more than that."""
        total = _HARD * label.box.outside(bounds)
        for box, weight in weighted:
            if total >= most:
                break
            total += weight * label.box.overlap(box)
        return total

    best, least = None, float("inf")
    for gap, anchor, side in itertools.product(_GAPS, anchors, _SIDES):
        label = _label_at(text, size, anchor, reach + 4, gap, side)
        label_cost = cost(label, least)
        if label_cost < least:
            best, least = label, label_cost
        if not label_cost:
            break
    assert best, "There is always at least one place to try."
    return best


def _label_at(text: str, size: float, anchor: Point, reach: float, gap: float, side: tuple[int, int]) -> Label:
    """Return the label on one side of its mark: `side` is -1, 0 or 1 across and up."""
    width, height = text_size(text, size)
    across, up = side
    diagonal = 0.8 if across and up else 1
    x = anchor[0] + across * (reach + gap) * diagonal
    y = anchor[1] + up * ((reach + gap) * diagonal + (height / 2 if not across else height / 4))
    left = x - width * {1: 0, 0: 0.5, -1: 1}[across]
    aligns: dict[int, Align] = {1: "left", 0: "center", -1: "right"}
    return Label(text, x, y, aligns[across], Box(left, y - height / 2, left + width, y + height / 2), gap > _GAPS[1])
