"""A picture in a browser is the one on a laptop: both writers put the same marks, blocks and words at the same places.

Every chart is drawn by both, wide and narrow, light and dark; nothing is more than a tenth of a unit apart.
"""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from course.charts.chart import Chart
from course.charts.kit.drawing import Anchor, Canvas, draw
from course.charts.kit.layout import Align
from course.charts.kit.palette import DARK, INK
from course.charts.kit.shapes import BlockStyle, MarkName, MarkStyle
from course.charts.map import map_chart
from course.charts.series import Series
from course.content.scales import find_scale
from course.core.pages.web_edition import VARIABLE
from tests.cases import every
from tests.charts.gallery import gallery
from tests.charts.reading import SVG, texts
from tests.paths import ROOT

CODES = [item.code for item in find_scale("habits").items]
NEAR = 0.1
LINK = "{http://www.w3.org/1999/xlink}href"
Numbers = tuple[float, ...]


@dataclass(frozen=True)
class Seen:
    """What a person sees of one element of a picture, however its file says it."""

    words: str
    """Empty for what is no text."""
    place: Numbers
    """Of words where they are anchored; of a line its points; else left, top, right and bottom."""
    clip: Numbers
    """Left, top, right and bottom of what is seen of it."""
    fill: str
    hatching: Numbers
    """How far the lines of a hatching are apart."""
    outline: str
    sizes: Numbers
    """Width of the outline, dashes, size of the type."""
    manner: tuple[str, ...]
    """How words are aligned and set, and how lines end."""


class Reader:
    """Reads the SVG of either writer."""

    def __init__(self, svg: str) -> None:
        root = ElementTree.fromstring(svg)
        self.size = (root.get("width"), root.get("height"), root.get("viewBox"))
        _, _, width, height = map(float, root.get("viewBox", "").split())
        self._whole = (0.0, 0.0, width, height)
        self._named = {element.get("id"): element for element in root.iter() if element.get("id")}
        self._defined = {inner for defs in root.iter(f"{SVG}defs") for inner in defs.iter()}
        self.seen = [seen for element in root.iter() if (seen := self._seen(element))]

    def _seen(self, element: Element) -> Seen | None:
        if element in self._defined:
            return None
        style = self._style(element)
        match element.tag.removeprefix(SVG):
            case "text":
                return self._text(element, style)
            case "use":
                drawn = self._named[element.get(LINK, "")[1:]]
                corner = (float(element.get("x", 0)), float(element.get("y", 0)))
                return self._shape(drawn.get("d", ""), {**style, "stroke-linecap": "butt"}, corner)
            case "path":
                return self._shape(element.get("d", ""), style)
            case "rect" | "circle":
                return self._shape(outline_of(element), style)
        return None

    def _style(self, element: Element) -> dict[str, str]:
        declared = re.findall(r"([\w-]+): *([^;]+)", element.get("style", ""))
        return {name: value for name, value in (*element.attrib.items(), *declared) if "{" not in name}

    def _text(self, element: Element, style: Mapping[str, str]) -> Seen:
        moved = re.match(r"translate\(([\d.-]+) ([\d.-]+)\)", element.get("transform", ""))
        place = moved.groups() if moved else (style["x"], style["y"])
        size = style.get("font-size") or re.findall(r"[\d.]+", style["font"])[0]
        manner = (style.get("text-anchor", "start"), style.get("font-weight", ""), style.get("font-style", ""))
        at = tuple(map(float, place))
        return Seen(element.text or "", at, (), style["fill"], (), "", (float(size.removesuffix("px")),), manner)

    def _shape(self, path: str, style: Mapping[str, str], corner: tuple[float, float] = (0, 0)) -> Seen:
        points = [(x + corner[0], y + corner[1]) for x, y in points_of(path)]
        is_closed, pieces = path.strip()[-1] in "zZ", path.count("M")
        box = box_of(points)
        has_outline = style.get("stroke", "none") != "none"
        width = float(style.get("stroke-width", 1)) if has_outline else 0.0
        fill, hatching = self._fill(style) if is_closed else ("", ())
        dashes = tuple(map(float, style.get("stroke-dasharray", "").split(","))) if "stroke-dasharray" in style else ()
        is_line = not is_closed and pieces == 1
        return Seen(
            "",
            tuple(number for point in bends(points) for number in point) if is_line else box,
            self._clip(style, box, width),
            fill,
            hatching,
            style["stroke"] if has_outline else "",
            (width, *dashes),
            (style.get("stroke-linecap", "butt"),) if is_line else (),
        )

    def _fill(self, style: Mapping[str, str]) -> tuple[str, Numbers]:
        if style.get("fill-opacity") == "0" or style["fill"] == "none":
            return "none", ()
        if not style["fill"].startswith("url"):
            return style["fill"], ()
        pattern = self._named[style["fill"][5:-1]]
        ground, lines = pattern.find(f"{SVG}rect"), pattern.find(f"{SVG}path")
        assert ground is not None
        assert lines is not None
        starts = sorted(x + y for x, y in points_of(lines.get("d", ""))[::2])
        gap = starts[1] - starts[0]
        return f"{ground.get('fill')} under {self._style(lines)['stroke']}", (gap,)

    def _clip(self, style: Mapping[str, str], box: Numbers, width: float) -> Numbers:
        """Return what is seen of a shape with its outline."""
        reach = width / 2
        left, top, right, bottom = box[0] - reach, box[1] - reach, box[2] + reach, box[3] + reach
        clip = self._whole
        if "clip-path" in style:
            edge = self._named[style["clip-path"][5:-1]].find(f"{SVG}rect")
            assert edge is not None
            clip = box_of(points_of(outline_of(edge)))
        return (max(left, clip[0]), max(top, clip[1]), min(right, clip[2]), min(bottom, clip[3]))


