"""What an answer may be, and the smallest unit of it that a person changes.

An answer of one unit is kept as it is: a letter, a text, a day, a number, an order. An answer of several units
is kept as a table by unit, so that two windows can each change their own: one item of a rating, one field of a
form, one card of a sorting, one option that is ticked, one entry of a log. A unit's name lasts: it does not
change when others come or go.

`plain_value` returns every answer as readers know it (lists for all but ratings), whichever the format. Version
0.1.0 saved lists; `units_of` reads them by position, so that changed words in a lesson do not matter.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, TypedDict

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"
"""What a JSON file can hold."""
Units: TypeAlias = dict[str, Json]
"""An answer's units by name, in reading order."""
TableKind: TypeAlias = Literal["table", "list", "cards", "ticks", "log"]


class SavedLogEntry(TypedDict):
    """One entry of a log, or the draft of one."""

    date: str
    """For example 2026-11-22."""
    words: list[str]
    """A text for each field."""
    mark: str
    """How it went, as a letter, or an empty text."""


class UnitTable(TypedDict):
    """An answer of several units as a file keeps it. Ratings are kept as a table by item code alone."""

    kind: TableKind
    units: Mapping[str, Json]


WholeAnswer: TypeAlias = "str | float | list[str] | list[str | None] | list[int | None] | dict[str, Json]"
"""An answer of one unit: a letter, a text, a day, a number; an order, a way through steps, ratings that are shared."""

ENTRY: Final = "entry:"
DRAFT: Final = "draft:"
_WRAPPED: Final = ("list", "cards", "ticks", "log")
LISTED: Final = ("list", "cards")
"""The kinds that keep every unit that is asked for, also one that is not answered."""


@dataclass(frozen=True)
class Layout:
    """Which units an answer has, and how they read as one value."""

    kind: TableKind
    names: Sequence[str] = ()
    """What the units of a list are called, in order, also those that are not asked for today."""
    empty: Mapping[str, Json] = field(default_factory=dict)
    """The units that are asked for, in order, with what each holds until it is answered."""
    is_exact: bool = False
    """Whether units that are not asked for any more go with the next change; texts stay."""

    def name_at(self, place: int) -> str:
        """Return the name of the unit at a place of a list.

        >>> Layout("list", ("now", "could")).name_at(1), Layout("list").name_at(1)
        ('could', '2')
        """
        return self.names[place] if place < len(self.names) else str(place + 1)


def units_of(answer: Json, layout: Layout) -> Units:
    """Return the units of an answer, whichever the format; none where it is an answer of another kind.

    >>> units_of(["A", None], Layout("list", ("now", "could")))
    {'now': 'A', 'could': None}
    >>> units_of({"kind": "ticks", "units": {"B": True}}, Layout("ticks"))
    {'B': True}
    """
    table = unit_table(answer)
    if table and table["kind"] == layout.kind:
        return dict(table["units"])
    value = plain_value(answer)
    if layout.kind == "table":
        return dict(value) if isinstance(value, dict) else {}
    if layout.kind == "log":
        return _log_units(value)
    if layout.kind == "cards":
        return {}  # a list of 0.1.0 is of other cards
    if not isinstance(value, list):
        return {}
    if layout.kind == "ticks":
        return {code: True for code in value if isinstance(code, str)}
    return {layout.name_at(place): unit for place, unit in enumerate(value)}


def answer_of(units: Units, layout: Layout) -> Json:
    """Return units as a file keeps them, or None where none of them is answered."""
    if layout.kind == "table":
        return units or None
    if layout.kind == "log":
        return {"kind": "log", "units": units} if units else None
    ordered: Units = {name: units.get(name, empty) for name, empty in layout.empty.items()}
    if layout.kind == "ticks":
        ticked: Units = {name: True for name in [*ordered, *units] if units.get(name) is True}
        return {"kind": "ticks", "units": ticked}
    if not layout.is_exact:
        ordered.update((name, unit) for name, unit in units.items() if name not in ordered)
    if all(_is_blank(unit, layout.empty.get(name)) for name, unit in ordered.items()):
        return None
    return {"kind": layout.kind, "units": ordered}


