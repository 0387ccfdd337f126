"""The map: where I am by my own account, and which way I am moving (Ch1).

It is a square with a soft band, and a mark for each moment that differs in shape and label.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Final

from course.charts.by_others import OTHERS, beside, side_averages
from course.charts.chart import Chart, Table
from course.charts.kit import drawing
from course.charts.kit.drawing import Canvas, Panel, ScaledPanel
from course.charts.kit.layout import (
    Box,
    Label,
    Point,
    box_around,
    boxes_along,
    place_label,
    text_size,
    text_width,
    wrap,
)
from course.charts.kit.palette import BAND, INK, NARROW, NORMAL, QUIET, SMALL, WIDTH, is_wide
from course.charts.kit.shapes import BlockStyle
from course.charts.series import LOOKING_BACK, Comparable, Series, comparable, sign, sign_name
from course.content import words
from course.content.scales import SIDES, find_scale, map_lines, side_name
from course.core.percentages import with_one_decimal
from course.records.raters.others import OthersResult
from course.records.scores import change, direction, score

_BELOW_OTHERS: Final = ("group", "looking-back", OTHERS)
"""The marks of the lowest layer: marks at one place all stay visible."""
_GUESSES: Final = ("guess", "group")
"""A guess for myself, and a guess for what my group would say."""
_REACH: Final[Mapping[str, float]] = {"guess": 12, "group": 12}
"""How far a guess stretches from its middle; all other marks reach as far as `_MARK`."""
_MARK: Final = 11
_BAND: Final = BlockStyle(BAND, outline=BAND, width=0)
_LEFT, _RIGHT, _BELOW, _ABOVE, _KEY_ROW = 62, 16, 78, 34, 24
_SPARE = 0.45
"""How far the square reaches beyond the first and last point of the scale, so that marks there are whole."""
_LONGEST_LABEL = 0.42
"""The share of the square's width that a label may take in one line."""
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
    trail = [mark.point for mark in marks if mark.moment not in (*_GUESSES, LOOKING_BACK, OTHERS)]

    def paint(canvas: Canvas) -> None:
        panel = canvas.scaled_panel((_LEFT, below), side, side, across=ends, up=ends, has_frame=True)
        _paint_square(panel, ends)
        if len(trail) > 1:
            panel.line(trail, INK, 1.6, layer=3)
        for mark in sorted(marks, key=lambda mark: mark.moment not in _BELOW_OTHERS):
            panel.marks([mark.point], sign(mark.moment), layer=4)
        _paint_names(panel, marks, trail, are_in_key=len(marks) > 1 and not is_wide(width))
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


def _paint_names(panel: Panel, marks: Sequence[MapMark], trail: Sequence[Point], *, are_in_key: bool) -> None:
    """Name the regions where no mark is, then every place where marks are, so that no name lies over another.

    On a narrow map the key has all their names, and one that has no room close to its marks is left to it.
    """
    obstacles = [box_around(panel.to_picture(mark.point), mark.reach) for mark in marks]
    trails = boxes_along([panel.to_picture(point) for point in trail])
    obstacles += _paint_regions(panel, [*obstacles, *trails])
    longest = _LONGEST_LABEL * (panel.box.right - panel.box.left)
    for point, full_text, reach in sorted(_places(marks), key=lambda place: -len(place[1])):
        text = "\n".join(wrap(line, NORMAL, longest) for line in full_text.split("\n"))
        anchor = panel.to_picture(point)
        label = place_label(text, NORMAL, [anchor], reach, panel.box, obstacles, trails)
        if are_in_key and _may_mislead(label, anchor, [panel.to_picture(mark.point) for mark in marks], obstacles):
            continue
        obstacles.append(label.box)
        _paint_label(panel, label, point)


def _may_mislead(label: Label, anchor: Point, marks: Sequence[Point], obstacles: Sequence[Box]) -> bool:
    """Say whether a label lies over something, or is closer to another mark than to its own."""
    own = label.box.distance(anchor)
    is_over = any(label.box.overlap(box) for box in obstacles)
    return is_over or any(label.box.distance(mark) < own for mark in marks)


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
    panel.text(place, label.text, align=label.align, spacing=1.15, layer=6)
    if label.is_far:
        panel.line([point, place], QUIET, 0.8)


def _paint_key(canvas: Canvas, moments: Sequence[str]) -> None:
    left = _LEFT if is_wide(canvas.width) else 2
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
        text = _region_name(map_lines().names[name], space)
        spots = _spots(space, text_size(text, SMALL), is_low=name in ("unknown", "respected"))
        best = min(spots, key=lambda spot: sum(spot.overlap(box) for box in (*obstacles, *boxes)))
        place = panel.to_scale((best.left, best.top))
        panel.text(place, text, colour=QUIET, size=SMALL, anchor="top", is_italic=True, layer=1)
        boxes.append(best)
    return boxes


def _region_name(name: str, space: Box) -> str:
    """Return the name of a region in lines: as wide as the region, and wider where it would be higher than that."""
    longest = max(text_width(word, SMALL) for word in name.split())
    width = max(space.right - space.left - 2 * _PADDING, longest)
    while text_size(text := wrap(name, SMALL, width), SMALL)[1] > space.top - space.bottom and "\n" in text:
        width += SMALL
    return text


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


@dataclass(frozen=True)
class MapRow:
    """One row of the map's numbers, and a mark on it if both sides have an average."""

    moment: str
    competence: float | None
    caring: float | None
    is_other_version: bool = False
    """Whether it was rated in another version of the questions, and so has no mark."""

    @property
    def point(self) -> Point | None:
        """Where it is on the map, across and up."""
        return None if self.competence is None or self.caring is None else (self.competence, self.caring)

    @property
    def region(self) -> str:
        """The name of the region it is in, or an empty text."""
        return map_lines().region(*self.point) if self.point else ""


