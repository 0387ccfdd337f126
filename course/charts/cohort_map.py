"""Ch6, the cohort's map: where people cluster, in nine parts with their numbers and no dots."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from course.charts.bars import listed, percent
from course.charts.chart import Chart, Table
from course.charts.cohort_map_picture import LEVELS, Cell, draw_cohort_map
from course.charts.drawing import NARROW
from course.content import words
from course.content.scales import map_lines

Place = tuple[str, str]
"""A part of the map: how high it is on competence (across) and on caring (up), each low, between or high."""

_REGIONS: Final[Mapping[Place, str]] = {
    ("high", "high"): "trusted",
    ("high", "low"): "respected",
    ("low", "high"): "liked",
    ("low", "low"): "unknown",
}
_PLACES: Final = [(across, up) for up in reversed(LEVELS) for across in LEVELS]
_BETWEEN: Final = [place for place in _PLACES if "between" in place]


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
    said = " ".join([_cluster(counts, people), *_between(counts, people)])
    draw = partial(draw_cohort_map, cells)
    return Chart(title, said, _table(cells), draw(), words("chart-cohort-map.note"), narrow=partial(draw, NARROW))


def _cell(place: Place, count: int | None, people: int) -> Cell:
    region = map_lines().names[_REGIONS[place]] if place in _REGIONS else ""
    if count is None:
        return Cell(words("chart-cohort-map.not-shown"), region, None)
    return Cell(str(count), region, count / people)


def _cluster(counts: Mapping[Place, int | None], people: int) -> str:
    """Say where most people are, of the parts that are shown."""
    shown = {place: count for place, count in counts.items() if count is not None}
    most = max(shown.values())
    names = [_name(place) for place in _PLACES if shown.get(place) == most]
    share = percent(round(100 * most / people))
    if len(names) == 1:
        return words("chart-cohort-map.sentence", n=people, cell=names[0], percent=share)
    return words("chart-cohort-map.tie", n=people, cells=f" {words('chart.and')} ".join(names), percent=share)


def _between(counts: Mapping[Place, int | None], people: int) -> list[str]:
    """Say how many are in between on a side, where that tells nothing that the map does not show already."""
    hidden = {place for place in _PLACES if counts.get(place) is None}
    if not hidden or not hidden & set(_BETWEEN):
        number = sum(counts[place] or 0 for place in _BETWEEN)
    elif hidden <= set(_BETWEEN):
        number = people - sum(count or 0 for place, count in counts.items() if place not in _BETWEEN)
    else:
        return []
    return [words("chart-cohort-map.in-between", percent=percent(round(100 * number / people)))]


def _table(cells: Mapping[Place, Cell]) -> Table:
    """Return the map as a table: caring downwards, competence across."""
    names = {level: words(f"chart-cohort-map.{level}") for level in LEVELS}
    rows = [(names[up], *(_with_region(cells[across, up]) for across in LEVELS)) for up in reversed(LEVELS)]
    columns = (words("chart-cohort-map.sides"), *names.values())
    return Table(words("chart-cohort-map.caption"), columns, tuple(rows))


def _with_region(cell: Cell) -> str:
    if not cell.region:
        return cell.text
    return words("chart-cohort-map.in-region", people=cell.text, region=cell.region)


def _name(place: Place) -> str:
    """Return a part of the map as a sentence names it."""
    if place in _REGIONS:
        return listed([map_lines().names[_REGIONS[place]]])
    across, up = (words(f"chart-cohort-map.{level}") for level in place)
    if across == up:
        return words("chart-cohort-map.cell", level=across)
    return words("chart-cohort-map.cell-two", across=across, up=up)
