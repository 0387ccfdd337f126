"""Paper cards to print, for people who take part without a phone, and the tally to count them by."""

from __future__ import annotations

from typing import TypedDict

from course.content.scales import find_scale
from course.workshop.script.script import Script, ScriptQuestion
from course.workshop.views.page_parts import option_labels
from course.workshop.views.page_views import PageView


class CardLine(TypedDict):
    """A boundary on a paper card."""

    text: str
    fixed: bool


class PaperCard(TypedDict):
    """One question on paper."""

    question: str
    kind: str
    prompt: str
    stem: str
    points: list[str]
    items: list[str]
    lines: list[CardLine]
    options: dict[str, str]
    fields: list[str]


class TallyRow(TypedDict):
    """One line of the printed tally."""

    part: str
    answer: str


class CardsPage(PageView):
    """Paper cards to print, and their tally."""

    cards: list[PaperCard]
    tally: list[TallyRow]


def cards(script: Script, page: PageView) -> CardsPage:
    """Return paper cards for all questions of a script, and the tally to count them by."""
    tally: list[TallyRow] = [
        {"part": part, "answer": answer}
        for question in script.questions()
        for part in question.parts()
        for answer in option_labels(question)
    ]
    return {**page, "cards": [_card(question) for question in script.questions()], "tally": tally}


def _card(question: ScriptQuestion) -> PaperCard:
    scale = find_scale(question.scale) if question.scale else None
    return {
        "question": question.slug,
        "kind": question.kind,
        "prompt": question.prompt,
        "stem": scale.stem if scale else "",
        "points": [*scale.points, scale.missing] if scale else [],
        "items": [item.text for item in scale.items if item.code in question.items] if scale else [],
        "lines": [{"text": line.text, "fixed": line.fixed} for line in question.lines],
        "options": dict(question.options),
        "fields": list(question.fields.values()),
    }
