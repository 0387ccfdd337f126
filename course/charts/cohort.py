"""Charts of a cohort: where people cluster on the map (Ch6), and how their own ratings changed (Ch7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from course.charts.chart import Chart, Table, percent_of, percent_text, quoted_list
from course.charts.kit import drawing
from course.charts.kit.drawing import Canvas, Panel
from course.charts.kit.layout import line_count, text_width, wrap
from course.charts.kit.palette import (
    BAND,
    BLUE,
    BLUE_MID,
    BLUE_SOFT,
    INK,
    NARROW,
    NORMAL,
    PAPER,
    RUST_MID,
    SMALL,
    WIDTH,
)
from course.charts.kit.shapes import BlockStyle
from course.content import all_of, row_of, words
from course.content.scales import map_lines, side_name
from course.core.percentages import whole_percent, with_one_decimal

Place = tuple[str, str]
"""A part of the map: how high it is on competence (across) and on caring (up), as one of `LEVELS` each."""

LEVELS: Final = ("low", "between", "high")
"""Of each side, from the left and from below."""
_REGIONS: Final[Mapping[Place, str]] = {
    ("high", "high"): "trusted",
    ("high", "low"): "respected",
    ("low", "high"): "liked",
    ("low", "low"): "unknown",
}
_PLACES: Final[list[Place]] = [(across, up) for up in reversed(LEVELS) for across in LEVELS]
_BETWEEN: Final = [place for place in _PLACES if "between" in place]
_LEFT, _RIGHT, _TOP, _BELOW = 76, 8, 34, 54
_BIG, _ROOMY = 24, 100
"""The size of the numbers, and how wide a cell is in which the name of its region fits too."""
WAYS: Final = ("up", "same", "down")
"""How a rating may have changed."""
_STYLES: Final[Mapping[str, BlockStyle]] = {
    "up": BlockStyle(BLUE, PAPER),
    "same": BlockStyle(BAND),
    "down": BlockStyle(RUST_MID, is_hatched=True),
}
_MARGIN, _NAME, _BAR, _GAP, _LINE, _SPACE = 8, 30, 22, 5, 18, 20


@dataclass(frozen=True)
class _Cell:
    """The contents of a cell: a number or words, the name of its region, and what part of the people is there."""

    text: str
    region: str
    share: float | None
    """From 0 to 1; None where it is not shown."""


def cohort_map_chart(counts: Mapping[Place, int | None], people: int) -> Chart:
    """Return how many people are in each part of the map; None stands for a part that is not shown.

    Where none of them is shown, the chart is a sentence that says so.
    """
    title = words("chart-cohort-map.title")
    if not counts:
        return Chart(title, words("chart-bars.too-few"))
    if all(count is None for count in counts.values()):
        return Chart(title, words("chart-cohort-map.no-cluster", n=people))
    cells = {place: _cell(place, counts.get(place), people) for place in _PLACES}
    sentences = " ".join([_cluster(counts, people), *_between(counts, people)])
    draw = partial(_draw_cells, cells)
    note = words("chart-cohort-map.note")
    return Chart(title, sentences, _map_table(cells), draw(WIDTH), note, narrow=partial(draw, NARROW))


def _cell(place: Place, count: int | None, people: int) -> _Cell:
    region = map_lines().names[_REGIONS[place]] if place in _REGIONS else ""
    if count is None:
        return _Cell(words("chart-cohort-map.not-shown"), region, None)
    return _Cell(str(count), region, count / people)


def _cluster(counts: Mapping[Place, int | None], people: int) -> str:
    """Say where most people are, of the parts that are shown."""
    shown = {place: count for place, count in counts.items() if count is not None}
    most = max(shown.values())
    names = [_place_name(place) for place in _PLACES if shown.get(place) == most]
    share = percent_of(most, people)
    shown_only = "" if len(shown) == len(_PLACES) else "-shown"  # one that is not shown may hold more
    if len(names) == 1:
        return words(f"chart-cohort-map.sentence{shown_only}", n=people, cell=names[0], percent=share)
    return words(f"chart-cohort-map.tie{shown_only}", n=people, cells=all_of(names), percent=share)


def _between(counts: Mapping[Place, int | None], people: int) -> list[str]:
    """Say how many are in between on a side, where that tells nothing that the map does not show already."""
    hidden = {place for place in _PLACES if counts.get(place) is None}
    if not hidden or not hidden & set(_BETWEEN):
        number = sum(counts[place] or 0 for place in _BETWEEN)
    elif hidden <= set(_BETWEEN):
        number = people - sum(count or 0 for place, count in counts.items() if place not in _BETWEEN)
    else:
        return []
    return [words("chart-cohort-map.in-between", percent=percent_of(number, people))]


def _map_table(cells: Mapping[Place, _Cell]) -> Table:
    """Return the map as a table: caring downwards, competence across."""
    names = {level: words(f"chart-cohort-map.{level}") for level in LEVELS}
    rows = [(names[up], *(_with_region(cells[across, up]) for across in LEVELS)) for up in reversed(LEVELS)]
    columns = (words("chart-cohort-map.sides"), *names.values())
    return Table(words("chart-cohort-map.caption"), columns, tuple(rows))


def _with_region(cell: _Cell) -> str:
    if not cell.region:
        return cell.text
    return words("chart-cohort-map.in-region", people=cell.text, region=cell.region)


def _place_name(place: Place) -> str:
    """Return a part of the map as a sentence names it."""
    if place in _REGIONS:
        return quoted_list([map_lines().names[_REGIONS[place]]])
    across, up = (words(f"chart-cohort-map.{level}") for level in place)
    if across == up:
        return words("chart-cohort-map.cell", level=across)
    return words("chart-cohort-map.cell-two", across=across, up=up)


def _draw_cells(cells: Mapping[Place, _Cell], width: float) -> str:
    """Return the SVG text of nine cells by their level across and up, or an empty text where nothing can be drawn."""
    side = (width - _LEFT - _RIGHT) / len(LEVELS)

    def paint(canvas: Canvas) -> None:
        page = canvas.page()
        for (across, up), cell in cells.items():
            x = _LEFT + LEVELS.index(across) * side
            y = _TOP + (len(LEVELS) - 1 - LEVELS.index(up)) * side
            _paint_cell(page, x, y, side, cell)
        _paint_names(page, side, width)

    return drawing.draw(width, _TOP + side * len(LEVELS) + _BELOW, paint)


def _paint_cell(page: Panel, x: float, y: float, side: float, cell: _Cell) -> None:
    page.block((x, y), side, side, _style(cell.share))
    is_roomy = side >= _ROOMY
    middle = (x + side / 2, y + side * (0.7 if is_roomy else 0.5))
    paper = 3 if cell.share is None else None
    if cell.share is None:
        text = wrap(cell.text, SMALL, side - 16)
        page.text(middle, text, size=SMALL, align="center", spacing=1.15, paper=paper, layer=4)
    else:
        page.text(middle, cell.text, size=_BIG, align="center", layer=4)
    if cell.region and is_roomy:
        name, top = wrap(cell.region, SMALL, side - 12), (x + side / 2, y + 6)
        page.text(
            top, name, size=SMALL, align="center", anchor="top", is_italic=True, spacing=1.1, paper=paper, layer=4
        )


def _style(share: float | None) -> BlockStyle:
    """Return a stronger colour for more people, and hatching where their number is not shown."""
    if share is None:
        return BlockStyle(PAPER, is_hatched=True)
    return BlockStyle(BLUE_MID if share >= 0.25 else BLUE_SOFT if share else PAPER)


def _paint_names(page: Panel, side: float, width: float) -> None:
    """Write the levels and the names of both sides around the map."""
    bottom = _TOP + side * len(LEVELS)
    for number, level in enumerate(LEVELS):
        name = words(f"chart-cohort-map.{level}")
        page.small_text((_LEFT + (number + 0.5) * side, bottom + 14), name, align="center")
        up = bottom - (number + 0.5) * side
        page.small_text((_LEFT - 6, up), wrap(name, SMALL, _LEFT - 12), align="right", spacing=1.1)
    across = f"{side_name('competence')} →"
    x = max(0, min(_LEFT, width - text_width(across, NORMAL) - 4))
    page.text((x, bottom + 38), across, paper=1, layer=4)
    page.text((6, 14), f"↑ {side_name('caring')}", paper=1, layer=4)


@dataclass(frozen=True)
class SideChange:
    """One side with what may be shown of its linked pairs."""

    side: str
    """`competence` or `caring`."""
    pairs: int
    """How many people rated themselves both times."""
    counts: Mapping[str, int | None]
    """How many went `up`, stayed the `same` and went `down`; None for a number that is not shown."""
    median: float | None = None
    """The median change in points of the scale."""
    effect: float | None = None
    """The matched rank-biserial correlation, from -1 to 1."""
    interval: tuple[float, float] | None = None
    """The effect's 95 % interval."""

    def share(self, way: str) -> int | None:
        """Return how many went this way as a whole percentage, or None where it is not shown."""
        count = self.counts.get(way)
        return None if count is None else whole_percent(count, self.pairs)


