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
_LAST: Final = "last"
"""Names a column without a heading after those of the points."""
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
        rows = read_table(text, first=_STATEMENT)
    except (BadTable, text_files.UnreadableText):
        raise _refused("no-table") from None
    columns = _columns(headings, rows, scale)
    counts: dict[str, tuple[int, ...]] = {}
    forms: dict[str, int] = {}
    for place, row in enumerate(rows):
        item = _item(row, place, columns, scale)
        if item.code in counts:
            raise _refused("twice", line=row.line, number=_number(item, scale))
        cells = [_count(row, columns.choices.get(choice, "")) for choice in _choices(scale)]
        _check_sum(row, columns, sum(cells))
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


@dataclass(frozen=True)
class _Columns:
    """The names of a table's columns by what they have; an empty one where there is no such column."""

    statement: str
    choices: Mapping[str, str]
    """The columns of counts, by what they count."""
    sum: str
    """What each row adds up to."""


def _with_headings(text: str, scale: Scale) -> tuple[str, list[str]]:
    """Return the table with headings: where it has none but counts, those of its eight, nine or ten columns.

    Which of the tally sheet's last two columns it is that stands after the points alone, the counts in it tell.
    """
    first = read_headings(text)
    if not first or not all(not cell or _COUNT.fullmatch(cell) for cell in first):
        return text, [heading or (_STATEMENT if place == 0 else "") for place, heading in enumerate(first)]
    choices = _choices(scale)
    points, last_two = choices[:-1], [choices[-1], words("others-form.sum")]
    names = next(
        (
            names
            for names in ([*points, _LAST], [_STATEMENT, *points, _LAST], [_STATEMENT, *points, *last_two])
            if len(names) == len(first)
        ),
        None,
    )
    if names is None:
        raise BadTable("it has no headings", 1)
    separator = "\t" if "\t" in text else ";" if ";" in text else ","
    return f"{separator.join(names)}\n{text}", names


def _columns(headings: Sequence[str], rows: Sequence[TableRow], scale: Scale) -> _Columns:
    """Return the columns by their headings and, where those do not say it, by the counts that are in them."""
    labels = {label.casefold(): str(number) for number, label in enumerate(scale.points, start=1)}
    no_chance, sums = {NO_CHANCE, _plain(scale.missing)}, _plain(words("others-form.sum"))
    choices: dict[str, str] = {}
    before: list[str] = []
    after: list[str] = []
    for heading in headings:
        name = _plain(heading)
        number = name[:1] if name[:1] in labels.values() and not name[1:2].isdigit() else labels.get(name, "")
        choice = NO_CHANCE if name in no_chance else number
        if choice:
            choices.setdefault(choice, heading.lower())
        elif name:
            (after if choices else before).append(heading.lower())
    if missing := [choice for choice in _choices(scale)[:-1] if choice not in choices]:
        raise _refused("columns", point=missing[0])
    points = [choices[choice] for choice in _choices(scale)[:-1]]
    totals = [name for name in after if _plain(name) == sums or _is_sum(name, rows, points)]
    statement = next((name for name in (*before, *after) if _names_each_row(name, rows, scale)), "")
    if not statement:  # a row whose name is wrong is said
        statement = next((name for name in before if any(row.cells.get(name) for row in rows)), "")
    others = [name for name in after if name not in totals and name != statement]
    if NO_CHANCE not in choices and others:  # it is called otherwise
        choices[NO_CHANCE] = others[0]
    return _Columns(statement, choices, totals[0] if totals else "")


def _names_each_row(name: str, rows: Sequence[TableRow], scale: Scale) -> bool:
    """Say whether a column names another statement in each row."""
    items = [_named_item(row.cells.get(name, ""), scale) for row in rows]
    return bool(items) and None not in items and len(set(items)) == len(items)


def _is_sum(name: str, rows: Sequence[TableRow], points: Sequence[str]) -> bool:
    """Say whether each row has at least as many in a column as in those of the points together.

    So many who cannot judge would leave nothing to tell; a sum that is taken for them doubles the number of forms.
    """
    added = [sum(_read_count(row.cells.get(point, "")) or 0 for point in points) for row in rows]
    told = [_read_count(row.cells.get(name, "")) or 0 for row in rows]
    return any(added) and all(total >= people for total, people in zip(told, added, strict=True))


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())


def _item(row: TableRow, place: int, columns: _Columns, scale: Scale) -> Item:
    """Return the statement of a row: the one that it names, or the next where none of them does."""
    if not columns.statement:
        if place >= len(scale.items):
            raise _refused("too-many", line=row.line, n=len(scale.items))
        return scale.items[place]
    typed = row.cells.get(columns.statement, "")
    if item := _named_item(typed, scale):
        return item
    raise _refused("statement-unknown", line=row.line, typed=_quote(typed), most=len(scale.items))


def _named_item(typed: str, scale: Scale) -> Item | None:
    """Return the statement that a cell names by number, code or words, or None."""
    numbered = _NUMBERED.match(typed)
    if numbered:
        number = int(numbered[1])
        return scale.items[number - 1] if 1 <= number <= len(scale.items) else None
    names = {_plain(name): item for item in scale.items for name in (item.code, item.short, item.text)}
    return names.get(_plain(typed))


def _count(row: TableRow, column: str) -> int:
    typed = row.cells.get(column, "")
    count = _read_count(typed)
    if count is None:
        raise _refused("count", line=row.line, typed=_quote(typed), most=MOST_FORMS)
    return count


def _read_count(typed: str) -> int | None:
    """Return a number of people, none where nothing is typed; None for what is no such number."""
    matches = _COUNT.fullmatch(typed or "0")
    return int(matches[1]) if matches and int(matches[1]) <= MOST_FORMS else None


def _check_sum(row: TableRow, columns: _Columns, added: int) -> None:
    """Refuse a row whose counts add up to something else than it says."""
    typed = row.cells.get(columns.sum, "")
    if typed and _read_count(typed) != added:
        raise _refused("row-sum", line=row.line, typed=_quote(typed), added=added)


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
