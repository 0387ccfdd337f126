"""Tables in a terminal: they fit a narrow one, and a long name is folded after a sign, not in the middle of a word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from course.content import trainer_words
from course.core.text_files import printable

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.measure import Measurement

_PIECES: Final = re.compile(r"[^_\-./\\@+]*[_\-./\\@+]+|[^_\-./\\@+]+")
"""The parts of a name, each with the signs at its end; a line may end after one."""
_SHORT: Final = 20
"""How many letters a word has at most that is folded only where there is no room for it."""
_LEAST: Final = 12
"""How many letters of a word have to stay together; a table that has no room for so many is written in lines."""
_BETWEEN: Final = 3
"""How many signs stand between two columns; half as many, rounded, stand at each end."""


@dataclass(frozen=True)
class SummaryTable:
    """A table of what a command did; the first cell of each row names it."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def print_tables(console: Console, tables: Sequence[SummaryTable]) -> None:
    """Print tables that also fit a narrow terminal: no exercise and no time is cut.

    Where a table would have to cut its words into pieces, each row is written in lines, as “Column: what is in it”.
    What learners wrote neither steers the terminal nor is taken for a style.
    """
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table
    from rich.text import Text

    whole = [trainer_words(f"summary.{key}") for key in ("exercise", "time")]
    for table in tables:
        rows = [tuple(map(printable, row)) for row in table.rows]
        is_whole = [column in whole for column in table.columns]
        widths = _widths([table.columns, *rows], is_whole, console.width - _BETWEEN * len(table.columns) + 1)
        is_named_by_column = table.caption == table.columns[0]
        if not (widths and is_named_by_column):
            console.print(Text(table.caption, "table.title"))
        if not widths:
            _print_lines(console, ["" if is_named_by_column else table.columns[0], *table.columns[1:]], rows)
            continue
        grid = Table(box=SIMPLE_HEAD, pad_edge=False)
        for column, width, no_wrap in zip(table.columns, widths, is_whole, strict=True):
            grid.add_column(escape(column), width=width, no_wrap=no_wrap, overflow="fold")
        for row in rows:
            grid.add_row(
                *(escape(text) if no_wrap else _FoldedCell(text) for text, no_wrap in zip(row, is_whole, strict=True))
            )
        console.print(grid)


def _print_lines(console: Console, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print each row as lines, each after the name of its column, if that has one; an empty cell is left out.

    An empty line stands before each row and after the last.
    """
    from rich.text import Text

    for row in rows:
        console.print()
        for column, cell in zip(columns, row, strict=True):
            for line in fold(f"{column}: {cell}" if column else cell, console.width) if cell else ():
                console.print(Text(line))
    console.print()


def _widths(rows: Sequence[Sequence[str]], is_whole: Sequence[bool], room: int) -> list[int]:
    """Return how wide each column is, so that few words or parts of names are cut; nothing where there is no room.

    Columns that are whole keep their width. The others get what their longest part needs, the widest of them less where
    there is no room for that, and share the rest alike.
    """
    from rich.cells import cell_len

    columns = list(zip(*rows, strict=True))
    longest = [max(map(cell_len, column)) for column in columns]
    parts = [
        max((cell_len(part) for text in column for word in text.split() for part in _kept_whole(word)), default=0)
        for column in columns
    ]

    def widths(most_for_part: int, share: int) -> list[int]:
        least = [
            most if whole else min(part, most_for_part)
            for most, part, whole in zip(longest, parts, is_whole, strict=True)
        ]
        return [min(max(share, smallest), most) for smallest, most in zip(least, longest, strict=True)]

    for most_for_part in range(room, _LEAST - 1, -1):
        fitting = [share for share in range(1, room + 1) if sum(widths(most_for_part, share)) <= room]
        if fitting:
            return widths(most_for_part, fitting[-1])
    return []


def _kept_whole(word: str) -> list[str]:
    """Return what of a word should stand on one line: all of a short one, such as an id, else each of its parts."""
    return [word] if len(word) <= _SHORT else _PIECES.findall(word)


def fold(text: str, width: int) -> list[str]:
    """Return a text in lines of a width: broken at spaces, else after a sign of a name, else where it has to be.

    >>> fold("Ada Synthetic_1234567_assignsubmission_file_", 24)
    ['Ada Synthetic_1234567_', 'assignsubmission_file_']
    >>> fold("The file is empty.", 12), fold("abcdefgh.zip", 5)
    (['The file is', 'empty.'], ['abcde', 'fgh.', 'zip'])
    """
    from rich.cells import cell_len

    lines = [""]
    for space, word in re.findall(r"(\s*)(\S+)", text):
        for piece in [word] if cell_len(word) <= width else _cut(word, width):
            if lines[-1] and cell_len(lines[-1] + space + piece) > width:
                lines.append(piece)
            else:
                lines[-1] += (space if lines[-1] else "") + piece
            space = ""
    return lines


def _cut(word: str, width: int) -> Iterator[str]:
    """Yield the parts of a name; one that is wider than a line, in as many parts as it takes."""
    from rich.cells import chop_cells

    for piece in _PIECES.findall(word):
        yield from chop_cells(piece, max(width, 2))  # some letters are two wide


class _FoldedCell:
    """A cell of a table, folded to the width that its column gets."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        from rich.cells import cell_len
        from rich.measure import Measurement

        return Measurement(min(cell_len(self._text), 1), cell_len(self._text))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.text import Text

        for line in fold(self._text, options.max_width):
            yield Text(line)
