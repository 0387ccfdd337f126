"""Find room for the labels of a picture, so that none lies over another. Plain geometry, no drawing."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_WIDE, _HIGH = 0.58, 1.25
"""How wide an average letter and how high a line is, as shares of the size of the type."""

_HARD = 20
"""How much worse it is to cover a mark or a label than a line."""
_SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
_GAPS = (0, 14, 30, 50, 75)


@dataclass(frozen=True)
class Box:
    """A rectangle, in the units of the picture."""

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

    def outside(self, page: Box) -> float:
        """Return how much of this box lies beyond the page."""
        return (self.right - self.left) * (self.top - self.bottom) - self.overlap(page)


@dataclass(frozen=True)
class Label:
    """Where a label was put: the text's anchor point, how it is aligned to it, and the room it takes."""

    text: str
    x: float
    y: float
    align: str
    box: Box
    is_far: bool
    """Whether it stands so far from what it names that a line should lead to it."""


def box_around(x: float, y: float, reach: float) -> Box:
    """Return the square around a mark."""
    return Box(x - reach, y - reach, x + reach, y + reach)


def boxes_along(points: Sequence[tuple[float, float]], step: float = 8) -> list[Box]:
    """Return small boxes that cover a line through these points."""
    boxes = []
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        count = max(1, round(max(abs(x1 - x0), abs(y1 - y0)) / step))
        boxes += [box_around(x0 + (x1 - x0) * i / count, y0 + (y1 - y0) * i / count, 2) for i in range(count + 1)]
    return boxes


def text_size(text: str, size: float) -> tuple[float, float]:
    """Return how wide and high a text of one or more lines will be, rather too much than too little."""
    lines = text.split("\n")
    return max(map(len, lines)) * size * _WIDE, len(lines) * size * _HIGH


def wrap(text: str, size: float, room: float) -> str:
    r"""Return a text broken between words so that no line is wider than the room, unless one word is.

    >>> wrap("About half the time", 13, 70)
    'About\nhalf the\ntime'
    """
    lines: list[str] = []
    for word in text.split():
        if lines and text_size(f"{lines[-1]} {word}", size)[0] <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)


def place(
    text: str,
    size: float,
    anchors: Sequence[tuple[float, float]],
    reach: float,
    page: Box,
    taken: Iterable[Box],
    lines: Iterable[Box] = (),
) -> Label:
    """Return the nearest place beside a mark where a label covers nothing.

    Where there is no such place, it is the one that covers least.

    Parameters
    ----------
    anchors
        The marks that the label may stand beside, the best one first.
    reach
        How far a mark itself stretches from its middle.
    page
        The box that labels must stay in.
    taken
        The boxes of marks and other labels, which a label must not cover.
    lines
        The boxes of lines and faint words, which it should not cover.
    """
    hard, soft = list(taken), list(lines)

    def cost(label: Label) -> float:
        covered = label.box.outside(page) + sum(label.box.overlap(box) for box in hard)
        return _HARD * covered + sum(label.box.overlap(box) for box in soft)

    best, least = None, float("inf")
    for gap, at, side in itertools.product(_GAPS, anchors, _SIDES):
        label = _spot(text, size, at, reach + 4, gap, side)
        covered = cost(label)
        if covered < least:
            best, least = label, covered
        if not covered:
            break
    assert best, "There is always at least one place to try."
    return best


def _spot(text: str, size: float, at: tuple[float, float], reach: float, gap: float, side: tuple[int, int]) -> Label:
    wide, high = text_size(text, size)
    across, up = side
    near = 0.8 if across and up else 1
    x = at[0] + across * (reach + gap) * near
    y = at[1] + up * ((reach + gap) * near + (high / 2 if not across else high / 4))
    left = x - wide * {1: 0, 0: 0.5, -1: 1}[across]
    align = {1: "left", 0: "center", -1: "right"}[across]
    return Label(text, x, y, align, Box(left, y - high / 2, left + wide, y + high / 2), gap > _GAPS[1])
