"""Two answers to one question, joined: what only one of them has goes into both, and nothing takes anything's place.

Used where a journal that was saved as a file is loaded into another: nothing tells which of two answers is the newer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from course.core import storage
from course.records.answers.units import DRAFT, ENTRY, LISTED, Json, Layout, Units, plain_value, unit_table, units_of

_LOG: Final = Layout("log")


@dataclass(frozen=True)
class Joined:
    """What becomes of an answer when another one to the same question is joined with it."""

    answer: Json = field(repr=False)
    """The answer with what only the other one has; where the two differ, it is as it was."""
    other: Json = field(repr=False)
    """The same, but as the other one has it where the two differ."""

    @property
    def differs(self) -> bool:
        """Whether the two cannot both be kept."""
        return self.answer != self.other


def join(here: Json, there: Json) -> Joined:
    """Return an answer joined with another: entry by entry for a log, unit by unit where they agree on the rest.

    Ratings of one moment that differ in any item are two ratings: they are not mixed.

    >>> join({"COMP1": 5}, {"COMP1": 5, "CARE1": 6}).answer, join({"COMP1": 5}, {"COMP1": 4, "CARE1": 6}).differs
    ({'COMP1': 5, 'CARE1': 6}, True)
    """
    if is_blank(there) or plain_value(here) == plain_value(there):
        return Joined(here, here)
    if is_blank(here):
        return Joined(there, there)
    if _is_log(here) and _is_log(there):
        return _join_logs(units_of(here, _LOG), units_of(there, _LOG))
    ours, theirs = unit_table(here), unit_table(there)
    if ours and theirs and ours["kind"] == theirs["kind"] and ours["kind"] in LISTED:
        return _join_units(ours["units"], theirs["units"], lambda units: {"kind": ours["kind"], "units": units})
    if ours is None and theirs is None and isinstance(here, dict) and isinstance(there, dict):
        joined = _join_units(here, there, lambda units: units)
        return Joined(here, there) if joined.differs else joined
    return Joined(here, there)


def is_blank(answer: Json) -> bool:
    """Say whether nothing was answered.

    >>> is_blank("  "), is_blank({"kind": "list", "units": {"now": None}}), is_blank(0)
    (True, True, False)
    """
    value = plain_value(answer)
    if isinstance(value, list):
        table = unit_table(answer)  # no tick at all is an answer
        return (table is None or table["kind"] in LISTED) and all(is_blank(piece) for piece in value)
    return value is None or value == {} or (isinstance(value, str) and not value.strip())


def _is_log(answer: Json) -> bool:
    table = unit_table(answer)
    if table:
        return table["kind"] == "log"
    return isinstance(answer, dict) and "entries" in answer and set(answer) <= {"entries", "draft"}


def _join_units(here: Mapping[str, Json], there: Mapping[str, Json], wrap: Callable[[Units], Json]) -> Joined:
    """Fill the units that are empty on one side; where both have one, either may stay."""
    names = [*here, *(name for name in there if name not in here)]
    ours: Units = {name: there.get(name) if is_blank(here.get(name)) else here[name] for name in names}
    theirs: Units = {name: here.get(name) if is_blank(there.get(name)) else there[name] for name in names}
    return Joined(wrap(ours), wrap(theirs))


def _join_logs(here: Units, there: Units) -> Joined:
    """Put all entries of both into one log; an entry that both have stands in it once."""
    units = dict(here)
    known = [unit for name, unit in here.items() if name.startswith(ENTRY)]
    for name, unit in there.items():
        if name.startswith(ENTRY) and unit not in known:
            units[name if name not in units else _id_of(unit)] = unit
            known.append(unit)
    other = dict(units)
    other.update((name, unit) for name, unit in there.items() if name.startswith(DRAFT))
    if not any(name.startswith(DRAFT) for name in here):
        units = other
    return Joined({"kind": "log", "units": units}, {"kind": "log", "units": other})


def _id_of(entry: Json) -> str:
    """Return an id for an entry whose own one has another entry here."""
    return ENTRY + hashlib.sha256(storage.as_json(entry)).hexdigest()[:8]
