"""What phone, screen and console may show of a session; nothing else of it reaches a page, and never who wrote what."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from course.content.scales import NO_CHANCE, find_scale
from course.core.design_tokens import token
from course.workshop.answers import to_json
from course.workshop.lines import Line
from course.workshop.page_views import (
    BoundaryView,
    CardsPage,
    ChartPart,
    ChartSpec,
    ConsoleLine,
    ConsoleView,
    JoinView,
    LineView,
    PageView,
    PaperCard,
    PartView,
    PhoneView,
    QuestionView,
    ResultView,
    ScreenView,
    SessionPage,
    StepPlace,
    TallyRow,
    TimerView,
)
from course.workshop.script import Script, ScriptQuestion, Step
from course.workshop.session import MOST_DAYS, Session
from course.workshop.session_model import SessionModel
from course.workshop.wire import Answer, OpenPart


@dataclass(frozen=True)
class ServerInfo:
    """What a session's pages say of the server: where phones find it, and how."""

    address: str
    """What phones open, such as http://192.168.1.20:8890; this machine's own while phones are not let in."""
    is_secure: bool = False
    addresses: Sequence[str] = ()
    """Where phones could be let in."""
    let_in: str = ""
    """Where they are, or empty."""
    is_synthetic: bool = False


# Pages


def phone(session: Session) -> PhoneView:
    """Return what every phone shows; the same for all."""
    model = session.model
    questions = [(question, model.state.question(question.slug).phase) for question in _step(model).questions]
    return {
        **_page(session, f"/r/{session.id}/"),
        "step": {**_place(model), "phone": list(_step(model).phone)},
        "questions": [question_view(model, question) for question, phase in questions if phase == "open"],
        "seen": [question_view(model, question) for question, phase in questions if phase == "closed"],
        "boundaries": _boundaries_here(model),
    }


def open_parts(model: SessionModel) -> list[OpenPart]:
    """Return what can be answered now, without its words."""
    return [
        {
            "part": part["part"],
            "kind": question.kind,
            "options": list(part["options"]),
            "fields": list(question.fields),
            "most": question.most,
        }
        for question in _open_here(model)
        for part in parts_view(model, question)
        if not part["fixed"]
    ]


def next_part(view: PhoneView, answered: Mapping[str, object]) -> str:
    """Return the first part on a phone's page that the phone has not answered, or an empty text."""
    parts = [part for question in view["questions"] for part in question["parts"]]
    return next((part["part"] for part in parts if not part["fixed"] and part["part"] not in answered), "")


def screen(session: Session, server: ServerInfo, now: float) -> ScreenView:
    """Return what the screen shows: the way in, and what the facilitator has shown."""
    model = session.model
    return {
        **_page(session, f"/console/{session.id}/"),
        "step": _place(model),
        "join": _join(session, server),
        "joined": model.joined,
        "timer": _timer(model, now),
        "results": [result(session, question) for question in _shown_here(model)],
        "boundaries": _boundaries_here(model),
        "parked": _parked_here(model),
        "open": [question_view(model, question) for question in _open_here(model)],
        "is_synthetic": server.is_synthetic,
    }


def console(session: Session, server: ServerInfo, now: float) -> ConsoleView:
    """Return what the facilitator sees: the screen, the script, counts of answers and the lines to look at."""
    model, here = session.model, _step(session.model)
    return {
        **screen(session, server, now),
        "steps": [
            {"slug": step.slug, "name": step.name, "minutes": step.minutes, "number": number, "is_here": step is here}
            for number, step in enumerate(model.script.steps, start=1)
        ],
        "say": list(here.say),
        "do": list(here.do),
        "large": list(here.large),
        "questions": [
            {**question_view(model, question), "answered": model.answered_count(question)}
            for question in here.questions
        ],
        "privacy": list(model.script.privacy),
        "parked": parked(model),
        "lines": [_console_line(model, line) for line in _lines_here(model)],
        "addresses": list(server.addresses),
        "let_in": server.let_in,
        "days": MOST_DAYS,
    }


