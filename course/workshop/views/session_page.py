"""What the pages of phone, screen and console have in common: the session, its step, and what is open in it."""

from __future__ import annotations

from course.workshop.page_views import SessionPage, StepPlace
from course.workshop.script import ScriptQuestion, Step
from course.workshop.session import Session
from course.workshop.session_model import SessionModel
from course.workshop.view_parts import BoundaryView
from course.workshop.views.line_views import boundaries


def session_page(session: Session, path: str) -> SessionPage:
    """Return what every page of a session has, under a path of its own."""
    script = session.model.script
    return {
        "title": script.title,
        "language": script.language,
        "direction": script.words.direction,
        "path": path,
        "session": session.id,
        "is_closed": session.model.state.is_closed,
    }


def step_here(model: SessionModel) -> Step:
    """Return the step that the session is at."""
    return model.script.step(model.state.step) or model.script.steps[0]


def place_of(model: SessionModel) -> StepPlace:
    """Return which step of how many it is."""
    step = step_here(model)
    number = model.script.steps.index(step) + 1
    return {"slug": step.slug, "name": step.name, "number": number, "of": len(model.script.steps)}


def open_here(model: SessionModel) -> list[ScriptQuestion]:
    """Return the questions of this step that can be answered."""
    return [question for question in step_here(model).questions if model.state.question(question.slug).phase == "open"]


def boundaries_here(model: SessionModel) -> list[BoundaryView]:
    """Return the boundaries in the step in which they are agreed, and none elsewhere."""
    questions = {question.slug for question in step_here(model).questions}
    return [line for line in boundaries(model) if line["question"] in questions]