def map_chart(rated: Iterable[Series], guess: object = None, others: OthersResult | None = None) -> Chart:
    """Return the map of the ratings of the twelve habits, with a trail through them, of the two guesses and of others.

    `others` is what others answered, if it is about the same version of the questions. `guess` is saved as four
    numbers or None: competence and caring for myself, then as my group would say. The pulse is not on the map: it asks
    other questions. Nor are ratings of another version of the questions, which are in the table.
    """
    comparison = comparable(rated)
    rows, guesses = [_row(series) for series in comparison.series], _guess_rows(guess)
    by_others = _others_rows(comparison, others)
    apart = [_row(series, is_other_version=True) for series in comparison.others]
    is_moving = len([row for row in rows if row.point and row.moment != LOOKING_BACK]) > 1
    heading, title = words("chart.own-account"), words("chart-map.title" if is_moving else "chart-map.title-one")
    if not (rows or guesses or by_others):
        return Chart(title, words("chart-map.empty", least=find_scale("habits").least), heading=heading)
    sentences = " ".join(
        [
            words("chart-map.intro"),
            *map(_full_sentence, rows),
            *_steps(comparison),
            *map(_guess_sentence, guesses),
            *map(_others_sentence, by_others),
            *map(_full_sentence, apart),
            *comparison.sentences,
        ]
    )
    table = _table([*rows, *apart, *guesses, *by_others])
    marks = [MapMark(row.moment, row.point) for row in (*rows, *guesses, *by_others) if row.point]
    if not marks:
        return Chart(title, sentences, table, heading=heading)
    draw = partial(draw_map, marks)
    return Chart(title, sentences, table, draw(WIDTH), _note(comparison, by_others), heading, partial(draw, NARROW))


def _note(comparison: Comparable, by_others: Sequence[MapRow]) -> str:
    """Say how to read the map, unless there are but guesses on it."""
    has_first = len(comparison.series) > 1 and comparison.at(LOOKING_BACK)
    notes = [
        *([words("chart-map.note")] if comparison.series else []),
        *([words("chart.looking-back-note")] if has_first else []),
        *([words("chart.rule-of-thumb")] if len(comparison.over_time) > 1 else []),
        *([words("chart-map.note-others")] if by_others else []),
    ]
    return " ".join(notes)


def _row(series: Series, *, is_other_version: bool = False) -> MapRow:
    competence, caring = (score(series.ratings, side, series.scale) for side in SIDES)
    return MapRow(series.moment, competence, caring, is_other_version)


def _guess_rows(guess: object) -> list[MapRow]:
    if not isinstance(guess, list) or len(guess) != 4:
        return []
    numbers = [_on_scale(number) for number in guess]
    rows = [MapRow(moment, numbers[place], numbers[place + 1]) for moment, place in zip(_GUESSES, (0, 2), strict=True)]
    return [row for row in rows if row.point]


def _on_scale(number: object) -> float | None:
    if not isinstance(number, int | float) or isinstance(number, bool):
        return None
    return float(number) if 1 <= number <= len(find_scale("habits").points) else None


def _full_sentence(row: MapRow) -> str:
    when = _when(row)
    missing = words("chart.no-average")
    averages = {"competence": _average_text(row.competence, missing), "caring": _average_text(row.caring, missing)}
    if not row.point:
        return words("chart-map.missing", when=when, **averages)
    is_between = row.region == map_lines().names["between"]
    region = words("chart-map.in-between") if is_between else words("chart-map.in-region", region=row.region)
    return words("chart-map.averages", when=when, **averages, region=region)


def _when(row: MapRow) -> str:
    name = sign_name(row.moment)
    return words("chart.in-other-version", moment=name) if row.is_other_version else name


def _steps(comparison: Comparable) -> list[str]:
    """Say which way each side moved from one rating to the next, over the habits that were answered both times."""
    return [_step(comparison, before, after) for before, after in pairwise(comparison.over_time)]


def _step(comparison: Comparable, before: Series, after: Series) -> str:
    changes = [change(before.ratings, after.ratings, side, comparison.scale) for side in SIDES]
    known = [difference for difference in changes if difference is not None]
    way = "-".join(("same", "up", "down")[direction(difference)] for difference in known)
    key = way if len(known) == len(changes) else "unknown"
    return words("chart-map.step", first=before.label, latest=after.label, direction=words(f"chart-map.{key}"))


def _others_rows(comparison: Comparable, others: OthersResult | None) -> list[MapRow]:
    return [MapRow(OTHERS, *side_averages(others))] if others and beside(comparison, others) else []


def _others_sentence(row: MapRow) -> str:
    missing = words("chart-map.others-too-few")
    averages = [_average_text(average, missing) for average in (row.competence, row.caring)]
    return words("chart-map.others", competence=averages[0], caring=averages[1])


def _guess_sentence(row: MapRow) -> str:
    return words(f"chart-map.{row.moment}", competence=_average_text(row.competence), caring=_average_text(row.caring))


def _table(rows: Sequence[MapRow]) -> Table:
    columns = (words("chart.what"), side_name("competence"), side_name("caring"), words("chart-map.region"))
    return Table(words("chart-map.caption"), columns, tuple(map(_table_row, rows)))


def _table_row(row: MapRow) -> tuple[str, ...]:
    missing = words("chart.too-few")
    return (
        _when(row),
        _average_text(row.competence, missing),
        _average_text(row.caring, missing),
        row.region or "–",
    )


def _average_text(average: float | None, missing: str = "") -> str:
    return missing if average is None else with_one_decimal(average)
