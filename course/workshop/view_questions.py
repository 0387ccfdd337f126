"""What may be shown of a question: its words, its parts and their options, and the boundaries as they read now."""

from __future__ import annotations

from collections.abc import Mapping

from course.content.scales import NO_CHANCE, find_scale
from course.workshop.live import Live
from course.workshop.script import Question
from course.workshop.view_lines import View, line_text


def question_view(live: Live, question: Question) -> View:
    """Return one question with its parts and options."""
    standing = live.state.standing(question.slug)
    return {
        "question": question.slug,
        "kind": question.kind,
        "prompt": question.prompt,
        "standing": standing.taking,
        "is_shown": standing.is_shown,
        "most": question.most,
        "fields": dict(question.fields),
        "parts": parts_view(live, question),
    }


def boundaries(live: Live) -> list[View]:
    """Return the boundaries as they read now: fixed ones, and drafts in their latest wording."""
    return [
        {
            "question": question.slug,
            "line": draft.slug,
            "text": live.wording(question)[draft.slug],
            "fixed": draft.fixed,
        }
        for question in live.script.questions()
        for draft in question.lines
    ]


def parts_view(live: Live, question: Question) -> list[View]:
    """Return the parts of a question with their words and options."""
    if question.kind == "rate":
        return _rated(question)
    options = dict(question.options)
    if question.kind == "keep":
        return [
            _part(f"{question.slug}.{line['line']}", line["text"], {} if line["fixed"] else options, line["fixed"])
            for line in boundaries(live)
            if line["question"] == question.slug
        ]
    if question.kind == "sort":
        return [_part(part, line_text(live, line), options) for part, line in live.sorted_lines(question).items()]
    return [_part(question.slug, question.prompt, options)]


def _rated(question: Question) -> list[View]:
    scale = find_scale(question.scale)
    points = {str(number): label for number, label in enumerate(scale.points, start=1)}
    options = {**points, NO_CHANCE: scale.missing} if scale.missing else points
    return [
        {**_part(f"{question.slug}.{item.code}", item.text, options), "stem": scale.stem, "short": item.short}
        for item in scale.items
        if item.code in question.items
    ]


def _part(part: str, text: str, options: Mapping[str, str], fixed: bool = False) -> View:
    return {"part": part, "text": text, "options": dict(options), "fixed": fixed}
