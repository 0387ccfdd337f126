"""The lines that are read before anyone else sees them, on cards of the console, and all that a co-host sees.

Lines that say the same are read and judged as one.
"""

from __future__ import annotations

import datetime
from collections.abc import Container
from typing import TypedDict

from course.core import moments
from course.workshop.rules.lines import Line
from course.workshop.rules.session_model import SessionModel
from course.workshop.sessions.session import Session
from course.workshop.view_parts import ConsoleLine
from course.workshop.views.page_parts import line_text, line_view, session_page, step_here
from course.workshop.views.page_views import PageView, SessionPage
from course.workshop.wire import ProblemView


class CoHostLine(TypedDict):
    """A card of lines that wait and say the same."""

    line: str
    names: list[str]
    text: str
    alike: list[str]
    count: int
    prompt: str
    """The question that they answer."""


class CoHostView(SessionPage):
    """What a co-host sees; the same for all."""

    lines: list[CoHostLine]


class CoHostPage(CoHostView):
    """A co-host's page, with the token of its forms."""

    token: str
    secure: bool
    problem: ProblemView | None


class PairPage(PageView):
    """Where a co-host's code is typed."""

    code: str
    secure: bool
    problem: ProblemView | None


def co_host_view(session: Session) -> CoHostView:
    """Return the cards that wait, of all steps, with their questions; the same for every co-host."""
    model = session.model
    prompts = {question.slug: question.prompt for question in model.script.questions()}
    waiting = [card for card in console_lines(model) if card["status"] == "waiting"]
    return {
        **session_page(session, f"/h/{session.id}/"),
        "lines": [
            {
                "line": card["line"],
                "names": card["names"],
                "text": card["text"],
                "alike": card["alike"],
                "count": card["count"],
                "prompt": prompts[card["question"]],
            }
            for card in ([] if model.state.is_closed else waiting)
        ],
    }


def console_lines(model: SessionModel) -> list[ConsoleLine]:
    """Return the cards of this step, with those of lines that its questions sort, and all that are left to deal with.

    These come after them: of other steps, the lines that nobody has read and those that are kept aside.
    """
    here = [question.source or question.slug for question in step_here(model).questions]
    cards: dict[object, list[Line]] = {}
    for question in sorted(model.script.questions(), key=lambda question: question.slug not in here):
        for line in model.lines.delivered(question.slug):
            if line.question in here or line.status in ("waiting", "aside"):
                cards.setdefault(_card_of(model, line), []).append(line)
    return [_card(model, lines, here) for lines in cards.values()]


def _card_of(model: SessionModel, line: Line) -> object:
    """Return what is the same for all lines of one card."""
    if line.status == "approved":
        return line.head if model.lines.is_under(line) else line.name
    return line.name if line.is_apart else (line.question, line.status, model.lines.key(line))


def _card(model: SessionModel, lines: list[Line], here: Container[str]) -> ConsoleLine:
    """Return a card, whether its lines may be shown or not."""
    first, *others = sorted(lines, key=lambda line: (model.lines.is_under(line), line.batch, line.name))
    question = None if first.question in here else model.script.question(first.question)
    view, texts = line_view(model, first), [line_text(model, line) for line in others]
    return {
        **view,
        "count": len({line.person for line in lines}),
        "names": [line.name for line in (first, *others)],
        "asked": question.prompt if question else "",
        "came": _moment(first.came),
        "alike": [text for text in dict.fromkeys(texts) if text != view["text"]],
    }


def _moment(seconds: float) -> str:
    """Return when a batch came, by the clock on the wall."""
    return moments.local(datetime.datetime.fromtimestamp(seconds, datetime.UTC)).strftime("%H:%M")
