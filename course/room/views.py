"""What phone, screen and console may show, as plain data. Nothing else of a room reaches a page."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from course.groups.live import by_fives
from course.room.answering import Answer, to_json
from course.room.lines import Line
from course.room.live import Live
from course.room.open_room import OpenRoom
from course.room.script import Question
from course.scales import NO_CHANCE, find_scale

View = dict[str, Any]


@dataclass(frozen=True)
class Surroundings:
    """What a room's pages say of the server: where phones find it, and how."""

    address: str
    """What phones open, such as http://192.168.1.20:8890, or nothing while only this machine can."""
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
        for part in _parts(live, question)
        if not part["fixed"]
    ]


def screen(room: OpenRoom, around: Surroundings, now: float) -> View:
    """Return what the screen shows: the way in, and what the facilitator has shown."""
    live = room.live
    return {
        **_top(room, f"/console/{room.room}/"),
        "step": _place(live),
        "join": _join(room, around),
        "joined": by_fives(len(live.people)),
        "timer": _timer(live, now),
        "results": [result(room, question) for question in _shown_here(live)],
        "boundaries": _boundaries_here(live),
        "parked": _parked_here(live),
        "open": [
            question_view(live, question)
            for question in _step(live).questions
            if live.state.standing(question.slug).taking == "open"
        ],
        "is_synthetic": around.is_synthetic,
    }


def console(room: OpenRoom, around: Surroundings, now: float, notice: str = "") -> View:
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
        "lines": [line_view(live, line) for line in _lines_here(live)],
        "addresses": list(around.addresses),
        "let_in": around.let_in,
        "days": 7,
        "notice": notice,
    }


def question_view(live: Live, question: Question) -> View:
    """Return one question with its parts and options."""
    standing = live.state.standing(question.slug)
    return {
        "question": question.slug,
        "kind": question.kind,
        "prompt": question.prompt,
        "standing": standing.taking,
        "is_shown": standing.is_shown,
        "most": question.most,
        "fields": dict(question.fields),
        "parts": _parts(live, question),
    }


def result(room: OpenRoom, question: Question) -> View:
    """Return what is shown of one question: its approved lines, or the chart of its counts."""
    live = room.live
    lines = [line_view(live, line) for line in live.walls.shown(question)] if question.is_written else []
    chart = "" if question.is_written else f"/console/{room.room}/chart/{chart_name(live, question)}"
    return {"question": question.slug, "prompt": question.prompt, "chart": chart, "words": [], "lines": lines}


def chart_spec(live: Live, question: Question) -> View:
    """Return all that the chart of a question is drawn from: what is on the wire, and words of the script."""
    earlier = live.script.question(question.same_as)
    return {
        "kind": question.kind,
        "title": question.prompt,
        "parts": [
            {**part, "shown": live.tallies.on_the_wire(part["part"], question)}
            for part in _parts(live, question)
            if not part["fixed"]
        ],
        "earlier": chart_spec(live, earlier) if earlier and _is_shown(live, earlier) else None,
    }


def chart_name(live: Live, question: Question) -> str:
    """Return a name that changes with what the chart shows."""
    text = f"{question.slug} {to_json(chart_spec(live, question))}"
    return f"{question.slug}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def line_view(live: Live, line: Line) -> View:
    """Return one written line and what became of it, without who wrote it."""
    return {
        "line": line.line,
        "question": line.question,
        "text": line_text(live, line),
        "fields": _fields(live.lines.words(line)),
        "standing": line.standing,
        "head": line.head,
        "with": [line_text(live, one) for one in live.walls.alike(line)],
        "count": 1 + len(live.walls.alike(line)),
        "settled": line.settled,
        "owner": line.owner,
        "place": line.place,
        "date": line.date,
    }


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


def boundaries(live: Live) -> list[View]:
    """Return the boundaries as they read now: fixed ones, and drafts in their latest wording."""
    return [
        {
            "question": question.slug,
            "line": draft.slug,
            "text": live.state.boundaries.get(question.slug, {}).get(draft.slug, draft.text),
            "fixed": draft.fixed,
        }
        for question in live.script.questions()
        for draft in question.lines
    ]


def _shown_here(live: Live) -> list[Question]:
    """Return the questions of this step that are shown, without those that a later chart has beside it."""
    shown = [question for question in _step(live).questions if _is_shown(live, question)]
    again = {question.same_as for question in shown}
    return [question for question in shown if question.slug not in again]


def _boundaries_here(live: Live) -> list[View]:
    """Return the boundaries in the step that agrees them, and none elsewhere."""
    here = {question.slug for question in _step(live).questions}
    return [line for line in boundaries(live) if line["question"] in here]


def parked(live: Live) -> list[View]:
    """Return the approved lines that are parked, with owner, place and date."""
    return [
        line_view(live, line)
        for question in live.script.questions()
        if question.is_written and _is_shown(live, question)
        for line in live.walls.shown(question)
        if line.settled == "park"
    ]


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

    return segno.make(link, error="m", micro=False).svg_inline(scale=8, border=4, omitsize=True, light="#fff")


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


def _parts(live: Live, question: Question) -> list[View]:
    if question.kind == "rate":
        return _rated(question)
    options = dict(question.options)
    if question.kind == "keep":
        return [
            _part(f"{question.slug}.{line['line']}", line["text"], {} if line["fixed"] else options, line["fixed"])
            for line in boundaries(live)
            if line["question"] == question.slug
        ]
    if question.kind == "sort":
        heads = live.lines.heads(question.source)
        return [_part(f"{question.slug}.{line.line}", line_text(live, line), options) for line in heads]
    return [_part(question.slug, question.prompt, options)]


def _rated(question: Question) -> list[View]:
    scale = find_scale(question.scale)
    points = {str(number): label for number, label in enumerate(scale.points, start=1)}
    options = {**points, NO_CHANCE: scale.missing} if scale.missing else points
    return [
        {**_part(f"{question.slug}.{item.code}", item.text, options), "stem": scale.stem, "short": item.short}
        for item in scale.items
        if item.code in question.items
    ]


def _part(part: str, text: str, options: Mapping[str, str], fixed: bool = False) -> View:
    return {"part": part, "text": text, "options": dict(options), "fixed": fixed}


def _fields(words: Answer) -> dict[str, str]:
    return {name: text for name, text in words.items() if isinstance(text, str)} if isinstance(words, Mapping) else {}
