"""Tables as CSV: written so that no spreadsheet runs anything in them, read from whichever spreadsheet saved them."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from course.core import text_files

_FORMULA: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The last four are wide, and are taken for the narrow ones by some spreadsheets."""
_BREAKS: Final = ("\t", "\r", "\n")
_PARTED: Final = re.compile(r"[;\t\r\n]+")
"""Where a spreadsheet that looks for another separator parts a cell, or takes the end of its line for that of a row."""
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_SEPARATORS: Final = ",;\t"
_SEPARATOR_LINE: Final = re.compile(r'"?sep=(.)"?[^\S\n]*\n', re.IGNORECASE)
"""What Excel puts above a table so that it parts the cells there in any country."""


class BadTable(ValueError):
    """A text that is no table, or lacks a column; `line` is the number of the line, from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class TableRow:
    """One row of a table that was read."""

    line: int
    """The number of the line in which it begins, from 1, as an editor counts."""
    cells: Mapping[str, str] = field(repr=False)
    """Its cells by column, without the space around them; an empty text where the row has none."""


def harmless(cell: str) -> str:
    r"""Return a cell that no spreadsheet takes for a formula: with an apostrophe in front where one might.

    A plain number stays a number. Space, control and other signs that are not seen do not hide a formula, nor do
    those at which a spreadsheet of another country parts a cell, and a quotation mark after them.

    >>> harmless("=1+1"), harmless("-0.5"), harmless("-0.5+1"), harmless(" =1+1"), harmless("\n=1+1"), harmless("Kim")
    ("'=1+1", '-0.5', "'-0.5+1", "' =1+1", "'\n'=1+1", 'Kim')
    >>> harmless("Kim;=1+1")
    "Kim;'=1+1"
    """
    if _NUMBER.fullmatch(cell):
        return cell
    first = _first_sign(cell)
    parts = {_first_sign(cell, part.end(), '"') for part in _PARTED.finditer(cell)}
    for place in sorted(parts, reverse=True):
        if _is_formula(cell, place):
            cell = f"{cell[:place]}'{cell[place:]}"
    return f"'{cell}" if cell.startswith(_BREAKS) or _is_formula(cell, first) else cell


def csv_bytes(rows: Iterable[Sequence[str]], *, bom: bool = True, quote_all: bool = False) -> bytes:
    """Return rows as CSV in UTF-8, every cell made harmless, with CR and LF at the end of each line.

    Excel knows UTF-8 by the byte order mark; programs such as Moodle's import take the table without it.
    What cannot be written in UTF-8 becomes a question mark.
    """
    text = io.StringIO(newline="")
    quoting: Final = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    writer = csv.writer(text, lineterminator="\r\n", quoting=quoting)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return (b"\xef\xbb\xbf" if bom else b"") + text.getvalue().encode("utf-8", "replace")


def read_table(table: bytes | str, columns: Iterable[str] = (), first: str = "") -> list[TableRow]:
    """Return the rows of a table whose first line names its columns.

    It may be separated by commas, semicolons or tabs, and be encoded as `text_files.decode` says. Names of columns
    are without space around them and in small letters; of two with one name, the first that says something counts.
    Empty lines and columns without a name are left out, but for the first one where `first` names it; a cell too many
    is too.
    Raises BadTable for what is no text or table, and where one of `columns` is missing.
    """
    names: list[str] = []
    rows = []
    for line, cells in _lines(table):
        if not names:
            names = _names([cells[0] or first, *cells[1:]], columns, line)
        else:
            rows.append(TableRow(line, _cells(names, cells)))
    if not names:
        raise BadTable("it is empty", 1)
    return rows


def read_headings(table: bytes | str) -> list[str]:
    r"""Return the names of a table's columns as they are written, without space around them; none where it is empty.

    >>> read_headings("\ufeff\nIdentifier;Grade\n7;1\n")
    ['Identifier', 'Grade']
    """
    return next((cells for _, cells in _lines(table)), [])


def _lines(table: bytes | str) -> Iterator[tuple[int, list[str]]]:
    """Yield each line of a table that has anything, with its number, but for the one that names the separator.

    Cells are without space around them. Raises BadTable for what is no text or table.
    """
    text = _text(table)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), skipinitialspace=True)
    line = 1
    try:
        for cells in reader:
            begin, line = line, reader.line_num + 1
            trimmed = [cell.strip() for cell in cells]
            if any(trimmed) and not (begin == 1 and _SEPARATOR_LINE.match(text)):
                yield begin, trimmed
    except csv.Error:
        raise BadTable("it is no table", line) from None


def _first_sign(cell: str, start: int = 0, passed_over: str = "") -> int:
    """Return the place of the first sign from `start` on that is seen, and none of those to be passed over."""
    signs = enumerate(cell[start:], start)
    return next((place for place, sign in signs if not _is_unseen(sign) and sign not in passed_over), len(cell))


def _is_formula(cell: str, place: int) -> bool:
    return cell.startswith(_FORMULA, place)


def _is_unseen(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) in ("Cc", "Cf", "Zs", "Zl", "Zp")


def _text(table: bytes | str) -> str:
    if isinstance(table, str):
        return table.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    try:
        return text_files.decode(table)
    except text_files.UnreadableText:
        raise BadTable("it is no text", 1) from None


def _separator(text: str) -> str:
    """Return the separator that a line of Excel's names, or that stands most often in the first line with anything.

    What stands in quotes does not count.
    """
    named = _SEPARATOR_LINE.match(text)
    if named and named[1] in _SEPARATORS:
        return named[1]
    first = next((line for line in text.split("\n") if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(_SEPARATORS, key=bare.count)


def _cells(names: Sequence[str], trimmed: Sequence[str]) -> dict[str, str]:
    """Return the cells of a row by column."""
    cells = {name: "" for name in names if name}
    for name, cell in zip(names, trimmed, strict=False):
        if name and not cells[name]:
            cells[name] = cell
    return cells


def _names(cells: Sequence[str], columns: Iterable[str], line: int) -> list[str]:
    names = [cell.lower() for cell in cells]
    for column in columns:
        if column not in names:
            raise BadTable(f"there is no column “{column}”", line)
    return names
