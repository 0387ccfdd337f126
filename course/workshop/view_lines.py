"""What may be shown of what people wrote: a line, its words, and what became of it; never who wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from course.workshop.answer_rules import Answer
from course.workshop.lines import Line
from course.workshop.live import Live

View = dict[str, Any]


def line_view(live: Live, line: Line) -> View:
    """Return one written line and what became of it, without who wrote it."""
    return {
        "line": line.line,
        "question": line.question,
        "text": line_text(live, line),
        "fields": _fields(live.lines.words(line)),
        "standing": line.standing,
        "is_free": line.group > 0,
        "head": line.head,
        "count": 1 + len(live.walls.alike(line)),
        "settled": line.settled,
        "owner": line.owner,
        "place": line.place,
        "date": line.date,
    }


def line_to_judge(live: Live, line: Line) -> View:
    """Return a line as the facilitator sees it, with those that it stands for, shown or kept back."""
    alike = [one for one in live.lines.like(line) if one.standing == "approved"]
    return {**line_view(live, line), "with": [line_text(live, one) for one in alike]}


def line_text(live: Live, line: Line) -> str:
    """Return the words of a line as one text."""
    words, question = live.lines.words(line), live.script.question(line.question)
    if not isinstance(words, Mapping):
        return str(words)
    fields = _fields(words)
    pattern = live.script.words.get(f"wall.{question.kind}", "") if question else ""
    if pattern and fields and all(fields.values()):
        return pattern.format_map({name: text.rstrip(" .") for name, text in fields.items()})
    return " … ".join(text for text in fields.values() if text)


def _fields(words: Answer) -> dict[str, str]:
    return {name: text for name, text in words.items() if isinstance(text, str)} if isinstance(words, Mapping) else {}


def parked(live: Live) -> list[View]:
    """Return the approved lines that are parked, with owner, place and date."""
    return [
        line_view(live, line)
        for question in live.script.questions()
        if question.is_written and live.state.standing(question.slug).is_shown
        for line in live.walls.shown(question)
        if line.settled == "park"
    ]
