"""What a co-host sees of a session: the lines that wait to be read."""

from __future__ import annotations

from course.workshop.co_host_page_views import CoHostView
from course.workshop.session import Session
from course.workshop.views.console_lines import console_lines
from course.workshop.views.session_page import session_page


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
