"""The rating questions: scales and their items, as `content/scales.toml` has them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from course import content
from course.core.errors import BadContent, RatingOutOfRange

NO_CHANCE = "n"
"""How an answer is saved that counts as missing: “No chance to”."""
SIDES: Final = ("competence", "caring")
"""The sides that habits are scored on: across the map, and up."""


@dataclass(frozen=True)
class Item:
    """One statement to rate; `side` says which score it feeds."""

    code: str
    side: str
    text: str
    short: str


@dataclass(frozen=True)
class Scale:
    """A stem, the items under it and the labelled points, of which the first counts 1."""

    name: str
    stem: str
    points: tuple[str, ...]
    missing: str
    """The label of “No chance to”, or nothing where it is not offered."""
    least: int
    """How many answers a side needs to have a score."""
    items: tuple[Item, ...]

    def check(self, rating: object) -> int | None:
        """Return the rating as a number of the scale, or None where it counts as missing.

        >>> find_scale("habits").check(5), find_scale("habits").check("n")
        (5, None)
        """
        if rating == NO_CHANCE and self.missing:
            return None
        if isinstance(rating, int) and not isinstance(rating, bool) and 1 <= rating <= len(self.points):
            return rating
        raise RatingOutOfRange(
            content.words("card.not-on-scale", most=len(self.points)), content.words("card.not-on-scale-hint")
        )

    def side(self, side: str) -> tuple[Item, ...]:
        """Return the items that feed one side, in screen order."""
        return tuple(item for item in self.items if item.side == side)


def read_ratings(scale: Scale, saved: object) -> dict[str, int]:
    """Return the valid ratings among saved answers by item code; what is missing or unusable is left out."""
    ratings: dict[str, int] = {}
    if isinstance(saved, Mapping):
        for item in scale.items:
            try:
                rating = scale.check(saved.get(item.code))
            except RatingOutOfRange:
                continue
            if rating is not None:
                ratings[item.code] = rating
    return ratings


def find_scale(name: str, folder: Path | None = None) -> Scale:
    """Return the scale of that name, or raise BadContent.

    A scale that is `like` another has that one's points and items, and its own stem.
    """
    return _find_scale(name, folder or content.edition())


@functools.cache
def _find_scale(name: str, folder: Path) -> Scale:
    scales = content.need(content.read("scales.toml", folder), "scale", dict, "scales.toml")
    table = _table(scales, name)
    where = f"scales.toml, [scale.{name}]"
    if "like" in table:
        table = {**_table(scales, content.need(table, "like", str, where)), **table}
    return _checked(
        Scale(
            name=name,
            stem=content.need(table, "stem", str, where),
            points=tuple(content.need(table, "points", list, where)),
            missing=str(table.get("missing", "")),
            least=content.need(table, "least", int, where),
            items=_items(content.need(table, "item", list, where), where),
        ),
        where,
    )


def _table(scales: Mapping[str, object], name: str) -> dict[str, object]:
    """Return what the file says of one scale."""
    if name not in scales:
        raise BadContent(f"scales.toml has no scale “{name}”.", "It has: " + ", ".join(sorted(scales)) + ".")
    table: dict[str, object] = content.need(scales, name, dict, "scales.toml, [scale]")
    return table


def _checked(scale: Scale, where: str) -> Scale:
    """Return the scale, or raise BadContent where its points or its number of answers are impossible."""
    labels = {point for point in scale.points if isinstance(point, str) and point.strip()}
    if len(labels) < 2 or len(labels) < len(scale.points):
        raise BadContent(f"{where}: “points” needs two or more different labels.", 'Write points = ["…", "…"] there.')
    most = min(len(scale.side(item.side)) for item in scale.items)
    if not 1 <= scale.least <= most:
        raise BadContent(
            f"{where}: “least” is {scale.least}, and a side has {most} items.", f"Give it a number from 1 to {most}."
        )
    return scale


def _items(entries: list[object], where: str) -> tuple[Item, ...]:
    items: list[Item] = []
    for number, entry in enumerate(entries, start=1):
        here = f"{where}, item {number}"
        code, side, text, short = (content.need(entry, key, str, here) for key in ("code", "side", "text", "short"))
        if any(code == item.code for item in items):
            raise BadContent(f"{here}: the code “{code}” is used twice.", "Give each item its own code.")
        items.append(Item(code, side, text, short))
    return tuple(items)


def side_name(side: str) -> str:
    """Return how people read a side.

    >>> side_name("caring")
    'Caring and character'
    """
    return str(content.need(_side_names(content.edition()), side, str, "scales.toml, [side]"))


@functools.cache
def _side_names(folder: Path) -> Mapping[str, object]:
    return dict(content.need(content.read("scales.toml", folder), "side", dict, "scales.toml"))


@dataclass(frozen=True)
class MapLines:
    """Where the map divides each side, and what its regions are called."""

    line: float
    band: float
    names: Mapping[str, str]

    def region(self, competence: float, caring: float) -> str:
        """Return the name of the region that two scores fall in, or “in between”; the band's edges are not in it.

        >>> map_lines().region(5.8, 4.1)
        'Respected, not yet trusted'
        """
        if min(abs(competence - self.line), abs(caring - self.line)) < self.band - 1e-9:
            return self.names["between"]
        return self.names[_REGIONS[competence > self.line, caring > self.line]]


_REGIONS = {(True, True): "trusted", (True, False): "respected", (False, True): "liked", (False, False): "unknown"}


def map_lines(folder: Path | None = None) -> MapLines:
    """Return the lines of the map, as `scales.toml` sets them."""
    return _map_lines(folder or content.edition())


@functools.cache
def _map_lines(folder: Path) -> MapLines:
    where = "scales.toml, [map]"
    table = content.need(content.read("scales.toml", folder), "map", dict, "scales.toml")
    names = {name: content.need(table, name, str, where) for name in (*_REGIONS.values(), "between")}
    return MapLines(content.need(table, "line", float, where), content.need(table, "band", float, where), names)
