"""What pages of a session are put together from: session and step, questions with their parts, lines and boundaries.

None of it says who wrote what.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from course.content.scales import NO_CHANCE, find_scale
from course.workshop.rules.lines import Line
from course.workshop.rules.session_model import SessionModel
from course.workshop.script.earlier_promises import BOUNDARIES
from course.workshop.script.script import ScriptQuestion, Step
from course.workshop.sessions.session import Session
from course.workshop.view_parts import BoundaryView, LineView, PartView, QuestionView
from course.workshop.views.page_views import SessionPage, StepPlace
from course.workshop.wire import Answer

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
    return _with_days(model, model.script.privacy)


def first_privacy_words(model: SessionModel) -> list[str]:
    """Return what phones show of these at first, above the whole; nothing where they show the whole at once."""
    return _with_days(model, model.script.privacy_first)


def _with_days(model: SessionModel, texts: Sequence[str]) -> list[str]:
    days, words = model.state.keep_days, model.script.words
    kept = words.say(_KEPT_DAYS, n=days) if days else words[_KEPT_NONE]
    return [kept if text.strip() == KEPT else text.replace(KEPT, kept) for text in texts]


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


# Lines and boundaries


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
        "count": model.walls.writers(line),
        "settled": line.settled,
        "owner": line.owner,
        "place": line.place,
        "date": line.date,
    }


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


def settled(model: SessionModel, where: str) -> list[LineView]:
    """Return the lines that are shown and go somewhere: one of `SETTLED`. What people commit to goes nowhere else."""
    return [
        line_view(model, line)
        for question in model.script.questions()
        if question.kind == "lines" and model.state.question(question.slug).is_shown
        for line in model.walls.shown(question)
        if line.settled == where
    ]


def parked(model: SessionModel) -> list[LineView]:
    """Return the lines that are parked, with owner, place and date."""
    return settled(model, "park")


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
        if question.kind == "keep" or question.source == BOUNDARIES
        for draft in question.lines
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


def parts_view(model: SessionModel, question: ScriptQuestion) -> list[PartView]:
    """Return the parts of a question with their words and options."""
    options = option_labels(question)
    if question.kind == "rate":
        return _rated_parts(question, options)
    if question.lines:
        wording = model.wording(question)
        return [
            _part(
                model.part_of_line(question, line.slug), wording[line.slug], {} if line.fixed else options, line.fixed
            )
            for line in question.lines
        ]
    if question.kind == "sort":
        return [_part(part, line_text(model, line), options) for part, line in model.sorted_lines(question).items()]
    return [_part(question.slug, question.prompt, options)]


def former_parts_view(model: SessionModel, question: ScriptQuestion) -> list[PartView]:
    """Return the parts of boundaries that people voted on in former words, as a tally of cards may name them."""
    return [_part(part, "", option_labels(question)) for part in model.former_parts(question)]


def option_labels(question: ScriptQuestion) -> dict[str, str]:
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