def cards(script: Script, page: PageView) -> CardsPage:
    """Return paper cards for all questions of a script, and the tally to count them by."""
    tally: list[TallyRow] = [
        {"part": part, "answer": answer}
        for question in script.questions()
        for part in question.parts()
        for answer in _options(question)
    ]
    return {**page, "cards": [_card(question) for question in script.questions()], "tally": tally}


def _card(question: ScriptQuestion) -> PaperCard:
    scale = find_scale(question.scale) if question.scale else None
    return {
        "question": question.slug,
        "kind": question.kind,
        "prompt": question.prompt,
        "stem": scale.stem if scale else "",
        "points": [*scale.points, scale.missing] if scale else [],
        "items": [item.text for item in scale.items if item.code in question.items] if scale else [],
        "lines": [{"text": line.text, "fixed": line.fixed} for line in question.lines],
        "options": dict(question.options),
        "fields": list(question.fields.values()),
    }


# Parts of a page


def _page(session: Session, path: str) -> SessionPage:
    script = session.model.script
    return {
        "title": script.title,
        "language": script.language,
        "direction": script.words.direction,
        "path": path,
        "session": session.id,
        "is_closed": session.model.state.is_closed,
    }


def _step(model: SessionModel) -> Step:
    return model.script.step(model.state.step) or model.script.steps[0]


def _place(model: SessionModel) -> StepPlace:
    step = _step(model)
    number = model.script.steps.index(step) + 1
    return {"slug": step.slug, "name": step.name, "number": number, "of": len(model.script.steps)}


def _join(session: Session, server: ServerInfo) -> JoinView:
    link = f"{server.address}/j/{session.access.link}" if server.address and session.is_open else ""
    return {
        "address": server.address,
        "code": session.access.code if session.is_open else "",
        "qr": _qr_code(link) if link else "",
        "secure": server.is_secure,
    }


def _qr_code(link: str) -> str:
    """Return the QR code of a link as SVG."""
    import segno

    return segno.make(link, error="m", micro=False).svg_inline(scale=8, border=4, omitsize=True, light=token("paper"))


def _timer(model: SessionModel, now: float) -> TimerView | None:
    if not model.state.timer_of:
        return None
    left = min(model.state.timer_of, max(0, round(model.state.timer_ends - now)))
    return {"left": left, "of": model.state.timer_of}


def _open_here(model: SessionModel) -> list[ScriptQuestion]:
    """Return the questions of this step that can be answered."""
    return [question for question in _step(model).questions if model.state.question(question.slug).phase == "open"]


def _shown_here(model: SessionModel) -> list[ScriptQuestion]:
    """Return this step's questions that are shown, sorted lines first, without those in a later question's chart."""
    shown = [question for question in _step(model).questions if model.state.question(question.slug).is_shown]
    asked_again = {question.same_as for question in shown}
    results = [question for question in shown if question.slug not in asked_again]
    return sorted(results, key=lambda question: question.kind != "sort")


def _boundaries_here(model: SessionModel) -> list[BoundaryView]:
    """Return the boundaries in the step in which they are agreed, and none elsewhere."""
    questions = {question.slug for question in _step(model).questions}
    return [line for line in boundaries(model) if line["question"] in questions]


def _parked_here(model: SessionModel) -> list[LineView]:
    """Return the parked lines in the step in which lines are parked, and none elsewhere."""
    sources = {question.source or question.slug for question in _step(model).questions}
    return [line for line in parked(model) if line["question"] in sources]


def _lines_here(model: SessionModel) -> list[Line]:
    """Return the lines to look at in this step, each once, with those that its questions sort."""
    sources = [question.source or question.slug for question in _step(model).questions]
    return [line for slug in dict.fromkeys(sources) for line in model.lines.of(slug)]


# Lines


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
        "count": 1 + len(model.walls.shown_alike(line)),
        "settled": line.settled,
        "owner": line.owner,
        "place": line.place,
        "date": line.date,
    }


def _console_line(model: SessionModel, line: Line) -> ConsoleLine:
    """Return a line as the facilitator sees it, with those that it stands for, whether they may be shown or not."""
    alike = [other for other in model.lines.like(line) if other.status == "approved"]
    return {**line_view(model, line), "alike": [line_text(model, other) for other in alike]}


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


