"""The record of a session: boundaries, lists, thanks and charts. Only what may be on the screen is in it."""

from __future__ import annotations

import datetime

from course.workshop.record.session_record import (
    FORMAT,
    VERSION,
    ParkedLine,
    SessionRecord,
    ThanksWall,
    WrittenList,
)
from course.workshop.rules.session_model import SessionModel
from course.workshop.script.script import ScriptQuestion
from course.workshop.sessions.session import Session
from course.workshop.view_parts import LineView
from course.workshop.views.page_parts import boundaries, line_text, settled
from course.workshop.views.result_views import chart_spec


def session_record(session: Session, today: datetime.date, *, is_synthetic: bool = False) -> SessionRecord:
    """Return what a session exports; of lines and counts, only those that the screen may show at this moment."""
    model = session.model
    shown = [question for question in model.script.questions() if model.state.question(question.slug).is_shown]
    return {
        "format": FORMAT,
        "version": VERSION,
        "title": model.script.title,
        "language": model.script.language,
        "is_synthetic": is_synthetic,
        "made": today.isoformat(),
        "keep_days": model.state.keep_days,
        "boundaries": boundaries(model),
        "lists": _lists(model, shown),
        "now": [line["text"] for line in settled(model, "now")],
        "ours": [line["text"] for line in settled(model, "ours")],
        "parked": [_parked(line) for line in settled(model, "park")],
        "thanks": _thanks(model, shown),
        "charts": [
            {"question": question.slug, "prompt": question.prompt, "spec": chart_spec(model, question)}
            for question in shown
            if not question.is_written
        ],
    }


def _lists(model: SessionModel, shown: list[ScriptQuestion]) -> list[WrittenList]:
    """Return the lists of lines that no other question sorts: of those that are sorted, it counts where they go.

    A line that was settled all the same stands where it goes, and not here too.
    """
    sorted_elsewhere = {question.source for question in model.script.questions() if question.kind == "sort"}
    return [
        {
            "question": question.slug,
            "kind": question.kind,
            "prompt": question.prompt,
            "lines": [line_text(model, line) for line in model.walls.shown(question) if not line.settled],
        }
        for question in shown
        if question.kind in ("lines", "taking-away") and question.slug not in sorted_elsewhere
    ]


def _parked(line: LineView) -> ParkedLine:
    return {"text": line["text"], "owner": line["owner"], "place": line["place"], "date": line["date"]}


def _thanks(model: SessionModel, shown: list[ScriptQuestion]) -> list[ThanksWall]:
    return [
        {"prompt": question.prompt, "lines": [line_text(model, line) for line in model.walls.shown(question)]}
        for question in shown
        if question.kind == "thanks"
    ]
