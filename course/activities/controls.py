"""The few controls that every exercise is built of, as plain data that the card draws.

Each part has an `id` that stays the same while it is on the card: the browser keeps
the element, and with it the focus. Text may hold *emphasis* and **strong** words.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from typing import Any

Part = dict[str, Any]


def place(id: str, name: str, total: int) -> int | None:
    """Return which of `total` parts, `name-0`, `name-1` and so on, has that id, or None.

    >>> place("card-2", "card", 3), place("card-3", "card", 3), place("card-x", "card", 3)
    (2, None, None)
    """
    return next((number for number in range(total) if id == f"{name}-{number}"), None)


def text(id: str, words: str, tone: str = "plain", *, live: bool = False) -> Part:
    """A paragraph; `live` has it read out when it changes.

    The tone is plain, question, help, feedback, quote or warning.
    """
    return {"id": id, "kind": "text", "text": words, "tone": tone, "live": live}


def lead(paragraphs: Iterable[str], id: str = "lead") -> list[Part]:
    """The paragraphs before a question."""
    return [text(f"{id}-{number}", words) for number, words in enumerate(paragraphs)]


def choice(value: str, label: str, note: str = "") -> Part:
    """One option of radios, checks or a select; the note is shown under it."""
    return {"value": value, "label": label, "note": note}


def radios(id: str, legend: str, options: Iterable[Part], value: str | None, *, row: bool = False) -> Part:
    """One of several, as a fieldset of radio buttons; `row` sets short labels side by side."""
    return {"id": id, "kind": "radios", "legend": legend, "options": list(options), "value": value, "row": row}


def checks(id: str, legend: str, options: Iterable[Part], value: Sequence[str]) -> Part:
    """Any number of several, as a fieldset of checkboxes."""
    return {"id": id, "kind": "checks", "legend": legend, "options": list(options), "value": list(value)}


def select(id: str, label: str, options: Iterable[Part], value: str | None, empty: str, note: str = "") -> Part:
    """One of several, as a drop-down; `empty` is shown while nothing is chosen."""
    return {
        "id": id,
        "kind": "select",
        "label": label,
        "options": list(options),
        "value": value,
        "empty": empty,
        "note": note,
    }


def line(id: str, label: str, value: str, *, most: int = 300, hint: str = "") -> Part:
    """One line of text of at most `most` characters."""
    return {"id": id, "kind": "line", "label": label, "value": value, "most": most, "hint": hint}


def area(id: str, label: str, value: str, *, most: int, rows: int = 4, count: Part | None = None) -> Part:
    """Several lines of text; `count` is `{"unit": "words" | "characters", "say": its words by plural form}`."""
    return {"id": id, "kind": "area", "label": label, "value": value, "most": most, "rows": rows, "count": count}


def date(id: str, label: str, value: str) -> Part:
    """A date as 2026-11-22, or an empty text."""
    return {"id": id, "kind": "date", "label": label, "value": value}


def number(
    id: str, label: str, value: float | None, low: float, high: float, step: float, *, slider: bool, unset: str
) -> Part:
    """A number box, with a slider beside it if wanted; None and the words `unset` while nothing is given."""
    return {
        "id": id,
        "kind": "number",
        "label": label,
        "value": value,
        "low": low,
        "high": high,
        "step": step,
        "slider": slider,
        "unset": unset,
    }


def order(id: str, legend: str, items: Iterable[Part], up: str, down: str) -> Part:
    """A list to put in order with the buttons `up` and `down`; the value set is the list of values."""
    return {"id": id, "kind": "order", "legend": legend, "items": list(items), "up": up, "down": down}


def button(id: str, label: str, *, main: bool = False) -> Part:
    """A button; pressing it calls `Card.press(id)`."""
    return {"id": id, "label": label, "main": main}


def buttons(id: str, row: Iterable[Part]) -> Part:
    """Buttons side by side."""
    return {"id": id, "kind": "buttons", "buttons": list(row)}


def download(id: str, label: str, name: str, data: bytes, type: str, *, main: bool = False) -> Part:
    """A link with which the browser hands over a file of that name."""
    coded = base64.b64encode(data).decode("ascii")
    return {"id": id, "kind": "download", "label": label, "name": name, "data": coded, "type": type, "main": main}


def group(id: str, legend: str, inside: Iterable[Part]) -> Part:
    """Parts that belong together under a legend."""
    return {"id": id, "kind": "group", "legend": legend, "parts": list(inside)}
