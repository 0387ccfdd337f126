"""Questions of a live room for tests, and what they say."""

from __future__ import annotations

from typing import Any

from course.privacy import LiveQuestion, Notice, ResponseType

PEOPLE = [f"synthetic-{number:03d}" for number in range(40)]
VOTE, RATING = ResponseType.vote("AB"), ResponseType.rating()


def question(answers: Any, kind: ResponseType = RATING) -> LiveQuestion:
    """A question that was answered, closed and revealed."""
    asked = LiveQuestion(kind)
    for person, answer in zip(PEOPLE, answers, strict=False):
        asked.take(person, answer)
    asked.close()
    asked.reveal()
    return asked


def said(asked: LiveQuestion) -> Any:
    wire = asked.published
    return (
        wire.key
        if isinstance(wire, Notice)
        else {key: part.count for key, part in wire.counts.items() if part.count}
        if wire
        else None
    )