def cohort_change_chart(sides: Sequence[SideChange]) -> Chart:
    """Return for each side how many went up, stayed about the same and went down.

    Without any side, the chart is a sentence that says so.
    """
    title = words("chart-cohort-change.title")
    if not sides:
        return Chart(title, words("chart-bars.too-few"))
    sentences = " ".join([*map(_sentence, sides), words("chart-cohort-change.limits")])
    draw = partial(_draw_sides, sides)
    note = words("chart-cohort-change.note")
    return Chart(title, sentences, _change_table(sides), draw(WIDTH), note, narrow=partial(draw, NARROW))


def _share_text(share: int | None) -> str:
    return words("chart-cohort-change.not-shown") if share is None else percent_text(share)


def _points(value: float) -> str:
    """Return a change with its sign.

    >>> _points(0.5), _points(-0.25), _points(0)
    ('+0.5', '−0.3', '0.0')
    """
    text = with_one_decimal(value).replace("-", "−")
    return text if text == "0.0" or text.startswith("−") else f"+{text}"


def _effect(value: float) -> str:
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")  # −0.004 is no fall


def _sentence(side: SideChange) -> str:
    shares = {way: side.share(way) for way in WAYS}
    shown = [
        words(f"chart-cohort-change.said-{way}", percent=percent_text(share))
        for way, share in shares.items()
        if share is not None
    ]
    rest = [words("chart-cohort-change.rest")] if len(shown) < len(shares) else []
    key = "sentence" if shown else "hidden"
    ways = row_of([*shown, *rest])
    sentence = words(f"chart-cohort-change.{key}", side=side_name(side.side), pairs=side.pairs, ways=ways)
    median = [] if side.median is None else [words("chart-cohort-change.median", median=_points(side.median))]
    return " ".join([sentence, *median])


