"""What a room took away, in a notebook's cells: the same charts as on the screen, and the lines."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course.content import words
from course.core.errors import RoomNotKept

if TYPE_CHECKING:
    from IPython.display import HTML


def charts(file: str = "trust-in-this-room.json") -> HTML:
    """Draw the charts that the room took away, from the file that the console saves for the notebook."""
    from course.workshop.draw import charts as drawn

    taken = _taken(file)
    if taken is None:
        return _not_yet()
    label = f"<p><strong>{escape(words('synthetic.label'))}</strong></p>" if taken.get("is_synthetic") else ""
    pictures = "".join(chart.to_html() for one in taken["charts"] for chart in drawn(one["spec"]))
    return in_cell(label + (pictures or f"<p>{escape(words('room-desk.no-charts'))}</p>"))


def walls(file: str = "trust-in-this-room.json") -> HTML:
    """Show the boundaries, the parked list and the thanks that the room took away."""
    from course.charts.wall import Parked, parked_html, wall_html

    taken = _taken(file)
    if taken is None:
        return _not_yet()
    label = words("synthetic.label") if taken.get("is_synthetic") else ""
    kept = [one["text"] for one in taken["boundaries"]]
    parts = [wall_html(words("room-desk.boundaries"), kept, label)]
    parts.append(parked_html(words("room-desk.parked"), [Parked(**one) for one in taken["parked"]], label))
    parts += [wall_html(wall["prompt"], wall["lines"], label) for wall in taken["thanks"] if wall["lines"]]
    return in_cell("".join(parts))


def _not_yet() -> HTML:
    """Say how to get the file, before there is one: the whole notebook can be run at any time."""
    return in_cell(f"<p>{escape(words('room-desk.no-file-yet'))} {escape(words('room-desk.no-file-hint'))}</p>")


def _taken(file: str) -> dict[str, Any] | None:
    """Return what a room took away, or None where there is no such file; raises RoomNotKept for another file."""
    path = Path(file).expanduser()
    if not path.exists():
        return None
    try:
        taken = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(taken, dict) or not {"charts", "boundaries", "parked"} <= set(taken):
            raise ValueError
    except (OSError, ValueError) as error:
        raise RoomNotKept(words("room-desk.no-file", name=path.name), words("room-desk.no-file-hint")) from error
    return taken


def in_cell(text: str) -> HTML:
    """Return a piece of a page as a cell shows it."""
    from IPython.display import HTML

    return HTML(text)
