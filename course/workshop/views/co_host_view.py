"""What a co-host sees of a session, as types too: the lines that wait to be read, and nothing else of it."""

from __future__ import annotations

from typing import TypedDict

from course.workshop.sessions.session import Session
from course.workshop.views.console_lines import console_lines
from course.workshop.views.page_views import PageView, SessionPage
from course.workshop.views.session_page import session_page
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
