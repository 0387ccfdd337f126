"""Write a card as a page that is only read: what was asked and what was answered, every word escaped."""

from __future__ import annotations

import html

from course.activities.card import Card
from course.content import edition_language
from course.content import words as say


def still(card: Card) -> str:
    """Return a card's questions and answers as HTML without script, style or controls."""
    rows = "".join(f"<dt>{html.escape(label)}</dt><dd>{_answer(answer)}</dd>" for label, answer in card.answer_lines())
    heading = f"<p><strong>{html.escape(card.heading)}</strong></p>" if card.heading else ""
    return f'<div class="course-still" {edition_language().attributes}>{heading}<dl>{rows}</dl></div>'


def _answer(text: str) -> str:
    if not text.strip():
        return f"<em>{html.escape(say('card.no-answer'))}</em>"
    paragraphs = (line for line in text.split("\n") if line.strip())
    return "".join(f"<p>{html.escape(line)}</p>" for line in paragraphs)
