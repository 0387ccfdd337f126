"""What the trainer's desk shows after a step, and what it asks for before one: plain data for the browser."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, Literal, NotRequired, TypeAlias, TypedDict

from course.content import trainer_words
from course.core.text_files import printable
from course.trainer.summary import Summary, UndecidedHandIn, summary_notes, summary_tables
from course.trainer.terminal_tables import SummaryTable

_MOST_QUESTIONS: Final = 20
"""How many hand-ins are asked about at once; the others are in the table, and asked about after these."""
Tone: TypeAlias = Literal["plain", "done", "attention"]


class Paragraph(TypedDict):
    """A sentence or two; `attention` is for what needs the trainer."""

    kind: Literal["text"]
    text: str
    tone: Tone


class ShownTable(TypedDict):
    """A table whose first column names its rows."""

    kind: Literal["table"]
    caption: str
    columns: list[str]
    rows: list[list[str]]


class Link(TypedDict):
    """Something to open, or a file to download."""

    label: str
    path: str
    """The way from the server's own address, such as `files/reports/trainer/report.html`."""
    downloads: bool


class Links(TypedDict):
    """Things to open or to download."""

    kind: Literal["links"]
    links: list[Link]


class Letter(TypedDict):
    """A text to copy and to send."""

    kind: Literal["letter"]
    title: str
    text: str


class DeskOption(TypedDict):
    """One of the things that a trainer can choose."""

    value: str
    label: str


class Decision(TypedDict):
    """Something that waits for the trainer: what it is, what speaks for what, and a button for each way to decide."""

    kind: Literal["decision"]
    title: str
    reasons: list[str]
    step: str
    """The step that each button takes, with `item` and `choice`."""
    item: str
    choices: list[DeskOption]
    other: NotRequired[str]
    """The label of a line for a choice that is not among them."""


Shown: TypeAlias = Paragraph | ShownTable | Links | Letter | Decision


class Field(TypedDict):
    """Something that a step needs to be told: ticks in a list, one of a list, a day, a file, a line, a single tick."""

    kind: Literal["several", "one", "moment", "file", "line", "tick"]
    name: str
    label: str
    hint: NotRequired[str]
    choices: NotRequired[list[DeskOption]]
    value: NotRequired[str]
    """What is set now; a step is told of such a field only where the trainer changed it."""
    place: NotRequired[str]
    """Where a file goes: a name of `course.trainer.desk.uploads.PLACES`."""
    accepts: NotRequired[str]


class StepButton(TypedDict):
    """A button and the step it takes."""

    step: str
    label: str


def paragraph(text: str, tone: Tone = "plain") -> Paragraph:
    """Return a sentence, in which nothing that a stranger wrote can steer what is shown."""
    return {"kind": "text", "text": printable(text), "tone": tone}


def shown_table(table: SummaryTable) -> ShownTable:
    """Return a table as the browser gets it."""
    rows = [[printable(cell) for cell in row] for row in table.rows]
    return {"kind": "table", "caption": table.caption, "columns": list(table.columns), "rows": rows}


def links(targets: Iterable[tuple[str, str]], *, downloads: bool = False) -> list[Shown]:
    """Return links, each by its label and its path in the course directory; nothing where there is none."""
    found: list[Link] = [{"label": label, "path": path, "downloads": downloads} for label, path in targets]
    return [{"kind": "links", "links": found}] if found else []


def shown_summary(summary: Summary) -> list[Shown]:
    """Return what a command's summary says: what needs the trainer first, then the tables, then the notes."""
    shown: list[Shown] = []
    if summary.stopped:
        shown.append(paragraph(trainer_words("desk.stopped"), "attention"))
    elif not summary.refused:
        shown.append(paragraph(trainer_words(f"desk.done-{summary.command}"), "done"))
    else:
        shown.append(paragraph(trainer_words("desk.refused", n=len(summary.refused)), "attention"))
    questions = [one for one in summary.refused if isinstance(one, UndecidedHandIn)][:_MOST_QUESTIONS]
    shown += [_question(one) for one in questions]
    others = replace(summary, refused=[one for one in summary.refused if one not in questions])
    tables = summary_tables(others)
    refused = [table for table in tables if table.caption == trainer_words("summary.refused")]
    shown += [shown_table(table) for table in [*refused, *(table for table in tables if table not in refused)]]
    return shown + [paragraph(note) for note in summary_notes(summary)]


def _question(waiting: UndecidedHandIn) -> Shown:
    """Return the question whose a hand-in is."""
    choices = [
        (candidate.learner, trainer_words("desk.is-theirs", learner=printable(candidate.learner)))
        for candidate in waiting.candidates
    ]
    reasons = [waiting.doubt, *(f"{candidate.learner}: {candidate.reason}" for candidate in waiting.candidates)]
    title = trainer_words("desk.whose", name=printable(waiting.name), exercise=waiting.exercise)
    choices.append(("", trainer_words("desk.is-nobodys")))
    shown = decision(title, "decide", waiting.item, choices, reasons)
    shown["other"] = trainer_words("desk.other-id")
    return shown


def decision(
    title: str, step: str, item: str, choices: Sequence[tuple[str, str]], reasons: Iterable[str] = ()
) -> Decision:
    """Return something that waits for the trainer, with a button for each way to decide it."""
    options: list[DeskOption] = [{"value": value, "label": label} for value, label in choices]
    said = [printable(reason) for reason in reasons]
    return {"kind": "decision", "title": title, "reasons": said, "step": step, "item": item, "choices": options}


def letter(title: str, text: str) -> Shown:
    """Return a text to copy and to send."""
    return {"kind": "letter", "title": title, "text": text}


def several(name: str, label: str, choices: Sequence[tuple[str, str]], hint: str = "") -> Field:
    """Return a list to tick in; nothing ticked stands for all."""
    options: list[DeskOption] = [{"value": value, "label": text} for value, text in choices]
    return {"kind": "several", "name": name, "label": label, "choices": options, "hint": hint}


def one_of(name: str, label: str, choices: Sequence[tuple[str, str]], hint: str = "") -> Field:
    """Return a list of which one is chosen."""
    options: list[DeskOption] = [{"value": value, "label": text} for value, text in choices]
    return {"kind": "one", "name": name, "label": label, "choices": options, "hint": hint}


def moment_field(name: str, label: str, moment: datetime.datetime | None) -> Field:
    """Return a day to choose, with a time if wanted; `moment` is the one that is set, by the cohort's clocks.

    The end of a day is shown as a day without a time.
    """
    value = ""
    if moment is not None:
        time = moment.strftime("%H:%M:%S")
        value = f"{moment:%Y-%m-%d} {'' if time == '23:59:59' else time.removesuffix(':00')}".strip()
    return {"kind": "moment", "name": name, "label": label, "value": value}


def file_field(name: str, label: str, place: str, accepts: str, hint: str = "") -> Field:
    """Return a place to drop files, which go to disk without passing through Python's kernel."""
    return {"kind": "file", "name": name, "label": label, "place": place, "accepts": accepts, "hint": hint}


def control(kind: Literal["line", "tick"], name: str) -> Field:
    """Return a line of text to fill in, or a single tick, with the words that go by its name."""
    words = {part: trainer_words(f"desk.{name}{part}") for part in ("", "-hint")}
    return {"kind": kind, "name": name, "label": words[""], "hint": words["-hint"]}


def button(step: str, label: str) -> StepButton:
    """Return a button."""
    return {"step": step, "label": label}
