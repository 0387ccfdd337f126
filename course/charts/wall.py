"""Ch10, the walls: what a room thanked, promised and parked, as a plain list in large type.

Each line was approved by a person before it comes here, and carries neither a time nor a name of its writer.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from course.content import words
from course.core.design_tokens import stylesheet

_STYLE: Final = stylesheet(Path(__file__).with_name("wall.css"))


@dataclass(frozen=True)
class Parked:
    """A line that the room cannot settle now: who takes it, where, and by when."""

    text: str
    owner: str = ""
    place: str = ""
    date: str = ""


def wall_html(title: str, lines: Sequence[str], label: str = "") -> str:
    """Return a wall of approved lines in the order in which they were shuffled, or a sentence while it is empty.

    `label` says above it what kind of data this is.
    """
    if not lines:
        return _frame(title, f"<p>{html.escape(words('chart-wall.empty'))}</p>", label)
    entries = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
    return _frame(title, f'<ul role="list">{entries}</ul>', label)


def parked_html(title: str, lines: Sequence[Parked], label: str = "") -> str:
    """Return the parked lines with owner, place and date, or a sentence while there are none."""
    if not lines:
        return _frame(title, f"<p>{html.escape(words('chart-wall.nothing-parked'))}</p>", label)
    columns = ("line", "owner", "place", "date")
    head = "".join(f'<th scope="col" role="columnheader">{html.escape(words(f"chart-wall.{c}"))}</th>' for c in columns)
    rows = "".join(map(_row, lines))
    table = f'<table role="table"><thead role="rowgroup"><tr role="row">{head}</tr></thead>'
    return _frame(title, f'{table}<tbody role="rowgroup">{rows}</tbody></table>', label)


def _row(line: Parked) -> str:
    owner = line.owner or words("chart-wall.needed")
    cells = "".join(f'<td role="cell">{html.escape(cell)}</td>' for cell in (owner, line.place, line.date))
    return f'<tr role="row"><th scope="row" role="rowheader">{html.escape(line.text)}</th>{cells}</tr>'


def _frame(title: str, body: str, label: str) -> str:
    above = f'<p class="course-label">{html.escape(label)}</p>' if label else ""
    return (
        f'<style>{_STYLE}</style><section class="course-wall" aria-label="{html.escape(title)}">'
        f"{above}<h2>{html.escape(title)}</h2>{body}</section>"
    )
