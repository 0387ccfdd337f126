"""Draw the map: a square with a soft band, and a mark for each moment that differs in shape and label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from course.charts import drawing
from course.charts.drawing import BAND, INK, NORMAL, QUIET, SMALL, BlockStyle, Canvas, Panel, ScaledPanel
from course.charts.layout import Box, Label, Point, box_around, boxes_along, place_label, text_size, text_width, wrap
from course.charts.signs import LOOKING_BACK, sign, sign_name
from course.content import words
from course.content.scales import find_scale, map_lines, side_name

_BELOW_OTHERS: Final = ("group", "looking-back")
"""The marks of the lowest layer: marks at one place all stay visible."""
_GUESSES: Final = ("guess", "group")
_REACH: Final[Mapping[str, float]] = {"guess": 12, "group": 12}
"""How far a guess stretches from its middle; all other marks reach as far as `_MARK`."""
_MARK: Final = 11
_BAND: Final = BlockStyle(BAND, outline=BAND, width=0)
_LEFT, _RIGHT, _BELOW, _ABOVE, _KEY_ROW = 62, 16, 78, 34, 24
_SPARE = 0.45
"""How far the square reaches beyond the first and last point of the scale, so that marks there are whole."""
_PADDING = 6
"""How far a region's name stands from the edge of its region."""


@dataclass(frozen=True)
class MapMark:
    """One mark on the map: the moment that it stands for, and where it is, across and up."""

    moment: str
    point: Point

    @property
    def label(self) -> str:
        """What is written beside it."""
        return words(f"chart-map.label-{self.moment}") if self.moment in _GUESSES else sign_name(self.moment)

    @property
    def reach(self) -> float:
        """How far it stretches from its middle."""
        return _REACH.get(self.moment, _MARK)


def draw_map(marks: Sequence[MapMark], width: float) -> str:
    """Return the SVG text of the map, or an empty text where nothing can be drawn.

    A line joins the ratings in the order in which they were given. Looking back is no step on the way.
    """
    side = width - _LEFT - _RIGHT
    below = _BELOW + (_KEY_ROW * len(marks) + 6 if len(marks) > 1 else 0)
    ends = (1 - _SPARE, len(find_scale("habits").points) + _SPARE)
    trail = [mark.point for mark in marks if mark.moment not in (*_GUESSES, LOOKING_BACK)]

    def paint(canvas: Canvas) -> None:
        panel = canvas.scaled_panel((_LEFT, below), side, side, across=ends, up=ends, has_frame=True)
        _paint_square(panel, ends)
        if len(trail) > 1:
            panel.line(trail, INK, 1.6, layer=3)
        for mark in sorted(marks, key=lambda mark: mark.moment not in _BELOW_OTHERS):
            panel.marks([mark.point], sign(mark.moment), layer=4)
        _paint_names(panel, marks, trail)
        if len(marks) > 1:
            _paint_key(canvas, [mark.moment for mark in marks])

    return drawing.draw(width, below + side + _ABOVE, paint)


def _paint_square(panel: ScaledPanel, ends: tuple[float, float]) -> None:
    points = find_scale("habits").points
    lines = map_lines()
    numbers = range(1, len(points) + 1)
    start, width, length = lines.line - lines.band, 2 * lines.band, ends[1] - ends[0]
    panel.block((start, ends[0]), width, length, _BAND, layer=1)
    panel.block((ends[0], start), length, width, _BAND, layer=1)
    named = {1, round(lines.line), len(points)}
    labels = [f"{number}\n{points[number - 1]}" if number in named else f"{number}" for number in numbers]
    panel.scale_across(numbers, [label if "\n" in label else f"{label}\n\u00a0" for label in labels])
    panel.scale_up(numbers, labels)
    panel.name_across(f"{side_name('competence')} →", gap=8)
    panel.name_up(f"↑ {side_name('caring')}", -_LEFT + 4, 12)


