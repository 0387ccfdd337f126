"""The cohort's map: where people cluster, in nine parts with their numbers and no dots (Ch6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from course.charts import drawing
from course.charts.chart import Chart, Table, percent_of, quoted_list
from course.charts.drawing import BLUE_MID, BLUE_SOFT, NARROW, NORMAL, PAPER, SMALL, WIDTH, BlockStyle, Canvas, Panel
from course.charts.layout import text_width, wrap
from course.content import all_of, words
from course.content.scales import map_lines, side_name

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
    return Chart(title, sentences, _table(cells), draw(WIDTH), note, narrow=partial(draw, NARROW))


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


def _table(cells: Mapping[Place, _Cell]) -> Table:
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
        return BlockStyle(PAPER, hatch="////")
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
