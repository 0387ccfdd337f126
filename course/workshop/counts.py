"""The counts of one part: `course.privacy` decides what of them may be on the wire, and here it becomes plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from course.content import words
from course.content.scales import NO_CHANCE, find_scale
from course.privacy.live_release import LiveQuestion
from course.privacy.release import Distribution, Release, ResponseType
from course.workshop.answer_rules import Answer
from course.workshop.script import Question


def new_count(question: Question, after: LiveQuestion | None = None) -> LiveQuestion:
    """Return the count of one part of a question; `after` is that of the same part asked before."""
    if question.kind == "rate":
        return LiveQuestion(ResponseType.rating(len(find_scale(question.scale).points)), after)
    return LiveQuestion(ResponseType.vote(question.options), after)


def counted(answer: Answer | None) -> int | str | None:
    """Return an answer as it is counted; “Can't say” is not."""
    return None if isinstance(answer, dict) or answer == NO_CHANCE else answer


def plain(wire: Release) -> dict[str, Any] | None:
    """Return what may be on the wire as plain data.

    >>> plain(ResponseType.rating().release([2, 3, 5, 6, 7]))
    {'counts': {'1–3': 2, '4': 0, '5–7': 3}, 'people': 5, 'in_bands': True}
    >>> plain(ResponseType.vote("AB").release("AAAA"))
    {'said': 'not-enough', 'option': ''}
    """
    if wire is None:
        return None
    if isinstance(wire, Distribution):
        counts = {str(answer): shown.count for answer, shown in wire.counts.items()}
        return {"counts": counts, "people": wire.people.count, "in_bands": wire.in_bands}
    return {"said": wire.key, "option": str(wire.option)}


def said_in_words(shown: Mapping[str, Any], options: Mapping[str, str]) -> str:
    """Return the sentence that stands for a picture, or nothing where there is a picture."""
    if "said" not in shown:
        return ""
    return words(f"room.said-{shown['said']}", option=options.get(shown["option"], ""))