def parked(model: SessionModel) -> list[LineView]:
    """Return the approved lines that are parked, with owner, place and date."""
    return [
        line_view(model, line)
        for question in model.script.questions()
        if question.is_written and model.state.question(question.slug).is_shown
        for line in model.walls.shown(question)
        if line.settled == "park"
    ]


# Questions


def question_view(model: SessionModel, question: ScriptQuestion) -> QuestionView:
    """Return one question with its parts and options."""
    state = model.state.question(question.slug)
    return {
        "question": question.slug,
        "kind": question.kind,
        "prompt": question.prompt,
        "status": state.phase,
        "is_shown": state.is_shown,
        "most": question.most,
        "fields": dict(question.fields),
        "parts": parts_view(model, question),
    }


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
        for draft in question.lines
    ]


def parts_view(model: SessionModel, question: ScriptQuestion) -> list[PartView]:
    """Return the parts of a question with their words and options."""
    options = _options(question)
    if question.kind == "rate":
        return _rated_parts(question, options)
    if question.kind == "keep":
        return [
            _part(f"{question.slug}.{line['line']}", line["text"], {} if line["fixed"] else options, line["fixed"])
            for line in boundaries(model)
            if line["question"] == question.slug
        ]
    if question.kind == "sort":
        return [_part(part, line_text(model, line), options) for part, line in model.sorted_lines(question).items()]
    return [_part(question.slug, question.prompt, options)]


def _options(question: ScriptQuestion) -> dict[str, str]:
    """Return the options of each part of a question by their values; of ratings, the points of the scale."""
    if question.kind != "rate":
        return dict(question.options)
    scale = find_scale(question.scale)
    points = {str(number): label for number, label in enumerate(scale.points, start=1)}
    return {**points, NO_CHANCE: scale.missing} if scale.missing else points


def _rated_parts(question: ScriptQuestion, options: Mapping[str, str]) -> list[PartView]:
    scale = find_scale(question.scale)
    return [
        {**_part(f"{question.slug}.{item.code}", item.text, options), "stem": scale.stem, "short": item.short}
        for item in scale.items
        if item.code in question.items
    ]


def _part(part: str, text: str, options: Mapping[str, str], fixed: bool = False) -> PartView:
    return {"part": part, "text": text, "options": dict(options), "fixed": fixed}


# Results


def result(session: Session, question: ScriptQuestion) -> ResultView:
    """Return what is shown of one question: its approved lines, or the chart of its counts."""
    model = session.model
    lines = [line_view(model, line) for line in model.walls.shown(question)] if question.is_written else []
    chart = "" if question.is_written else f"/console/{session.id}/chart/{chart_name(model, question)}"
    return {"question": question.slug, "prompt": question.prompt, "chart": chart, "lines": lines}


def chart_spec(model: SessionModel, question: ScriptQuestion) -> ChartSpec:
    """Return all that the chart of a question is drawn from: what is on the wire, and words of the script."""
    earlier = model.script.question(question.same_as)
    is_beside = earlier and model.state.question(earlier.slug).is_shown
    return {
        "kind": question.kind,
        "title": question.prompt,
        "parts": [_chart_part(model, question, part) for part in parts_view(model, question) if not part["fixed"]],
        "earlier": chart_spec(model, earlier) if earlier and is_beside else None,
    }


def _chart_part(model: SessionModel, question: ScriptQuestion, part: PartView) -> ChartPart:
    """Return a part with its counts, in the words that people voted on where the line reads in another way by now."""
    line = part["part"].partition(".")[2]
    text = model.state.asked.get(question.slug, {}).get(line) or part["text"]
    shown = model.counts.published(part["part"], question)
    return {**part, "text": text, "shown": shown}


def chart_name(model: SessionModel, question: ScriptQuestion) -> str:
    """Return a name for the address of a chart; it changes with what the chart shows."""
    text = f"{question.slug} {to_json(chart_spec(model, question))}"
    return f"{question.slug}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
