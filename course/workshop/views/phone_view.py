"""What phones show of a session, the same for all."""

from __future__ import annotations

from collections.abc import Mapping

from course.workshop.rules.session_model import SessionModel
from course.workshop.sessions.session import Session
from course.workshop.views.page_views import PhoneView
from course.workshop.views.phone_results import phone_results
from course.workshop.views.question_views import parts_view, question_view
from course.workshop.views.result_views import parked_here
from course.workshop.views.session_page import boundaries_here, open_here, place_of, session_page, step_here
from course.workshop.wire import OpenPart


def phone_view(session: Session) -> PhoneView:
    """Return what every phone shows; the same for all."""
    model = session.model
    questions = [(question, model.state.question(question.slug).phase) for question in step_here(model).questions]
    return {
        **session_page(session, f"/r/{session.id}/"),
        "step": {**place_of(model), "phone": list(step_here(model).phone)},
        "questions": [question_view(model, question) for question, phase in questions if phase == "open"],
        "seen": [question_view(model, question) for question, phase in questions if phase == "closed"],
        "boundaries": boundaries_here(model),
        "results": phone_results(session),
        "parked": parked_here(model),
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
        for question in open_here(model)
        for part in parts_view(model, question)
        if not part["fixed"]
    ]


def next_part(view: PhoneView, answered: Mapping[str, object]) -> str:
    """Return the first part on a phone's page that the phone has not answered, or an empty text."""
    parts = [part for question in view["questions"] for part in question["parts"]]
    return next((part["part"] for part in parts if not part["fixed"] and part["part"] not in answered), "")
