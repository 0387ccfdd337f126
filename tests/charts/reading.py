"""Read a chart as a person does: the text in its picture, and its table."""

from __future__ import annotations

from html.parser import HTMLParser
from xml.etree import ElementTree

from course.charts.kit.drawing import DrawnSvg
from course.charts.kit.layout import Box, Point
from course.charts.kit.shapes import DrawnBlock, DrawnLine, DrawnMark

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    """Return the texts of a picture, in the order in which they were drawn."""
    return ["".join(text.itertext()).strip() for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def drawn_boxes(svg: str) -> list[Box]:
    """Return where the blocks with an outline stand, in the order in which they were drawn."""
    assert isinstance(svg, DrawnSvg)
    shapes = svg.picture.shapes
    return [shape.box for shape in shapes if isinstance(shape, DrawnBlock) and shape.style.width]


def drawn_marks(svg: str) -> list[Point]:
    """Return where the marks stand, from the lower left corner, in the order in which they were drawn."""
    assert isinstance(svg, DrawnSvg)
    return [shape.point for shape in svg.picture.shapes if isinstance(shape, DrawnMark)]


def drawn_lines(svg: str, width: float) -> list[list[Point]]:
    """Return the points of each line that is so wide, in the order in which they were drawn."""
    assert isinstance(svg, DrawnSvg)
    shapes = svg.picture.shapes
    return [list(shape.points) for shape in shapes if isinstance(shape, DrawnLine) and shape.width == width]


class Page(HTMLParser):
    """The elements of a page with their attributes and text, and its table as rows of cells."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.words: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag != "img":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.setdefault(self._open[-1], []).append(data)
        if self._open[-1] in ("td", "th"):
            self.rows[-1][-1] += data

    def find(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of each element of that name."""
        return [attributes for name, attributes in self.elements if name == tag]
