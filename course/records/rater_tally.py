"""The tally of printed forms of “How others see me”: how many people chose each point of each statement.

A third person counts the forms and types one table: a row for each statement, a column for each point and one for
“Cannot judge”. It is read however a spreadsheet saved or copied it, with or without its headings. Nothing of it is
kept: what may be, `course.privacy.rater_release` says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from course.content import words
from course.content.scales import NO_CHANCE, Item, Scale, find_scale
from course.core import text_files
from course.core.errors import BadTally
from course.core.tables import BadTable, TableRow, csv_bytes, read_headings, read_table

LARGEST: Final = 20_000
"""The size in bytes of the largest table that is read."""
MOST_FORMS: Final = 500
"""The largest number of forms that a tally may be of."""
_STATEMENT: Final = "statement"
_COUNT: Final = re.compile(r"(\d{1,4})([.,]0+)?", re.ASCII)
_NUMBERED: Final = re.compile(r"(\d{1,2})(?!\d)", re.ASCII)
_LONGEST_QUOTE: Final = 40


@dataclass(frozen=True)
class RaterTally:
    """What a third person counted."""

    forms: int
    """How many forms there are; each has one mark in each row."""
    counts: Mapping[str, tuple[int, ...]] = field(repr=False)
    """How many people chose each point, the lowest first, by code of the statement."""


def read_rater_tally(table: bytes | str) -> RaterTally:
    """Return the tally in a table; BadTally says in which line something is wrong, and what to do.

    An empty cell is none. The rows may be in any order where they name their statements, by number, code or words.
    """
    if len(table) > LARGEST:
        raise _refused("too-large")
    scale = find_scale("others")
    try:
        decoded = table if isinstance(table, str) else text_files.decode(table)
        text, headings = _with_headings(decoded.removeprefix("\ufeff"), scale)
        rows = read_table(text)
    except (BadTable, text_files.UnreadableText):
        raise _refused("no-table") from None
    by_column = _columns(headings, scale)
    counts: dict[str, tuple[int, ...]] = {}
    forms: dict[str, int] = {}
    for place, row in enumerate(rows):
        item = _item(row, place, by_column, scale)
        if item.code in counts:
            raise _refused("twice", line=row.line, number=_number(item, scale))
        cells = [_count(row, by_column.get(choice, ""), scale) for choice in _choices(scale)]
        counts[item.code], forms[item.code] = tuple(cells[:-1]), sum(cells)
    missing = [_number(item, scale) for item in scale.items if item.code not in counts]
    if missing:
        raise _refused("missing", number=missing[0], n=len(missing))
    return RaterTally(_forms(forms, scale), {item.code: counts[item.code] for item in scale.items})


def empty_tally() -> bytes:
    """Return a table to fill in, which any spreadsheet opens."""
    scale = find_scale("others")
    points = [f"{number} {label}" for number, label in scale.shown]
    headings = [words("others-tally.statement"), words("others-tally.short"), *points, scale.missing]
    rows = [[str(_number(item, scale)), item.short, *[""] * (len(points) + 1)] for item in scale.items]
    return csv_bytes([headings, *rows])


def _choices(scale: Scale) -> list[str]:
    """Return what each count is of: the points, then “Cannot judge”."""
    return [*(str(number) for number, _ in enumerate(scale.points, start=1)), NO_CHANCE]


def _with_headings(text: str, scale: Scale) -> tuple[str, list[str]]:
    """Return the table with headings: where it has none but counts, those of its eight or nine columns."""
    first = read_headings(text)
    if not first or not all(not cell or _COUNT.fullmatch(cell) for cell in first):
        return text, first
    choices = _choices(scale)
    names = choices if len(first) == len(choices) else [_STATEMENT, *choices]
    if len(first) != len(names):
        raise BadTable("it has no headings", 1)
    separator = "\t" if "\t" in text else ";" if ";" in text else ","
    return f"{separator.join(names)}\n{text}", names


def _columns(headings: Sequence[str], scale: Scale) -> dict[str, str]:
    """Return the name of each column by what it has: counts of a choice, or the statements."""
    labels = {label.casefold(): str(number) for number, label in enumerate(scale.points, start=1)}
    no_chance = {NO_CHANCE, _plain(scale.missing)}
    columns: dict[str, str] = {}
    before: list[str] = []
    after: list[str] = []
    for heading in headings:
        name = _plain(heading)
        number = name[:1] if name[:1] in labels.values() and not name[1:2].isdigit() else labels.get(name, "")
        choice = NO_CHANCE if name in no_chance else number
        if choice:
            columns.setdefault(choice, heading.lower())
        elif name:
            (after if columns else before).append(heading.lower())
    if missing := [choice for choice in _choices(scale)[:-1] if choice not in columns]:
        raise _refused("columns", point=missing[0])
    if NO_CHANCE not in columns and after:  # it is called otherwise
        columns[NO_CHANCE] = after[0]
    return {**columns, **({_STATEMENT: before[0]} if before else {})}


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())


def _item(row: TableRow, place: int, by_column: Mapping[str, str], scale: Scale) -> Item:
    """Return the statement of a row: the one that it names, or the next where none of them does."""
    if _STATEMENT not in by_column:
        if place >= len(scale.items):
            raise _refused("too-many", line=row.line, n=len(scale.items))
        return scale.items[place]
    typed = row.cells.get(by_column[_STATEMENT], "")
    numbered = _NUMBERED.match(typed)
    if numbered and 1 <= int(numbered[1]) <= len(scale.items):
        return scale.items[int(numbered[1]) - 1]
    for item in scale.items:
        if not numbered and _plain(typed) in {_plain(name) for name in (item.code, item.short, item.text)}:
            return item
    raise _refused("statement-unknown", line=row.line, typed=_quote(typed), most=len(scale.items))


def _count(row: TableRow, column: str, scale: Scale) -> int:
    typed = row.cells.get(column, "")
    matches = _COUNT.fullmatch(typed)
    if typed and (not matches or int(matches[1]) > MOST_FORMS):
        raise _refused("count", line=row.line, typed=_quote(typed), most=MOST_FORMS)
    return int(matches[1]) if matches else 0


def _forms(forms: Mapping[str, int], scale: Scale) -> int:
    """Return how many forms all rows add up to; each form has one mark in each row."""
    usual = Counter(forms.values()).most_common(1)[0][0]
    for code, added in forms.items():
        if added != usual:
            number = next(_number(item, scale) for item in scale.items if item.code == code)
            raise _refused("sum", number=number, added=added, usual=usual)
    return usual


def _number(item: Item, scale: Scale) -> int:
    """Return a statement's number on the form, from 1."""
    return scale.items.index(item) + 1


def _refused(reason: str, **blanks: object) -> BadTally:
    return BadTally(words(f"others-tally.{reason}", **blanks), words("others-tally.hint"))


def _quote(typed: str) -> str:
    return typed if len(typed) <= _LONGEST_QUOTE else f"{typed[:_LONGEST_QUOTE]}…"
