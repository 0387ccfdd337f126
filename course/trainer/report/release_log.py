"""Protection against differencing between the shareable reports of one cohort: what was released before.

Whoever has two reports can take one from the other: what is left is a report about the people who changed. So a unit of
the shareable report changes only when nobody has, or when as many have as a report may speak of; else the old release
stays. It is compared with all that was ever released. `course.privacy` names the sources; this is its protection
against differencing, rule R2.

The log is for the trainer alone, and `release_record` keeps it. It holds no name and no answer, only keyed digests of
them, and is needed also after someone has left.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from course.charts.chart import Chart, Table
from course.content.lessons import with_lesson_keys
from course.core import storage
from course.records.answers.units import Json

FORMAT: Final = 1

Shares: TypeAlias = Mapping[str, Json]
"""By learner, what each contributes to a number: plain JSON, of which only a digest is stored."""
Digests: TypeAlias = tuple[str, ...]
"""Those of everyone's share in one release of a number, in order."""


@dataclass(frozen=True)
class UnitContent:
    """What a unit shows: rows of cells, and charts."""

    rows: tuple[tuple[str, ...], ...] = ()
    charts: tuple[Chart, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Return it as plain data, each chart with its picture for a narrow page."""
        charts = [_chart_as_json(chart) for chart in self.charts]
        return {"rows": [list(row) for row in self.rows], "charts": charts}

    @classmethod
    def from_json(cls, data: Any) -> UnitContent:
        """Return what `to_json` wrote, or version 0.1.0: one row, or a list of rows, where there were no charts."""
        if isinstance(data, list):
            only_rows = data if all(isinstance(row, list) for row in data) else [data]
            return cls(tuple(tuple(map(str, row)) for row in only_rows))
        rows = tuple(tuple(map(str, row)) for row in data["rows"])
        return cls(rows, tuple(_chart_from_json(chart) for chart in data["charts"]))


@dataclass(frozen=True)
class ReleaseUnit:
    """One thing about one group of people, released as a whole or not at all."""

    name: str
    content: UnitContent
    shares: Mapping[str, Shares] = field(repr=False)
    """The people behind each published number or table; nothing where all of it is suppressed."""


@dataclass(frozen=True)
class ReleasedUnit:
    """A unit as it is released now, and the day it is from."""

    content: UnitContent
    day: str


ReleaseUnits: TypeAlias = Callable[[ReleaseUnit], ReleasedUnit]
"""Decides what of a unit is released."""


@dataclass(frozen=True)
class _PastUnit:
    """The last release of a unit, and the people behind it and all before it."""

    released: ReleasedUnit
    digests: Mapping[str, tuple[Digests, ...]]

    def to_json(self) -> dict[str, object]:
        return {"content": self.released.content.to_json(), "day": self.released.day, "of": dict(self.digests)}

    @classmethod
    def from_json(cls, data: Any) -> _PastUnit:
        digests = {number: tuple(map(tuple, releases)) for number, releases in data["of"].items()}
        return cls(ReleasedUnit(UnitContent.from_json(data["content"]), str(data["day"])), digests)


class ReleaseLog:
    """The log of one cohort's shareable reports."""

    def __init__(self, record: Mapping[str, Any], min_group: int, day: str) -> None:
        self._secret = str(record.get("secret") or secrets.token_hex(16))
        self._units = {
            with_lesson_keys(name): _PastUnit.from_json(unit) for name, unit in record.get("units", {}).items()
        }
        self.reports = int(record.get("reports", 1 if self._units else 0))
        """How many shareable reports it has taken in; version 0.1.0 did not count them."""
        self._min_group, self._day = min_group, day
        self.unchanged: list[str] = []
        """The names of the units whose old release stays, although someone has changed."""

    def release(self, unit: ReleaseUnit) -> ReleasedUnit:
        """Return a unit as it may be released now: new, or as it was."""
        past = self._units.get(unit.name)
        before = past.digests if past else {}
        now = {number: self._digests(shares) for number, shares in unit.shares.items()}
        if past and any(self._discloses(old, new) for number, new in now.items() for old in before.get(number, ())):
            self.unchanged.append(unit.name)
            return past.released
        digests = {number: tuple(dict.fromkeys([*before.get(number, ()), new])) for number, new in now.items()}
        released = ReleasedUnit(unit.content, self._day)
        self._units[unit.name] = _PastUnit(released, {**before, **digests})
        return released

    @property
    def id(self) -> str:
        """What tells this log from one that was begun anew; nothing of the secret can be read from it."""
        return hashlib.sha256(self._secret.encode()).hexdigest()[:20]

    def as_bytes(self) -> bytes:
        """Return the log as the file holds it."""
        units = {name: unit.to_json() for name, unit in self._units.items()}
        record = {"format": FORMAT, "secret": self._secret, "reports": self.reports, "units": units}
        return storage.as_json(record)

    def _discloses(self, before: Sequence[str], now: Sequence[str]) -> bool:
        """Say whether two releases differ by some people, and by fewer than a report may speak of."""
        gone, new = set(before) - set(now), set(now) - set(before)
        return 0 < max(len(gone), len(new)) < self._min_group

    def _digests(self, shares: Shares) -> Digests:
        return tuple(sorted(self._digest(learner, share) for learner, share in shares.items()))

    def _digest(self, learner: str, share: Json) -> str:
        """Return what stands for one person's share: the same for the same share, and nothing to read."""
        text = json.dumps([self._secret, learner, share], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def release_all(day: str) -> ReleaseUnits:
    """Return what releases every unit as it is on a day, for a trainer who sees everything anyway."""
    return lambda unit: ReleasedUnit(unit.content, day)


def _chart_as_json(chart: Chart) -> dict[str, object]:
    """Return a chart with both of its pictures."""
    fields = {name: value for name, value in chart.to_message().items() if name != "is_narrow"}
    return {**fields, "narrow": chart.picture(is_narrow=True)}


def _chart_from_json(data: Mapping[str, Any]) -> Chart:
    fields = {name: value for name, value in data.items() if name != "is_narrow"}
    table, narrow = fields.pop("table"), str(fields.pop("narrow"))
    numbers = Table(table["caption"], tuple(table["columns"]), tuple(map(tuple, table["rows"]))) if table else None
    return Chart(**fields, table=numbers, narrow=lambda: narrow)