def _paint_names(panel: Panel, marks: Sequence[MapMark], trail: Sequence[Point]) -> None:
    """Name the regions where no mark is, then every place where marks are, so that no name lies over another."""
    obstacles = [box_around(panel.to_picture(mark.point), mark.reach) for mark in marks]
    trails = boxes_along([panel.to_picture(point) for point in trail])
    obstacles += _paint_regions(panel, [*obstacles, *trails])
    for point, text, reach in sorted(_places(marks), key=lambda place: -len(place[1])):
        label = place_label(text, NORMAL, [panel.to_picture(point)], reach, panel.box, obstacles, trails)
        obstacles.append(label.box)
        _paint_label(panel, label, point)


def _places(marks: Sequence[MapMark]) -> list[tuple[Point, str, float]]:
    """Return each place on the map with the labels of all marks there, and how far the largest reaches."""
    places: dict[Point, list[MapMark]] = {}
    for mark in marks:
        x, y = mark.point
        places.setdefault((round(x, 1), round(y, 1)), []).append(mark)
    return [
        (together[0].point, "\n".join(mark.label for mark in together), max(mark.reach for mark in together))
        for together in places.values()
    ]


def _paint_label(panel: Panel, label: Label, point: Point) -> None:
    place = panel.to_scale((label.x, label.y))
    panel.text(place, label.text, align=label.align, align_lines="left", spacing=1.15, layer=6)
    if label.is_far:
        panel.line([point, place], QUIET, 0.8)


def _paint_key(canvas: Canvas, moments: Sequence[str]) -> None:
    left = _LEFT if drawing.is_wide(canvas.width) else 0
    size = (canvas.width, _KEY_ROW * len(moments))
    panel = canvas.panel((0, 6), *size, across=(0, canvas.width), up=(0, len(moments)))
    for row, moment in enumerate(reversed(moments)):
        panel.marks([(left + 12, row + 0.5)], sign(moment))
        panel.text((left + 30, row + 0.5), sign_name(moment), colour=QUIET, size=SMALL)


def _paint_regions(panel: Panel, obstacles: Sequence[Box]) -> list[Box]:
    """Write each region's name in the corner of its region that is most free, and return the boxes of the names."""
    boxes: list[Box] = []
    for name, region in _regions().items():
        space = Box(*panel.to_picture((region.left, region.bottom)), *panel.to_picture((region.right, region.top)))
        full_name = map_lines().names[name]
        longest = max(text_width(word, SMALL) for word in full_name.split())
        text = wrap(full_name, SMALL, max(space.right - space.left - 2 * _PADDING, longest))
        spots = _spots(space, text_size(text, SMALL), is_low=name in ("unknown", "respected"))
        best = min(spots, key=lambda spot: sum(spot.overlap(box) for box in (*obstacles, *boxes)))
        place = panel.to_scale((best.left, best.top))
        panel.text(place, text, colour=QUIET, size=SMALL, anchor="top", is_italic=True, layer=1)
        boxes.append(best)
    return boxes


def _regions() -> dict[str, Box]:
    """Return where each region is, in points of the scale."""
    lines = map_lines()
    low, high = 1 - _SPARE, len(find_scale("habits").points) + _SPARE
    before, after = lines.line - lines.band, lines.line + lines.band
    return {
        "liked": Box(low, after, before, high),
        "trusted": Box(after, after, high, high),
        "unknown": Box(low, low, before, before),
        "respected": Box(after, low, high, before),
        "between": Box(low, before, before, after),
    }


def _spots(region: Box, size: tuple[float, float], *, is_low: bool) -> list[Box]:
    """Return where a name of that width and height could be put in its region, the outer corners first."""
    width, height = size
    top, bottom = region.top - height - _PADDING + 2, region.bottom + _PADDING - 2
    middle = (region.top + region.bottom - height) / 2
    ups = (bottom, middle, top) if is_low else (top, middle, bottom)
    acrosses = (region.left + _PADDING, region.right - width - _PADDING)
    if width > region.right - region.left - 2 * _PADDING:  # a long word: let it begin in the band, not leave the map
        acrosses = acrosses[1:] + acrosses[1:]
    return [Box(x, y, x + width, y + height) for y in ups for x in acrosses]
