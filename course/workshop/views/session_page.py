"""What the pages of phone, screen and console have in common: the session, its step, and what people are told of it."""

from __future__ import annotations

from typing import Final

from course.workshop.rules.session_model import SessionModel
from course.workshop.script.script import ScriptQuestion, Step
from course.workshop.sessions.session import Session
from course.workshop.view_parts import BoundaryView
from course.workshop.views.line_views import boundaries
from course.workshop.views.page_views import SessionPage, StepPlace

KEPT: Final = "{kept}"
"""The blank in a script's privacy words, for the sentence on how long what was shown is kept."""
_KEPT_DAYS, _KEPT_NONE = "privacy.kept", "privacy.kept-none"
"""The keys of that sentence among the words of pages."""


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


def privacy_words(model: SessionModel) -> list[str]:
    """Return what people read of privacy before they join, with the days for which this session keeps what it shows."""
    days, words = model.state.keep_days, model.script.words
    kept = words.say(_KEPT_DAYS, n=days) if days else words[_KEPT_NONE]
    return [kept if text.strip() == KEPT else text.replace(KEPT, kept) for text in model.script.privacy]


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
