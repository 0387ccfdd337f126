"""The controls that every card is built of, as the browser draws them.

This is the contract with the card's scripts: each type here names the fields that they read, and a test
(`tests/activities/test_contract.py`) holds the two against each other. Each control has an `id` that stays the
same while it is on the card: the browser keeps the element, and with it the focus. Text may hold *emphasis*
and **strong** words.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, TypeAlias, TypedDict

Tone: TypeAlias = Literal["plain", "question", "help", "key", "feedback", "right", "wrong", "quote", "warning"]


class Choice(TypedDict):
    """One option of radios or checkboxes, or one item of an order."""

    value: str
    label: str
    note: str
    """Feedback that is shown under it, or an empty text."""
    tone: Tone
    """Whether the feedback says that it is right, or wrong, or neither."""


class Counter(TypedDict):
    """How a text is counted."""

    unit: Literal["words", "characters"]
    say: Mapping[str, str]
    """What is said of it in each plural form of the language, with {n} for the number."""


class Button(TypedDict):
    """A button; pressing it calls `Card.press(id)`."""

    id: str
    label: str
    main: bool
    leads_to: str
    """The id of the control that gets the focus when the button is gone after a press, or an empty text."""


class TextControl(TypedDict):
    """A paragraph."""

    id: str
    kind: Literal["text"]
    text: str
    tone: Tone
    live: bool
    """Whether it is read out when it changes."""


class RadiosControl(TypedDict):
    """One of several; the value set is the chosen one's."""

    id: str
    kind: Literal["radios"]
    legend: str
    options: list[Choice]
    value: str | None
    row: bool
    """Whether short labels stand side by side."""
    points: int
    """How many of the options, from the first on, are the points of a scale, which narrow pages number; else 0."""
    note: str
    """Feedback that is shown under them, or an empty text."""
    tone: Tone


class ChecksControl(TypedDict):
    """Any number of several; the value set is a table of those that were changed, with whether each is ticked."""

    id: str
    kind: Literal["checks"]
    legend: str
    options: list[Choice]
    value: list[str]


class LineControl(TypedDict):
    """One line of text."""

    id: str
    kind: Literal["line"]
    label: str
    value: str
    most: int
    """How many characters there is room for; a longer text is counted. 0 where nothing is said of its length."""
    hint: str


class AreaControl(TypedDict):
    """Several lines of text."""

    id: str
    kind: Literal["area"]
    label: str
    value: str
    most: int
    """As of a line."""
    rows: int
    count: Counter | None
    private: bool
    """Whether no browser keeps what is typed, neither until it is saved nor for the next visit."""


class DateControl(TypedDict):
    """A date as 2026-11-22, or an empty text."""

    id: str
    kind: Literal["date"]
    label: str
    value: str


class NumberControl(TypedDict):
    """A number box, with a slider beside it if wanted; None while nothing is given."""

    id: str
    kind: Literal["number"]
    label: str
    value: float | None
    low: float
    high: float
    step: float
    slider: bool
    unset: str
    """What is said of a slider that was not used yet."""
    wrong: str
    """The control that says what is wrong with what was typed last; nothing where that is known from the limits."""


class OrderControl(TypedDict):
    """A list to put in order; the value set is the list of the items' values."""

    id: str
    kind: Literal["order"]
    legend: str
    items: list[Choice]
    up: str
    down: str


class ButtonsControl(TypedDict):
    """Buttons side by side."""

    id: str
    kind: Literal["buttons"]
    buttons: list[Button]


class DownloadControl(TypedDict):
    """A link with which the browser hands over a file."""

    id: str
    kind: Literal["download"]
    label: str
    name: str
    """The file's name."""
    data: str
    """What is in it, in base64."""
    type: str
    main: bool


class GroupControl(TypedDict):
    """Controls that belong together under a legend."""

    id: str
    kind: Literal["group"]
    legend: str
    controls: list[Control]
    beside: bool
    """Whether they stand side by side where there is room."""


Control: TypeAlias = (
    TextControl
    | RadiosControl
    | ChecksControl
    | LineControl
    | AreaControl
    | DateControl
    | NumberControl
    | OrderControl
    | ButtonsControl
    | DownloadControl
    | GroupControl
)


def place(id: str, name: str, total: int) -> int | None:
    """Return which of `total` controls, `name-0`, `name-1` and so on, has that id, or None.

    >>> place("card-2", "card", 3), place("card-3", "card", 3), place("card-x", "card", 3)
    (2, None, None)
    """
    return next((number for number in range(total) if id == f"{name}-{number}"), None)


