"""Write a picture as SVG text with nothing but Python: in a browser there is no matplotlib."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import sqrt
from typing import Final

from course.charts.kit.layout import Align, Box, Point
from course.charts.kit.palette import FACES, PAPER
from course.charts.kit.shapes import (
    BlockStyle,
    Dash,
    DrawnBlock,
    DrawnLine,
    DrawnMark,
    DrawnText,
    MarkName,
    Picture,
    Shape,
)
from course.core.pages.html import Markup, element

_ANCHORS: Final[Mapping[Align, str | None]] = {"left": None, "center": "middle", "right": "end"}
_HATCH_STEP: Final = 6
"""How far the lines of a hatching are apart, measured across."""
_TIP: Final = sqrt(2)
_OUTLINES: Final[Mapping[MarkName, Sequence[Sequence[Point]]]] = {
    "square": [[(-1, -1), (1, -1), (1, 1), (-1, 1)]],
    "diamond": [[(0, -_TIP), (_TIP, 0), (0, _TIP), (-_TIP, 0)]],
    "triangle": [[(0, 1), (1, -1), (-1, -1)]],
    "cross": [[(-1, -1), (1, 1)], [(-1, 1), (1, -1)]],
    "plus": [[(-1, 0), (1, 0)], [(0, -1), (0, 1)]],
    "stroke": [[(0, -1), (0, 1)]],
}
"""The points of each mark around its middle, in halves of its size. Three points and more make a closed outline."""


def svg_text(picture: Picture) -> str:
    """Return the SVG text of a picture."""
    writer = _Writer(picture.height)
    shapes = [writer.write(shape) for shape in picture.shapes]
    width, height = _number(picture.width), _number(picture.height)
    attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "width": f"{width}pt",
        "height": f"{height}pt",
        "viewBox": f"0 0 {width} {height}",
        "font-family": FACES.replace("'", ""),
    }
    definitions = element("defs", writer.definitions.values()) if writer.definitions else None
    paper = element("rect", {"width": width, "height": height, "fill": PAPER})
    return element("svg", attributes, definitions, paper, shapes)


class _Writer:
    """Writes the shapes of one picture, whose heights SVG counts from above; keeps what several shapes refer to."""

    def __init__(self, height: float) -> None:
        self._height = height
        self.definitions: dict[str, Markup] = {}
        """By name. A name says all that its definition does: several pictures on one page never mix theirs up."""

    def write(self, shape: Shape) -> Markup:
        """Return a shape as SVG."""
        match shape:
            case DrawnLine():
                return self._line(shape)
            case DrawnMark():
                return self._mark(shape)
            case DrawnBlock():
                return self._block(shape)
            case DrawnText():
                return self._text(shape)

    def _line(self, line: DrawnLine) -> Markup:
        attributes = {
            "d": self._path(line.points),
            "fill": "none",
            "stroke": line.colour,
            "stroke-width": _number(line.width),
            "stroke-linejoin": "round",
            "stroke-linecap": None if line.has_flat_ends else "square",
            "stroke-dasharray": _dashes(line.dash, line.width),
            "clip-path": self._clip(line.clip),
        }
        return element("path", attributes)

    def _mark(self, mark: DrawnMark) -> Markup:
        (x, y), style = mark.point, mark.style
        colours = {"fill": style.inside or style.outline, "stroke": style.outline, "stroke-width": _number(style.width)}
        half = style.size / 2
        if style.shape == "circle":
            return element("circle", {"cx": _number(x), "cy": self._down(y), "r": _number(half), **colours})
        outlines = [[(x + across * half, y + up * half) for across, up in points] for points in _OUTLINES[style.shape]]
        paths = [f"{self._path(points)}{'Z' if len(points) > 2 else ''}" for points in outlines]
        return element("path", {"d": "".join(paths), **colours})

    def _block(self, block: DrawnBlock) -> Markup:
        style = block.style
        outline = {
            "stroke": style.outline,
            "stroke-width": _number(style.width),
            "stroke-dasharray": _dashes(style.dash, style.width),
        }
        attributes = {
            **self._place(block.box),
            "fill": self._hatching(style) if style.is_hatched else style.colour,
            **(outline if style.width else {}),
            "clip-path": self._clip(block.clip),
        }
        return element("rect", attributes)

    def _text(self, words: DrawnText) -> Markup:
        x, y = words.point
        attributes = {
            "x": _number(x),
            "y": self._down(y),
            "font-size": _number(words.size),
            "font-weight": "700" if words.is_bold else None,
            "font-style": "italic" if words.is_italic else None,
            "text-anchor": _ANCHORS[words.align],
            "fill": words.colour,
        }
        return element("text", attributes, words.text)

    def _path(self, points: Iterable[Point]) -> str:
        return f"M{'L'.join(f'{_number(x)} {self._down(y)}' for x, y in points)}"

    def _place(self, box: Box) -> dict[str, str]:
        return {
            "x": _number(box.left),
            "y": self._down(box.top),
            "width": _number(box.right - box.left),
            "height": _number(box.top - box.bottom),
        }

    def _clip(self, clip: Box | None) -> str | None:
        """Return what cuts a shape off beyond a box."""
        if clip is None:
            return None
        place = self._place(clip)
        name = f"clip-{'-'.join(place.values())}"
        return self._defined(name, element("clipPath", {"id": name}, element("rect", place)))

    def _hatching(self, style: BlockStyle) -> str:
        """Return what fills a block with lines in the colour of its outline."""
        name = f"hatch-{style.colour[1:]}-{style.outline[1:]}"
        size, step = {"width": _HATCH_STEP, "height": _HATCH_STEP}, _HATCH_STEP
        lines = f"M-1 1L1-1M0 {step}L{step} 0M{step - 1} {step + 1}L{step + 1} {step - 1}"
        pattern = element(
            "pattern",
            {"id": name, "patternUnits": "userSpaceOnUse", **size},
            element("rect", {**size, "fill": style.colour}),
            element("path", {"d": lines, "stroke": style.outline}),
        )
        return self._defined(name, pattern)

    def _defined(self, name: str, definition: Markup) -> str:
        """Keep a definition once, and return what refers to it."""
        self.definitions[name] = definition
        return f"url(#{name})"

    def _down(self, y: float) -> str:
        return _number(self._height - y)


def _dashes(dash: Dash | None, width: float) -> str | None:
    return ",".join(_number(length * width) for length in dash) if dash else None


def _number(value: float) -> str:
    """Return a number as short as it can be with two places after the point.

    >>> _number(12.0), _number(-0.001), _number(1 / 3)
    ('12', '0', '0.33')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