def plain_value(answer: Json) -> Json:
    """Return an answer as readers know it: a list where its units have an order, a table where they go by name.

    >>> plain_value({"kind": "list", "units": {"A": "K", "B": None}})
    ['K', None]
    >>> plain_value({"kind": "cards", "units": {"sends-papers": "C"}})
    {'sends-papers': 'C'}
    >>> plain_value("B"), plain_value({"COMP1": 5})
    ('B', {'COMP1': 5})
    """
    table = unit_table(answer)
    if table is None:
        return answer
    if table["kind"] == "ticks":
        return [name for name, unit in table["units"].items() if unit is True]
    if table["kind"] == "log":
        return _log_value(table["units"])
    if table["kind"] == "cards":
        return dict(table["units"])
    return list(table["units"].values())


def storable(value: Json) -> Json:
    """Return a copy of a value as a file holds it; half of a character, which no file can hold, becomes “?”."""
    copy: Json = json.loads(json.dumps(value, ensure_ascii=False, allow_nan=False).encode(errors="replace"))
    return copy


def log_entries(units: Mapping[str, Json]) -> dict[str, Json]:
    """Return the entries among the units of a log, by their lasting id."""
    return {name.removeprefix(ENTRY): unit for name, unit in units.items() if name.startswith(ENTRY)}


def log_draft(units: Mapping[str, Json]) -> Json:
    """Return the draft among the units of a log as an entry, or None where nothing was typed."""
    draft: Units = {name.removeprefix(DRAFT): unit for name, unit in units.items() if name.startswith(DRAFT)}
    if not draft:
        return None
    places = [int(name) for name in draft if name.isdecimal() and len(name) < 4]
    texts: list[Json] = [draft.get(str(place), "") for place in range(1, max(places, default=0) + 1)]
    return {"date": draft.get("date"), "words": texts, "mark": draft.get("mark", "")}


def unit_table(answer: Json) -> UnitTable | None:
    """Return an answer that a file keeps as a table by unit, or None for any other."""
    if not isinstance(answer, dict) or set(answer) != {"kind", "units"}:
        return None
    kind, units = answer["kind"], answer["units"]
    table_kind: TableKind | None = next((name for name in _WRAPPED if name == kind), None)
    return {"kind": table_kind, "units": units} if table_kind and isinstance(units, dict) else None


def _is_blank(unit: Json, empty: Json) -> bool:
    if isinstance(unit, str):
        return unit.strip() == (empty.strip() if isinstance(empty, str) else "")
    return unit == empty and unit is None


def _log_value(units: Mapping[str, Json]) -> Json:
    return {"entries": list(log_entries(units).values()), "draft": log_draft(units)}


def _log_units(value: Json) -> Units:
    """Return the units of a log as version 0.1.0 kept it; an entry's id is then its place in the file."""
    if not isinstance(value, dict):
        return {}
    entries, draft = value.get("entries"), value.get("draft")
    units: Units = {}
    if isinstance(entries, list):
        units = {f"{ENTRY}{place}": entry for place, entry in enumerate(entries, start=1)}
    if isinstance(draft, dict):
        texts = draft.get("words")
        fields: Iterable[tuple[str, Json]] = _numbered_texts(texts if isinstance(texts, list) else [])
        filled: Units = {name: draft[name] for name in ("date", "mark") if draft.get(name)}
        units |= {f"{DRAFT}{name}": unit for name, unit in [*filled.items(), *fields]}
    return units


def _numbered_texts(texts: Sequence[Json]) -> list[tuple[str, Json]]:
    """Return the texts of a draft by the number of their field."""
    return [(str(place), text) for place, text in enumerate(texts, start=1) if text]
