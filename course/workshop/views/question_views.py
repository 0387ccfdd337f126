"""The questions of a session with their parts and options, as pages get them."""

from __future__ import annotations

from collections.abc import Mapping

from course.content.scales import NO_CHANCE, find_scale
from course.workshop.rules.session_model import SessionModel
from course.workshop.script.script import ScriptQuestion
from course.workshop.view_parts import PartView, QuestionView
from course.workshop.views.line_views import line_text


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
