"""What phone, screen and console may show, as plain data. Nothing else of a room reaches a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from course.core.design_tokens import token
from course.workshop.lines import Line
from course.workshop.live import Live
from course.workshop.script import Question
from course.workshop.session import MOST_DAYS, OpenRoom
from course.workshop.view_lines import View, line_to_judge, parked
from course.workshop.view_questions import boundaries, parts_view, question_view
from course.workshop.view_results import result


@dataclass(frozen=True)
class Surroundings:
    """What a room's pages say of the server: where phones find it, and how."""

    address: str
    """What phones open, such as http://192.168.1.20:8890; this machine's own while phones are not let in."""
    is_secure: bool = False
    addresses: Sequence[str] = ()
    let_in: str = ""
    is_synthetic: bool = False


def phone(room: OpenRoom) -> View:
    """Return what every phone shows; the same for all."""
    live = room.live
    questions = [(question, live.state.standing(question.slug)) for question in _step(live).questions]
    return {
        **_top(room, f"/r/{room.room}/"),
        "step": {**_place(live), "phone": list(_step(live).phone)},
        "questions": [question_view(live, question) for question, standing in questions if standing.taking == "open"],
        "seen": [question_view(live, question) for question, standing in questions if standing.taking == "closed"],
        "boundaries": _boundaries_here(live),
    }


def open_parts(live: Live) -> list[View]:
    """Return what can be answered now, without its words."""
    return [
        {
            "part": part["part"],
            "kind": question.kind,
            "options": list(part["options"]),
            "fields": list(question.fields),
            "most": question.most,
        }
        for question in _step(live).questions
        if live.state.standing(question.slug).taking == "open"
        for part in parts_view(live, question)
        if not part["fixed"]
    ]


def screen(room: OpenRoom, around: Surroundings, now: float) -> View:
    """Return what the screen shows: the way in, and what the facilitator has shown."""
    live = room.live
    return {
        **_top(room, f"/console/{room.room}/"),
        "step": _place(live),
        "join": _join(room, around),
        "joined": live.joined,
        "timer": _timer(live, now),
        "results": [result(room, question) for question in sorted(_shown_here(live), key=_is_behind)],
        "boundaries": _boundaries_here(live),
        "parked": _parked_here(live),
        "open": [
            question_view(live, question)
            for question in _step(live).questions
            if live.state.standing(question.slug).taking == "open"
        ],
        "is_synthetic": around.is_synthetic,
    }


def console(room: OpenRoom, around: Surroundings, now: float) -> View:
    """Return what the facilitator sees: the screen, the script, counts of answers and the lines to look at."""
    live, step = room.live, _step(room.live)
    return {
        **screen(room, around, now),
        "steps": [
            {"slug": one.slug, "name": one.name, "minutes": one.minutes, "number": number, "is_here": one is step}
            for number, one in enumerate(live.script.steps, start=1)
        ],
        "say": list(step.say),
        "do": list(step.do),
        "large": list(step.large),
        "questions": [
            {**question_view(live, question), "answered": live.answered_by(question)} for question in step.questions
        ],
        "privacy": list(live.script.privacy),
        "parked": parked(live),
        "lines": [line_to_judge(live, line) for line in _lines_here(live)],
        "addresses": list(around.addresses),
        "let_in": around.let_in,
        "days": MOST_DAYS,
    }


def _shown_here(live: Live) -> list[Question]:
    """Return the questions of this step that are shown, without those that a later chart has beside it."""
    shown = [question for question in _step(live).questions if _is_shown(live, question)]
    again = {question.same_as for question in shown}
    return [question for question in shown if question.slug not in again]


def _is_behind(question: Question) -> bool:
    """Whether others come first: where the room has sorted lines, the answers come before the wall of lines."""
    return question.kind != "sort"


def _boundaries_here(live: Live) -> list[View]:
    """Return the boundaries in the step that agrees them, and none elsewhere."""
    here = {question.slug for question in _step(live).questions}
    return [line for line in boundaries(live) if line["question"] in here]


def _parked_here(live: Live) -> list[View]:
    """Return the parked lines in the step that parks them, and none elsewhere."""
    here = {question.source or question.slug for question in _step(live).questions}
    return [line for line in parked(live) if line["question"] in here]


def _top(room: OpenRoom, path: str) -> View:
    script = room.live.script
    return {
        "title": script.title,
        "language": script.language,
        "path": path,
        "room": room.room,
        "is_closed": room.live.state.is_closed,
    }


def _step(live: Live) -> Any:
    return live.script.step(live.state.step) or live.script.steps[0]


def _place(live: Live) -> View:
    step = _step(live)
    number = live.script.steps.index(step) + 1
    return {"slug": step.slug, "name": step.name, "number": number, "of": len(live.script.steps)}


def _join(room: OpenRoom, around: Surroundings) -> View:
    link = f"{around.address}/j/{room.doors.link}" if around.address and room.people else ""
    return {
        "address": around.address,
        "code": room.doors.code if room.people else "",
        "qr": _qr(link) if link else "",
        "secure": around.is_secure,
    }


def _qr(link: str) -> str:
    """Return the QR code of a link as a picture in text."""
    import segno

    return segno.make(link, error="m", micro=False).svg_inline(scale=8, border=4, omitsize=True, light=token("paper"))


def _timer(live: Live, now: float) -> View | None:
    if not live.state.timer_of:
        return None
    left = min(live.state.timer_of, max(0, round(live.state.timer_ends - now)))
    return {"left": left, "of": live.state.timer_of}


def _is_shown(live: Live, question: Question) -> bool:
    return live.state.standing(question.slug).is_shown


def _lines_here(live: Live) -> list[Line]:
    """Return the lines to look at in this step, those that it sorts among them, each once."""
    sources = [question.source or question.slug for question in _step(live).questions]
    return [line for slug in dict.fromkeys(sources) for line in live.lines.of(slug)]
