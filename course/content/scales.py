"""The rating questions: scales and their items, as `content/scales.toml` has them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from course import content
from course.core.errors import BadContent, RatingOutOfRange

NO_CHANCE = "n"
"""How an answer is saved that counts as missing: “No chance to”."""
VERSION: Final = "version"
"""The unit of a saved rating that holds the version of the questions in which it was given."""
SIDES: Final = ("competence", "caring")
"""The two sides that habits belong to: across the map, and up."""


@dataclass(frozen=True)
class Item:
    """One statement to rate; `side` says to which side's average it belongs."""

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
    """How many answers a side needs to have an average."""
    items: tuple[Item, ...]
    order: tuple[int, ...] = ()
    """The points in the order in which they are shown, where that is not the order of their numbers."""
    next_steps: tuple[str, ...] = ()
    """What is said after each point was chosen, or an empty text; none where nothing ever is."""
    since: int = 1
    """The version of the questions from which on it has these items."""
    earlier: tuple[Scale, ...] = ()
    """The same scale as it was before, the latest first. No code is in two of them."""

    @property
    def versions(self) -> tuple[Scale, ...]:
        """The scale and what it was before, the latest first."""
        return (self, *self.earlier)

    def in_version(self, version: int) -> Scale:
        """Return the scale as it was in a version of the questions.

        >>> find_scale("habits").in_version(1).items[0].short, find_scale("pulse").in_version(1).since
        ('Kept commitments', 1)
        """
        return next(scale for scale in self.versions if scale.since <= max(version, 1))

    @property
    def shown(self) -> tuple[tuple[int, str], ...]:
        """The number and label of each point, in the order in which they are shown.

        >>> find_scale("tried").shown
        ((1, 'Yes'), (2, 'Partly'), (4, 'No'), (3, 'No chance yet'))
        """
        numbers = self.order or range(1, len(self.points) + 1)
        return tuple((number, self.points[number - 1]) for number in numbers)

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


def version_of(saved: object) -> int:
    """Return the version of the questions in which a rating was saved; without one it is version 1.

    >>> version_of({"COMP7": 5, "version": 2}), version_of({"COMP1": 5}), version_of(None)
    (2, 1, 1)
    """
    version = saved.get(VERSION) if isinstance(saved, Mapping) else None
    return version if isinstance(version, int) and not isinstance(version, bool) and version > 1 else 1


def read_ratings(scale: Scale, saved: object) -> dict[str, int]:
    """Return the valid ratings among saved answers by item code; what is missing or unusable is left out.

    So are ratings that were saved in a version before the scale's. Those of an earlier version stay readable after
    someone answered a later one in the same place: read them with `scale.earlier`.
    """
    ratings: dict[str, int] = {}
    if isinstance(saved, Mapping) and version_of(saved) >= scale.since:
        for item in scale.items:
            try:
                rating = scale.check(saved.get(item.code))
            except RatingOutOfRange:
                continue
            if rating is not None:
                ratings[item.code] = rating
    return ratings


def find_scale(name: str, folder: Path | None = None) -> Scale:
    """Return the scale of that name as it is asked today, or raise BadContent.

    A scale that is `like` another has that one's points and items, earlier ones too, and its own stem.
    """
    return _find_scale(name, folder or content.edition())


@functools.cache
def _find_scale(name: str, folder: Path) -> Scale:
    scales = content.need(content.read("scales.toml", folder), "scale", dict, "scales.toml")
    table = _table(scales, name)
    where = f"scales.toml, [scale.{name}]"
    if "like" in table:
        table = {**_table(scales, content.need(table, "like", str, where)), **table}
    former = _earlier(name, table, where)
    scale = replace(_scale(name, table, where), since=former[0][0] + 1 if former else 1)
    return _checked_versions(replace(scale, earlier=tuple(earlier for _, earlier in former)), where, folder)


def _scale(name: str, table: Mapping[str, object], where: str) -> Scale:
    """Return the scale in one table."""
    return _checked(
        Scale(
            name=name,
            stem=content.need(table, "stem", str, where),
            points=tuple(content.need(table, "points", list, where)),
            missing=str(table.get("missing", "")),
            least=content.need(table, "least", int, where),
            items=_items(content.need(table, "item", list, where), where),
            order=tuple(content.need(table, "order", list, where)) if "order" in table else (),
            next_steps=tuple(content.need(table, "next", list, where)) if "next" in table else (),
        ),
        where,
    )


def _earlier(name: str, table: Mapping[str, object], where: str) -> list[tuple[int, Scale]]:
    """Return what the scale was before, the latest first, each with the last version that had it.

    What a table does not say is as it is today.
    """
    former: list[tuple[int, Scale]] = []
    for entry in content.need(table, "earlier", list, where) if "earlier" in table else []:
        here = f"{where}, earlier {len(former) + 1}"
        last = content.need(entry, "version", int, here)
        since = former[-1][0] + 1 if former else 1
        if last < since:
            raise BadContent(f"{here}: “version” is {last}.", f"Put the oldest first; this one is {since} or more.")
        former.append((last, replace(_scale(name, {**table, **entry}, here), since=since)))
    return former[::-1]


def _checked_versions(scale: Scale, where: str, folder: Path) -> Scale:
    """Return the scale, or raise BadContent where a code is used again or the version was not counted up."""
    codes = [item.code for version in scale.versions for item in version.items]
    for code in codes:
        if codes.count(code) > 1 or code == VERSION:
            raise BadContent(
                f"{where}: the code “{code}” is used again.", "Give a statement that has changed a code of its own."
            )
    if instrument_version(folder) < scale.since:
        raise BadContent(f"{where}: its statements have changed.", f"Write version = {scale.since} at the top.")
    return scale


def instrument_version(folder: Path | None = None) -> int:
    """Return the version of the questions that are asked today; it is saved with every rating."""
    return _instrument_version(folder or content.edition())


@functools.cache
def _instrument_version(folder: Path) -> int:
    table = content.read("scales.toml", folder)
    version = content.need(table, VERSION, int, "scales.toml") if VERSION in table else 1
    if version < 1:
        raise BadContent(f"scales.toml: “version” is {version}.", "Write version = 1, or more.")
    return version


def find_item(scale: Scale, code: str) -> Item | None:
    """Return the item with that code, of whichever version.

    >>> [find_item(find_scale("habits"), code).short for code in ("COMP1", "COMP7")]
    ['Kept commitments', 'Did what I had said']
    """
    return next((item for version in scale.versions for item in version.items if item.code == code), None)


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
    if scale.order and sorted(map(repr, scale.order)) != [repr(number) for number in range(1, len(labels) + 1)]:
        raise BadContent(f"{where}: “order” does not name each point once.", "Write the numbers of the points there.")
    if scale.next_steps and len(scale.next_steps) != len(labels):
        raise BadContent(f"{where}: “next” needs a text for each point.", 'Write "" where nothing is to be said.')
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
        """Return the name of the region that two averages fall in, or “in between”; the band's edges are not in it.

        >>> map_lines().region(5.8, 4.1)
        'Tends to earn respect'
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