def _small_print(side: SideChange) -> str:
    sentences = [words("chart-cohort-change.pairs", pairs=side.pairs)]
    if side.median is not None:
        sentences.append(words("chart-cohort-change.median-small", median=_points(side.median)))
    if side.effect is not None and side.interval:
        low, high = map(_effect, side.interval)
        sentences.append(words("chart-cohort-change.effect-interval", effect=_effect(side.effect), low=low, high=high))
    elif side.effect is not None:
        sentences.append(words("chart-cohort-change.effect", effect=_effect(side.effect)))
    return " ".join(sentences)


def _change_table(sides: Sequence[SideChange]) -> Table:
    names = ("column-side", "column-pairs", *WAYS, "column-median", "column-effect", "column-interval")
    columns = tuple(words(f"chart-cohort-change.{name}") for name in names)
    return Table(words("chart-cohort-change.caption"), columns, tuple(map(_table_row, sides)))


def _table_row(side: SideChange) -> tuple[str, ...]:
    none = words("chart-cohort-change.none")
    median = none if side.median is None else _points(side.median)
    effect = none if side.effect is None else _effect(side.effect)
    interval = none
    if side.interval:
        low, high = map(_effect, side.interval)
        interval = words("chart-cohort-change.range", low=low, high=high)
    shares = [_share_text(side.share(way)) for way in WAYS]
    return (side_name(side.side), str(side.pairs), *shares, median, effect, interval)


def _draw_sides(sides: Sequence[SideChange], width: float) -> str:
    """Return the SVG text of a bar for each way on each side, or an empty text where nothing can be drawn."""
    small_prints = [wrap(_small_print(side), SMALL, width - 2 * _MARGIN) for side in sides]
    heights = [_NAME + (_BAR + _GAP) * len(WAYS) + _LINE * line_count(text) + _SPACE for text in small_prints]

    def paint(canvas: Canvas) -> None:
        page = canvas.page()
        y = 0.0
        for side, small_print, height in zip(sides, small_prints, heights, strict=True):
            _paint_side(page, side, small_print, y, width)
            y += height

    return drawing.draw(width, sum(heights), paint)


def _paint_side(page: Panel, side: SideChange, small_print: str, y: float, width: float) -> None:
    page.text((_MARGIN, y + _NAME / 2), side_name(side.side), is_bold=True, paper=1, layer=4)
    y += _NAME
    names = {way: words(f"chart-cohort-change.{way}") for way in WAYS}
    left = _MARGIN + max(text_width(name, NORMAL) for name in names.values()) + 8
    unit = (width - left - _MARGIN - text_width("100 %", NORMAL) - 6) / 100
    for way, name in names.items():
        share = side.share(way)
        page.text((_MARGIN, y + _BAR / 2), name, paper=1, layer=4)
        length = (share or 0) * unit
        if share:
            page.block((left, y), length, _BAR, _STYLES[way])
        elif share == 0:
            page.line([(left, y), (left, y + _BAR)], INK, 1.6)
        page.text((left + length + 6, y + _BAR / 2), _share_text(share), paper=1, layer=4)
        y += _BAR + _GAP
    page.small_text((_MARGIN, y + 2), small_print, anchor="top", spacing=1.15)
