"""What the facilitator sees of a session: screen, script, counts, the lines to look at, and where phones come in."""

from __future__ import annotations

import datetime

from course.content import say_day
from course.workshop.rules.script_walk import (
    WalkAction,
    back_action,
    group_kind,
    may_be_shown,
    next_action,
    skip_action,
    unread_lines,
)
from course.workshop.rules.session_model import SessionModel
from course.workshop.script.script import ScriptQuestion
from course.workshop.sessions.session import Session
from course.workshop.views.page_parts import parked, privacy_words, question_view, step_here
from course.workshop.views.page_views import (
    ConsoleQuestion,
    ConsoleView,
    LeftOpen,
    OtherSession,
    PairingView,
    WalkView,
    WayInView,
)
from course.workshop.views.reading_views import console_lines
from course.workshop.views.screen_view import ServerInfo, page_turns, qr_code, screen_pages, screen_view
from course.workshop.wire import MOST_DAYS


def console_view(session: Session, server: ServerInfo, now: float) -> ConsoleView:
    """Return what the facilitator sees: the screen, the script, counts of answers and the lines to look at."""
    model, here, pages = session.model, step_here(session.model), screen_pages(session)
    turns = page_turns(session, pages)
    return {
        **screen_view(session, server, now, pages),
        "next": _walk_view(model, next_action(model, turns)),
        "skip": _walk_view(model, skip_action(model, turns)),
        "back": _walk_view(model, back_action(model, turns)),
        "left_open": _left_open(model),
        "group_size": model.state.group_size,
        "group_kind": group_kind(model.state.group_size),
        "is_begun": any(state.phase != "new" for state in model.state.questions.values()),
        "steps": [
            {"slug": step.slug, "name": step.name, "minutes": step.minutes, "number": number, "is_here": step is here}
            for number, step in enumerate(model.script.steps, start=1)
        ],
        "say": list(here.say),
        "do": list(here.do),
        "large": list(here.large),
        "questions": [_console_question(model, question) for question in here.questions],
        "privacy": privacy_words(model),
        "parked": parked(model),
        "way_in": way_in_view(session, server),
        "troubles": list(server.troubles),
        "lines": console_lines(model),
        "co_hosts": len(session.co_hosts),
        "pairing": pairing_view(session, server),
        "days": model.state.keep_days,
        "most_days": MOST_DAYS,
        "has_login": server.has_login,
        "others": [_other_session(other) for other in server.sessions if other is not session],
    }


def _walk_view(model: SessionModel, action: WalkAction | None) -> WalkView | None:
    if action is None:
        return None
    question, step = model.script.question(action.slug), model.script.step(action.slug)
    is_step = action.kind == "step"
    return {
        "action": action.name,
        "kind": action.kind,
        "title": (step.name if step else "") if is_step else (question.prompt if question else ""),
        "waiting": _cards_to_read(model, action.slug) if action.kind == "read" else 0,
        "page": int(action.slug) if action.kind == "page" else 0,
    }


def _cards_to_read(model: SessionModel, slug: str) -> int:
    """Return how many cards of a question wait to be read: lines that say the same are on one."""
    return sum(card["status"] == "waiting" and card["question"] == slug for card in console_lines(model))


def _left_open(model: SessionModel) -> list[LeftOpen]:
    """Return the questions of other steps that are still open: phones do not show them, and their lines wait."""
    here = step_here(model)
    return [
        {"question": question.slug, "prompt": question.prompt, "name": step.name}
        for step in model.script.steps
        for question in step.questions
        if step is not here and not model.state.is_closed and model.state.question(question.slug).phase == "open"
    ]


def _other_session(session: Session) -> OtherSession:
    made = datetime.datetime.fromtimestamp(session.model.state.made).date()
    erased = datetime.date.fromisoformat(session.gone_after) if session.gone_after else None
    return {
        "session": session.id,
        "made": say_day(made),
        "is_open": session.is_open,
        "joined": session.model.joined,
        "erased": say_day(erased) if erased else "",
    }


def _console_question(model: SessionModel, question: ScriptQuestion) -> ConsoleQuestion:
    return {
        **question_view(model, question),
        "answered": model.answered_count(question),
        "cards": {part: dict(model.state.paper.get(part, {})) for part in model.parts(question)},
        "leaves_out_cards": model.counts.leaves_out_cards(question),
        "shown": _what_is_shown(model, question),
    }


def _what_is_shown(model: SessionModel, question: ScriptQuestion) -> str:
    """Return whether there is a result of a question that was closed, or nothing that may be shown."""
    state = model.state.question(question.slug)
    if state.phase != "closed":
        return ""
    if question.is_written or not state.is_shown:
        return "result" if may_be_shown(model, question) or unread_lines(model, question) else "nothing"
    published = [model.counts.published(part, question) for part in model.parts(question)]
    return "result" if any(shown and "counts" in shown for shown in published) else "nothing"


def way_in_view(session: Session, server: ServerInfo) -> WayInView:
    """Return where phones come in, or could."""
    test_address = f"{server.address}/test" if server.is_open else ""
    kept = session.model.state.let_in
    return {
        "address": server.address,
        "code": session.access.code if session.is_open else "",
        "is_secure": server.is_secure,
        "is_open": server.is_open,
        "is_public": server.is_public,
        "proxy_port": server.proxy_port,
        "let_in": server.let_in,
        "lost": kept if kept and not server.is_open else "",
        "networks": [
            {"address": network.address, "name": network.name, "kind": network.kind} for network in server.networks
        ],
        "is_shut": session.model.state.is_shut,
        "has_removed": session.model.state.has_removed,
        "is_first_group": session.model.admissions.is_first_group,
        "test_address": test_address,
        "test_qr": qr_code(test_address) if test_address else "",
        "is_reached": server.address in server.way_in.reached,
        "reached_at": server.way_in.reached.get(server.address, ""),
        "is_shown": server.way_in.is_shown(server.address),
    }


def pairing_view(session: Session, server: ServerInfo) -> PairingView:
    """Return the code that pairs a co-host's phone and how it comes to the phone, or how the latest code ended."""
    pairing = server.pairing(session.id)
    address = f"{server.address}/co-host"
    link = f"{address}?code={pairing.code}" if pairing.code else ""
    return {
        "state": pairing.state,
        "code": pairing.code,
        "address": address,
        "link": link,
        "qr": qr_code(link) if link and server.is_open else "",
    }
