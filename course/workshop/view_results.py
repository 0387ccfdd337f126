"""What may be shown of the answers to a question: its approved lines, or the chart of its counts."""

from __future__ import annotations

import hashlib

from course.workshop.answer_rules import to_json
from course.workshop.live import Live
from course.workshop.script import Question
from course.workshop.session import OpenRoom
from course.workshop.view_lines import View, line_view
from course.workshop.view_questions import parts_view


def result(room: OpenRoom, question: Question) -> View:
    """Return what is shown of one question: its approved lines, or the chart of its counts."""
    live = room.live
    lines = [line_view(live, line) for line in live.walls.shown(question)] if question.is_written else []
    chart = "" if question.is_written else f"/console/{room.room}/chart/{chart_name(live, question)}"
    return {"question": question.slug, "prompt": question.prompt, "chart": chart, "lines": lines}


def chart_spec(live: Live, question: Question) -> View:
    """Return all that the chart of a question is drawn from: what is on the wire, and words of the script."""
    earlier = live.script.question(question.same_as)
    return {
        "kind": question.kind,
        "title": question.prompt,
        "parts": [
            {**part, **_as_asked(live, part), "shown": live.tallies.published(part["part"], question)}
            for part in parts_view(live, question)
            if not part["fixed"]
        ],
        "earlier": chart_spec(live, earlier) if earlier and live.state.standing(earlier.slug).is_shown else None,
    }


def _as_asked(live: Live, part: View) -> View:
    """Return the words that people voted on, where the line reads in another way by now."""
    question, _, line = part["part"].partition(".")
    text = live.state.asked.get(question, {}).get(line)
    return {"text": text} if text else {}


def chart_name(live: Live, question: Question) -> str:
    """Return a name that changes with what the chart shows."""
    text = f"{question.slug} {to_json(chart_spec(live, question))}"
    return f"{question.slug}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