def flat(controls: Iterable[Control]) -> Iterator[Control]:
    """Yield controls with those inside groups, in reading order."""
    for control in controls:
        yield control
        if control["kind"] == "group":
            yield from flat(control["controls"])


def text(id: str, words: str, tone: Tone = "plain", *, live: bool = False) -> TextControl:
    """Return a paragraph; `live` has it read out when it changes."""
    return {"id": id, "kind": "text", "text": words, "tone": tone, "live": live}


def lead(paragraphs: Iterable[str], id: str = "lead") -> list[TextControl]:
    """Return the paragraphs before a question."""
    return [text(f"{id}-{number}", words) for number, words in enumerate(paragraphs)]


def choice(value: str, label: str, note: str = "", tone: Tone = "feedback") -> Choice:
    """Return one option of radios or checkboxes, or one item of an order; the note is shown under it."""
    return {"value": value, "label": label, "note": note, "tone": tone}


def radios(
    id: str,
    legend: str,
    options: Iterable[Choice],
    value: str | None,
    *,
    row: bool = False,
    points: int = 0,
    note: str = "",
    tone: Tone = "feedback",
) -> RadiosControl:
    """Return a fieldset of radio buttons; `row` sets short labels side by side, and the note is shown under them.

    Of the options, the first `points` are those of a scale.
    """
    return {
        "id": id,
        "kind": "radios",
        "legend": legend,
        "options": list(options),
        "value": value,
        "row": row,
        "points": points,
        "note": note,
        "tone": tone,
    }


def checks(id: str, legend: str, options: Iterable[Choice], value: Sequence[str]) -> ChecksControl:
    """Return a fieldset of checkboxes."""
    return {"id": id, "kind": "checks", "legend": legend, "options": list(options), "value": list(value)}


def line(id: str, label: str, value: str, *, most: int = 300, hint: str = "") -> LineControl:
    """Return one line of text, with room for `most` characters."""
    return {"id": id, "kind": "line", "label": label, "value": value, "most": most, "hint": hint}


def area(
    id: str,
    label: str,
    value: str,
    *,
    most: int,
    rows: int = 4,
    count: Counter | None = None,
    is_private: bool = False,
) -> AreaControl:
    """Return a box for several lines of text, counted if wanted; of one that is private the browser keeps nothing."""
    return {
        "id": id,
        "kind": "area",
        "label": label,
        "value": value,
        "most": most,
        "rows": rows,
        "count": count,
        "private": is_private,
    }


def date(id: str, label: str, value: str) -> DateControl:
    """Return a field for a date, shown as 2026-11-22, or empty."""
    return {"id": id, "kind": "date", "label": label, "value": value}


def number(
    id: str,
    label: str,
    value: float | None,
    low: float,
    high: float,
    step: float,
    *,
    slider: bool = False,
    unset: str = "",
    wrong: str = "",
) -> NumberControl:
    """Return a number box, with a slider beside it if wanted; None and the words `unset` while nothing is given.

    `wrong` names the text that says what is wrong with what was typed last.
    """
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
        "wrong": wrong,
    }


def order(id: str, legend: str, items: Iterable[Choice], up: str, down: str) -> OrderControl:
    """Return a list to put in order with the buttons `up` and `down`."""
    return {"id": id, "kind": "order", "legend": legend, "items": list(items), "up": up, "down": down}


def button(id: str, label: str, *, main: bool = False, leads_to: str = "") -> Button:
    """Return a button; pressing it calls `Card.press(id)`."""
    return {"id": id, "label": label, "main": main, "leads_to": leads_to}


def buttons(id: str, row: Iterable[Button]) -> ButtonsControl:
    """Return buttons side by side."""
    return {"id": id, "kind": "buttons", "buttons": list(row)}


def download(id: str, label: str, name: str, data: bytes, type: str, *, main: bool = False) -> DownloadControl:
    """Return a link with which the browser hands over a file of that name."""
    coded = base64.b64encode(data).decode("ascii")
    return {"id": id, "kind": "download", "label": label, "name": name, "data": coded, "type": type, "main": main}


def group(id: str, legend: str, inside: Iterable[Control], *, is_beside: bool = False) -> GroupControl:
    """Return controls that belong together under a legend; `is_beside` sets them side by side where there is room."""
    return {"id": id, "kind": "group", "legend": legend, "controls": list(inside), "beside": is_beside}