def outline_of(element: Element) -> str:
    """Return a rectangle or circle as the path around it."""
    if element.tag == f"{SVG}circle":
        x, y, reach = (float(element.get(name, 0)) for name in ("cx", "cy", "r"))
        left, top, width, height = x - reach, y - reach, 2 * reach, 2 * reach
    else:
        left, top, width, height = (float(element.get(name, 0)) for name in ("x", "y", "width", "height"))
    right, bottom = left + width, top + height
    return f"M {left:f} {top:f} L {right:f} {top:f} L {right:f} {bottom:f} L {left:f} {bottom:f} z"


def points_of(path: str) -> list[tuple[float, float]]:
    numbers = list(map(float, re.findall(r"-?\d+\.?\d*", path)))
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def box_of(points: list[tuple[float, float]]) -> Numbers:
    across, down = zip(*points, strict=True)
    return (min(across), min(down), max(across), max(down))


def bends(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the points at which a line turns, and its ends."""
    kept: list[tuple[float, float]] = []
    for number, point in enumerate(points):
        if kept and distance(kept[-1], point) < NEAR:
            continue
        after = next((other for other in points[number + 1 :] if distance(other, point) >= NEAR), None)
        if kept and after and abs(turn(kept[-1], point, after)) < NEAR:
            continue
        kept.append(point)
    return kept


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    return max(abs(one[0] - other[0]), abs(one[1] - other[1]))


def turn(before: tuple[float, float], point: tuple[float, float], after: tuple[float, float]) -> float:
    return (point[0] - before[0]) * (after[1] - point[1]) - (point[1] - before[1]) * (after[0] - point[0])


def apart(one: Seen, other: Seen) -> list[str]:
    """Return in what two elements differ."""
    return [
        f"{field.name} of {one.words or one.place}: {getattr(one, field.name)} and {getattr(other, field.name)}"
        for field in fields(Seen)
        if not is_near(getattr(one, field.name), getattr(other, field.name))
    ]


def is_near(one: Any, other: Any) -> bool:
    if isinstance(one, str) or (one and isinstance(one[0], str)):
        return bool(one == other)
    return len(one) == len(other) and all(abs(a - b) <= NEAR for a, b in zip(one, other, strict=True))


def differences(laptop: str, browser: str) -> list[str]:
    one, other = Reader(laptop), Reader(browser)
    if one.size != other.size or len(one.seen) != len(other.seen):
        return [f"{one.size} with {len(one.seen)} elements, {other.size} with {len(other.seen)}"]
    return [line for pair in zip(one.seen, other.seen, strict=True) for line in apart(*pair)]


def in_dark(svg: str) -> str:
    """Return a picture as `chart.js` colours it on a dark page."""
    return re.sub(r"#[0-9a-f]{6}\b", lambda colour: DARK.get(colour[0], colour[0]), svg)


def pictures(charts: Mapping[str, Chart]) -> dict[str, str]:
    """Return the SVG text of each chart, wide and narrow."""
    sizes = {"wide": False, "narrow": True}
    return {
        f"{name}, {size}": charts[name].picture(is_narrow=small) for name in charts for size, small in sizes.items()
    }


@pytest.fixture
def in_browser(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what lets all that follows run as in the web edition."""
    return lambda: monkeypatch.setenv(VARIABLE, "1")


@pytest.mark.slow
def test_every_picture_in_a_browser_is_the_one_on_a_laptop(in_browser: Callable[[], None]) -> None:
    laptop = pictures(gallery())
    in_browser()
    browser = pictures(gallery())
    assert all(laptop.values())
    assert all(browser.values())
    found = {name: differences(laptop[name], browser[name]) for name in laptop}
    assert {name: lines for name, lines in found.items() if lines} == {}
    for name, svg in browser.items():
        assert texts(svg) == texts(laptop[name])
        dark = in_dark(svg)
        assert not set(DARK) & set(re.findall(r"#[0-9a-f]{6}\b", dark))
        assert differences(in_dark(laptop[name]), dark) == []


def test_the_gallery_has_every_chart() -> None:
    charts = [path.read_text(encoding="utf-8") for path in (ROOT / "course" / "charts").glob("*.py")]
    made = {name for text in charts for name in re.findall(r"^def (\w+_chart)\(", text, re.MULTILINE)}
    shown = set(re.findall(r"\b(\w+_chart)\(", inspect.getsource(sys.modules[gallery.__module__])))
    assert made - shown == {"stacked_chart"}, "the bars of statements are drawn with it"


def everything(canvas: Canvas) -> None:
    """Draw each shape in each of its manners, some of it beyond its panel."""
    panel = canvas.scaled_panel((100, 100), 200, 100, across=(0, 10), up=(0, 5), has_frame=True)
    panel.scale_across([0, 10], ["0", "10\nmore"])
    panel.scale_up([0, 5], ["0", "5\nmore"], has_lines=True)
    panel.name_across("across", 4)
    panel.name_up("up", -20, 5)
    panel.line([(-1, 0), (5, 2), (11, 9)], INK, 3)
    panel.line([(0, 1), (10, 1)], INK, 2, dash=(3, 2))
    panel.line([(0, 2), (10, 2)], INK, 2, has_flat_ends=True, layer=5)
    panel.block((8, 4), 5, 5, BlockStyle("#ffffff", is_hatched=True))
    panel.block((1, 1), 2, 2, BlockStyle("#d6e6f5", dash=(1, 2), width=2))
    for x, shape in enumerate(get_args(MarkName)):
        panel.marks([(x, 5), (x, 3)], MarkStyle(shape, 10 + x, INK, ("none", "#ffffff", "")[x % 3], 1.5))
    for anchor in get_args(Anchor):
        for align in get_args(Align):
            panel.text((5, 3), "One & <two>\nand three", align=align, anchor=anchor, spacing=1.3, paper=2, is_bold=True)
            panel.text((5, 3), "One", align=align, anchor=anchor, is_italic=True, layer=1)
    canvas.page().small_text((20, 20), "From the upper left")
    canvas.text((20, 20), "From the lower left")


def test_every_shape_is_the_same_in_both(in_browser: Callable[[], None]) -> None:
    laptop = draw(440, 300, everything)
    in_browser()
    browser = draw(440, 300, everything)
    assert len(Reader(laptop).seen) > 60
    assert differences(laptop, browser) == []


@every(
    "written,instead",
    [
        ('cx="100"', 'cx="102"'),
        ('stroke-dasharray="6,4"', 'stroke-dasharray="6,6"'),
        ("#d6e6f5", "#ffffff"),
        ("and three", "and four"),
        ('text-anchor="middle"', 'text-anchor="end"'),
        ('font-weight="700"', 'font-weight="400"'),
        ('<clipPath id="clip-100-100-200-100"><rect x="100"', '<clipPath id="clip-100-100-200-100"><rect x="110"'),
        ("M0 6L6 0", "M0 5L5 0"),
        ('stroke-linecap="square"', 'stroke-linecap="butt"'),
    ],
)
def test_whatever_differs_is_found(written: str, instead: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, "1")
        svg = draw(440, 300, everything)
    assert written in svg
    assert differences(svg, svg.replace(written, instead)) != []


def test_a_picture_without_matplotlib_is_the_same_text_each_time_with_text_kept_as_text(
    in_browser: Callable[[], None],
) -> None:
    in_browser()
    first = draw(440, 300, everything)
    assert first == draw(440, 300, everything)
    assert "One &amp; &lt;two&gt;" in first
    assert first.startswith("<svg")
    assert " style=" not in first


def test_a_label_goes_wherever_a_picture_goes_also_of_one_that_was_kept_as_text() -> None:
    chart = map_chart([Series("start", dict.fromkeys(CODES, 5))])
    drawn = chart.with_label("Made <up>.")
    kept = Chart(chart.title, chart.alt, chart.table, str(chart.svg)).with_label("Made <up>.")
    words, kept_words = ([seen for seen in Reader(svg).seen if seen.words] for svg in (drawn.svg, kept.svg))
    assert words[-1].words == "Made <up>."
    assert [apart(*pair) for pair in zip(words, kept_words, strict=True)] == [[]] * len(words)
    assert Reader(drawn.svg).size == Reader(kept.svg).size
    assert drawn.png().startswith(b"\x89PNG")
    assert (kept.png(), Chart("Where?", "Nothing yet.").png()) == (b"", b"")


BLOCKED = ("IPython", "anywidget", "ipywidgets", "matplotlib", "numpy", "pandas")
DRAW = f"""
import sys
for name in {BLOCKED}:
    sys.modules[name] = None
from tests.charts.gallery import gallery
from course.charts import journal_charts, plan, start_page
from course.charts.figures import FIGURES, figure_html
from course.charts.widgets import ChartWidget, PlanPanel
charts = gallery()
assert all(ChartWidget(chart).chart["svg"] == chart.svg for chart in charts.values())
to_take_away = plan.read_plan({{"plan-habits": ["COMP7"], "plan-charts": ["A"]}}.get, ["map"], charts.__getitem__, 30)
assert "<img" in PlanPanel(to_take_away, "").files[0]["content"]
assert all(chart.picture(is_narrow=small) for chart in charts.values() for small in (False, True))
assert all(figure_html(name) for name in FIGURES)
print(len(charts))
"""


def test_every_chart_is_drawn_where_only_python_is_there(tmp_path: Path) -> None:
    environment = {**os.environ, VARIABLE: "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", DRAW], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 20
