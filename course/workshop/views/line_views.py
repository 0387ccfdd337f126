"""Lines that people wrote, and the boundaries of a session, as pages get them: without who wrote them."""

from __future__ import annotations

from collections.abc import Mapping

from course.workshop.rules.lines import Line
from course.workshop.rules.session_model import SessionModel
from course.workshop.script.earlier_promises import BOUNDARIES
from course.workshop.view_parts import BoundaryView, LineView
from course.workshop.wire import Answer


def line_view(model: SessionModel, line: Line) -> LineView:
    """Return one written line and what became of it, without who wrote it."""
    return {
        "line": line.name,
        "question": line.question,
        "text": line_text(model, line),
        "fields": _texts(model.lines.words(line)),
        "status": line.status,
        "is_free": line.group > 0,
        "head": line.head,
        "count": model.walls.writers(line),
        "settled": line.settled,
        "owner": line.owner,
        "place": line.place,
        "date": line.date,
    }


def line_text(model: SessionModel, line: Line) -> str:
    """Return the words of a line as one text."""
    words, question = model.lines.words(line), model.script.question(line.question)
    if not isinstance(words, Mapping):
        return str(words)
    fields = _texts(words)
    key = f"wall.{question.kind}" if question else ""
    pattern = model.script.words.plain(key) if key in model.script.words else ""
    if pattern and fields and all(fields.values()):
        return pattern.format_map({name: text.rstrip(" .") for name, text in fields.items()})
    return " … ".join(text for text in fields.values() if text)


def _texts(words: Answer) -> dict[str, str]:
    return {name: text for name, text in words.items() if isinstance(text, str)} if isinstance(words, Mapping) else {}


def settled(model: SessionModel, where: str) -> list[LineView]:
    """Return the lines that are shown and go somewhere: one of `SETTLED`. What people commit to goes nowhere else."""
    return [
        line_view(model, line)
        for question in model.script.questions()
        if question.kind == "lines" and model.state.question(question.slug).is_shown
        for line in model.walls.shown(question)
        if line.settled == where
    ]


def parked(model: SessionModel) -> list[LineView]:
    """Return the lines that are parked, with owner, place and date."""
    return settled(model, "park")


def boundaries(model: SessionModel) -> list[BoundaryView]:
    """Return the boundaries as they read now: fixed ones, and drafts in their latest wording."""
    return [
        {
            "question": question.slug,
            "line": draft.slug,
            "text": model.wording(question)[draft.slug],
            "fixed": draft.fixed,
        }
        for question in model.script.questions()
        if question.kind == "keep" or question.source == BOUNDARIES
        for draft in question.lines
    ]
